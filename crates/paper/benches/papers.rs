//! One notice (budget 100 ms), a thousand notices in one document (30 s), a file of 200 pages (5 s).

#![expect(missing_docs, reason = "criterion's macro makes a public function without one")]

use std::{hint::black_box, time::Duration};

use baoxue_paper::{Dossier, Enclosed, Form, Item, Press, Setup, Sheet};
use criterion::{Criterion, criterion_group, criterion_main};

const N_NOTICES: usize = 1_000;

/// Cover, checklist and index take a few more.
const N_PAGES: usize = 200;

fn notice(n: usize) -> (Form, Sheet) {
    let mut sheet = Sheet {
        issuer: "示例县五里镇人民政府".into(),
        number: format!("示五教控〔2026〕{n}号"),
        case: format!("k_{n:08}"),
        check: format!("https://jy.example.gov.cn/v/7K2M-{n:04}"),
        ..Sheet::default()
    };
    for (name, value) in [
        ("guardian", format!("王示例{n}")),
        ("child", format!("王小宇{n}")),
        ("sex", "男".to_owned()),
        ("address", format!("示例县五里镇青龙村三组{n}号")),
        ("school", "五里镇初级中学".to_owned()),
        ("grade_class", "八年级2班".to_owned()),
        ("fact", "自2026年8月31日起未到校就读，且未办理休学、转学手续".to_owned()),
        ("place", "五里镇初级中学教务处".to_owned()),
        ("contact", "李敏".to_owned()),
        ("phone", "0000-0000000".to_owned()),
    ] {
        sheet.fields.insert(name.to_owned(), value.into());
    }
    (Form::ReturnNotice, sheet)
}

/// Half of the pages PDFs of notices, half pictures of the size of a photograph that was made smaller.
fn dossier(press: &Press) -> Option<Dossier> {
    let picture = photograph()?;
    let mut items = Vec::new();
    let mut n_pages = 0;
    while n_pages < N_PAGES {
        let (form, sheet) = notice(n_pages);
        let pdf = press.print(form, &sheet).ok()?;
        n_pages += pdf.pages;
        items.push(item(8, Enclosed::Pdf(pdf.pdf)));
        for _ in 0..pdf.pages {
            n_pages += 1;
            items.push(item(7, Enclosed::Picture(picture.clone())));
        }
    }
    Some(Dossier { sheet: Sheet::default(), items, ..Dossier::default() })
}

fn item(part: u8, enclosed: Enclosed) -> Item {
    Item { part, title: "材料".into(), date: None, hash: "0".repeat(64), enclosed }
}

/// 1,200 × 900 pixels with a pattern, so that they do not pack to nothing.
fn photograph() -> Option<Vec<u8>> {
    let mut picture = tiny_skia::Pixmap::new(1_200, 900)?;
    for (at, pixel) in (0_u32..).zip(picture.data_mut().chunks_exact_mut(4)) {
        let shade = u8::try_from((at / 7 % 1_200).wrapping_mul(at / 1_200 % 31) % 256).ok()?;
        pixel.copy_from_slice(&[shade, 255 - shade, shade / 2, 255]);
    }
    picture.encode_png().ok()
}

fn papers(criterion: &mut Criterion) {
    let Ok(press) = Press::open(&Setup::default()) else { return };
    let mut group = criterion.benchmark_group("papers");
    group.sample_size(10).warm_up_time(Duration::from_millis(500));
    let mut n = 0;
    // Every time another number and name, so that nothing is remembered from the one before.
    group.bench_function("one notice", |bencher| {
        bencher.iter(|| {
            n += 1;
            let (form, sheet) = notice(n);
            black_box(press.print(form, &sheet).map(|printed| printed.pages))
        });
    });
    group.bench_function("1,000 notices", |bencher| {
        bencher.iter(|| {
            n += N_NOTICES;
            let notices: Vec<_> = (n..n + N_NOTICES).map(notice).collect();
            black_box(press.print_many(&notices).map(|printed| printed.pages))
        });
    });
    if let Some(mut dossier) = dossier(&press) {
        group.bench_function("a file of 200 pages", |bencher| {
            bencher.iter(|| {
                n += 1;
                dossier.sheet.case = format!("k_{n}");
                black_box(press.dossier(&dossier).map(|printed| printed.pages))
            });
        });
    }
    group.finish();
}

criterion_group!(benches, papers);
criterion_main!(benches);
