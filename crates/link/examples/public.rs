//! Links CSV files whose truth is known by the guessed model and prints the best F1 over thresholds:
//! `public TRUTH_COLUMN RECORDS.csv…`. With two files or more a pair counts only across files. A truth of
//! `COLUMN:rec` is what stands before the second dash of this column, as in the FEBRL files.

use std::{collections::HashMap, error::Error, time::Instant};

use baoxue_link::{Column, ColumnBuilder, Constraints, Linkage, Table, guess, train_and_link};

/// Pairs are kept from here on, so that the best threshold is among them.
const LEAST_BITS: f32 = -8.0;

#[expect(clippy::print_stdout, reason = "the numbers are what this program is for")]
fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [truth, files @ ..] = arguments.as_slice() else {
        return Err("usage: public TRUTH_COLUMN[:rec] RECORDS.csv…".into());
    };
    let (columns, source) = read(files)?;
    let (truth, is_febrl) =
        truth.strip_suffix(":rec").map_or((truth.as_str(), false), |t| (t, true));
    let truth = columns.iter().find(|column| column.name() == truth).ok_or("no such column")?;
    let truth = Truth::new(truth, is_febrl, source);
    let table = Table::new(columns.clone(), Vec::new())?;
    let started = Instant::now();
    let guess = guess(&table);
    println!("guessed in {:.2} s", started.elapsed().as_secs_f64());
    for column in &guess.columns {
        println!("  {}: {:?}, {:?}", column.column, column.kind, column.reason);
    }
    let started = Instant::now();
    let mut model = guess.model;
    model.thresholds.review_bits = LEAST_BITS;
    let (training, linkage) =
        train_and_link(&table, &model, &Constraints::default(), 1, &mut |_| {})?;
    println!(
        "{} rounds, prior {:.3} + {:.3} for each row",
        training.rounds,
        training.model.prior.partners_per_record,
        training.model.prior.relatives_per_record
    );
    println!("trained and linked in {:.2} s", started.elapsed().as_secs_f64());
    for block in &linkage.blocks {
        println!(
            "  {}: {} pairs, {} rows left out",
            block.name, block.n_pairs, block.capped.n_rows
        );
    }
    report(&linkage, &truth);
    Ok(())
}

/// Who each row is, and from which file.
struct Truth {
    person: Vec<u32>,
    source: Vec<u16>,
}

impl Truth {
    fn new(column: &Column, is_febrl: bool, source: Vec<u16>) -> Self {
        let mut known: HashMap<&str, u32> = HashMap::new();
        let person = (0..u32::try_from(column.values().len()).unwrap_or(u32::MAX)).map(|row| {
            let text = column.text(row);
            let dash = text.match_indices('-').nth(1).filter(|_| is_febrl);
            let name = dash.map_or(text, |(at, _)| &text[..at]);
            let next = u32::try_from(known.len()).unwrap_or(u32::MAX);
            *known.entry(name).or_insert(next)
        });
        Self { person: person.collect(), source }
    }

    fn is_match(&self, left: u32, right: u32) -> bool {
        self.person[left as usize] == self.person[right as usize]
    }

    /// Whether the pair is asked for.
    fn counts(&self, left: u32, right: u32) -> bool {
        self.is_one_file() || self.source[left as usize] != self.source[right as usize]
    }

    fn is_one_file(&self) -> bool {
        self.source.last() == Some(&0)
    }

    /// True pairs, pairs within the groups, and both.
    fn score(&self, group: &[u32]) -> Score {
        let of = |key: &dyn Fn(usize) -> (u32, u32)| {
            let mut by_key: HashMap<(u32, u32), HashMap<u16, u64>> = HashMap::new();
            for row in 0..group.len() {
                *by_key.entry(key(row)).or_default().entry(self.source[row]).or_default() += 1;
            }
            let across = |sizes: &HashMap<u16, u64>| {
                let n: u64 = sizes.values().sum();
                let within: u64 = sizes.values().map(|n| n * (n - 1) / 2).sum();
                n * (n - 1) / 2 - if self.is_one_file() { 0 } else { within }
            };
            by_key.values().map(across).sum::<u64>()
        };
        Score {
            right: of(&|row| (self.person[row], group[row])),
            found: of(&|row| (0, group[row])),
            asked: of(&|row| (self.person[row], 0)),
            bits: 0.0,
        }
    }
}

/// Pairs that are right, found, and asked for.
#[derive(Clone, Copy)]
struct Score {
    right: u64,
    found: u64,
    asked: u64,
    bits: f32,
}

impl Score {
    fn f1(self) -> f64 {
        ratio(2 * self.right, self.found + self.asked)
    }
}

impl std::fmt::Display for Score {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (precision, recall) = (ratio(self.right, self.found), ratio(self.right, self.asked));
        let (f1, bits) = (self.f1(), self.bits);
        write!(
            f,
            "F1 {f1:.5} (precision {precision:.5}, recall {recall:.5}) from {bits:.2} bits on"
        )
    }
}

fn ratio(part: u64, whole: u64) -> f64 {
    let float = |n: u64| f64::from(u32::try_from(n).unwrap_or(u32::MAX));
    float(part) / float(whole.max(1))
}

#[expect(clippy::print_stdout, reason = "the numbers are what this program is for")]
fn report(linkage: &Linkage, truth: &Truth) {
    println!("pairs, best threshold: {}", pairs(linkage, truth));
    println!("clusters, the default: {}", truth.score(&linkage.cluster));
    let thresholds = (-8..=60).map(|step| f32::from(i8::try_from(step).unwrap_or(0)) / 2.0);
    let best = thresholds
        .map(|bits| Score { bits, ..truth.score(&components(linkage, bits)) })
        .max_by(|a, b| a.f1().total_cmp(&b.f1()));
    if let Some(best) = best {
        println!("connected components, best threshold: {best}");
    }
}

fn pairs(linkage: &Linkage, truth: &Truth) -> Score {
    let asked = truth.score(&vec![0; truth.person.len()]).asked;
    let mut score = Score { right: 0, found: 0, asked, bits: f32::INFINITY };
    let mut best = score;
    let pairs = linkage.pairs.iter().filter(|pair| truth.counts(pair.left, pair.right));
    for pair in pairs {
        if pair.bits < score.bits && score.f1() > best.f1() {
            best = score;
        }
        score.found += 1;
        score.right += u64::from(truth.is_match(pair.left, pair.right));
        score.bits = pair.bits;
    }
    if score.f1() > best.f1() { score } else { best }
}

/// For each row the smallest row that pairs of this weight connect it with.
fn components(linkage: &Linkage, bits: f32) -> Vec<u32> {
    let mut parent: Vec<u32> = (0..).take(linkage.cluster.len()).collect();
    let root = |parent: &mut Vec<u32>, mut row: u32| {
        while parent[row as usize] != row {
            parent[row as usize] = parent[parent[row as usize] as usize];
            row = parent[row as usize];
        }
        row
    };
    for pair in linkage.pairs.iter().take_while(|pair| pair.bits >= bits) {
        let (l, r) = (root(&mut parent, pair.left), root(&mut parent, pair.right));
        parent[l.max(r) as usize] = l.min(r);
    }
    (0..).take(parent.len()).map(|row| root(&mut parent, row)).collect()
}

/// The columns of all files, and the file of each row.
fn read(files: &[String]) -> Result<(Vec<Column>, Vec<u16>), Box<dyn Error>> {
    let mut columns: Vec<ColumnBuilder> = Vec::new();
    let mut source = Vec::new();
    for (number, file) in (0..).zip(files) {
        let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_path(file)?;
        if columns.is_empty() {
            columns = reader.headers()?.iter().map(ColumnBuilder::new).collect();
        }
        for record in reader.records() {
            for (column, cell) in columns.iter_mut().zip(&record?) {
                column.push(cell);
            }
            source.push(number);
        }
    }
    Ok((columns.into_iter().map(ColumnBuilder::finish).collect(), source))
}
