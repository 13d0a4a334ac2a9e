//! Loads files and prints what they hold: `load ID_COLUMN FILE…`. For measuring time and memory from outside.

use std::{error::Error, fs::File};

use baoxue_columnar::{ColumnChoice, Input, Wanted, read, write_clusters};

#[expect(clippy::print_stdout, reason = "the numbers are what this program is for")]
fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [id, files @ ..] = arguments.as_slice() else {
        return Err("load ID_COLUMN FILE…".into());
    };
    let open = |name: &String| Ok(Input::new(name, File::open(name)?));
    let inputs = files.iter().map(open).collect::<std::io::Result<Vec<_>>>()?;
    let wanted = Wanted { id: Some(id.clone()), source: None, columns: ColumnChoice::All };
    let records = read(inputs, &wanted, &|_, _| {})?;
    for column in records.table.columns() {
        println!("{column:?}");
    }
    println!("{:?}", records.notes);
    let clusters: Vec<u32> = (0..records.table.n_rows()).collect();
    write_clusters(std::io::sink(), &records.ids, &clusters)?;
    Ok(())
}
