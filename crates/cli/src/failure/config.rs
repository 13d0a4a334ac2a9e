//! What is wrong in a configuration or mapping file, in words.

/// Parts of the messages of the TOML reader and what they mean; names and values in them stay as they are.
const WORDS: [(&str, &str); 57] = [
    ("TOML parse error at line ", "写法有误，第"),
    (", column ", "行第"),
    ("unknown field ", "不认识的键 "),
    ("missing field ", "缺少键 "),
    ("duplicate field ", "重复的键 "),
    ("duplicate key", "重复的键"),
    ("invalid type: map", "类型不对，写的是 一组键和值"),
    ("invalid type: sequence", "类型不对，写的是 一列值"),
    ("invalid type: ", "类型不对，写的是 "),
    ("invalid value: ", "值不对，写的是 "),
    ("invalid length ", "个数不对，写了 "),
    ("unknown variant ", "没有这个值 "),
    // What our own values say when they are read.
    ("a town code has nine digits, found ", "镇办代码应为九位数字，写的是 "),
    ("is not a kind of source", "不是来源名称，来源名称见 baoxue import --help"),
    ("is not a verdict code", "不是认定结论代码"),
    (
        " is no day of the year; write it as MM-DD, such as ",
        " 不是每年都有的一天，应写成“月-日”，如 ",
    ),
    (
        "`[[layout]]` with sender, fingerprint, source, ignore, and `[[layout.column]]` with header, meaning",
        "`[[layout]]` 下写 sender、fingerprint、source、ignore，`[[layout.column]]` 下写 header、meaning",
    ),
    // Days.
    ("invalid date", "没有这一天"),
    ("day between ", "日在此范围内："),
    ("month between ", "月在此范围内："),
    (" and ", " 至 "),
    ("premature end of input", "日期没有写全，应写成 2019-08-31"),
    ("input contains invalid characters", "日期写法有误，应写成 2019-08-31"),
    ("input is out of range", "没有这一天"),
    ("trailing input", "日期后面还有多余的内容"),
    // The form of the file.
    ("key with no value, expected `=`", "键后面缺少 ="),
    ("unclosed table, expected `]`", "缺少右方括号 ]"),
    ("unclosed array table, expected `]]`", "缺少右方括号 ]]"),
    ("invalid array table, expected `]]`", "缺少右方括号 ]]"),
    ("invalid table header", "表头写法有误"),
    ("invalid key", "键的写法有误"),
    ("invalid string", "文字的写法有误"),
    ("invalid escape sequence", "反斜杠写法有误"),
    ("unquoted string", "文字没有加引号"),
    ("nothing", "没有别的内容"),
    ("unclosed array, expected `]`", "数组缺少右方括号 ]"),
    ("string values must be quoted, expected literal string", "文字要加引号"),
    ("invalid basic string, expected `\"`", "文字缺少右引号"),
    ("extra `]`, expected nothing", "多了一个 ]"),
    ("unexpected key or value, expected newline, `#`", "一行只能写一个键，值后面有多余的内容"),
    (", expected one of ", "，可以写："),
    (", there are no fields", "，这里不能写任何键"),
    (", expected u8", "，应为 0 至 255 的整数"),
    (", expected u16", "，应为 0 至 65535 的整数"),
    (", expected u32", "，应为不小于 0 的整数"),
    (", expected u64", "，应为不小于 0 的整数"),
    (", expected i32", "，应为整数"),
    (", expected a boolean", "，应为 true 或 false"),
    (", expected a sequence", "，应为 [ ] 中的一列值"),
    (", expected a map", "，应为一组键和值"),
    (", expected ", "，应为 "),
    ("floating point ", "小数 "),
    ("integer ", "整数 "),
    ("a string", "带引号的文字"),
    ("string ", "文字 "),
    ("boolean ", "是否（true/false） "),
    (" or ", " 或 "),
];

/// The message with what is known of it in zh-CN.
pub(crate) fn toml_zh(message: &str) -> String {
    let translated = |line: &str| {
        // The lines that quote the file stand behind a bar.
        if line.trim_start().trim_start_matches(|c: char| c.is_ascii_digit()).starts_with(" |") {
            return line.to_owned();
        }
        // Behind a message stands the key that it is about.
        if let Some(key) = line.strip_prefix("in `").and_then(|rest| rest.strip_suffix('`')) {
            return format!("位置：`{key}`");
        }
        let begins = line.starts_with("TOML parse error");
        let words = WORDS.iter().fold(line.to_owned(), |text, (en, zh)| text.replace(en, zh));
        if begins { words + "列" } else { words }
    };
    message.lines().map(translated).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bad_day_is_told_in_chinese_alone() {
        assert_eq!(
            toml_zh(
                "[determine] `13-31` is no day of the year; write it as MM-DD, such as 08-31\nin `entry_cutoff`"
            ),
            "[determine] `13-31` 不是每年都有的一天，应写成“月-日”，如 08-31\n位置：`entry_cutoff`"
        );
        assert_eq!(
            toml_zh("invalid date, expected day between 01 and 28"),
            "没有这一天，应为 日在此范围内：01 至 28"
        );
        assert_eq!(toml_zh("unclosed array table, expected `]]`"), "缺少右方括号 ]]");
    }

    #[test]
    fn the_readers_words_are_translated_and_the_file_is_not() {
        let text = "TOML parse error at line 1, column 2\n  |\n1 | nam or = 3\n  | ^^^\nunknown field `nam`, expected one of `name`, `as_of`\n";
        assert_eq!(
            toml_zh(text),
            "写法有误，第1行第2列\n  |\n1 | nam or = 3\n  | ^^^\n不认识的键 `nam`，可以写：`name`, `as_of`"
        );
        assert_eq!(
            toml_zh("invalid type: integer `3`, expected a string"),
            "类型不对，写的是 整数 `3`，应为 带引号的文字"
        );
    }
}
