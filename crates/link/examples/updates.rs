//! How long a new file takes: `updates MODEL.toml RECORDS.csv N_NEW [--check]` links all rows but the last `N_NEW`, then
//! brings these in, takes them out again and brings them in once more. `--check` compares each with a full run. The
//! model file names the columns.

use std::{error::Error, time::Instant};

use baoxue_link::{Column, ColumnBuilder, Constraints, Linker, Model, Table, Update, train};

#[expect(clippy::print_stdout, reason = "the numbers are what this program is for")]
fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [model, records, n_new, rest @ ..] = arguments.as_slice() else {
        return Err("usage: updates MODEL.toml RECORDS.csv N_NEW [--check]".into());
    };
    let check = rest.iter().any(|argument| argument == "--check");
    let model: Model = toml::from_str(&std::fs::read_to_string(model)?)?;
    let table = read(records, &model)?;
    let n_base = table.n_rows().saturating_sub(n_new.parse()?);
    let base = table.select(&(0..n_base).collect::<Vec<_>>());
    let new = table.select(&(n_base..table.n_rows()).collect::<Vec<_>>());
    drop(table);
    let none = Constraints::default();
    let training = train(&base, &model, &none, 1, &mut |_| {})?;
    let started = Instant::now();
    let mut linker = Linker::new(base, training.model, none, &mut |_| {})?;
    println!("{n_base} rows linked in {:.2} s", started.elapsed().as_secs_f64());
    let n_rows = n_base + new.n_rows();
    let steps = [
        ("come", Some(new.clone()), 0..0),
        ("withdrawn", None, n_base..n_rows),
        ("come again", Some(new), 0..0),
    ];
    for (what, rows, withdrawn) in steps {
        let update = Update { rows, withdrawn: withdrawn.collect(), ..Update::default() };
        let started = Instant::now();
        let changes = linker.update(update)?;
        println!(
            "{what}: {:.3} s; joined {}, split {}, founded {}, emptied {}, stayed {}, not looked at {} rows",
            started.elapsed().as_secs_f64(),
            changes.joined.len(),
            changes.split.len(),
            changes.founded.len(),
            changes.emptied.len(),
            changes.stayed.len(),
            changes.n_untouched
        );
        if check {
            let started = Instant::now();
            let same = linker.relink(&mut |_| {})? == linker.linkage();
            println!(
                "  a full run in {:.2} s is the same: {same}",
                started.elapsed().as_secs_f64()
            );
        }
    }
    Ok(())
}

/// The columns of a file that the model needs.
fn read(path: &str, model: &Model) -> Result<Table, Box<dyn Error>> {
    let mut reader = csv::Reader::from_path(path)?;
    let fields = model.fields.iter().flat_map(|field| &field.columns);
    let keys = model.blocks.iter().flat_map(|rule| rule.keys.iter().chain(&rule.refine));
    let used: Vec<&String> = fields.chain(keys.flat_map(|key| &key.columns)).collect();
    let mut columns: Vec<(usize, ColumnBuilder)> = reader
        .headers()?
        .iter()
        .enumerate()
        .filter(|(_, name)| used.iter().any(|used| used == name))
        .map(|(at, name)| (at, ColumnBuilder::new(name)))
        .collect();
    let mut record = csv::StringRecord::new();
    while reader.read_record(&mut record)? {
        for (at, column) in &mut columns {
            column.push(record.get(*at).unwrap_or_default());
        }
    }
    let columns: Vec<Column> = columns.into_iter().map(|(_, column)| column.finish()).collect();
    Ok(Table::new(columns, Vec::new())?)
}
