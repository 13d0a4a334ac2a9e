//! A slow, obvious reader of the evidence: the county's order of evidence written down once more, to prove that what the
//! truth expects follows from what the files show.

use chrono::NaiveDate;

use super::{
    Spec,
    calendar::Calendar,
    default_towns,
    evidence::{Evidence, Exit, RollStatus},
    names::Names,
    people::Child,
    place::Geography,
    population,
    story::facts,
    style::CountyStyle,
    words::{Say, meant},
};

/// Words by which a town says that a child is out of school.
const OUT: [&str; 33] = [
    "辍学",
    "没去上学",
    "早已不上学",
    "打工",
    "务工",
    "没上学",
    "不读了",
    "不上学了",
    "不在校",
    "失学",
    "停学",
    "未上学",
    "没上过",
    "从未",
    "一直没",
    "一直未",
    "未入学",
    "没入学",
    "没有上过",
    "不收",
    "劝退",
    "不要",
    "没回校",
    "未复学",
    "未返校",
    "没再去",
    "厌学",
    "不想读",
    "不愿",
    "未就读",
    "未在校",
    "没转成",
    "未能入学",
];
const OUT_TOO: [&str; 6] = ["未上初中", "没有学校", "没去读", "没上初中", "没去报到", "未接收"];
/// What is meant where a town says out in a longer phrasing.
const MEANS_OUT: [Say; 13] = [
    Say::SuspensionOver,
    Say::Out,
    Say::OutWithPaper,
    Say::Never,
    Say::NeverDisabled,
    Say::NeverUnregistered,
    Say::TransferFailed,
    Say::NotPromoted,
    Say::Refused,
    Say::Averse,
    Say::NoRegistry,
    Say::Labour,
    Say::NotInSchool,
];
const BACK: [&str; 3] = ["劝返", "已复学", "已回"];
const NOBODY: [&str; 4] = ["无此人", "没有这个人", "查不到人", "空挂"];

fn any(text: &str, words: &[&str]) -> bool {
    words.iter().any(|word| text.contains(word))
}

fn says_out(evidence: &Evidence) -> bool {
    evidence.surveys.iter().any(|survey| {
        // A longer phrasing is known by what it was made to mean; words of it (父母务工) mislead.
        if let Some(say) = meant(&survey.text) {
            return MEANS_OUT.contains(&say);
        }
        (any(&survey.text, &OUT) || any(&survey.text, &OUT_TOO)) && !any(&survey.text, &BACK)
    })
}

/// Points 1 to 7 of the county's order: what papers decide.
fn by_paper(child: &Child, calendar: &Calendar) -> Option<&'static str> {
    let evidence = &child.evidence;
    let rolls = &evidence.rolls;
    let live = is_live(evidence);
    match evidence.exit {
        Some(Exit::Dead(_)) => return Some("DEAD"),
        Some(Exit::Abroad(..) | Exit::Moved(..)) => return Some("EMIGRATED"),
        None => {}
    }
    if rolls.is_empty() && evidence.surveys.iter().any(|survey| any(&survey.text, &NOBODY)) {
        return Some("REGISTER_ERROR");
    }
    if let Some(finding) = &evidence.finding {
        let out = finding.verdict.contains("辍学");
        return Some(if out { "DROPOUT" } else { "ENROLLED_LOCAL" });
    }
    let finished = rolls.iter().any(|r| r.status == RollStatus::Graduated && r.grade == 9);
    if finished || child.grade > 9 {
        return Some("COMPLETED");
    }
    if child.grade < 1 && !live {
        return Some("NOT_YET_OF_AGE");
    }
    if let Some(asked) = evidence.deferral.as_ref().filter(|asked| asked.granted) {
        return Some(if asked.exempt { "EXEMPT_MEDICAL" } else { "DISABILITY_DEFERRED" });
    }
    if evidence.certificate.as_ref().is_some_and(|paper| paper.sound) {
        return Some("ENROLLED_ELSEWHERE");
    }
    let in_force = |yes: bool| Some(if yes { "SUSPENDED_WITH_APPROVAL" } else { "DROPOUT" });
    if let Some(leave) = &evidence.leave {
        return in_force((leave.from..=leave.to).contains(&calendar.as_of));
    }
    let suspended = rolls.iter().find(|roll| roll.status == RollStatus::Suspended);
    if let Some(on) = suspended.and_then(|roll| roll.on) {
        return in_force((calendar.as_of - on).num_days() <= 365);
    }
    rolls.iter().any(|roll| roll.mode == "送教上门").then_some("HOME_TEACHING")
}

fn is_live(evidence: &Evidence) -> bool {
    evidence
        .rolls
        .iter()
        .any(|roll| matches!(roll.status, RollStatus::Present | RollStatus::ArrivedFromCounty))
}

/// Points 8 to 10: the schools' last report, the roll, the words of the town.
fn by_report(child: &Child) -> &'static str {
    let evidence = &child.evidence;
    if let Some(absence) = evidence.absences.iter().find(|absence| absence.month == 2) {
        return match absence.days {
            _ if any(&absence.returned, &["是", "已"]) => "ENROLLED_LOCAL",
            31.. => "DROPOUT",
            7..=30 => "SUSPECTED",
            _ => "ENROLLED_LOCAL",
        };
    }
    let out = says_out(evidence);
    match (is_live(evidence), out) {
        (true, true) => return "CONFLICT",
        (true, false) => return "ENROLLED_LOCAL",
        (false, true) if evidence.certificate.is_some() => return "CONFLICT",
        (false, true) if evidence.rolls.is_empty() => return "NEVER_ENROLLED",
        (false, true) => return "DROPOUT",
        (false, false) => {}
    }
    let named = evidence.surveys.iter().any(|survey| any(&survey.text, &["小学", "中学"]));
    let received = evidence.rolls.iter().any(|roll| roll.to.is_some());
    if named || received { "ENROLLED_ELSEWHERE" } else { "MISSING" }
}

#[test]
fn a_naive_reader_of_the_evidence_comes_to_the_expected_codes() {
    for seed in 0..6 {
        let as_of = NaiveDate::from_ymd_opt(2019, 8, 25).unwrap();
        let (children, noise, style) = (3_000, 3.0, None);
        let spec = Spec { seed, children, noise, as_of, style, towns: default_towns() };
        let calendar = Calendar::new(as_of).unwrap();
        let names = Names::new();
        let geography = Geography::new(&spec.towns, children, seed, &names);
        let number = u32::try_from(seed).unwrap();
        let style = CountyStyle::new(number, spec.towns.len(), noise);
        let everybody = population(&spec, &calendar, (&geography, &style, &names));
        for (at, child) in everybody.children.iter().enumerate() {
            if child.alias_of.is_none() {
                let got = by_paper(child, &calendar).unwrap_or_else(|| by_report(child));
                let expected = facts(child, &calendar).code;
                assert_eq!(got, expected, "child {at} of seed {seed}: {:?}", child.evidence);
            }
        }
    }
}
