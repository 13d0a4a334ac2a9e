//! `baoxue sample`: writes the files of a synthetic county, or the table of five registers, with the truth.

use std::{
    fs::{self, File},
    io::{self, BufWriter},
    path::Path,
};

use baoxue_flow::County;
use baoxue_sample::{Manifest, RegistersSpec, RegistersTold, Spec, default_towns};
use clap::ArgMatches;

use crate::{Done, args, failure::Failure, lang::Lang};

/// Writes `input/` and `truth/` below `--out`; with `--registers`, `records.csv` and `truth.csv`.
pub(crate) fn run(matches: &ArgMatches, lang: Lang) -> Result<Done, Failure> {
    let out = args::path(matches, "out").ok_or_else(|| Failure::usage("--out"))?;
    let seed = matches.get_one::<u64>("seed").copied().unwrap_or(1);
    let noise = matches.get_one::<f64>("noise").copied().unwrap_or(1.0);
    let as_of = matches.get_one::<chrono::NaiveDate>("as-of").copied().unwrap_or_default();
    if !(0.0..=100.0).contains(&noise) {
        return Err(Failure::usage("--noise 0…100"));
    }
    if let Some(records) = matches.get_one::<u64>("registers").copied() {
        let told = registers(out, &RegistersSpec { seed, records, noise, as_of })
            .map_err(|e| baoxue_flow::FlowError::file(out, e))?;
        println!("{}", registers_told(&told, out, lang));
        return Ok(Done::Clean);
    }
    let config = args::path(matches, "config");
    let read = |path: &std::path::PathBuf| -> Result<(County, String), Failure> {
        let text = fs::read_to_string(path).map_err(|e| file_error(path, e))?;
        Ok((baoxue_flow::county_beside(&text, path, as_of)?, text))
    };
    let (county, given) = config.map(read).transpose()?.unzip();
    let spec = Spec {
        seed,
        children: matches.get_one::<u32>("children").copied().unwrap_or(3000),
        noise,
        as_of: county.as_ref().map_or(as_of, |county| county.settings.as_of),
        style: None,
        towns: county.as_ref().map_or_else(default_towns, |county| county.towns.all().to_vec()),
    };
    let mut n_files = 0;
    let mut emit = |name: &str, bytes: &[u8]| -> io::Result<()> {
        let path = out.join(name);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        n_files += 1;
        fs::write(path, bytes)
    };
    let manifest = baoxue_sample::county(&spec, &mut emit)
        .map_err(|e| baoxue_flow::FlowError::file(out, e))?;
    let configuration = given.unwrap_or_else(|| configuration(&manifest));
    let packs = county.iter().flat_map(|county| county.pack.texts()).flat_map(|pack| &pack.files);
    // The configuration names its packs as folders beside it.
    let packs = packs.map(|(name, text)| (name.as_str(), text.as_str()));
    for (name, text) in [("county.toml", configuration.as_str())].into_iter().chain(packs) {
        emit(name, text.as_bytes()).map_err(|e| baoxue_flow::FlowError::file(out, e))?;
    }
    println!(
        "{}",
        lang.pick(
            format!("已写出 {n_files} 个文件到 {}（全部数据均为虚构）", out.display()),
            format!("wrote {n_files} files to {} (all data is synthetic)", out.display()),
        )
    );
    Ok(Done::Clean)
}

fn file_error(path: &Path, error: io::Error) -> Failure {
    baoxue_flow::FlowError::file(path, error).into()
}

/// Both tables, written as they are made.
fn registers(out: &Path, spec: &RegistersSpec) -> io::Result<RegistersTold> {
    fs::create_dir_all(out)?;
    let mut records = BufWriter::new(File::create(out.join("records.csv"))?);
    let mut truth = BufWriter::new(File::create(out.join("truth.csv"))?);
    baoxue_sample::registers(spec, &mut records, &mut truth)
}

fn registers_told(told: &RegistersTold, out: &Path, lang: Lang) -> String {
    let RegistersTold { records, children, families } = told;
    let out = out.display();
    lang.pick(
        format!(
            "已写出 {children} 个孩子（{families} 户）的 {records} 条记录到 {out}（全部数据均为虚构）"
        ),
        format!(
            "wrote {records} records of {children} children in {families} families to {out} (all data is synthetic)"
        ),
    )
}

/// A `county.toml` for the synthetic county: its name, day and towns.
fn configuration(manifest: &Manifest) -> String {
    let head = format!(
        "# Synthetic county; all data is made up. Keys: examples/county/county.toml\nname = \"{}\"\nas_of = {}\n",
        manifest.county, manifest.as_of
    );
    let towns = manifest
        .towns
        .iter()
        .map(|town| format!("\n[[town]]\ncode = \"{}\"\nname = \"{}\"\n", town.code, town.name));
    std::iter::once(head).chain(towns).collect()
}
