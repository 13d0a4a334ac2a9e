//! Charts as they are drawn: well formed, readable without colour, the same each time.
#![expect(clippy::unwrap_used, reason = "a test that cannot set up its story must fail")]

use std::collections::BTreeMap;

use baoxue_link::{
    BlockReport, Capped, FieldBits, Model, Waterfall,
    chart::{
        Band, Filled, Lang, Mixing, ThresholdPoint, blocking, calibration, missing, parameters,
        siblings, sizes, thresholds, waterfall, weights,
    },
};

/// Only what charts show: a model of its own, so that no other change moves the snapshots.
const MODEL: &str = r#"
name = "two fields"
[prior]
partners_per_record = 1.0
relatives_per_record = 1.0
[thresholds]
join_bits = 5.0
review_bits = -2.0
bridge_bits = 0.0
[[field]]
name = "sex"
columns = ["sex"]
comparator = "exact"
levels = [{ name = "equal", m = 0.99, u = 0.5 }, { name = "other", m = 0.01, u = 0.5 }]
[[field]]
name = "village"
columns = ["village"]
comparator = "place"
levels = [
  { name = "equal", m = 0.6, u = 0.0003, family = 0.55 },
  { name = "contains", m = 0.2, u = 0.002, family = 0.2 },
  { name = "near", m = 0.05, u = 0.03 },
  { name = "other", m = 0.15, u = 0.9677, family = 0.25 },
]
[[block]]
name = "village"
keys = [{ columns = ["village"], transform = "place" }]
"#;

fn model() -> Model {
    toml::from_str(MODEL).unwrap()
}

fn pair() -> Waterfall {
    let field = |field: &str, level: Option<&str>, bits, contained| FieldBits {
        field: field.to_owned(),
        level: level.map(str::to_owned),
        bits,
        contained,
    };
    Waterfall {
        prior_bits: -12.5,
        fields: vec![
            field("name", Some("sound"), 6.25, false),
            field("id_no", Some("equal"), 21.0, false),
            field("birth", Some("equal"), 0.0, true),
            field("sex", Some("other"), -5.5, false),
            field("school", None, 0.0, false),
        ],
        family_bits: -1.75,
        bits: 7.5,
        probability: 0.994_49,
    }
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
