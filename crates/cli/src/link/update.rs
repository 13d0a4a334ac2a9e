//! Files that come to a linkage that was kept, and files that go.

use std::{borrow::Cow, collections::HashSet, fs::File, path::PathBuf};

use baoxue_columnar::{
    ColumnChoice, Ids, ReadError, Records, Wanted, write_clusters_as, write_pairs,
};
use baoxue_link::{Changes, Column, Constraints, Linkage, Pair, Table, Update};
use clap::ArgMatches;

use crate::{Done, args, failure::Failure, lang::Lang};

use super::{
    changed::Changed,
    fault, files, labels, load,
    names::Rows,
    progress::Line,
    state::{self, KeptFile, State},
};

/// Brings files in.
pub(super) fn add(matches: &ArgMatches, lang: Lang) -> Result<Done, Failure> {
    let mut work = Work::begin(matches, lang)?;
    let paths = load::inputs(matches);
    let digests = work.never_came(&paths)?;
    let records = work.read(&paths)?;
    let n_before = work.n_rows();
    let named = records.files.iter().zip(digests);
    work.state.kept.files.extend(named.map(|((name, end), digest)| KeptFile {
        name: name.clone(),
        digest,
        end: n_before + end,
    }));
    let mut constraints = work.constraints(&records.table)?;
    work.state.ids.append(&records.ids);
    let state = &work.state;
    let is_live = |row| row >= n_before || state.is_live(row);
    state.kept.rule(&mut constraints, &state.ids, is_live);
    if let Some(path) = args::path(matches, "decisions") {
        labels::rule(path, (&mut constraints, &work.state.ids), &work.line, lang)?;
        let state = &mut work.state;
        state.kept.note_judged(&constraints, &state.ids);
    }
    work.update(Update { rows: Some(records.table), withdrawn: Vec::new(), constraints })
}

/// Takes files or sources out.
pub(super) fn withdraw(matches: &ArgMatches, lang: Lang) -> Result<Done, Failure> {
    let work = Work::begin(matches, lang)?;
    let mut withdrawn = Vec::new();
    for name in matches.get_many::<String>("name").into_iter().flatten() {
        withdrawn.extend(work.rows_of(name)?);
    }
    let state = &work.state;
    let gone: HashSet<u32> = withdrawn.iter().copied().collect();
    let mut constraints = work.constraints(&state.linker.table().select(&[]))?;
    let is_live = |row| state.is_live(row) && !gone.contains(&row);
    state.kept.rule(&mut constraints, &state.ids, is_live);
    work.update(Update { rows: None, withdrawn, constraints })
}

/// A kept linkage while it is changed. Nothing is written before all is done.
struct Work {
    state: State,
    out: PathBuf,
    line: Line,
    is_json: bool,
    lang: Lang,
    /// Held until all is written.
    _lock: File,
}

impl Work {
    fn begin(matches: &ArgMatches, lang: Lang) -> Result<Self, Failure> {
        let is_json = matches.get_flag("json");
        let out = args::path(matches, "to").ok_or_else(|| Failure::usage("--to"))?.to_owned();
        if !state::is_kept(&out) {
            return Err(state::missing(&out, lang)); // before a lock makes the folder
        }
        let lock = state::lock(&out, lang)?;
        Ok(Self {
            state: State::load(&out, lang)?,
            out,
            line: Line::new(lang, is_json),
            is_json,
            lang,
            _lock: lock,
        })
    }

    fn n_rows(&self) -> u32 {
        self.state.linker.table().n_rows()
    }

    /// The digests of files that are not there yet.
    fn never_came(&self, paths: &[PathBuf]) -> Result<Vec<u64>, Failure> {
        let mut digests = Vec::new();
        for path in paths {
            let digest =
                state::file_digest(path).map_err(|error| fault::io(path, &error, self.lang))?;
            let mut from = 0;
            for file in &self.state.kept.files {
                let mut rows = from..file.end;
                from = file.end;
                if file.digest == digest && rows.any(|row| self.state.is_live(row)) {
                    let (path, name) = (path.display(), &file.name);
                    return Err(Failure::File(self.lang.pick(
                        format!("“{path}”已经在结果中了（“{name}”，内容完全相同），不用再加。"),
                        format!("`{path}` is there already (as `{name}`, the same to the byte)"),
                    )));
                }
            }
            digests.push(digest);
        }
        Ok(digests)
    }

    /// The records of new files, with the columns of those that are there.
    fn read(&self, paths: &[PathBuf]) -> Result<Records, Failure> {
        let kept = &self.state.kept;
        let table = self.state.linker.table();
        let there = load::names(paths, self.lang)?;
        let names = table.columns().iter().map(Column::name);
        let (found, absent): (Vec<&str>, Vec<&str>) =
            names.partition(|name| there.iter().any(|other| other == name));
        if found.is_empty() {
            let column = absent.first().copied().unwrap_or_default().to_owned();
            return Err(fault::read(&ReadError::NowhereColumn { column, found: there }, self.lang));
        }
        let source = kept.source.clone().filter(|name| there.contains(name));
        let wanted = Wanted {
            id: Some(kept.id.clone()),
            source,
            columns: ColumnChoice::Named(found.iter().map(|name| (*name).to_owned()).collect()),
        };
        let mut records = load::records(paths, &wanted, &self.line, self.lang)?;
        for name in absent {
            eprintln!(
                "{}",
                self.lang.pick(
                    format!("注意：新加的文件没有“{name}”列，其中的记录这一列按空白处理。"),
                    format!(
                        "note: the new files have no column `{name}`; it is empty for their records"
                    ),
                )
            );
        }
        records.ids = self.fitting(records.ids)?;
        let n_rows = records.table.n_rows() as usize;
        let column = |like: &Column| {
            let found = records.table.column(like.name()).cloned();
            found.unwrap_or_else(|| Column::new(like.name(), std::iter::repeat_n("", n_rows)))
        };
        let columns = table.columns().iter().map(column).collect();
        records.table = Table::new(columns, records.ids.keys())
            .map_err(|error| fault::link(&error, self.lang))?;
        Ok(records)
    }

    /// Ids of new records when they are of the kind of those that are there, and none is there already.
    fn fitting(&self, ids: Ids) -> Result<Ids, Failure> {
        let column = &self.state.kept.id;
        let ids = ids.like(&self.state.ids).ok_or_else(|| Failure::File(self.lang.pick(
            format!("保留的结果中编号（“{column}”列）都是数字，新文件中有的不是；请统一编号，或用 --keep 重新比对全部名单。"),
            format!("the ids that are kept (column `{column}`) are numbers, some of the new ones are not; give numbers, or link all files anew with --keep"),
        )))?;
        let new: HashSet<Cow<'_, str>> =
            (0..u32::try_from(ids.len()).unwrap_or(u32::MAX)).map(|row| ids.text(row)).collect();
        let is_there =
            |row: &u32| self.state.is_live(*row) && new.contains(&self.state.ids.text(*row));
        if let Some(row) = (0..self.n_rows()).find(is_there) {
            let id = self.state.ids.text(row);
            let name = self.file_of(row);
            return Err(Failure::File(self.lang.pick(
                format!("编号“{id}”已经在结果中了（来自“{name}”）。要换成新文件，请先 baoxue link withdraw \"{name}\"，再加入。"),
                format!("the id `{id}` is there already (from `{name}`); to replace that file, withdraw it first"),
            )));
        }
        Ok(ids)
    }

    fn file_of(&self, row: u32) -> &str {
        let files = &self.state.kept.files;
        files.iter().find(|file| row < file.end).map_or("", |file| &file.name)
    }

    /// The live rows of a file or of a source.
    fn rows_of(&self, name: &str) -> Result<Vec<u32>, Failure> {
        let live = |rows: Vec<u32>| -> Vec<u32> {
            rows.into_iter().filter(|row| self.state.is_live(*row)).collect()
        };
        let mut from = 0;
        let mut of_file = Vec::new();
        for file in &self.state.kept.files {
            if file.name == name {
                of_file.extend(from..file.end);
            }
            from = file.end;
        }
        let column = self.source_column();
        let of_source = column.map_or_else(Vec::new, |column| {
            (0..self.n_rows()).filter(|row| column.text(*row) == name && !name.is_empty()).collect()
        });
        let (of_file, of_source) = (live(of_file), live(of_source));
        match (of_file.is_empty(), of_source.is_empty()) {
            (true, true) => Err(self.unknown(name)),
            (true, false) => Ok(of_source),
            (false, true) => Ok(of_file),
            (false, false) if of_file == of_source => Ok(of_file),
            (false, false) => Err(Failure::Usage(self.lang.pick(
                format!("“{name}”既是文件名又是来源名，两者的记录不同；请把文件写成带路径的名称重新加入，或用 --keep 重新比对。"),
                format!("`{name}` names a file and a source, and they have other records; link anew with --keep under another file name"),
            ))),
        }
    }

    fn unknown(&self, name: &str) -> Failure {
        let mut from = 0;
        let mut names: Vec<String> = Vec::new();
        for file in &self.state.kept.files {
            if (from..file.end).any(|row| self.state.is_live(row)) {
                names.push(file.name.clone());
            }
            from = file.end;
        }
        let sources = self.source_column().into_iter().flat_map(|column| column.texts().iter());
        names.extend(sources.filter(|source| !source.is_empty()).map(str::to_owned));
        Failure::Usage(self.lang.pick(
            format!("结果中没有名为“{name}”的文件或来源；现有：{}。", names.join("、")),
            format!("there is no file and no source `{name}`; there are: {}", names.join(", ")),
        ))
    }

    fn source_column(&self) -> Option<&Column> {
        self.state.linker.table().column(self.state.kept.source.as_ref()?)
    }

    /// Constraints of the rows that are there and of new ones.
    fn constraints(&self, new: &Table) -> Result<Constraints, Failure> {
        let kept = &self.state.kept;
        let old = self.source_column();
        let mut constraints = kept.constraints(old);
        let Some((old, new)) = old.zip(new.column(kept.source.as_deref().unwrap_or_default()))
        else {
            return Ok(constraints);
        };
        let mut names: Vec<&str> = old.texts().iter().collect();
        let mut number = |name| {
            let at = names.iter().position(|other| *other == name).unwrap_or_else(|| {
                names.push(name);
                constraints.one_per_source.push(kept.is_once(name));
                names.len() - 1
            });
            u16::try_from(at).map_err(|_| {
                Failure::usage(self.lang.pick(
                    "来源太多，看来不是来源；请检查来源列。",
                    "too many sources; check the column of sources",
                ))
            })
        };
        let numbers: Vec<u16> = new.texts().iter().map(&mut number).collect::<Result<_, _>>()?;
        constraints.source.extend(new.values().iter().map(|value| numbers[*value as usize]));
        Ok(constraints)
    }

    /// Makes the change, writes all of it, and tells of it.
    fn update(mut self, update: Update) -> Result<Done, Failure> {
        let lang = self.lang;
        let n_came = update.rows.as_ref().map_or(0, Table::n_rows);
        let n_went = update.withdrawn.len();
        (self.state.kept.must_link, self.state.kept.cannot_link) =
            (update.constraints.must_link.clone(), update.constraints.cannot_link.clone());
        let before = self.state.names.by_row().to_vec();
        let State { linker, names, ids, .. } = &mut self.state;
        let changes = linker.update(update).map_err(|error| fault::link(&error, lang))?;
        self.line.writing();
        let rows = Rows { ids, cluster: linker.cluster(), gone: linker.withdrawn() };
        names.update(rows, &changes);
        let told = Changed::new(&self.state, &changes, &before, lang);
        let linkage = self.state.linker.linkage();
        self.write(&told, &linkage)?;
        self.line.end();
        if self.is_json {
            println!("{}", json(&changes, (n_came, n_went), &self.state));
        } else {
            told.print((n_came, n_went), &self.out);
        }
        Ok(if linkage.review.is_empty() { Done::Clean } else { Done::NeedsPerson })
    }

    /// The state comes last: when this stops midway, the same command does the same again.
    fn write(&self, changed: &Changed<'_>, linkage: &Linkage) -> Result<(), Failure> {
        let (out, lang) = (&self.out, self.lang);
        let live: Vec<u32> = (0..self.n_rows()).filter(|row| self.state.is_live(*row)).collect();
        let mut place = vec![0; self.n_rows() as usize];
        for (at, row) in (0..).zip(&live) {
            place[*row as usize] = at;
        }
        let placed = |row: u32| place[row as usize];
        let ids = self.state.ids.select(&live);
        let pairs = linkage.pairs.iter().map(|pair| Pair {
            left: placed(pair.left),
            right: placed(pair.right),
            bits: pair.bits,
        });
        let pairs = pairs.collect();
        files::replace(&out.join("clusters.parquet"), lang, |file| {
            let state = &self.state;
            let names = state.names.by_row();
            Ok(write_clusters_as(file, &state.ids, names, |row| state.is_live(row))?)
        })?;
        files::replace(&out.join("pairs.parquet"), lang, |file| {
            Ok(write_pairs(file, &ids, pairs)?)
        })?;
        files::replace(&out.join("changes.csv"), lang, |file| changed.write(file))?;
        self.state.save(out, lang)
    }
}

fn json(changes: &Changes, (n_came, n_went): (u32, usize), state: &State) -> serde_json::Value {
    let n_live = state.linker.withdrawn().iter().filter(|gone| !**gone).count();
    serde_json::json!({
        "records": n_live,
        "came": n_came,
        "withdrawn": n_went,
        "joined": changes.joined.len(),
        "split": changes.split.len(),
        "founded": changes.founded.len(),
        "emptied": changes.emptied.len(),
        "stayed": changes.stayed.len(),
        "untouched_records": changes.n_untouched,
        "uncounted_records": state.linker.n_uncounted(),
    })
}
