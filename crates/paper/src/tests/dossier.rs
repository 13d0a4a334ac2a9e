//! The file of a child.

use super::{Form, PaperError, Seen, press, sample, seen, text};
use crate::{Dossier, Enclosed, Item};

/// A picture of one colour, as PNG.
fn png(width: u32, height: u32) -> Vec<u8> {
    let mut picture = tiny_skia::Pixmap::new(width, height).unwrap();
    picture.fill(tiny_skia::Color::from_rgba8(40, 90, 160, 255));
    picture.encode_png().unwrap()
}

fn item(part: u8, title: &str, enclosed: Enclosed) -> Item {
    let hash = format!("{part:02}").repeat(32);
    Item { part, title: title.into(), date: Some(sample::day("2026-09-01")), hash, enclosed }
}

fn dossier() -> Dossier {
    let notice = sample::sheet(press().forms().spec(Form::ReturnNotice));
    let pdf = press().print(Form::ReturnNotice, &notice).unwrap();
    assert_eq!(pdf.pages, 3);
    Dossier {
        sheet: sample::sheet(press().forms().spec(Form::Dossier)),
        items: vec![
            item(8, "限期复学通知书", Enclosed::Pdf(pdf.pdf)),
            item(7, "九月三日家访照片", Enclosed::Picture(png(64, 48))),
            item(2, "基本情况", Enclosed::Text(vec!["与祖父母同住。".into()])),
            item(15, "销号审批表", Enclosed::Elsewhere("档案室三号柜".into())),
        ],
        not_needed: [(14, "不属于送教上门".to_owned())].into(),
    }
}

fn page(runs: &[Seen], n: usize) -> String {
    let own = runs.iter().filter(|run| run.page == n);
    own.flat_map(|run| run.text.chars()).filter(|c| !c.is_whitespace()).collect()
}

#[test]
fn a_file_has_cover_checklist_index_items_hashes_and_pages() {
    let runs = press().look_at(&dossier(), seen).unwrap();
    let all = text(&runs);
    let n_pages = runs.iter().map(|run| run.page).max().unwrap();
    // Cover, checklist, index; text, picture, three pages of PDF, and where the last one lies.
    assert_eq!(n_pages, 9);
    assert!(page(&runs, 1).contains("王小宇"));
    let list = page(&runs, 2);
    assert!(list.contains("缺9项"), "{list}");
    assert!(list.contains("学籍信息打印件或就读证明") && list.contains("不属于送教上门"), "{list}");
    let index = page(&runs, 3);
    for (title, at) in
        [("基本情况", 4), ("九月三日家访照片", 5), ("限期复学通知书", 6), ("销号审批表", 9)]
    {
        assert!(index.contains(title), "{index}");
        assert!(page(&runs, at).contains(title), "page {at} shows {title}");
        assert!(index.contains(&format!("2026-09-01{at}")), "{title} on page {at}: {index}");
    }
    for part in ["02", "07", "08", "15"] {
        let hash = part.repeat(32);
        assert!(index.contains(&hash), "the index has {hash}");
        assert_eq!(
            all.matches(&hash).count(),
            if part == "08" { 4 } else { 2 },
            "every page shows it"
        );
    }
    for at in 1..=n_pages {
        assert!(page(&runs, at).contains(&format!("第{at}页共{n_pages}页")), "page {at}");
    }
    assert!(page(&runs, 9).contains("原件存放：档案室三号柜"));
}

#[test]
fn a_complete_file_says_so_and_an_empty_one_prints() {
    let mut whole = dossier();
    whole.items =
        (2..=15).map(|part| item(part, "材料", Enclosed::Text(vec!["有".into()]))).collect();
    whole.not_needed.clear();
    let runs = press().look_at(&whole, seen).unwrap();
    assert!(page(&runs, 2).contains("材料齐全"));
    let cover = (Form::Dossier, whole.sheet);
    assert_eq!(press().print(cover.0, &cover.1).unwrap().pages, 3);
    let runs = press().look_at(&Dossier::default(), seen).unwrap();
    assert!(page(&runs, 2).contains("缺14项"), "{}", page(&runs, 2));
}

#[test]
fn pictures_and_pdfs_are_in_the_file_and_bytes_are_the_same_again() {
    let first = press().dossier(&dossier()).unwrap();
    assert_eq!(first.pages, 9);
    assert!(first == press().dossier(&dossier()).unwrap());
}

#[test]
fn an_attachment_that_does_not_do_is_named() {
    let mut bomb = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    bomb.extend(50_000_u32.to_be_bytes());
    bomb.extend(50_000_u32.to_be_bytes());
    let mut cut = png(64, 48);
    cut.truncate(60);
    for (enclosed, part) in [
        (Enclosed::Picture(bomb), "too many"),
        (Enclosed::Picture(b"GIF89a".to_vec()), "neither PNG nor JPEG"),
        (Enclosed::Pdf(b"%PDF-1.7\n".to_vec()), "not a PDF"),
    ] {
        let mut file = dossier();
        file.items.push(item(9, "诊断证明", enclosed));
        let error = press().dossier(&file).unwrap_err();
        let PaperError::Attachment { item: 5, why } = &error else { panic!("{error}") };
        assert!(why.contains(part), "{why}");
    }
    let mut file = dossier();
    file.items.push(item(9, "诊断证明", Enclosed::Picture(cut)));
    assert!(press().dossier(&file).is_err(), "a picture that is cut off");
    let mut file = dossier();
    file.items.push(item(16, "其他", Enclosed::Text(Vec::new())));
    let error = press().dossier(&file).unwrap_err().to_string();
    assert_eq!(error, "attachment 5: the checklist has no part 16");
}
