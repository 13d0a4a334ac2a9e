//! Tests of papers as they are printed: text and places from the pages, ink from their pictures.

mod dossier;
mod forms;
mod hard;
mod sample;

use std::sync::OnceLock;

use typst::layout::Transform;
use typst_layout::PagedDocument;

use crate::{Form, PaperError, Press, Setup, Sheet, frames};

/// One press for all tests: finding fonts takes longer than a paper.
fn press() -> &'static Press {
    static PRESS: OnceLock<Press> = OnceLock::new();
    PRESS.get_or_init(|| Press::open(&Setup::default()).unwrap())
}

/// A run of text: page from 1, box in points from the top left.
#[derive(Debug)]
struct Seen {
    page: usize,
    text: String,
    left: f64,
    top: f64,
    right: f64,
    bottom: f64,
}

fn seen(document: &PagedDocument) -> Vec<Seen> {
    let mut all = Vec::new();
    for (page, frame) in (1..).zip(document.pages().iter().map(|page| &page.frame)) {
        frames::runs(frame, Transform::identity(), &mut |run| {
            all.push(Seen {
                page,
                text: run.text.to_owned(),
                left: run.from.x.to_pt(),
                top: run.from.y.to_pt(),
                right: run.to.x.to_pt(),
                bottom: run.to.y.to_pt(),
            });
        });
    }
    all
}

/// All text without white space, so that a line break inside a value does not matter.
fn text(seen: &[Seen]) -> String {
    seen.iter().flat_map(|run| run.text.chars()).filter(|c| !c.is_whitespace()).collect()
}

fn look<T: Send>(
    papers: &[(Form, Sheet)],
    with: impl Fn(&PagedDocument) -> T + Sync,
) -> Result<T, PaperError> {
    press().look(papers, with)
}
