//! Packs as the command line names them.

use std::path::Path;

use baoxue_determine::{Pack, RuleError};

use crate::{
    failure::{Failure, rules_zh},
    lang::Lang,
};

/// The name of the pack that is built into the program.
const BUILTIN: &str = "CN-DEFAULT";

/// The pack of a name: `CN-DEFAULT`, or folders over it joined by `+`, the lowest first.
pub(super) fn pack(name: &str, lang: Lang) -> Result<Pack, Failure> {
    let folders = name.split('+').filter(|part| !part.is_empty() && *part != BUILTIN);
    over_builtin(folders.map(Path::new), lang)
}

/// The built-in pack with the packs of folders over it.
pub(super) fn over_builtin<'p>(
    folders: impl Iterator<Item = &'p Path>,
    lang: Lang,
) -> Result<Pack, Failure> {
    let read = |folder: &Path| {
        if !folder.is_dir() {
            let name = folder.display();
            return Err(Failure::File(lang.pick(
                format!("{name}：不是规则包。规则包是一个装有 *.md 规则文件的文件夹；内置的写作 {BUILTIN}。"),
                format!("{name}: not a pack. A pack is a folder of *.md rule files; the built-in one is {BUILTIN}."),
            )));
        }
        baoxue_flow::pack_text(folder).map_err(|error| Failure::File(error.to_string()))
    };
    let texts = folders.map(read).collect::<Result<Vec<_>, _>>()?;
    Pack::builtin().with(&texts).map_err(|errors| faults(&errors, lang))
}

/// Every fault with file and line.
pub(super) fn faults(errors: &[RuleError], lang: Lang) -> Failure {
    let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
    let n = errors.len();
    let said = lang.pick(
        format!("规则包有 {n} 处错误，没有载入："),
        format!("the rule pack has {n} faults and was not loaded:"),
    );
    let lines = lines.join("\n");
    Failure::File(format!("{said}\n{}", lang.pick(rules_zh(&lines), lines.clone())))
}
