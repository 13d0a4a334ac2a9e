//! What the user is told when a command fails: what happened, that nothing changed, what to do.

mod config;
mod database;
mod rules;

use baoxue_flow::{FlowError, io_zh};
use baoxue_store::StoreError;

use crate::lang::Lang;

pub(crate) use config::toml_zh;
pub(crate) use rules::rules_zh;

/// A command that failed.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The command line was wrong.
    Usage(String),
    /// A file that cannot be used; the text says which, where and what to do.
    File(String),
    /// The facts or the law do not let it happen.
    Refused(String),
    /// A step was impossible.
    Flow(Box<FlowError>),
    /// Anything else, with what was attempted.
    Other(anyhow::Error),
}

impl Failure {
    /// A usage error with its text.
    pub(crate) fn usage(text: &str) -> Self {
        Self::Usage(text.to_owned())
    }

    /// 2 for usage, 3 for all that changed nothing.
    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Self::Usage(_) => 2,
            Self::File(_) | Self::Refused(_) | Self::Flow(_) | Self::Other(_) => 3,
        }
    }

    /// The message.
    pub(crate) fn text(&self, lang: Lang) -> String {
        let nothing = lang.pick(
            "这一步没有完成，也没有留下做到一半的结果；此前已导入的文件仍然有效。",
            "This step was not done and left nothing half done; files taken in before stay.",
        );
        match self {
            Self::Usage(text) => {
                format!("{}{text}", lang.pick("命令写法有误：", "usage error: "))
            }
            Self::File(text) => format!(
                "{}{text}\n{}",
                lang.pick("失败：", "failed: "),
                lang.pick("没有写出结果。", "No result was written.")
            ),
            Self::Refused(text) => {
                format!("{}{text}", lang.pick("没有登记：", "not recorded: "))
            }
            Self::Flow(error) => {
                format!("{}{}\n{nothing}", lang.pick("失败：", "failed: "), flow_text(error, lang))
            }
            Self::Other(error) => {
                format!("{}{error:#}\n{nothing}", lang.pick("失败：", "failed: "))
            }
        }
    }
}

impl From<FlowError> for Failure {
    fn from(error: FlowError) -> Self {
        Self::Flow(Box::new(error))
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        FlowError::from(error).into()
    }
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        Self::Other(error)
    }
}

/// What a mapping file says wrongly: a source or a meaning that there is not, or what the reader of TOML found.
fn mapping_zh(found: &str) -> String {
    let kinds = [("source ", "来源 "), ("meaning ", "含义 "), ("sender ", "报送单位 ")];
    let named = kinds.iter().find_map(|(en, zh)| Some((found.strip_prefix(en)?, zh)));
    named.map_or_else(|| toml_zh(found), |(value, zh)| format!("没有这个{zh}{value}"))
}

/// The errors a clerk can do something about, in words; the rest with all its causes.
fn flow_text(error: &FlowError, lang: Lang) -> String {
    if lang == Lang::En {
        return chain(error);
    }
    match error {
        FlowError::KeyMissing(path) => format!(
            "找不到密钥文件 {}。没有它，数据库中的个人信息无法读取。请把备份的密钥放回原处，或用 --key 指明位置。",
            path.display()
        ),
        FlowError::File { path, source } => {
            format!("文件 {} 用不了：{}。请检查路径和权限。", path.display(), io_zh(source))
        }
        FlowError::County { path, error } => {
            let what = rules_zh(&error.to_string());
            format!("配置文件 {} 有误，请按提示修改：\n{what}", path.display())
        }
        FlowError::Mapping(error) => format!(
            "列对照文件有误，请按提示修改：第{}行：{}；应为：{}",
            error.line,
            mapping_zh(&error.found),
            toml_zh(&error.expected)
        ),
        FlowError::Store(error) => database::store_text(error),
        FlowError::Key(error) => database::key_text(error),
        FlowError::NoRecord(row) => {
            format!("没有 {row} 这一行，或没有可撤销的裁定。行号见“疑似同一人待核清单”。")
        }
        FlowError::NoCase(case) => {
            format!("案件 k_{} 的记录不完整，读不出来。请运行 baoxue verify 核对。", case.0)
        }
        FlowError::NoChild(child) => {
            format!(
                "最近一次认定中没有编号为 {child} 的孩子。编号见 baoxue export determinations。"
            )
        }
        FlowError::NoConflict(child, side) => {
            format!("最近一次认定中，编号 {child} 的孩子没有“{}”一方的说法不一。", side.zh())
        }
        FlowError::Contradiction(one, other) => {
            format!(
                "{one} 与 {other}：这条裁定与已有的裁定矛盾，请先用 baoxue decide revoke 撤销原来的裁定。"
            )
        }
        FlowError::Breakdown(refusal) => refusal.zh.clone(),
        FlowError::Link(_)
        | FlowError::Day(_)
        | FlowError::Sum(_)
        | FlowError::Row(_)
        | FlowError::Report(_)
        | FlowError::Encode(_)
        | FlowError::Csv(_)
        | FlowError::Audit(_)
        | FlowError::Accounting { .. }
        | FlowError::Lock(_)
        | FlowError::Export(_)
        | FlowError::Reader(_) => chain(error),
    }
}

/// An error with its causes.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}
