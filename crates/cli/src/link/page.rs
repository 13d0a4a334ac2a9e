//! A page that stands alone: headings, charts, tables; no script and nothing from elsewhere.

use std::fmt::Write;

use baoxue_link::{chart::escape, say};

use crate::lang::Lang;

const STYLE: &str = "body{margin:0 auto;max-width:760px;padding:20px;background:#fff;color:#152132;\
font:14px/22px 'PingFang SC','Microsoft YaHei','Noto Sans CJK SC','Segoe UI',sans-serif}\
h1{font-size:22px}h2{font-size:15px;margin-top:28px}svg{max-width:100%;height:auto;margin:12px 0}\
table{border-collapse:collapse;font-size:13px;line-height:20px;font-variant-numeric:tabular-nums}\
caption{text-align:left;color:#3f4d5f}th,td{border-bottom:1px solid #dce2ea;padding:3px 12px 3px 0;text-align:left}\
th{background:#f7f9fb}@media print{svg,tr{break-inside:avoid}}";

/// The library has a type of its own for the language.
pub(super) const fn words(lang: Lang) -> say::Lang {
    match lang {
        Lang::Zh => say::Lang::Zh,
        Lang::En => say::Lang::En,
    }
}

/// A page that is being written.
pub(super) struct Page {
    body: String,
    lang: Lang,
    title: String,
}

impl Page {
    pub(super) fn new(title: &str, lang: Lang) -> Self {
        Self { body: String::new(), lang, title: title.to_owned() }
    }

    pub(super) fn heading(&mut self, text: &str) {
        self.push(format_args!("<h2>{}</h2>\n", escape(text)));
    }

    pub(super) fn text(&mut self, text: &str) {
        self.push(format_args!("<p>{}</p>\n", escape(text)));
    }

    /// An SVG of `baoxue_link::chart`.
    pub(super) fn chart(&mut self, svg: &str) {
        self.push(format_args!("{svg}"));
    }

    pub(super) fn table(&mut self, heads: &[&str], rows: Vec<Vec<String>>) {
        self.push(format_args!("<table><thead><tr>"));
        for head in heads {
            self.push(format_args!("<th scope=\"col\">{}</th>", escape(head)));
        }
        self.push(format_args!("</tr></thead><tbody>\n"));
        for row in rows {
            self.push(format_args!("<tr>"));
            for cell in row {
                self.push(format_args!("<td>{}</td>", escape(&cell)));
            }
            self.push(format_args!("</tr>\n"));
        }
        self.push(format_args!("</tbody></table>\n"));
    }

    pub(super) fn finish(self) -> String {
        let (lang, title) = (self.lang.pick("zh-CN", "en"), escape(&self.title));
        format!(
            "<!doctype html>\n<html lang=\"{lang}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" \
             content=\"width=device-width\"><title>{title}</title><style>{STYLE}</style></head>\n\
             <body><main><h1>{title}</h1>\n{}</main></body></html>\n",
            self.body
        )
    }

    fn push(&mut self, text: std::fmt::Arguments<'_>) {
        // Writing into a string cannot fail.
        let _ = self.body.write_fmt(text);
    }
}
