//! Rule packs and what they make of a child: check, diff, explain, expiring, signs, answers to a conflict.

use crate::program::{Engine, Program};

/// Folders of the example packs; asked for when the test runs, since a program built once may serve another checkout.
fn packs(name: &str) -> String {
    format!("{}/{name}", std::path::absolute("../../examples/packs").unwrap().display())
}

#[test]
fn what_is_no_pack_is_named_with_what_a_pack_is() {
    let program = Program::new(Engine::Sqlite);
    let file = packs("province/pack.md");
    for name in [file.as_str(), "/nowhere"] {
        let out = program.plain(&["rules", "diff", "CN-DEFAULT", name]);
        assert_eq!(out.code, 3);
        assert!(out.err.contains("不是规则包") && !out.err.contains("os error"), "{}", out.err);
    }
}

#[test]
fn packs_are_checked_and_compared() {
    let program = Program::new(Engine::Sqlite);
    let (province, county) = (packs("province"), packs("county"));
    let checked = program.plain(&["rules", "check", &province, &county]);
    assert_eq!(checked.code, 0, "{}", checked.err);
    assert!(checked.out.contains("PROVINCE-EXAMPLE"), "{}", checked.out);
    let both = format!("{province}+{county}");
    let compared = program.plain(&["rules", "diff", "CN-DEFAULT", &both, "--json"]);
    let changes: serde_json::Value = serde_json::from_str(&compared.out).unwrap();
    let names: Vec<&str> =
        changes.as_array().unwrap().iter().map(|c| c["name"].as_str().unwrap()).collect();
    assert!(names.contains(&"thresholds.dropout_days"), "{names:?}");
    assert!(names.contains(&"town-names-school-elsewhere"), "{names:?}");
}

#[test]
fn a_bad_pack_is_refused_with_file_and_line_and_changes_nothing() {
    let program = Program::new(Engine::Sqlite);
    let text = std::fs::read_to_string(packs("province/pack.md")).unwrap();
    program.file("bad/pack.md", text.replace("DROPOUT LONG_ABSENCE  ", "ENROLLED_LOCAL"));
    let answer = program.plain(&["rules", "check", "bad", "--lang", "en"]);
    assert_eq!(answer.code, 3);
    assert!(answer.err.contains("bad/pack.md:26: case"), "{}", answer.err);

    program.file("county.toml", "name = \"甲县\"\nas_of = 2019-09-25\npacks = [\"bad\"]\n");
    let config = program.path("county.toml");
    let answer = program.answer(&["init", "--config", config.to_str().unwrap()]);
    assert_eq!(answer.code, 3);
    assert!(answer.err.contains("bad/pack.md:26"), "{}", answer.err);
    assert!(!program.path("data").exists(), "nothing was made");
}

/// A survey that says out, and a registry that says in: a conflict, and a child whose suspension ends.
fn county(program: &Program) -> (String, String) {
    let registry = "学校名称,姓名,性别,出生日期,身份证件号,年级,学籍状态,异动日期\n\
        甲县第一小学,张小雨,女,20100301,,三年级,在校,\n\
        甲县第一小学,李大山,男,20100702,,三年级,休学,2018-09-28\n";
    let registry = program.file("学籍_甲县_20190910.csv", registry);
    let survey = "镇办,村,姓名,性别,出生日期,就读状态,未就读原因\n\
        江北办,东沟村,张小雨,女,2010-03-01,辍学在家,外出打工\n";
    let survey = program.file("江北办_摸排表_20190912.csv", survey);
    program.done(&["init", "--config", &packs("county.toml")]);
    program.done(&[
        "import",
        registry.to_str().unwrap(),
        "--source",
        "student_registry",
        "--as-of",
        "2019-09-10",
    ]);
    program.done(&[
        "import",
        survey.to_str().unwrap(),
        "--source",
        "town_survey",
        "--as-of",
        "2019-09-12",
    ]);
    program.done(&["determine"]);
    let table = program.done(&["export", "determinations"]).out;
    let id = |name: &str| {
        let line = table.lines().find(|line| line.contains(name)).unwrap();
        line.split(',').next().unwrap().to_owned()
    };
    (id("张小雨"), id("李大山"))
}

#[test]
fn a_conflict_is_explained_answered_and_stays_a_conflict() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let program = Program::new(engine);
        let (child, _) = county(&program);
        let explained = program.done(&["rules", "explain", &child]);
        for part in [
            "说法不一",
            "双线共同核实",
            "等待答复",
            "什么会改变结果",
            "督查到班见到该生 → 在校就读",
        ] {
            assert!(explained.out.contains(part), "{part} in {}", explained.out);
        }
        assert!(!explained.out.contains("张小雨"), "{}", explained.out);
        let answer = |side: &str| {
            program.done(&[
                "answer",
                &child,
                "--side",
                side,
                "--outcome",
                "disagrees",
                "--why",
                "已当面核实",
                "--by",
                "甲",
            ])
        };
        answer("town_survey");
        answer("student_registry");
        let explained = program.done(&["rules", "explain", &child, "--lang", "en"]);
        assert!(explained.out.contains("still disagrees, because 已当面核实"), "{}", explained.out);
        assert!(explained.out.contains("the county head decides"), "{}", explained.out);
        let none = program.answer(&[
            "answer",
            &child,
            "--side",
            "inspection",
            "--outcome",
            "corrects",
            "--why",
            "甲",
        ]);
        assert_eq!(none.code, 3, "{}", none.err);
    }
}

#[test]
fn what_ends_soon_is_listed_with_the_day_after() {
    let program = Program::new(Engine::Sqlite);
    let (_, child) = county(&program);
    let ending = program.done(&["expiring", "--json"]);
    let ending: serde_json::Value = serde_json::from_str(&ending.out).unwrap();
    let ground = &ending["grounds"][0];
    assert_eq!(ground["child"], child.as_str());
    assert_eq!(
        (ground["until"].as_str(), ground["then"].as_str()),
        (Some("2019-09-27"), Some("DROPOUT"))
    );
    let later = program.done(&["rules", "explain", &child, "--on", "2019-09-28"]);
    assert!(later.out.contains("休学期满未复学"), "{}", later.out);
    let earlier = program.done(&["rules", "explain", &child, "--on", "2019-09-27"]);
    assert!(earlier.out.contains("有效期至2019-09-27"), "{}", earlier.out);
    program.done(&["signs"]);
}

#[test]
fn the_packs_of_a_county_are_remembered_when_their_folder_is_gone() {
    let program = Program::new(Engine::Sqlite);
    for pack in ["province", "county"] {
        for entry in std::fs::read_dir(packs(pack)).unwrap() {
            let path = entry.unwrap().path();
            let name = format!("rules/{pack}/{}", path.file_name().unwrap().to_str().unwrap());
            program.file(&name, std::fs::read(path).unwrap());
        }
    }
    let config = "name = \"甲县\"\nas_of = 2019-09-25\npacks = [\"province\", \"county\"]\n";
    let config = program.file("rules/county.toml", config);
    program.done(&["init", "--config", config.to_str().unwrap()]);
    std::fs::remove_dir_all(program.path("rules")).unwrap();
    program.done(&["determine"]);
    let out = program.done(&["report", "--out", program.path("out").to_str().unwrap(), "--json"]);
    assert!(
        out.out.contains("CN-DEFAULT 2 + PROVINCE-EXAMPLE 1 + COUNTY-EXAMPLE 1"),
        "{}",
        out.out
    );
}
