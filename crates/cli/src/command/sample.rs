//! `baoxue sample`: writes the files of a synthetic county with its truth.

use std::{fs, io};

use baoxue_sample::{Manifest, Spec, default_towns};
use clap::ArgMatches;

use crate::{Done, args, failure::Failure, lang::Lang};

/// Writes `input/` and `truth/` below `--out`.
pub(crate) fn run(matches: &ArgMatches, lang: Lang) -> Result<Done, Failure> {
    let out = args::path(matches, "out").ok_or_else(|| Failure::usage("--out"))?;
    let spec = Spec {
        seed: matches.get_one::<u64>("seed").copied().unwrap_or(1),
        children: matches.get_one::<u32>("children").copied().unwrap_or(3000),
        noise: matches.get_one::<f64>("noise").copied().unwrap_or(1.0),
        as_of: matches.get_one::<chrono::NaiveDate>("as-of").copied().unwrap_or_default(),
        style: None,
        towns: default_towns(),
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
    emit("county.toml", configuration(&manifest).as_bytes())
        .map_err(|e| baoxue_flow::FlowError::file(out, e))?;
    println!(
        "{}",
        lang.pick(
            format!("已写出 {n_files} 个文件到 {}（全部数据均为虚构）", out.display()),
            format!("wrote {n_files} files to {} (all data is synthetic)", out.display()),
        )
    );
    Ok(Done::Clean)
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
