//! Faults of rule packs in zh-CN.

use super::config::toml_zh;

/// What the loader of packs says, and what it means: `{}` stands for names, days and values, which stay as they are.
const SAID: [(&str, &str); 39] = [
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
    fn each_saying_has_the_same_places_in_both_languages() {
        for (en, zh) in SAID {
            assert_eq!(en.matches("{}").count(), zh.matches("{}").count(), "{en}");
        }
    }
}
