//! Links a CSV file whose truth is known and prints how well: `measure MODEL.toml RECORDS.csv TRUTH_COLUMN
//! [SOURCE_COLUMN]`. The model file names the columns.

use std::{collections::HashMap, error::Error, time::Instant};

use baoxue_link::{
    Column, ColumnBuilder, Constraints, Linkage, Model, Table, Untrained, train_and_link,
};

#[expect(clippy::print_stdout, reason = "the numbers are what this program is for")]
fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [model, records, truth, rest @ ..] = arguments.as_slice() else {
        return Err("usage: measure MODEL.toml RECORDS.csv TRUTH_COLUMN [SOURCE_COLUMN]".into());
    };
    let model: Model = toml::from_str(&std::fs::read_to_string(model)?)?;
    let started = Instant::now();
    let columns = read(records)?;
    let named = |name: &String| {
        let column = columns.iter().find(|column| column.name() == name);
        column.cloned().ok_or_else(|| format!("no column `{name}`"))
    };
    let truth = named(truth)?;
    let source = rest.first().map(named).transpose()?;
    let used = |column: &Column| {
        let fields = model.fields.iter().flat_map(|field| &field.columns);
        let keys = model.blocks.iter().flat_map(|rule| rule.keys.iter().chain(&rule.refine));
        fields.chain(keys.flat_map(|key| &key.columns)).any(|name| name == column.name())
    };
    let table = Table::new(columns.into_iter().filter(used).collect(), Vec::new())?;
    println!("{} rows read in {:.2} s", table.n_rows(), started.elapsed().as_secs_f64());
    let started = Instant::now();
    let numbers = |column: &Column| {
        column.values().iter().map(|value| u16::try_from(*value).unwrap_or(u16::MAX)).collect()
    };
    let source = source.as_ref().map(numbers).unwrap_or_default();
    let constraints = Constraints { source, ..Constraints::default() };
    let (training, linkage) = train_and_link(&table, &model, &constraints, 1, &mut |_| {})?;
    println!(
        "{} rounds, settled {}, pairs {:?}",
        training.rounds, training.settled, training.n_pairs
    );
    for Untrained { field, level, of } in training.untrained() {
        println!("  not learnt, too few pairs: {field}, {level} ({of:?})");
    }
    println!("linked in {:.2} s", started.elapsed().as_secs_f64());
    for block in &linkage.blocks {
        let (name, capped) = (&block.name, block.capped);
        println!(
            "  {name}: {} keys, {} pairs, {} keys of {} rows left out",
            block.n_keys, block.n_pairs, capped.n_keys, capped.n_rows
        );
    }
    report(&linkage, &truth);
    calibration(&linkage, &truth);
    Ok(())
}

fn read(path: &str) -> Result<Vec<Column>, Box<dyn Error>> {
    let mut reader = csv::Reader::from_path(path)?;
    let mut columns: Vec<ColumnBuilder> =
        reader.headers()?.iter().map(ColumnBuilder::new).collect();
    let mut record = csv::StringRecord::new();
    while reader.read_record(&mut record)? {
        for (column, cell) in columns.iter_mut().zip(&record) {
            column.push(cell);
        }
    }
    Ok(columns.into_iter().map(ColumnBuilder::finish).collect())
}

#[expect(clippy::print_stdout, reason = "the numbers are what this program is for")]
fn report(linkage: &Linkage, truth: &Column) {
    let mut true_size: HashMap<u32, u64> = HashMap::new();
    let mut found_size: HashMap<u32, u64> = HashMap::new();
    let mut both: HashMap<(u32, u32), u64> = HashMap::new();
    for (person, cluster) in truth.values().iter().zip(&linkage.cluster) {
        *true_size.entry(*person).or_default() += 1;
        *found_size.entry(*cluster).or_default() += 1;
        *both.entry((*person, *cluster)).or_default() += 1;
    }
    let pairs = |sizes: &mut dyn Iterator<Item = u64>| sizes.map(|n| n * (n - 1) / 2).sum::<u64>();
    let right = pairs(&mut both.values().copied());
    let (of_truth, of_found) =
        (pairs(&mut true_size.values().copied()), pairs(&mut found_size.values().copied()));
    let exact = both
        .iter()
        .filter(|((person, cluster), n)| **n == true_size[person] && **n == found_size[cluster])
        .count();
    let mixed = found_size
        .len()
        .saturating_sub(both.iter().filter(|((_, cluster), n)| **n == found_size[cluster]).count());
    println!(
        "pairs: precision {:.5}, recall {:.5}",
        ratio(right, of_found),
        ratio(right, of_truth)
    );
    let exact = exact as u64;
    println!(
        "clusters: {} true, {} found, {exact} exact, F1 {:.5}; {mixed} mix persons; {} for review",
        true_size.len(),
        found_size.len(),
        ratio(2 * exact, (true_size.len() + found_size.len()) as u64),
        linkage.review.len(),
    );
}

fn ratio(part: u64, whole: u64) -> f64 {
    let float = |n: u64| f64::from(u32::try_from(n).unwrap_or(u32::MAX));
    float(part) / float(whole.max(1))
}

/// Of the pairs that were given a probability, how many are of one person.
#[expect(clippy::print_stdout, reason = "the numbers are what this program is for")]
fn calibration(linkage: &Linkage, truth: &Column) {
    let bands = [0.1, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.99, 0.999, 1.1];
    let value = |row: u32| truth.values()[row as usize];
    for band in bands.windows(2) {
        let within = |p: f32| p >= band[0] && p < band[1];
        let pairs = linkage.pairs.iter().filter(|pair| within(pair.probability()));
        let (mut n, mut n_same) = (0, 0);
        for pair in pairs {
            n += 1;
            n_same += u32::from(value(pair.left) == value(pair.right));
        }
        if n > 0 {
            println!(
                "  from {}: {n_same} of {n}, {:.3}",
                band[0],
                f64::from(n_same) / f64::from(n)
            );
        }
    }
}
