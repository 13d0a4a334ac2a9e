//! The words of a message that goes out: how many of what, and the numbers of the cases.

use baoxue_act::CaseId;
use chrono::NaiveDate;

use super::{Notice, Why, case_number};

/// Case numbers that one sentence names: all sentences together stay within one long SMS (500 characters).
const NAMED: usize = 5;

/// What a message says of several notices on a day. `group` when a group reads it and not one person.
pub(super) fn message(notices: &[&Notice], today: NaiveDate, group: bool) -> String {
    let you = if group { "本单位" } else { "您" };
    let mut sentences: Vec<(String, Vec<CaseId>)> = Vec::new();
    let mut add =
        |what: String, case: CaseId| match sentences.iter_mut().find(|(known, _)| *known == what) {
            Some((_, cases)) => cases.push(case),
            None => sentences.push((what, vec![case])),
        };
    for notice in notices {
        if let Notice::Duty(duty) = notice {
            let due = duty.due.map(|due| (due - today).num_days());
            let what = match (duty.why, due) {
                (Why::Assigned, _) => "项新任务".to_owned(),
                (Why::Climbed, _) => "项任务已超期，请督促办理".to_owned(),
                (Why::Due, Some(0)) => "项任务今天到期".to_owned(),
                (Why::Due, Some(1)) => "项任务明天到期".to_owned(),
                (Why::Due, Some(days)) if days < 0 => "项任务已过期限".to_owned(),
                (Why::Due, _) => "项任务即将到期".to_owned(),
            };
            add(what, CaseId(duty.case));
        }
    }
    let mut parts: Vec<String> = sentences
        .into_iter()
        .map(|(what, cases)| format!("{you}有 {} {what}，案号 {}", cases.len(), numbers(&cases)))
        .collect();
    let n_files = notices.iter().filter(|n| matches!(n, Notice::Imported { .. })).count();
    if n_files > 0 {
        parts.push(format!("您导入的 {n_files} 个文件已处理完毕"));
    }
    if notices.iter().any(|notice| matches!(notice, Notice::Stuck { .. })) {
        parts.push("有通知发送失败".to_owned());
    }
    format!("【保学】{}。请登录系统查看。", parts.join("；"))
}

/// The numbers of cases, each once.
fn numbers(cases: &[CaseId]) -> String {
    let mut named: Vec<CaseId> = cases.to_vec();
    named.sort_unstable();
    named.dedup();
    let more = if named.len() > NAMED { "等" } else { "" };
    let words: Vec<String> = named.into_iter().take(NAMED).map(case_number).collect();
    format!("{}{more}", words.join("、"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notices::DutyNotice;

    fn duty(why: Why, case: i64, due: &str) -> Notice {
        Notice::Duty(DutyNotice {
            why,
            case,
            task: None,
            zh: "家访".to_owned(),
            en: "visit".to_owned(),
            due: Some(due.parse().unwrap()),
            legal: false,
        })
    }

    #[track_caller]
    fn check(notices: &[Notice], group: bool, expected: &str) {
        let notices: Vec<&Notice> = notices.iter().collect();
        assert_eq!(message(&notices, "2019-09-03".parse().unwrap(), group), expected);
    }

    #[test]
    fn a_message_counts_and_names_cases_only() {
        let today = [duty(Why::Due, 12, "2019-09-03")];
        check(&today, false, "【保学】您有 1 项任务今天到期，案号 k_12。请登录系统查看。");
        let several = [
            duty(Why::Assigned, 3, "2019-09-10"),
            duty(Why::Due, 12, "2019-09-04"),
            duty(Why::Assigned, 1, "2019-09-10"),
            duty(Why::Assigned, 1, "2019-09-12"),
            duty(Why::Climbed, 7, "2019-09-01"),
            Notice::Imported { batch: 4 },
        ];
        check(
            &several,
            false,
            "【保学】您有 3 项新任务，案号 k_1、k_3；您有 1 项任务明天到期，案号 k_12；\
             您有 1 项任务已超期，请督促办理，案号 k_7；您导入的 1 个文件已处理完毕。请登录系统查看。",
        );
        let late = [duty(Why::Due, 12, "2019-09-02")];
        check(&late, true, "【保学】本单位有 1 项任务已过期限，案号 k_12。请登录系统查看。");
    }

    #[test]
    fn many_cases_are_not_all_named() {
        let many: Vec<Notice> = (1..=25).map(|n| duty(Why::Assigned, n, "2019-09-10")).collect();
        let notices: Vec<&Notice> = many.iter().collect();
        let text = message(&notices, "2019-09-03".parse().unwrap(), false);
        assert!(text.contains("25 项新任务") && text.contains("k_5等") && !text.contains("k_6"));
    }

    #[test]
    fn the_longest_message_is_one_sms() {
        let of = |why, due| (0..1000).map(move |n| duty(why, 1_000_000 + n, due));
        let all: Vec<Notice> = [
            (Why::Assigned, "2019-09-10"),
            (Why::Due, "2019-09-02"),
            (Why::Due, "2019-09-03"),
            (Why::Due, "2019-09-04"),
            (Why::Due, "2019-09-05"),
            (Why::Climbed, "2019-09-01"),
        ]
        .into_iter()
        .flat_map(|(why, due)| of(why, due))
        .chain([Notice::Imported { batch: 4 }])
        .collect();
        let notices: Vec<&Notice> = all.iter().collect();
        let text = message(&notices, "2019-09-03".parse().unwrap(), false);
        assert!(text.chars().count() <= 500, "{}", text.chars().count());
    }
}
