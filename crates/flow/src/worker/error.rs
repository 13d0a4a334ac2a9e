//! Why a file was not read, and what to do about it.

use std::io;

use baoxue_intake::format::OpenError;

/// Why a file was not read.
#[derive(Debug, thiserror::Error)]
pub enum WorkerError {
    /// The reader refused the file.
    #[error(transparent)]
    Refused(#[from] OpenError),
    /// The file could not be opened, or is a folder, pipe or device.
    #[error("the file cannot be opened ({0}); check its path and your permissions")]
    File(io::Error),
    /// The reading process could not be started.
    #[error("the reading process could not be started ({0}); run `baoxue doctor`")]
    Start(io::Error),
    /// The reading process was ended for asking more memory than allowed.
    #[error(
        "reading the file took more memory than allowed and was stopped; other files are not affected; open it in Excel or WPS, remove unused sheets and formats, save it as .xlsx and try again"
    )]
    Memory,
    /// The reading process was ended for taking more time than allowed.
    #[error(
        "reading the file took more time than allowed and was stopped; other files are not affected; split it or save it as .xlsx in Excel or WPS and try again"
    )]
    Time,
    /// The reading process answered more than allowed.
    #[error(
        "the content of the file is larger than allowed and was not taken in; other files are not affected; split it and try again"
    )]
    Output,
    /// The reading process ended in another way, or its answer made no sense.
    #[error(
        "the file stopped the reading process; other files are not affected; open it in Excel or WPS, save it under a new name as .xlsx and try again"
    )]
    Crashed,
}

impl WorkerError {
    /// Stable code, such as `FILE_ENCRYPTED` or `WORKER_MEMORY`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Refused(refusal) => refusal.code(),
            Self::File(_) => "FILE_UNREADABLE",
            Self::Start(_) => "WORKER_START",
            Self::Memory => "WORKER_MEMORY",
            Self::Time => "WORKER_TIME",
            Self::Output => "WORKER_OUTPUT",
            Self::Crashed => "WORKER_CRASHED",
        }
    }

    /// What happened and what to do, in English.
    pub fn en(&self) -> String {
        self.to_string()
    }

    /// What happened and what to do, in Chinese.
    pub fn zh(&self) -> String {
        const STOPPED: &str = "已停止，其他文件不受影响。";
        const RESAVE: &str = "请用 Excel 或 WPS 打开，另存为 .xlsx 后重试。";
        match self {
            Self::Refused(refusal) => refusal.zh(),
            Self::File(error) => format!("文件打不开（{error}）。请检查路径和权限后重试。"),
            Self::Start(error) => {
                format!("读取进程无法启动（{error}）。请运行 baoxue doctor 检查。")
            }
            Self::Memory => format!(
                "这个文件读取时超出内存限制，{STOPPED}请用 Excel 或 WPS 打开，删去不用的工作表和格式，另存为 .xlsx 后重试。"
            ),
            Self::Time => {
                format!("这个文件读取时超出时间限制，{STOPPED}请拆分文件，或另存为 .xlsx 后重试。")
            }
            Self::Output => format!("这个文件的内容超出限制，{STOPPED}请拆分后重试。"),
            Self::Crashed => format!("这个文件使读取进程异常中止，{STOPPED}{RESAVE}"),
        }
    }
}
