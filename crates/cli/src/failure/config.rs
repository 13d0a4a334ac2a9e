//! What is wrong in a configuration or mapping file, in words.

/// Parts of the messages of the TOML reader and what they mean; names and values in them stay as they are.
const WORDS: [(&str, &str); 17] = [
    ("TOML parse error at line ", "写法有误，第"),
    (", column ", "行第"),
    ("unknown field ", "不认识的键 "),
    ("missing field ", "缺少键 "),
    ("duplicate field ", "重复的键 "),
    ("duplicate key", "重复的键"),
    ("invalid type: ", "类型不对，写的是 "),
    ("invalid value: ", "值不对，写的是 "),
    ("unknown variant ", "没有这个值 "),
    (", expected one of ", "，可以写："),
    (", there are no fields", "，这里不能写任何键"),
    (", expected ", "，应为 "),
    ("integer ", "整数 "),
    ("a string", "带引号的文字"),
    ("string ", "文字 "),
    ("boolean ", "是否（true/false） "),
    (" or ", " 或 "),
];

/// The message with what is known of it in zh-CN.
pub(super) fn toml_zh(message: &str) -> String {
    let translated = |line: &str| {
        // The lines that quote the file stand behind a bar.
        if line.trim_start().trim_start_matches(|c: char| c.is_ascii_digit()).starts_with(" |") {
            return line.to_owned();
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
