//! Why a file was refused, and what to do about it.

use serde::{Deserialize, Serialize};

/// Why a file could not be read. The texts name kinds, sizes and positions, never the content of a cell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum OpenError {
    /// No bytes, or nothing but blanks.
    #[error("the file is empty; ask the sender to send it again")]
    Empty,
    /// Larger than [`Limits::file_bytes`](super::Limits::file_bytes).
    #[error(
        "the file has {bytes} bytes, more than the {limit} allowed; remove pictures and unused sheets, or split it"
    )]
    TooLarge {
        /// Size of the file.
        bytes: u64,
        /// Size allowed.
        limit: u64,
    },
    /// The bytes are no table at all, whatever the name says.
    #[error("the file is {}, not a table; send the table itself as .xlsx", found.en())]
    NotAWorkbook {
        /// What the bytes are.
        found: Found,
    },
    /// A table in a form that is not read here.
    #[error("the file is {}, which is not read here; open it in Excel or WPS, save it as .xlsx and send that", found.en())]
    Unsupported {
        /// What the bytes are.
        found: Found,
    },
    /// Locked with a password.
    #[error(
        "the file is locked with a password; open it, remove the password, save it and send it again"
    )]
    Encrypted,
    /// Broken, cut off, or contradicting itself.
    #[error("{}; open the file in Excel or WPS, save it under a new name as .xlsx and send that", .0.en())]
    Damaged(Damage),
    /// Inflates to far more than it should.
    #[error(
        "part {part} of the file inflates to more than {limit_bytes} bytes or {limit_ratio} times its size, as a zip bomb does; it was not opened"
    )]
    ZipBomb {
        /// The part at which it was noticed.
        part: String,
        /// Bytes allowed for all parts together.
        limit_bytes: u64,
        /// Ratio allowed for one part.
        limit_ratio: u32,
    },
    /// More of something than is read in one file.
    #[error("the file has more than {limit} {}{}; split it or remove what is not needed", what.en(), place_en(sheet.as_ref()))]
    Limit {
        /// Of what there is too much.
        what: Measure,
        /// How much is allowed.
        limit: u64,
        /// The sheet, where one is at fault.
        sheet: Option<String>,
    },
    /// Declares XML entities, which no spreadsheet program does.
    #[error(
        "part {part} of the file declares XML entities, as attacks do; it was not opened; save it as .xlsx in Excel or WPS"
    )]
    EntityExpansion {
        /// The part.
        part: String,
    },
    /// Text in no encoding that could be recognised.
    #[error(
        "the text of the file is in no known encoding ({unreadable} unreadable places, first in row {row}); save it as .xlsx or as CSV UTF-8"
    )]
    Encoding {
        /// Places that could not be decoded.
        unreadable: u64,
        /// Row of the first one, counted from 1.
        row: u64,
    },
}

/// What the bytes of a file are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Found {
    /// PNG, JPEG, GIF, BMP, TIFF or WebP.
    Picture,
    /// PDF.
    Pdf,
    /// A Word or WPS Writer document, .docx or .doc.
    Document,
    /// A presentation of Microsoft or WPS.
    Presentation,
    /// A file of the `OpenDocument` family that is no spreadsheet.
    OpenDocumentOther,
    /// A zip file without a workbook inside.
    Zip,
    /// RAR, 7z, gzip or another archive.
    Archive,
    /// A program.
    Program,
    /// A database.
    Database,
    /// A web page without a table, or with tables inside tables.
    WebPage,
    /// An Excel workbook in the XML form of 2003.
    Spreadsheet2003,
    /// An Excel workbook in binary form (.xlsb).
    Xlsb,
    /// An Excel workbook of version 5.0/95 or older.
    OldExcel,
    /// A WPS spreadsheet (.et) in a form of its own.
    WpsSpreadsheet,
    /// An Apple Numbers file.
    Numbers,
    /// Rich text (.rtf).
    RichText,
    /// An XML or JSON data file.
    DataText,
    /// Binary data of no known kind.
    Unknown,
}

impl Found {
    /// With article, to stand after "the file is".
    pub fn en(self) -> &'static str {
        match self {
            Self::Picture => "a picture",
            Self::Pdf => "a PDF",
            Self::Document => "a text document (Word/WPS)",
            Self::Presentation => "a presentation",
            Self::OpenDocumentOther => "an OpenDocument file without a spreadsheet",
            Self::Zip => "a zip archive without a workbook",
            Self::Archive => "a packed archive",
            Self::Program => "a program",
            Self::Database => "a database",
            Self::WebPage => "a web page without a plain table",
            Self::Spreadsheet2003 => "an XML spreadsheet of 2003",
            Self::Xlsb => "a binary workbook (.xlsb)",
            Self::OldExcel => "a workbook of Excel 95 or older",
            Self::WpsSpreadsheet => "a WPS spreadsheet (.et)",
            Self::Numbers => "an Apple Numbers file",
            Self::RichText => "a rich text document",
            Self::DataText => "an XML or JSON data file",
            Self::Unknown => "binary data of an unknown kind",
        }
    }

    /// To stand after "这个文件其实是".
    pub fn zh(self) -> &'static str {
        match self {
            Self::Picture => "图片",
            Self::Pdf => "PDF 文件",
            Self::Document => "文字文档（Word/WPS 文字）",
            Self::Presentation => "演示文稿",
            Self::OpenDocumentOther => "不含表格的 OpenDocument 文件",
            Self::Zip => "不含工作簿的 zip 压缩包",
            Self::Archive => "压缩包",
            Self::Program => "程序",
            Self::Database => "数据库文件",
            Self::WebPage => "没有普通表格的网页",
            Self::Spreadsheet2003 => "2003 版 XML 表格",
            Self::Xlsb => "二进制工作簿（.xlsb）",
            Self::OldExcel => "Excel 95 或更早版本的工作簿",
            Self::WpsSpreadsheet => "WPS 表格（.et）",
            Self::Numbers => "苹果 Numbers 表格",
            Self::RichText => "RTF 文档",
            Self::DataText => "XML 或 JSON 数据文件",
            Self::Unknown => "无法识别的二进制数据",
        }
    }
}

/// How a file contradicts itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Damage {
    /// The end is missing.
    Truncated,
    /// A part that must be there is not.
    PartMissing(String),
    /// A part cannot be inflated or is no well-formed XML.
    PartUnreadable(String),
    /// A part is named like a path out of the file (`../…`).
    PartName,
    /// A cell or row lies outside every possible sheet, or cannot be read.
    Position {
        /// The sheet.
        sheet: String,
        /// The reference as written, shortened.
        reference: String,
    },
    /// The table of texts declares a number of texts that its size cannot hold.
    StringCount {
        /// The number declared.
        declared: u64,
        /// Bytes there are.
        bytes: u64,
    },
    /// The sector tables of an .xls contradict its size.
    Sectors,
    /// Two sheets have the same name, so that one would hide the other.
    SheetNames,
    /// A sheet could not be read to its end.
    Sheet(String),
    /// The workbook as a whole could not be read.
    Workbook,
}

impl Damage {
    /// As a clause, without full stop.
    pub fn en(&self) -> String {
        match self {
            Self::Truncated => "the file is cut off, its end is missing".to_owned(),
            Self::PartMissing(part) => format!("the file is damaged: part {part} is missing"),
            Self::PartUnreadable(part) => {
                format!("the file is damaged: part {part} cannot be read")
            }
            Self::PartName => {
                "the file is damaged: a part is named like a path outside of it".to_owned()
            }
            Self::Position { sheet, reference } => {
                format!(
                    "the file is damaged: position {reference} in sheet “{sheet}” does not exist"
                )
            }
            Self::StringCount { declared, bytes } => format!(
                "the file is damaged: it declares {declared} texts where there are {bytes} bytes"
            ),
            Self::Sectors => {
                "the file is damaged: its sector tables do not fit its size".to_owned()
            }
            Self::SheetNames => "the file is damaged: two sheets have the same name".to_owned(),
            Self::Sheet(sheet) => {
                format!("the file is damaged: sheet “{sheet}” cannot be read to its end")
            }
            Self::Workbook => "the file is damaged: it cannot be read as a workbook".to_owned(),
        }
    }

    /// As a clause, without full stop.
    pub fn zh(&self) -> String {
        match self {
            Self::Truncated => "文件不完整，末尾缺失".to_owned(),
            Self::PartMissing(part) => format!("文件已损坏：缺少部件 {part}"),
            Self::PartUnreadable(part) => format!("文件已损坏：部件 {part} 无法读取"),
            Self::PartName => "文件已损坏：有部件的名称指向文件之外".to_owned(),
            Self::Position { sheet, reference } => {
                format!("文件已损坏：工作表“{sheet}”中的位置 {reference} 不存在")
            }
            Self::StringCount { declared, bytes } => {
                format!("文件已损坏：声明有 {declared} 条文本，而实际只有 {bytes} 字节")
            }
            Self::Sectors => "文件已损坏：扇区表与文件大小不符".to_owned(),
            Self::SheetNames => "文件已损坏：有两个工作表同名".to_owned(),
            Self::Sheet(sheet) => format!("文件已损坏：工作表“{sheet}”无法读到末尾"),
            Self::Workbook => "文件已损坏：无法作为工作簿读取".to_owned(),
        }
    }
}

/// Of what a file has too much.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Measure {
    /// Parts of the container.
    Parts,
    /// Sheets.
    Sheets,
    /// Rows of a sheet.
    Rows,
    /// Columns of a sheet.
    Columns,
    /// Cells of all sheets.
    Cells,
    /// Bytes of text in the cells.
    TextBytes,
    /// Merged regions of a sheet.
    Merges,
}

impl Measure {
    fn en(self) -> &'static str {
        match self {
            Self::Parts => "parts",
            Self::Sheets => "sheets",
            Self::Rows => "rows",
            Self::Columns => "columns",
            Self::Cells => "cells",
            Self::TextBytes => "bytes of text",
            Self::Merges => "merged regions",
        }
    }

    fn zh(self) -> &'static str {
        match self {
            Self::Parts => "个部件",
            Self::Sheets => "个工作表",
            Self::Rows => "行",
            Self::Columns => "列",
            Self::Cells => "个单元格",
            Self::TextBytes => "字节文本",
            Self::Merges => "个合并区域",
        }
    }
}

fn place_en(sheet: Option<&String>) -> String {
    sheet.map_or_else(String::new, |name| format!(" in sheet “{name}”"))
}

impl OpenError {
    /// Stable code, such as `FILE_ENCRYPTED`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "FILE_EMPTY",
            Self::TooLarge { .. } => "FILE_TOO_LARGE",
            Self::NotAWorkbook { .. } => "FILE_NOT_A_WORKBOOK",
            Self::Unsupported { .. } => "FILE_UNSUPPORTED",
            Self::Encrypted => "FILE_ENCRYPTED",
            Self::Damaged(Damage::Truncated) => "FILE_TRUNCATED",
            Self::Damaged(_) => "FILE_DAMAGED",
            Self::ZipBomb { .. } => "FILE_ZIP_BOMB",
            Self::Limit { .. } => "FILE_LIMIT",
            Self::EntityExpansion { .. } => "FILE_XML_ENTITIES",
            Self::Encoding { .. } => "FILE_ENCODING",
        }
    }

    /// What was found and what to do, in English.
    pub fn en(&self) -> String {
        self.to_string()
    }

    /// What was found and what to do, in Chinese.
    pub fn zh(&self) -> String {
        const RESAVE: &str = "请用 Excel 或 WPS 打开，另存为 .xlsx 后重新报送。";
        match self {
            Self::Empty => "文件是空的，请让报送单位重新发送。".to_owned(),
            Self::TooLarge { bytes, limit } => format!(
                "文件有 {bytes} 字节，超过允许的 {limit} 字节。请删去图片和不用的工作表，或拆分后报送。"
            ),
            Self::NotAWorkbook { found } => {
                format!("这个文件其实是{}，不是表格。请报送表格本身（.xlsx）。", found.zh())
            }
            Self::Unsupported { found } => {
                format!("这个文件是{}，本程序不读。{RESAVE}", found.zh())
            }
            Self::Encrypted => "文件设有密码。请打开文件、取消密码、保存后重新报送。".to_owned(),
            Self::Damaged(damage) => format!("{}。{RESAVE}", damage.zh()),
            Self::ZipBomb { part, limit_bytes, limit_ratio } => format!(
                "文件中的部件 {part} 解压后超过 {limit_bytes} 字节或原大小的 {limit_ratio} 倍，像是压缩炸弹，没有打开。{RESAVE}"
            ),
            Self::Limit { what, limit, sheet } => {
                let place = sheet.as_ref().map_or("文件".to_owned(), |s| format!("工作表“{s}”"));
                format!("{place}超过 {limit} {}。请拆分文件或删去不用的部分后重新报送。", what.zh())
            }
            Self::EntityExpansion { part } => {
                format!("文件中的部件 {part} 声明了 XML 实体，像是攻击，没有打开。{RESAVE}")
            }
            Self::Encoding { unreadable, row } => format!(
                "文字编码无法识别（{unreadable} 处读不出，第一处在第 {row} 行）。请另存为 .xlsx 或 UTF-8 编码的 CSV 后重新报送。"
            ),
        }
    }
}
