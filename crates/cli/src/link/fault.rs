//! What is wrong with files, models and columns, in the user's language.

use std::path::Path;

use baoxue_columnar::{Note, ReadError};
use baoxue_link::LinkError;

use crate::{failure::Failure, lang::Lang};

/// Files that cannot be linked. A column that is not there is the command line's fault, the rest the file's.
pub(super) fn read(error: &ReadError, lang: Lang) -> Failure {
    let text = lang.pick(read_zh(error), error.to_string());
    if matches!(error, ReadError::NoColumn { .. } | ReadError::NowhereColumn { .. }) {
        return Failure::Usage(text);
    }
    Failure::File(text)
}

fn read_zh(error: &ReadError) -> String {
    use ReadError as E;
    match error {
        E::EmptyFile { file } => format!("“{file}”是空文件：请给出有表头和记录的文件。"),
        E::NoRecords { file } => format!("“{file}”只有表头，没有记录。"),
        E::NoColumn { file, column, found } => {
            format!("“{file}”没有“{column}”这一列；现有的列：{}。", found.join("、"))
        }
        E::NowhereColumn { column, found } => {
            format!(
                "模型或命令要用“{column}”列，哪个文件都没有；现有的列：{}。请改列名，或换一个模型。",
                found.join("、")
            )
        }
        E::TwiceColumn { file, column } => format!("“{file}”有两列都叫“{column}”：请改掉一个。"),
        E::NoId { file, record, column } => {
            format!(
                "“{file}”第 {record} 条记录的编号（“{column}”列）是空的；每条记录都要有自己的编号。"
            )
        }
        E::TwiceId { id, first_file, first_record, second_file, second_record } => format!(
            "编号“{id}”出现了两次：“{first_file}”第 {first_record} 条和“{second_file}”第 {second_record} 条；每条记录的编号不能相同。"
        ),
        E::Ragged { file, line, found, expected } => format!(
            "“{file}”第 {line} 行有 {found} 格，表头有 {expected} 格；请检查这一行多了或少了分隔符、引号。"
        ),
        E::OpenQuote { file, line } => {
            format!("“{file}”第 {line} 行有引号没有收尾；请补上引号。")
        }
        E::Encoding { file, line, encoding } => format!(
            "“{file}”第 {line} 行的文字读不出来（试过 {encoding}）；请另存为 UTF-8 编码再试。"
        ),
        E::OtherFormat { file, found } => {
            format!("“{file}”不是 CSV 或 Parquet（是 {found}）；请另存为 CSV 再试。")
        }
        E::NotParquet { file, why } => {
            format!("“{file}”不是 Parquet 文件或已损坏（{why}）；请重新复制或导出。")
        }
        E::Compression { file, column, codec } => {
            format!("“{file}”的“{column}”列用 {codec} 压缩，读不了；请改用 snappy、zstd 或不压缩。")
        }
        E::NoText { file, record, column } => format!(
            "“{file}”第 {record} 条记录“{column}”列的内容不是 UTF-8 文字；请把这一列转成文字。"
        ),
        E::TooMany => "记录超过 4294967294 条；请分几次比对。".to_owned(),
        E::Read { file, why } => format!("“{file}”读不了：{why}。请检查路径和权限。"),
    }
}

/// What was noticed while reading, on standard error.
pub(super) fn show(notes: &[Note], lang: Lang) {
    for note in notes {
        eprintln!("{}{}", lang.pick("注意：", "note: "), note_text(note, lang));
    }
}

fn note_text(note: &Note, lang: Lang) -> String {
    match note {
        Note::Ignored { file, column } => lang.pick(
            format!("“{file}”的“{column}”列是嵌套列或特殊类型，没有读取。"),
            format!("`{file}`: the column `{column}` is nested or of a special type and is left out"),
        ),
        Note::Absent { file, column } => lang.pick(
            format!("“{file}”没有“{column}”列，其中的记录这一列按空白处理。"),
            format!("`{file}` has no column `{column}`; it is empty for its records"),
        ),
        Note::LongCell { file, record, column, size_bytes } => lang.pick(
            format!("“{file}”第 {record} 条记录“{column}”列有 {size_bytes} 字节，只按开头 4096 字节比对；请检查是不是多余内容。"),
            format!("`{file}`, record {record}, column `{column}`: {size_bytes} bytes, compared by the first 4096; look whether they belong there"),
        ),
        Note::NoRecords { file } => lang.pick(
            format!("“{file}”只有表头，没有记录。"),
            format!("`{file}` has a heading and no records"),
        ),
        Note::OneRecord => lang.pick(
            "只有一条记录，没有可比对的。".to_owned(),
            "there is one record only, nothing to compare".to_owned(),
        ),
    }
}

/// A model that does not fit the columns, or decisions that do not fit each other.
#[expect(clippy::wildcard_enum_match_arm, reason = "the rest is rare and speaks for itself")]
pub(super) fn link(error: &LinkError, lang: Lang) -> Failure {
    let zh = match error {
        LinkError::ColumnMissing(what, column) => {
            format!("模型的“{what}”需要“{column}”列，文件中没有。请改模型或换文件。")
        }
        LinkError::LevelMissing(field, level) => {
            format!("模型的字段“{field}”没有给出等级“{level}”的概率，请补上。")
        }
        LinkError::LevelUnknown(field, level) => {
            format!("模型的字段“{field}”写了比对方法没有的等级“{level}”，请删去。")
        }
        LinkError::Probability(field, level) => {
            format!("模型的字段“{field}”等级“{level}”的概率应大于 0、不超过 1。")
        }
        LinkError::Contradiction(a, b) => {
            format!(
                "第 {} 行与第 {} 行按规定不能归为一人，其他裁定却把它们连在一起。",
                a + 1,
                b + 1
            )
        }
        other => other.to_string(),
    };
    Failure::File(lang.pick(zh, error.to_string()))
}

/// A file that could not be opened, read or written.
pub(super) fn io(path: &Path, error: &std::io::Error, lang: Lang) -> Failure {
    let path = path.display();
    Failure::File(lang.pick(
        format!("文件 {path} 用不了：{error}。请检查路径和权限。"),
        format!("`{path}`: {error}; check the path and the permissions"),
    ))
}
