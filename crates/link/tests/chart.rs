//! Charts as they are drawn: well formed, readable without colour, the same each time.
#![expect(clippy::unwrap_used, reason = "a test that cannot set up its story must fail")]

use std::collections::BTreeMap;

use baoxue_link::{
    BlockReport, Capped, Column, Model, Table,
    chart::{
        Band, Filled, Lang, Mixing, ThresholdPoint, blocking, calibration, missing, parameters,
        siblings, sizes, thresholds, waterfall, weights,
    },
    explain,
};

fn model() -> Model {
    toml::from_str(include_str!("reference/model.toml")).unwrap()
}

fn pair() -> baoxue_link::Waterfall {
    let table = Table::new(
        vec![
            Column::new("id", ["110105200912310028", "", ""]),
            Column::new("name", ["张小莉", "张小丽", "王五"]),
            Column::new("birth", ["2009-12-31", "2009-12-31", "2008-01-05"]),
            Column::new("sex", ["女", "女", "男"]),
            Column::new("guardian", ["张大山", "张大山", "王大力"]),
            Column::new("village", ["铁沟村5组", "铁沟村", "东山村"]),
        ],
        Vec::new(),
    );
    explain(&table.unwrap(), &model(), 0, 1).unwrap()
}

fn reports() -> Vec<BlockReport> {
    let report = |name: &str, n_pairs, n_keys| BlockReport {
        name: name.to_owned(),
        n_keys: 10,
        n_pairs,
        capped: Capped { n_keys, n_rows: n_keys * 300 },
    };
    vec![report("name & birth <month>", 1_234_567, 0), report("village", 40, 2)]
}

fn points() -> Vec<ThresholdPoint> {
    let point = |bits, precision, recall| ThresholdPoint { bits, precision, recall };
    vec![point(-3.0, 0.9, 0.99), point(2.0, 0.97, 0.98), point(9.0, 0.999, 0.91)]
}

fn bands() -> Vec<Band> {
    let band = |from, to, n_pairs, n_matches| Band { from, to, n_pairs, n_matches };
    vec![band(0.0, 0.5, 100, 12), band(0.9, 0.95, 200, 150), band(0.999, 1.0, 0, 0)]
}

fn columns() -> Vec<Filled> {
    let filled =
        |column: &str, n_filled| Filled { column: column.to_owned(), n_filled, n_rows: 800 };
    vec![filled("name", 800), filled("id_no", 321), filled("school", 0)]
}

fn all(lang: Lang) -> Vec<(&'static str, String)> {
    let mixing = Mixing { n_pure: 9_990, n_siblings: 7, n_strangers: 3 };
    vec![
        ("weights", weights(&model(), lang)),
        ("parameters", parameters(&model(), lang)),
        ("waterfall", waterfall(&pair(), lang)),
        ("blocking", blocking(&reports(), lang)),
        ("thresholds", thresholds(&points(), 5.0, lang)),
        ("sizes", sizes(&BTreeMap::from([(1, 500), (2, 90), (3, 7), (12, 1)]), lang)),
        ("missing", missing(&columns(), lang)),
        ("calibration", calibration(&bands(), lang)),
        ("siblings", siblings(mixing, lang)),
    ]
}

#[test]
fn charts_look_as_they_did() {
    for (name, svg) in all(Lang::Zh) {
        insta::assert_snapshot!(format!("{name}_zh"), svg);
    }
    for (name, svg) in all(Lang::En).into_iter().filter(|(name, _)| *name == "waterfall") {
        insta::assert_snapshot!(format!("{name}_en"), svg);
    }
}

#[test]
fn every_chart_names_itself_and_closes_what_it_opens() {
    for (name, svg) in [all(Lang::Zh), all(Lang::En)].concat() {
        assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>\n"), "{name}");
        assert!(
            svg.contains("role=\"img\"") && svg.contains("<title ") && svg.contains("<desc "),
            "{name}"
        );
        assert!(
            !svg.contains("NaN") && !svg.contains("inf") && !svg.contains("<script"),
            "{name}: {svg}"
        );
        let n = |what: &str| svg.matches(what).count();
        assert_eq!(n("<text "), n("</text>"), "{name}");
        assert_eq!(n("<desc id=\"\"></desc>"), 0, "{name}");
    }
}

#[test]
fn nothing_to_draw_is_drawn_as_nothing() {
    for lang in [Lang::Zh, Lang::En] {
        let empty = [
            blocking(&[], lang),
            thresholds(&[], 5.0, lang),
            sizes(&BTreeMap::new(), lang),
            missing(&[], lang),
            calibration(&[], lang),
            siblings(Mixing::default(), lang),
        ];
        for svg in empty {
            assert!(
                svg.ends_with("</svg>\n") && !svg.contains("NaN") && !svg.contains("inf"),
                "{svg}"
            );
        }
    }
}
