//! Every form, printed with everything and with nothing.

use typst_render::{RenderOptions, render};

use super::{Form, PaperError, Seen, Sheet, look, press, sample, seen, text};
use crate::{Kind, Place, Value};

/// Points of a millimetre.
const MM: f64 = 72.0 / 25.4;

/// All but the dossier, which has tests of its own.
fn papers() -> impl Iterator<Item = Form> {
    Form::ALL.into_iter().filter(|form| *form != Form::Dossier)
}

fn texts_of(value: &Value) -> Vec<String> {
    match value {
        Value::Text(text) => vec![text.clone()],
        Value::Date(day) => {
            // In running text as 2026年9月1日, in a narrow cell as it is.
            vec![day.format("%Y年%-m月%-d日").to_string()]
        }
        Value::Lines(lines) => lines.clone(),
        Value::Rows(rows) => rows.iter().flat_map(|row| row.values().cloned()).collect(),
    }
}

/// A text as it is searched for: without white space, stops at its end and signs that only allow a break.
fn bare(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_whitespace() && *c != '\u{200b}')
        .collect::<String>()
        .trim_end_matches(['。', '；'])
        .to_owned()
}

#[test]
fn every_field_of_every_form_stands_on_it() {
    for form in papers() {
        let spec = press().forms().spec(form);
        let sheet = sample::sheet(spec);
        let page = look(&[(form, sheet.clone())], |pages| bare(&text(&seen(pages)))).unwrap();
        for (name, value) in &sheet.fields {
            let field = spec.field(name).unwrap();
            for expected in texts_of(value) {
                let shown = if name == "layer" {
                    "区（县）政府与镇（街道）"
                } else {
                    &expected
                };
                assert!(page.contains(&bare(shown)), "{form}: {} ({name}) `{shown}`", field.zh);
            }
        }
        for expected in [spec.code.as_str(), &sheet.issuer, "2026-09-16", "李敏2026-09-1710:05"] {
            assert!(page.contains(expected), "{form}: `{expected}`");
        }
        assert!(!page.contains("草稿"), "{form}: a numbered paper is no draft");
        for article in &spec.law {
            assert!(page.contains(&article.article), "{form}: {}", article.article);
        }
    }
}

#[test]
fn a_blank_form_prints_and_only_numbered_ones_are_drafts() {
    for form in papers() {
        let spec = press().forms().spec(form);
        let page = look(&[(form, Sheet::default())], |pages| text(&seen(pages))).unwrap();
        assert_eq!(page.contains("未编号，不得送达"), spec.numbered, "{form}");
        assert!(page.contains(&spec.zh), "{form}");
    }
}

#[test]
fn what_is_required_is_named_when_it_is_missing() {
    for form in Form::ALL {
        let spec = press().forms().spec(form);
        assert_eq!(spec.lacks(&sample::sheet(spec)), Vec::<&crate::Field>::new(), "{form}");
        for field in spec.fields.iter().filter(|field| field.required) {
            let mut sheet = sample::sheet(spec);
            match field.name.as_str() {
                "issuer" if field.of == Place::Sheet => sheet.issuer = "　".into(),
                "date" if field.of == Place::Sheet => sheet.date = None,
                "until" if field.of == Place::Sheet => sheet.until = None,
                name if field.kind == Kind::Text => {
                    sheet.fields.insert(name.to_owned(), " ".into());
                }
                name => {
                    sheet.fields.remove(name);
                }
            }
            let lacks: Vec<_> = spec.lacks(&sheet).into_iter().map(|field| &field.name).collect();
            assert_eq!(lacks, [&field.name], "{form}");
        }
    }
}

#[test]
fn pages_are_a4_and_text_keeps_to_the_margins() {
    for form in papers() {
        let spec = press().forms().spec(form);
        let (sizes, runs) = look(&[(form, sample::sheet(spec))], |pages| {
            let size =
                |frame: &typst::layout::Frame| (frame.width().to_pt(), frame.height().to_pt());
            (pages.pages().iter().map(|page| size(&page.frame)).collect::<Vec<_>>(), seen(pages))
        })
        .unwrap();
        for (width, height) in &sizes {
            let (short, long) = (width.min(*height) / MM, width.max(*height) / MM);
            assert!(
                (short - 210.0).abs() < 0.1 && (long - 297.0).abs() < 0.1,
                "{form}: {short} × {long}"
            );
        }
        for run in runs.iter().filter(|run| !run.text.trim().is_empty()) {
            let (width, height) = sizes[run.page - 1];
            let inside = run.left > 19.0 * MM
                && run.right < width - 17.0 * MM
                && run.top > 8.0 * MM
                && run.bottom < height - 8.0 * MM;
            assert!(inside, "{form}: {run:?} on {width} × {height}");
        }
        assert!(sizes.len() <= 3 * spec.copies.len().max(1), "{form}: {} pages", sizes.len());
    }
}

/// Text never stands on text: a cell that is too narrow, a line that runs into the next.
#[test]
fn no_two_texts_stand_on_each_other() {
    let long = "示例县教育体育和科学技术局义务教育与控辍保学工作领导小组办公室（示例县五里镇片区）";
    for (form, issuer) in papers().flat_map(|form| [(form, "五里镇人民政府"), (form, long)])
    {
        let spec = press().forms().spec(form);
        let mut sheet = sample::sheet(spec);
        sheet.issuer = issuer.into();
        for name in ["contact", "child", "guardian", "phone"] {
            if issuer == long && spec.field(name).is_some() {
                sheet.fields.insert(name.into(), "阿卜杜热合曼·买买提依明 0000-0000000000".into());
            }
        }
        let runs = look(&[(form, sheet)], seen).unwrap();
        let solid: Vec<&Seen> = runs.iter().filter(|run| !run.text.trim().is_empty()).collect();
        for (at, one) in solid.iter().enumerate() {
            for other in &solid[at + 1..] {
                let across = one.right.min(other.right) - one.left.max(other.left);
                let down = one.bottom.min(other.bottom) - one.top.max(other.top);
                let clear = one.page != other.page || across < 2.0 || down < 4.0;
                assert!(clear, "{form}: {one:?} on {other:?}");
            }
        }
    }
}

/// As pictures: ink where text is, none in the margins, and the code is dark and light.
#[test]
fn pictures_have_ink_where_it_is_expected() {
    for form in papers() {
        let spec = press().forms().spec(form);
        let inks = look(&[(form, sample::sheet(spec))], |pages| {
            pages
                .pages()
                .iter()
                .map(|page| ink(&render(page, &RenderOptions::default())))
                .collect::<Vec<_>>()
        })
        .unwrap();
        for (page, ink) in (1..).zip(inks) {
            assert!(ink.edge == 0.0, "{form} page {page}: {} of the edge is inked", ink.edge);
            // A last page may hold little more than the signatures.
            assert!(ink.body > 0.0015 && ink.body < 0.25, "{form} page {page}: {} inked", ink.body);
        }
    }
}

struct Ink {
    /// Share of dark pixels in the outer 6 mm.
    edge: f64,
    /// Share of dark pixels within.
    body: f64,
}

fn ink(picture: &tiny_skia::Pixmap) -> Ink {
    let (width, height) = (picture.width(), picture.height());
    let margin = 17; // 6 mm at one pixel a point
    let (mut edge, mut n_edge, mut body, mut n_body) = (0u32, 0u32, 0u32, 0u32);
    for (at, pixel) in (0..).zip(picture.pixels()) {
        let (x, y) = (at % width, at / width);
        let dark = u32::from(pixel.alpha() > 0 && pixel.red() < 128);
        if x < margin || y < margin || x >= width - margin || y >= height - margin {
            (edge, n_edge) = (edge + dark, n_edge + 1);
        } else {
            (body, n_body) = (body + dark, n_body + 1);
        }
    }
    Ink { edge: f64::from(edge) / f64::from(n_edge), body: f64::from(body) / f64::from(n_body) }
}

#[test]
fn the_layers_of_a_letter_have_their_own_words() {
    let spec = press().forms().spec(Form::ResponsibilityLetter);
    assert_eq!(spec.layers.len(), 7);
    for layer in &spec.layers {
        let mut sheet = sample::sheet(spec);
        sheet.fields.insert("layer".into(), layer.id.as_str().into());
        sheet.fields.remove("giver_duties");
        sheet.fields.remove("taker_duties");
        let page = look(&[(Form::ResponsibilityLetter, sheet)], |pages| bare(&text(&seen(pages))))
            .unwrap();
        for words in [&layer.giver, &layer.taker].into_iter().flatten() {
            assert!(page.contains(&bare(words)), "{}: {words}", layer.id);
        }
    }
}

#[test]
fn the_entry_notice_prints_law_liability_and_receipt() {
    let spec = press().forms().spec(Form::EntryNotice);
    let mut sheet = sample::sheet(spec);
    sheet.law = spec.law.clone();
    sheet.law[2].words = "（条文由本县从法规库录入）".into();
    let page = look(&[(Form::EntryNotice, sheet)], |pages| text(&seen(pages))).unwrap();
    for words in [
        "《中华人民共和国义务教育法》第五条、第十一条、第五十八条和《中华人民共和国未成年人保护法》第十七条第五项",
        "给予批评教育，责令限期改正",
        "《中华人民共和国义务教育法》第五十八条：（条文由本县从法规库录入）",
        "回执",
        "签收日期",
    ] {
        assert!(page.contains(words), "{words}\n{page}");
    }
}

#[test]
fn copies_and_papers_have_page_numbers_of_their_own() {
    let notice = (Form::ReturnNotice, sample::sheet(press().forms().spec(Form::ReturnNotice)));
    let order = (Form::ServiceSlip, sample::sheet(press().forms().spec(Form::ServiceSlip)));
    let runs = look(&[notice.clone(), order, notice], seen).unwrap();
    let pages = runs.iter().map(|run| run.page).max().unwrap();
    assert_eq!(pages, 7, "three copies, a slip, three copies");
    for page in 1..=pages {
        let text = text(&runs.iter().filter(|run| run.page == page).map(copy).collect::<Vec<_>>());
        assert!(text.contains("第1页共1页"), "page {page}: {text}");
    }
}

fn copy(run: &Seen) -> Seen {
    Seen { text: run.text.clone(), ..*run }
}

/// More papers than are set together: bound into one document, whole and in order.
#[test]
fn many_papers_are_bound() {
    let spec = press().forms().spec(Form::ServiceSlip);
    let papers: Vec<_> = (0..85)
        .map(|n| {
            let mut sheet = sample::sheet(spec);
            sheet.fields.insert("recipient".into(), format!("受送达人{n}").into());
            (Form::ServiceSlip, sheet)
        })
        .collect();
    let bound = press().print_many(&papers).unwrap();
    assert_eq!(bound.pages, 85);
    assert!(bound == press().print_many(&papers).unwrap(), "the same bytes again");
    let one = press().print_many(&papers[..1]).unwrap();
    assert!(bound.pdf.len() > 10 * one.pdf.len() / 2, "the pages are in it");
    let mut wrong = papers;
    wrong[83].1.fields.insert("remark".into(), "\u{10fa5d}".into());
    let error = press().print_many(&wrong).unwrap_err();
    assert_eq!(error, PaperError::Glyph { character: '\u{10fa5d}', page: 84 });
}

#[test]
fn printed_papers_are_bound_as_they_are() {
    let print =
        |form: Form| press().print(form, &sample::sheet(press().forms().spec(form))).unwrap();
    let (one, two) = (print(Form::ReturnNotice), print(Form::EntryNotice));
    let pages = one.pages + two.pages;
    let all = vec![one.pdf, two.pdf];
    let bound = press().bind("待送达文书", all.clone()).unwrap();
    assert_eq!(bound.pages, pages);
    assert!(bound.pdf == press().bind("待送达文书", all.clone()).unwrap().pdf);
    let broken = press().bind("x", vec![all[0].clone(), b"%PDF-1.7 cut".to_vec()]);
    assert!(matches!(broken, Err(PaperError::Attachment { item: 2, .. })));
    assert!(press().bind("x", Vec::new()).is_err());
}

#[test]
fn an_empty_list_of_papers_is_an_error() {
    assert!(matches!(press().print_many(&[]), Err(PaperError::Typesetter(_))));
}
