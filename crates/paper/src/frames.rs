//! Looks through what was set, before it becomes a file: missing characters, text beyond the paper.

use typst::layout::{Abs, Frame, FrameItem, Point, Transform};
use typst_layout::PagedDocument;

use crate::{Form, PaperError};

/// One run of text as it stands on a page, with the corners of its box in points from the top left.
pub(crate) struct Run<'a> {
    pub(crate) text: &'a str,
    pub(crate) from: Point,
    pub(crate) to: Point,
    /// A character for which no font has a glyph.
    pub(crate) missing: Option<char>,
}

/// Calls `with` for every run of text in a frame, in the order of the frame.
pub(crate) fn runs<'a>(frame: &'a Frame, at: Transform, with: &mut dyn FnMut(Run<'a>)) {
    for (point, item) in frame.items() {
        let here = at.pre_concat(Transform::translate(point.x, point.y));
        match item {
            FrameItem::Group(group) => {
                runs(&group.frame, here.pre_concat(group.transform), with);
            }
            FrameItem::Text(text) => {
                // Of the square of a Chinese character, 88 in 100 stand above the line.
                let one = Point::new(Abs::zero(), text.size * 0.12).transform(here);
                let other = Point::new(text.width(), text.size * -0.88).transform(here);
                let missing = text.glyphs.iter().find(|glyph| glyph.id == 0).map(|glyph| {
                    text.text
                        .get(glyph.range())
                        .and_then(|t| t.chars().next())
                        .unwrap_or('\u{fffd}')
                });
                let from = Point::new(one.x.min(other.x), one.y.min(other.y));
                let to = Point::new(one.x.max(other.x), one.y.max(other.y));
                with(Run { text: &text.text, from, to, missing });
            }
            FrameItem::Shape(..)
            | FrameItem::Image(..)
            | FrameItem::Link(..)
            | FrameItem::Tag(_) => {}
        }
    }
}

/// Every character has a glyph, and all text stands on the paper.
pub(crate) fn check(form: Form, document: &PagedDocument) -> Result<(), PaperError> {
    for (page, frame) in (1..).zip(document.pages().iter().map(|page| &page.frame)) {
        let mut wrong = None;
        runs(frame, Transform::identity(), &mut |run| {
            if wrong.is_some() {
                return;
            }
            let out = run.from.x.to_pt() < 0.0
                || run.from.y.to_pt() < 0.0
                || run.to.x > frame.width()
                || run.to.y > frame.height();
            if let Some(character) = run.missing {
                wrong = Some(PaperError::Glyph { character, page });
            } else if out && !run.text.trim().is_empty() {
                wrong = Some(PaperError::Overflow { form, page });
            }
        });
        if let Some(wrong) = wrong {
            return Err(wrong);
        }
    }
    Ok(())
}
