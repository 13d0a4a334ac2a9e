//! What an update has changed, with ids, as a table and in sentences.

use std::{io::Write, path::Path};

use baoxue_columnar::Ids;
use baoxue_link::{Changes, JoinedBy, Split, SplitBy, VetoReason, say};

use crate::lang::Lang;

use super::{page::words, review::quoted, state::State};

/// So many changes of a kind are told on the screen; all stand in `changes.csv`.
const TOLD: usize = 10;

/// The changes, and by row the names of the clusters before and after.
pub(super) struct Changed<'s> {
    changes: &'s Changes,
    ids: &'s Ids,
    before: &'s [u32],
    after: &'s [u32],
    n_uncounted: u32,
    lang: Lang,
}

/// One line of the table.
struct Line {
    what: &'static str,
    cluster: String,
    of: String,
    new: String,
    why: String,
}

impl<'s> Changed<'s> {
    /// `before` has for each row that was there the name of its cluster.
    pub(super) fn new(
        state: &'s State,
        changes: &'s Changes,
        before: &'s [u32],
        lang: Lang,
    ) -> Self {
        let (ids, after) = (&state.ids, state.names.by_row());
        Self { changes, ids, before, after, n_uncounted: state.linker.n_uncounted(), lang }
    }

    fn id(&self, row: u32) -> String {
        self.ids.text(row).into_owned()
    }

    fn was(&self, cluster: u32) -> String {
        self.id(self.before[cluster as usize])
    }

    fn is(&self, cluster: u32) -> String {
        self.id(self.after[cluster as usize])
    }

    fn lines(&self) -> impl Iterator<Item = Line> + '_ {
        let Changes { joined, split, founded, emptied, stayed, .. } = self.changes;
        let bare = |what, cluster| {
            let (of, new, why) = (String::new(), String::new(), String::new());
            Line { what, cluster, of, new, why }
        };
        let joined = joined.iter().map(|joined| Line {
            what: if joined.of.len() > 1 { "merged" } else { "joined" },
            cluster: self.is(joined.cluster),
            of: all(joined.of.iter().map(|cluster| self.was(*cluster))),
            new: all(joined.new_rows.iter().map(|row| self.id(*row))),
            why: self.joined_by(joined.why),
        });
        let split = split.iter().map(|split| Line {
            what: "split",
            cluster: self.was(split.cluster),
            of: all(split.into.iter().map(|cluster| self.is(*cluster))),
            new: String::new(),
            why: self.split_by(split),
        });
        let founded = founded.iter().map(move |cluster| bare("founded", self.is(*cluster)));
        let emptied = emptied.iter().map(move |cluster| bare("emptied", self.was(*cluster)));
        let stayed = stayed.iter().map(move |cluster| bare("stayed", self.is(*cluster)));
        joined.chain(split).chain(founded).chain(emptied).chain(stayed)
    }

    fn joined_by(&self, why: JoinedBy) -> String {
        match why {
            JoinedBy::Pair(pair) => {
                let (l, r) = (self.id(pair.left), self.id(pair.right));
                let chance = say::percent(f64::from(pair.probability()), words(self.lang));
                self.lang.pick(
                    format!("{l} 与 {r} 是同一人的可能性 {chance}"),
                    format!("{l} and {r} are one person with a chance of {chance}"),
                )
            }
            JoinedBy::Ruling { left, right } => {
                let (l, r) = (self.id(left), self.id(right));
                self.lang.pick(
                    format!("人工认定 {l} 与 {r} 是同一人"),
                    format!("people have judged {l} and {r} to be one person"),
                )
            }
            JoinedBy::Others => {
                self.lang.pick("由其他记录连在一起", "other records hold them together").to_owned()
            }
        }
    }

    fn split_by(&self, split: &Split) -> String {
        let lang = self.lang;
        match split.why {
            SplitBy::Withdrawn { row } => {
                let id = self.id(row);
                lang.pick(format!("{id} 撤回了"), format!("{id} was withdrawn"))
            }
            SplitBy::Veto(veto) => {
                let (l, r) = (self.id(veto.left), self.id(veto.right));
                let why = match veto.why {
                    VetoReason::CannotLink => {
                        lang.pick("人工认定不是同一人", "people have judged so")
                    }
                    VetoReason::TwoIdentities => {
                        lang.pick("身份证号不同", "their verified numbers differ")
                    }
                    VetoReason::SameSource => lang.pick(
                        "同一份名单中一人只出现一次",
                        "both stand in a list that has each person once",
                    ),
                    VetoReason::WeakBridge => {
                        lang.pick("其余记录不像同一人", "the records beside them are unlike")
                    }
                };
                lang.pick(
                    format!("{l} 与 {r} 不能归并：{why}"),
                    format!("{l} and {r} stay apart: {why}"),
                )
            }
            SplitBy::LessEvidence => lang
                .pick(
                    "原来的证据不在了，或相同的值太多",
                    "the evidence is gone, or too many share it",
                )
                .to_owned(),
        }
    }

    /// `what,cluster,of,new,why` for every change; several ids with blanks between them.
    pub(super) fn write(&self, out: &mut impl Write) -> anyhow::Result<()> {
        // Programs that open tables take the text for UTF-8 by this mark.
        out.write_all("\u{feff}what,cluster,of,new,why\r\n".as_bytes())?;
        for Line { what, cluster, of, new, why } in self.lines() {
            let cells = [&cluster, &of, &new, &why].map(|cell| quoted(cell)).join(",");
            write!(out, "{what},{cells}\r\n")?;
        }
        Ok(())
    }

    /// The numbers, and the first changes of each kind that moves somebody.
    pub(super) fn print(&self, (n_came, n_went): (u32, usize), out: &Path) {
        let Changes { joined, split, founded, emptied, stayed, n_untouched } = self.changes;
        let n_merged = joined.iter().filter(|joined| joined.of.len() > 1).count();
        let (joined, split) = (joined.len() - n_merged, split.len());
        let (founded, emptied, stayed) = (founded.len(), emptied.len(), stayed.len());
        println!("{}", self.lang.pick(
            format!("加入 {n_came} 条、撤回 {n_went} 条：{joined} 人多了记录，新增 {founded} 人，{n_merged} 处合并，{split} 处拆分，{emptied} 人不再有记录；重看后不变 {stayed} 人，未触及 {n_untouched} 条。"),
            format!("{n_came} records came, {n_went} went: {joined} persons have more records, {founded} are new, {n_merged} merges, {split} splits, {emptied} have none any more; {stayed} looked at and unchanged, {n_untouched} records not touched"),
        ));
        for (what, zh, en) in [("merged", "合并", "merged"), ("split", "拆分", "split")] {
            for line in self.lines().filter(|line| line.what == what).take(TOLD) {
                let Line { cluster, of, why, .. } = line;
                println!(
                    "{}",
                    self.lang.pick(
                        format!("{zh}：{cluster}（{of}）：{why}"),
                        format!("{en}: {cluster} ({of}): {why}"),
                    )
                );
            }
        }
        let n = self.n_uncounted;
        if u64::from(n) * 10 > self.ids.len() as u64 {
            println!("{}", self.lang.pick(
                format!("自上次完整比对以来已增减 {n} 条，超过一成；请用 --keep 重新比对全部名单，让参数跟上数据。"),
                format!("{n} records came or went since the last full linking, more than a tenth; link all files anew with --keep"),
            ));
        }
        let file = out.join("changes.csv");
        let file = file.display();
        println!("{}", self.lang.pick(format!("逐条见 {file}"), format!("each change: {file}")));
    }
}

fn all(ids: impl Iterator<Item = String>) -> String {
    ids.collect::<Vec<_>>().join(" ")
}
