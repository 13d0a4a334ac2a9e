//! Writes a county to a folder: `write FOLDER SEED CHILDREN NOISE [STYLE]`.

use std::{error::Error, fs, path::PathBuf};

use baoxue_sample::{Spec, county};
use chrono::NaiveDate;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let mut next = |what: &str| arguments.next().ok_or_else(|| format!("{what} is missing"));
    let folder = PathBuf::from(next("folder")?);
    let spec = Spec {
        seed: next("seed")?.parse()?,
        children: next("number of children")?.parse()?,
        noise: next("noise")?.parse()?,
        as_of: NaiveDate::from_ymd_opt(2019, 8, 25).ok_or("no such day")?,
        style: arguments.next().map(|text| text.parse()).transpose()?,
        towns: Vec::new(),
    };
    fs::create_dir_all(folder.join("input"))?;
    fs::create_dir_all(folder.join("truth"))?;
    county(&spec, &mut |path, bytes| fs::write(folder.join(path), bytes))?;
    Ok(())
}
