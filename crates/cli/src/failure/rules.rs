//! Faults of rule packs in zh-CN.

use super::config::toml_zh;

/// What the loader of packs says, and what it means: `{}` stands for names, days and values, which stay as they are.
const SAID: [(&str, &str); 69] = [
    ("the rule packs cannot be used:", "规则包不能使用："),
    ("expected a heading `# title — article` in the first line", "第一行应为标题“# 名称 — 条文”"),
    (
        "missing article: expected its substance as a quotation (`> …`)",
        "缺少条文：应以引用（`> …`）写出要点",
    ),
    ("expected a block ```rule … ```, or a table of values", "应有 ```rule … ``` 块，或数值表"),
    ("the block is not closed by a line ```", "块没有以单独一行 ``` 结束"),
    ("missing source: `source` is empty", "缺少出处：`source` 为空"),
    ("missing source: why is `{}` off?", "缺少出处：为什么停用 `{}`？"),
    ("missing source of `{}`", "`{}` 缺少出处"),
    ("the pack has its head at {} already", "规则包在 {} 已有包头"),
    (
        "missing day in force: expected a line `> 施行日期：2019-09-01`, or `> 施行日期：未核实（where it was looked for）`",
        "缺少施行日期：应有一行 `> 施行日期：2019-09-01`，或 `> 施行日期：未核实（在哪里查过）`",
    ),
    ("missing article: `law` is empty", "缺少条文：`law` 为空"),
    ("a CONFLICT, and only that, names its `sides`", "只有 CONFLICT，且必须，写明各方（`sides`）"),
    (
        "a ground for {} must end: name its last day with `expires`",
        "认定为 {} 的依据必须有期限：以 `expires` 写明截止日",
    ),
    (
        "a ground for {} must ask for somebody who says that the child is out of school or absent: silence accuses nobody",
        "认定为 {} 的规则必须要求有人明确说该生不在校或缺课：没有人说，不得认定",
    ),
    (
        "a ground for {} must name in `cites` whose word it is",
        "认定为 {} 的规则必须在 `cites` 中写明是谁说的",
    ),
    (
        "expected a need as [zh, en] or [zh, en, condition]",
        "所需材料应写作 [中文, 英文] 或 [中文, 英文, 条件]",
    ),
    ("unknown evidence `{}`; expected one of {}", "不认识的证据 `{}`，可以写：{}"),
    ("unknown end `{}`; expected one of {}", "不认识的截止日 `{}`，可以写：{}"),
    ("unknown fact `{}`; expected one of {}", "不认识的事实 `{}`，可以写：{}"),
    ("unknown column `{}`; expected {}", "不认识的列 `{}`，应为：{}"),
    ("unknown column `{}`", "不认识的列 `{}`"),
    (
        "rule `{}` is in a pack below too; write `replaces = true` or another id",
        "规则 `{}` 在下面的规则包中已有：请写 `replaces = true`，或换一个 id",
    ),
    (
        "rule `{}` replaces nothing: no pack below has it",
        "规则 `{}` 写了 replaces，下面的规则包中没有它",
    ),
    ("`{}` is no rule of a pack below {}", "`{}` 不是 {} 下面规则包中的规则"),
    ("`before`: there is no rule `{}`", "`before`：没有规则 `{}`"),
    ("expected a column `{}`", "缺少列 `{}`"),
    ("a case needs a source that says something", "判例中至少要有一个来源说了什么"),
    ("the month `{}` is out of range", "月份 `{}` 超出范围"),
    ("expected a verdict", "应写认定结论"),
    ("words are compared with `==`, `!=` or `in`", "词只能用 `==`、`!=`、`in` 比较"),
    ("expected the school after `elsewhere`", "`elsewhere` 后面应写学校"),
    ("unknown registry status `{}`", "不认识的学籍状态 `{}`"),
    ("unknown finding `{}`", "不认识的摸排结论 `{}`"),
    ("unknown cause `{}`", "不认识的原因 `{}`"),
    ("unknown leave `{}`", "不认识的请假种类 `{}`"),
    ("unknown approval `{}`", "不认识的批准种类 `{}`"),
    ("unknown departure `{}`", "不认识的离开种类 `{}`"),
    ("`{}` is no birth on or before {}", "`{}` 不是 {} 或以前的出生日期"),
    (
        "[determine] order: `{}` is neither a rule nor a group of the pack",
        "[determine] order：没有名为 `{}` 的规则或规则组",
    ),
    (
        "write `as_of` at the top of the file, not in [determine]",
        "`as_of` 应写在文件开头，不写在 [determine] 里",
    ),
    (
        "towns `{}` ({}) and `{}` ({}) share a name or a code; each stands once",
        "镇办 `{}`（{}）与 `{}`（{}）名称或代码重复，每个只能写一次",
    ),
    (
        "packs: `{}` must be a folder beside the configuration",
        "packs：`{}` 应为配置文件旁边的文件夹",
    ),
    (
        "packs: `{}` is not in packs.toml; give the configuration with --config again",
        "packs：数据文件夹中没有规则包 `{}`，请再次用 --config 给出配置文件",
    ),
    (
        "packs: `{}` cannot be read: No such file or directory (os error 2)",
        "packs：没有规则包文件夹 `{}`",
    ),
    (
        "packs: `{}` cannot be read: Permission denied (os error 13)",
        "packs：没有权限读规则包文件夹 `{}`",
    ),
    ("packs: `{}` has no rule files (*.md)", "packs：规则包文件夹 `{}` 里没有规则文件（*.md）"),
    ("packs: `{}` cannot be read: {}", "packs：规则包 `{}` 读不出来：{}"),
    (
        "[determine] thresholds.suspected_days = {} lies above thresholds.dropout_days = {}",
        "[determine] 疑似辍学天数 thresholds.suspected_days = {} 大于辍学天数 thresholds.dropout_days = {}",
    ),
    (
        "thresholds.suspected_days = {} lies above thresholds.dropout_days = {} ({} values: {})",
        "疑似辍学天数 thresholds.suspected_days = {} 大于辍学天数 thresholds.dropout_days = {}（{}个数值：{}）",
    ),
    ("`until` lies before `since`", "`until` 早于 `since`"),
    ("expected a day such as {}, found `{}`", "应为日期，如 {}，写的是 `{}`"),
    ("expected {} cells: {}", "应有 {} 格：{}"),
    ("`{}` is no value; write {}", "`{}` 不是数值，可以写：{}"),
    ("`{}` is no yes/no fact", "`{}` 不是“是否”类事实"),
    ("`{}` is no number", "`{}` 不是数"),
    ("`{}` is no word", "`{}` 不是词"),
    ("`{}` is never \"{}\"; expected one of {}", "`{}` 不会是“{}”，可以写：{}"),
    ("`when` is no CEL expression: {}", "`when` 不是 CEL 表达式：{}"),
    (
        "rule `{}` is in force on the same days as {}; give the older one an `until`",
        "规则 `{}` 与 {} 的施行日期重叠，请给旧的写上 `until`",
    ),
    (
        "value `{}` holds on the same days as {}; give the older one an `until`",
        "数值 `{}` 与 {} 的施行日期重叠，请给旧的写上 `until`",
    ),
    (
        "pack `{}` stands over `{}`, which is not below it; below are: {}",
        "规则包 `{}` 写明在 `{}` 之上，下面没有该包；下面是：{}",
    ),
    ("pack `{}` lies over {}; name it with `over`", "规则包 `{}` 在 {} 之上，请以 `over` 写明"),
    (
        "the pack has no head; expected a block ```pack … ``` in one file",
        "规则包没有包头：应在一个文件中写 ```pack … ``` 块",
    ),
    (
        "no worked case is decided by rule `{}`; expected one at least",
        "没有一个判例由规则 `{}` 认定，至少应有一个",
    ),
    ("`order`: there is no rule or group of rules `{}`", "`order`：没有名为 `{}` 的规则或规则组"),
    ("rules stand before each other: {}", "规则互为先后，成了环：{}"),
    (
        "case `{}`: expected {}, found {} by rule `{}`",
        "判例“{}”：应为 {}，实为 {}，由规则 `{}` 认定",
    ),
    (
        "thresholds.suspected_days = {} lies above thresholds.dropout_days = {}",
        "疑似辍学天数 thresholds.suspected_days = {} 大于辍学天数 thresholds.dropout_days = {}",
    ),
    ("expected {}, found `{}`", "应为 {}，写的是 `{}`"),
];

/// A message of one line or several, each perhaps behind file and line.
pub(crate) fn rules_zh(text: &str) -> String {
    let line = |line: &str| {
        let (place, message) = split_place(line);
        // What a value is wrong by stands behind its name.
        let (name, message) =
            match message.strip_prefix("value `").and_then(|m| m.split_once("`: ")) {
                Some((key, rest)) => (format!("数值 `{key}`："), rest),
                None => (String::new(), message),
            };
        let said = SAID.iter().find_map(|(en, zh)| said(message, en, zh));
        format!("{place}{name}{}", said.unwrap_or_else(|| toml_zh(message)))
    };
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

/// `file.md:12: message` at its second colon.
fn split_place(line: &str) -> (&str, &str) {
    let found = line.match_indices(": ").find(|(at, _)| {
        let before = &line[..*at];
        let number = before.rsplit(':').next().unwrap_or_default();
        before.contains(':') && !number.is_empty() && number.chars().all(|c| c.is_ascii_digit())
    });
    found.map_or(("", line), |(at, _)| line.split_at(at + 2))
}

/// The message in zh-CN when it is this one.
fn said(message: &str, en: &str, zh: &str) -> Option<String> {
    let mut parts = en.split("{}");
    let mut rest = message.strip_prefix(parts.next()?)?;
    let mut found = zh.to_owned();
    let mut parts = parts.peekable();
    while let Some(part) = parts.next() {
        // The last part ends the message.
        let at = if parts.peek().is_none() && part.is_empty() {
            rest.len()
        } else if parts.peek().is_none() {
            rest.len().checked_sub(part.len()).filter(|at| rest.is_char_boundary(*at))?
        } else {
            rest.find(part)?
        };
        let (name, after) = rest.split_at(at);
        rest = after.strip_prefix(part)?;
        found = found.replacen("{}", name, 1);
    }
    rest.is_empty().then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_are_told_in_chinese_and_names_stay() {
        let check = |en: &str, zh: &str| assert_eq!(rules_zh(en), zh);
        check("a.md:3: `until` lies before `since`", "a.md:3: `until` 早于 `since`");
        check(
            "pack/a.md:12: value `order` holds on the same days as b.md:4; give the older one an `until`",
            "pack/a.md:12: 数值 `order` 与 b.md:4 的施行日期重叠，请给旧的写上 `until`",
        );
        check(
            "a.md:9: unknown end `never`; expected one of a, b",
            "a.md:9: 不认识的截止日 `never`，可以写：a, b",
        );
        check(
            "a.md:2: value `years`: invalid type: string \"nine\", expected u8",
            "a.md:2: 数值 `years`：类型不对，写的是 文字 \"nine\"，应为 0 至 255 的整数",
        );
        check(
            "the rule packs cannot be used:\na.md:1: missing source of `x`",
            "规则包不能使用：\na.md:1: `x` 缺少出处",
        );
    }

    #[test]
    fn faults_of_a_configuration_are_told_in_chinese_alone() {
        let check = |en: &str, zh: &str| assert_eq!(rules_zh(en), zh);
        check(
            "[determine] order: `x` is neither a rule nor a group of the pack",
            "[determine] order：没有名为 `x` 的规则或规则组",
        );
        check(
            "towns `江北办` (610902003) and `江办` (610902003) share a name or a code; each stands once",
            "镇办 `江北办`（610902003）与 `江办`（610902003）名称或代码重复，每个只能写一次",
        );
        check(
            "packs: `x` cannot be read: No such file or directory (os error 2)",
            "packs：没有规则包文件夹 `x`",
        );
        check(
            "p/a.md:12: value `thresholds.suspected_days`: thresholds.suspected_days = 50 lies above thresholds.dropout_days = 20 (3 values: a.md:1, a.md:2, a.md:3)",
            "p/a.md:12: 数值 `thresholds.suspected_days`：疑似辍学天数 thresholds.suspected_days = 50 大于辍学天数 thresholds.dropout_days = 20（3个数值：a.md:1, a.md:2, a.md:3）",
        );
        check("a.md:3: unknown finding `x`", "a.md:3: 不认识的摸排结论 `x`");
    }

    #[test]
    fn each_saying_has_the_same_places_in_both_languages() {
        for (en, zh) in SAID {
            assert_eq!(en.matches("{}").count(), zh.matches("{}").count(), "{en}");
        }
    }
}
