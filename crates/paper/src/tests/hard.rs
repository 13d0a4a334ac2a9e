//! What papers meet in life: long and rare names, wrong values, broken templates, no fonts.

use std::{fs, path::PathBuf};

use super::{Form, PaperError, Press, Setup, Sheet, look, press, sample, seen, text};
use crate::{Kind, Value};

fn notice_for(name: &str) -> Sheet {
    let mut sheet = sample::sheet(press().forms().spec(Form::ReturnNotice));
    sheet.fields.insert("child".into(), name.into());
    sheet
}

#[test]
fn the_same_sheet_gives_the_same_bytes() {
    let sheet = notice_for("王小宇");
    let first = press().print(Form::ReturnNotice, &sheet).unwrap();
    let other = Press::open(&Setup::default()).unwrap().print(Form::ReturnNotice, &sheet).unwrap();
    assert!(first == other);
    assert!(first.pdf.starts_with(b"%PDF-"));
    let dates = [&b"/CreationDate"[..], b"/ModDate"];
    assert!(dates.iter().all(|date| !first.pdf.windows(date.len()).any(|window| window == *date)));
}

#[test]
fn many_threads_print_the_same() {
    let sheet = notice_for("王小宇");
    let first = press().print(Form::ReturnNotice, &sheet).unwrap();
    let same = std::thread::scope(|scope| {
        let print = || press().print(Form::ReturnNotice, &sheet).unwrap();
        let threads: Vec<_> = (0..6).map(|_| scope.spawn(print)).collect();
        threads.into_iter().all(|thread| thread.join().unwrap() == first)
    });
    assert!(same);
}

#[test]
fn long_and_foreign_names_wrap_and_are_whole() {
    let long = "欧阳".repeat(20);
    for name in [long.as_str(), "阿卜杜热合曼·买买提依明·吐尔逊江", "Müller, Anne-Marie"]
    {
        for form in [Form::ReturnNotice, Form::PersuasionRecord, Form::DeferralApplication] {
            let mut sheet = sample::sheet(press().forms().spec(form));
            sheet.fields.insert("child".into(), name.into());
            sheet.fields.insert("guardian".into(), name.into());
            let page = look(&[(form, sheet)], |pages| text(&seen(pages))).unwrap();
            let name: String = name.chars().filter(|c| !c.is_whitespace()).collect();
            assert!(page.replace('\u{200b}', "").contains(&name), "{form}: {name}\n{page}");
        }
    }
}

/// A form whose texts are all far longer than anybody's: they go on over pages, whole, and keep off the foot of the page.
#[test]
fn long_texts_go_on_over_pages() {
    let long = "此处文字很长，需要翻篇。".repeat(60);
    for form in Form::ALL {
        let spec = press().forms().spec(form);
        let mut sheet = sample::sheet(spec);
        sheet.issuer =
            "示例县教育体育和科学技术局义务教育与控辍保学工作领导小组办公室（示例县五里镇片区）"
                .into();
        let fields = spec.fields.iter().filter(|field| field.choices.is_empty());
        let wordy = fields.filter(|f| f.kind != Kind::Rows && WORDY.contains(&f.name.as_str()));
        let names: Vec<_> = wordy.map(|field| (field.name.clone(), field.kind)).collect();
        for (name, kind) in &names {
            let value = match kind {
                Kind::Lines => vec![long.clone(), long.clone()].into(),
                Kind::Text | Kind::Date | Kind::Rows => Value::from(long.as_str()),
            };
            sheet.fields.insert(name.clone(), value);
        }
        let (runs, frames) = look(&[(form, sheet)], |pages| {
            let size = |page: &typst_layout::Page| (page.frame.width(), page.frame.height());
            (seen(pages), pages.pages().iter().map(size).collect::<Vec<_>>())
        })
        .unwrap();
        for run in runs
            .iter()
            .filter(|run| run.text.contains("文字很长") || run.text.contains("示例县教育"))
        {
            let (width, height) = frames[run.page - 1];
            let inside = run.bottom < height.to_pt() - 65.0 && run.right < width.to_pt() - 50.0;
            assert!(inside, "{form}: {run:?}");
        }
        let times = text(&runs).matches("翻").count();
        assert!(times >= 60 * names.len(), "{form}: {times} of {names:?}");
    }
}

/// Fields that people write much into.
const WORDY: [&str; 22] = [
    "fact",
    "evidence",
    "demand",
    "appeal",
    "opinion",
    "done",
    "subject",
    "questions",
    "cause",
    "measures",
    "difficulty",
    "promise",
    "counselling",
    "reason",
    "decision",
    "school_opinion",
    "situation",
    "review",
    "plan",
    "evaluation",
    "body",
    "heard",
];

/// 𠮷 is in few fonts: it is on the paper, or the error names it. Never a box.
#[test]
fn a_rare_character_is_printed_or_named() {
    match look(&[(Form::ReturnNotice, notice_for("王\u{20bb7}宇"))], |pages| text(&seen(pages))) {
        Ok(page) => assert!(page.contains("王\u{20bb7}宇"), "{page}"),
        Err(error) => {
            assert_eq!(error, PaperError::Glyph { character: '\u{20bb7}', page: 1 });
        }
    }
}

#[test]
fn a_character_that_no_font_has_is_an_error_that_names_it() {
    // Of private use: no font of a system may have it by accident.
    let error = press().print(Form::ReturnNotice, &notice_for("王\u{10fa5d}宇")).unwrap_err();
    assert_eq!(error, PaperError::Glyph { character: '\u{10fa5d}', page: 1 });
    assert!(error.to_string().contains("U+10FA5D"), "{error}");
}

#[test]
fn signs_of_the_template_language_are_text() {
    let name = "#read(\"/etc/passwd\") *a* $x$ <b> \\ [c] @d // e";
    let page = look(&[(Form::ReturnNotice, notice_for(name))], |pages| text(&seen(pages))).unwrap();
    let name: String = name.chars().filter(|c| !c.is_whitespace()).collect();
    assert!(page.contains(&name), "{page}");
}

#[test]
fn unknown_fields_and_wrong_kinds_are_errors() {
    let wrong: [(&str, Value); 3] = [
        ("chlid", "王小宇".into()),
        ("child", vec!["王小宇".to_owned()].into()),
        ("birth", "去年".into()),
    ];
    for (name, value) in wrong {
        let mut sheet = notice_for("王小宇");
        sheet.fields.insert(name.into(), value);
        let error = press().print(Form::ReturnNotice, &sheet).unwrap_err();
        assert!(matches!(&error, PaperError::Field { field, .. } if field == name), "{error}");
    }
    let mut sheet = sample::sheet(press().forms().spec(Form::ServiceSlip));
    sheet.fields.insert("mode".into(), "放在门口".into());
    let error = press().print(Form::ServiceSlip, &sheet).unwrap_err();
    assert_eq!(error.to_string(), "`service-slip`: field `mode`: not one of its choices");
}

fn with_template(name: &str, text: &str) -> (tempfile::TempDir, Result<Press, PaperError>) {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join(name), text).unwrap();
    let templates = Some(folder.path().to_owned());
    let press = Press::open(&Setup { templates, ..Setup::default() });
    (folder, press)
}

#[test]
fn a_template_of_the_county_replaces_the_built_in_one() {
    let own = "#import \"lib.typ\": *\n#let paper(d) = on-page(d)[本县格式：#ask(d, \"child\")]\n";
    let (_folder, press) = with_template("return-notice.typ", own);
    let press = press.unwrap();
    let papers = [(Form::ReturnNotice, notice_for("王小宇"))];
    let page = press.look(&papers, |pages| text(&seen(pages))).unwrap();
    assert!(page.contains("本县格式：王小宇") && !page.contains("经查"), "{page}");
    let other = (Form::ServiceSlip, sample::sheet(press.forms().spec(Form::ServiceSlip)));
    let page = press.look(&[other], |pages| text(&seen(pages))).unwrap();
    assert!(page.contains("送达回证"), "the other forms are as before");
}

#[test]
fn data_of_the_county_replace_the_built_in_ones() {
    let own = "code = \"SL-1\"\nversion = \"3\"\nzh = \"返校通知\"\nen = \"own\"\n[[field]]\nname = \"reason\"\nzh = \"缘由\"\nen = \"why\"\nrequired = true\n";
    let (_folder, press) = with_template("return-notice.toml", own);
    let press = press.unwrap();
    let spec = press.forms().spec(Form::ReturnNotice);
    assert_eq!((spec.code.as_str(), spec.fields.len()), ("SL-1", 1));
    assert_eq!(spec.lacks(&Sheet::default())[0].name, "reason");
}

#[test]
fn a_broken_template_is_named_with_its_line() {
    for (own, line, part) in [
        ("#import \"lib.typ\": *\n#let paper(d) = [\n#d.f.no_such_field\n]\n", 3, "no_such_field"),
        ("#let paper(d) = [\n", 1, "unclosed"),
        ("#let x = 1\n", 0, "paper"),
    ] {
        let (folder, press) = with_template("return-notice.typ", own);
        let error = press.unwrap().print(Form::ReturnNotice, &notice_for("王小宇")).unwrap_err();
        let PaperError::Template { file, line: at, why } = &error else { panic!("{error}") };
        assert!(why.contains(part), "{why}");
        if line > 0 {
            let path = folder.path().join("return-notice.typ");
            assert_eq!((file.as_str(), *at), (path.to_str().unwrap(), line), "{error}");
        }
    }
    let (_folder, press) = with_template("return-notice.toml", "code = 1\n");
    let error = press.unwrap_err().to_string();
    assert!(error.contains("return-notice.toml") && error.contains("line 1"), "{error}");
}

#[test]
fn text_beyond_the_paper_is_an_error() {
    let own = "#let paper(d) = page(width: 100mm, height: 100mm, place(dx: 95mm)[#d.f.child]) + [#metadata(none)#label(d.end)]\n";
    let (_folder, press) = with_template("return-notice.typ", own);
    let error = press.unwrap().print(Form::ReturnNotice, &notice_for("王小宇")).unwrap_err();
    assert_eq!(error, PaperError::Overflow { form: Form::ReturnNotice, page: 1 });
}

#[test]
fn without_a_chinese_font_the_error_says_where_it_looked_and_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let fonts = vec![folder.path().to_owned()];
    let error = Press::open(&Setup { fonts: fonts.clone(), templates: None }).unwrap_err();
    assert_eq!(error, PaperError::NoFont { looked: fonts });
    let shown = error.to_string();
    assert!(shown.contains(folder.path().to_str().unwrap()), "{shown}");
    assert!(shown.contains("fonts-noto-cjk"), "{shown}");
    let gone = PathBuf::from("/no/such/folder");
    let error = Press::open(&Setup { fonts: vec![gone.clone()], templates: None }).unwrap_err();
    assert!(matches!(error, PaperError::Read { path, .. } if path == gone));
}

#[test]
fn a_check_address_that_could_carry_a_name_is_refused() {
    let mut sheet = notice_for("王小宇");
    sheet.check = "https://jy.example.gov.cn/v/110101201303070011".into();
    let error = press().print(Form::ReturnNotice, &sheet).unwrap_err();
    assert!(matches!(error, PaperError::Check { .. }), "{error}");
}
