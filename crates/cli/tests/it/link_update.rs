//! `link … --keep`, `link add` and `link withdraw`: files come and go, and the clusters are those of a full run.

use std::fs;

use crate::{
    link_files::{FIRST, clusters, csv, done, link, program},
    program::{Answer, Program},
};

const RESULTS: [&str; 3] = ["clusters.parquet", "pairs.parquet", "state.bin"];

fn command(program: &Program, line: &str) -> Answer {
    program.plain(&line.split(' ').collect::<Vec<_>>())
}

fn bytes(program: &Program, out: &str) -> Vec<Vec<u8>> {
    RESULTS.iter().map(|file| fs::read(program.path(&format!("{out}/{file}"))).unwrap()).collect()
}

/// The command fails, says this, and no file of the folder changes.
#[track_caller]
fn refused(program: &Program, line: &str, code: i32, said: &str) {
    let before = bytes(program, "out");
    let answer = command(program, line);
    assert_eq!(answer.code, code, "{line}: {}", answer.err);
    assert!(answer.err.contains(said), "{line}: {}", answer.err);
    assert!(bytes(program, "out") == before, "{line} changed a file");
}

/// The clusters, each by the smallest id that it has now: what a full run calls them.
fn persons(program: &Program, out: &str) -> Vec<(String, String)> {
    let named = clusters(program, out);
    let first = |name: &str| named.iter().find(|(_, cluster)| cluster == name).unwrap().0.clone();
    named.iter().map(|(id, cluster)| (id.clone(), first(cluster))).collect()
}

fn kept() -> Program {
    let program = program();
    done(link(&program, &["first.csv"], "out", &["--keep", "--no-train"]));
    program
}

#[test]
fn files_come_and_go_and_clusters_are_those_of_a_full_run() {
    let program = kept();
    let alone = clusters(&program, "out");
    let told = done(command(&program, "link add second.csv --to out")).out;
    assert!(told.contains("加入 2 条") && told.contains("2 人多了记录"), "{told}");
    done(link(&program, &["first.csv", "second.csv"], "full", &["--no-train"]));
    assert_eq!(persons(&program, "out"), persons(&program, "full"));
    let changes = fs::read_to_string(program.path("out/changes.csv")).unwrap();
    assert!(changes.contains("joined,1,1,11,1 与 11 是同一人的可能性"), "{changes}");
    // By the name of the file, and by that of the source.
    for name in ["second.csv", "household"] {
        let gone = done(command(&program, &format!("link withdraw {name} --to out --json"))).out;
        let gone: serde_json::Value = serde_json::from_str(&gone).unwrap();
        assert_eq!((&gone["withdrawn"], &gone["records"]), (&2.into(), &3.into()));
        assert_eq!(clusters(&program, "out"), alone);
        done(command(&program, "link add second.csv --to out"));
        assert_eq!(persons(&program, "out"), persons(&program, "full"));
    }
}

#[test]
fn a_person_is_called_the_same_whatever_comes_and_goes() {
    let program = kept();
    let name = |id: &str| {
        let clusters = clusters(&program, "out");
        clusters.into_iter().find(|(row, _)| row == id).map(|(_, cluster)| cluster)
    };
    let girl = |id: &str| FIRST[0].replacen('1', id, 1).replace("registry", "clinic");
    program.file("smaller.csv", csv(&[&girl("0")]));
    done(command(&program, "link add smaller.csv --to out"));
    assert_eq!((name("0"), name("1")), (Some("1".to_owned()), Some("1".to_owned())));
    let changes = || fs::read_to_string(program.path("out/changes.csv")).unwrap();
    assert!(changes().contains("joined,1,1,0,"), "{}", changes());
    // The record that it is called by goes.
    let told = done(command(&program, "link withdraw registry --to out")).out;
    assert!(told.contains("2 人不再有记录"), "{told}");
    assert_eq!(name("0"), Some("1".to_owned()));
    assert!(changes().contains("stayed,1,"), "{}", changes());
    // And comes back as another person's.
    program.file("later.csv", csv(&[&FIRST[2].replacen('3', "1", 1)]));
    done(command(&program, "link add later.csv --to out"));
    assert_eq!((name("0"), name("1")), (Some("0".to_owned()), Some("1".to_owned())));
}

#[test]
fn what_cannot_be_brought_in_changes_nothing() {
    let program = kept();
    done(command(&program, "link add second.csv --to out"));
    fs::copy(program.path("second.csv"), program.path("copy.csv")).unwrap();
    program.file("overlap.csv", "record_id,name\n2,李大勇\n");
    program.file("foreign.csv", "record_id,colour\n70,red\n");
    program.file("unnamed.csv", "name\n李大勇\n");
    refused(
        &program,
        "link add copy.csv --to out",
        3,
        "已经在结果中了（“second.csv”，内容完全相同）",
    );
    refused(
        &program,
        "link add overlap.csv --to out",
        3,
        "编号“2”已经在结果中了（来自“first.csv”）",
    );
    refused(&program, "link add foreign.csv --to out", 2, "现有的列：colour、record_id");
    refused(&program, "link add unnamed.csv --to out", 2, "没有“record_id”这一列");
    refused(
        &program,
        "link withdraw nobody --to out",
        2,
        "现有：first.csv、second.csv、registry、household",
    );
    program.file("judged.csv", "id_l,id_r,match\n1,11,1\n11,12,1\n1,12,0\n");
    program.file("third.csv", "record_id,name\n70,赵一\n");
    refused(&program, "link add third.csv --to out --decisions judged.csv", 3, "judged.csv");
    let elsewhere = command(&program, "link add third.csv --to full --lang en");
    assert!(elsewhere.code == 3 && elsewhere.err.contains("has no state.bin"), "{}", elsewhere.err);
}

#[test]
fn two_at_once_cannot_change_one_folder() {
    let program = kept();
    let lock = fs::File::options().write(true).open(program.path("out/state.lock")).unwrap();
    lock.lock().unwrap();
    let line = "link add second.csv --to out";
    refused(&program, line, 3, "另一个 baoxue link 正在改");
    refused(&program, "link withdraw registry --to out", 3, "另一个 baoxue link 正在改");
    let again = link(&program, &["first.csv"], "out", &["--keep", "--no-train"]);
    assert!(again.code == 3 && again.err.contains("另一个 baoxue link"), "{}", again.err);
    drop(lock);
    done(command(&program, line));
    // A folder in which nothing is kept is not made one.
    command(&program, "link add second.csv --to nowhere");
    assert!(!program.path("nowhere").exists());
}

#[test]
fn a_state_that_was_bent_or_belongs_to_another_model_is_refused() {
    let program = kept();
    let state = fs::read(program.path("out/state.bin")).unwrap();
    let line = "link add second.csv --to out";
    for bent in [&state[..state.len() - 9], &[], &[&state[..40], b"!", &state[41..]].concat()] {
        program.file("out/state.bin", bent);
        refused(&program, line, 3, "已损坏");
    }
    program.file("out/state.bin", &state);
    let model = fs::read_to_string(program.path("out/model.toml")).unwrap();
    program.file("out/model.toml", model.replacen("join_bits = 1.0", "join_bits = 2.0", 1));
    refused(&program, line, 3, "重新比对全部名单");
    program.file("out/model.toml", model);
    done(command(&program, line));
}

#[cfg(unix)]
#[test]
fn the_state_holds_records_and_is_for_its_owner() {
    use std::os::unix::fs::PermissionsExt;
    let program = kept();
    let mode = fs::metadata(program.path("out/state.bin")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn what_people_have_judged_holds_for_a_file_that_comes_back() {
    let program = kept();
    program.file("judged.csv", "id_l,id_r,match\n1,11,0\n3,12,1\n");
    done(command(&program, "link add second.csv --to out --decisions judged.csv"));
    let judged = clusters(&program, "out");
    let of = |id: &str| judged.iter().find(|(row, _)| row == id).unwrap().1.clone();
    assert!(of("1") != of("11") && of("3") == of("12"), "{judged:?}");
    done(command(&program, "link withdraw second.csv --to out"));
    done(command(&program, "link add second.csv --to out"));
    assert_eq!(clusters(&program, "out"), judged);
}

#[test]
fn one_in_ten_of_a_register_comes_later() {
    let program = program();
    done(command(&program, "sample --registers 3000 --seed 5 --out raw"));
    let records = fs::read_to_string(program.path("raw/records.csv")).unwrap();
    let lines: Vec<&str> = records.lines().collect();
    let (first, later) = lines.split_at(lines.len() * 9 / 10);
    program.file("most.csv", first.join("\n"));
    program.file("later.csv", [&lines[..1], later].concat().join("\n"));
    done(link(&program, &["most.csv"], "out", &["--keep"]));
    let before = bytes(&program, "out");
    done(command(&program, "link add later.csv --to out"));
    // Frequencies stay those of the first linking, so the full run may weigh a pair a little differently.
    let full = ["--model", "out/model.toml", "--no-train", "--id", "record_id", "--out", "full"];
    done(
        program
            .plain(&[&["link", "most.csv", "later.csv", "--source", "source"][..], &full].concat()),
    );
    let (kept, whole) = (persons(&program, "out"), persons(&program, "full"));
    let same = kept.iter().zip(&whole).filter(|(a, b)| a == b).count();
    assert!(same * 1000 >= whole.len() * 995, "{same} of {}", whole.len());
    // Nothing of what went is left in the results.
    done(command(&program, "link withdraw later.csv --to out"));
    assert!(bytes(&program, "out")[..2] == before[..2]);
}
