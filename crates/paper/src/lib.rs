//! Statutory papers (文书) as PDF: forms with their fields, templates that a county can change, fonts, and the file of a child (一生一袋).
//!
//! A [`Form`] is one of a closed list; what it asks for is a [`Spec`], data beside its template in `forms/`. A [`Sheet`] is what is put on
//! one paper. [`Spec::lacks`] says what is missing before a paper may be issued; [`Press::print`] makes the PDF. Who may issue what, numbers,
//! and what is kept of a paper are decided elsewhere: this crate imports nothing of ours, knows no law and reads no clock.
//!
//! The same sheet, templates and fonts give the same bytes.
//!
//! ```no_run
//! use baoxue_paper::{Form, Press, Setup, Sheet};
//!
//! let press = Press::open(&Setup::default())?;
//! let sheet = Sheet { issuer: "示例镇人民政府".into(), ..Sheet::default() };
//! let lacks = press.forms().spec(Form::ReturnNotice).lacks(&sheet);
//! assert!(lacks.iter().any(|field| field.name == "child"));
//! let draft = press.print(Form::ReturnNotice, &sheet)?; // no number: 草稿 stands on every page
//! # Ok::<(), baoxue_paper::PaperError>(())
//! ```

mod data;
mod dossier;
mod error;
mod fonts;
mod form;
mod frames;
mod picture;
mod press;
mod qr;
mod sheet;
mod spec;
mod templates;
mod world;

pub use dossier::{Dossier, Enclosed, Item};
pub use error::PaperError;
pub use form::{Form, UnknownForm};
pub use picture::pages_of as pdf_pages;
pub use press::{Press, Printed, Setup};
pub use sheet::{Article, Sheet, Value};
pub use spec::{Column, Field, Forms, Kind, Layer, Part, Place, Spec};

#[cfg(test)]
mod tests;
