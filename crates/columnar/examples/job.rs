//! The whole job of linking, from files to files, for measuring it from outside: `job MODEL.toml ID SOURCE OUT FILE…`.
//! It does what `baoxue link` does apart from the report.

use std::{
    error::Error,
    fs::File,
    io::{BufWriter, Write},
    path::Path,
};

use baoxue_columnar::{ColumnChoice, Input, Wanted, read, write_clusters, write_pairs};
use baoxue_link::{Comparator, Constraints, FieldModel, Level, Model, Progress, train_and_link};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[expect(clippy::print_stdout, reason = "the numbers are what this program is for")]
fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [model, id, source, out, files @ ..] = arguments.as_slice() else {
        return Err("usage: job MODEL.toml ID SOURCE OUT FILE…".into());
    };
    let mut model: Model = toml::from_str(&std::fs::read_to_string(model)?)?;
    let is_about = |field: &FieldModel| field.comparator == Comparator::Together;
    let at = model.fields.iter().position(is_about).unwrap_or(model.fields.len());
    model.fields.insert(at, source_field(source));
    let open = |name: &String| Ok(Input::new(name, File::open(name)?));
    let inputs = files.iter().map(open).collect::<std::io::Result<Vec<_>>>()?;
    let mut columns: Vec<String> = Vec::new();
    let keys = model.blocks.iter().flat_map(|rule| rule.keys.iter().chain(&rule.refine));
    let fields = model.fields.iter().flat_map(|field| &field.columns);
    for name in fields.chain(keys.flat_map(|key| &key.columns)) {
        if !columns.contains(name) {
            columns.push(name.clone());
        }
    }
    let wanted = Wanted {
        id: Some(id.clone()),
        source: Some(source.clone()),
        columns: ColumnChoice::Named(columns),
    };
    let mut records = read(inputs, &wanted, &|_, _| {})?;
    if let Some(column) = &records.source
        && records.table.column(column.name()).is_none()
    {
        records.table = records.table.with(column.clone())?;
    }
    println!("{:5} read", spent());
    let (training, linkage) = train_and_link(
        &records.table,
        &model,
        &Constraints::default(),
        1,
        &mut |step: Progress| {
            println!("{:5} {:?} {} of {}", spent(), step.stage, step.done, step.total);
        },
    )?;
    println!("{:5} linked", spent());
    for block in &linkage.blocks {
        println!("      {block:?}");
    }
    println!("      {} pairs, {} for review", linkage.pairs.len(), linkage.review.len());
    let out = Path::new(out);
    std::fs::create_dir_all(out)?;
    let create =
        |name: &str| Ok::<_, std::io::Error>(BufWriter::new(File::create(out.join(name))?));
    write_clusters(create("clusters.parquet")?, &records.ids, &linkage.cluster)?;
    create("model.toml")?.write_all(toml::to_string(&training.model)?.as_bytes())?;
    records.table = records.table.select(&[]);
    write_pairs(create("pairs.parquet")?, &records.ids, linkage.pairs)?;
    println!("{:5} written", spent());
    Ok(())
}

/// As the command does for a built-in model.
fn source_field(column: &str) -> FieldModel {
    let level = |name: &str, m: f64, u: f64| Level {
        name: name.to_owned(),
        m,
        u,
        family: Some(u),
        term_frequency_weight: 0.0,
    };
    FieldModel {
        name: "source".to_owned(),
        columns: vec![column.to_owned()],
        comparator: Comparator::Exact,
        of: Vec::new(),
        term_frequency: false,
        contained_in: Vec::new(),
        levels: vec![level("equal", 0.05, 0.25), level("other", 0.95, 0.75)],
    }
}

/// Processor time of all threads so far, in hundredths of a second where the kernel tells it.
fn spent() -> u64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let numbers = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
    numbers.skip(11).take(2).filter_map(|ticks| ticks.parse::<u64>().ok()).sum()
}
