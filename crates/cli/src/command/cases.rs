//! `baoxue cases`: open cases, one case, what somebody did, and the clock.

use std::{io::Read, path::Path};

use baoxue_act::{CaseId, Duty, Moment, PROGRAM, Rules, duties, next};
use baoxue_flow::{
    FlowError,
    cases::{self, CaseBook, CaseClock, CaseError, CaseFile, Speaker},
};
use chrono::Datelike;
use clap::ArgMatches;
use serde_json::json;

use crate::{Done, args, failure::Failure, lang::Lang, session::Session};

/// Runs one of its commands.
pub(crate) async fn run(matches: &ArgMatches, lang: Lang) -> Result<Done, Failure> {
    match matches.subcommand() {
        Some(("list", m)) => Ok(list(&Desk::open(m).await?, m, lang)),
        Some(("show", m)) => show(&Desk::open(m).await?, m, lang),
        Some(("record", m)) => record(&Desk::open(m).await?, m, lang).await,
        Some(("pass", m)) => pass(&Desk::open(m).await?, m, lang).await,
        Some(_) | None => Err(Failure::usage("no such command")),
    }
}

/// All that these commands look at.
struct Desk {
    session: Session,
    book: CaseBook,
    rules: Rules,
    now: Moment,
}

impl Desk {
    async fn open(matches: &ArgMatches) -> Result<Self, Failure> {
        let session = Session::open_existing(matches).await?;
        let book = CaseBook::load(&session.store).await?;
        let rules = cases::rules(&session.store, &session.county).await?;
        let now = CaseClock::of(&session.store).await?.moment(session.now, &book);
        Ok(Self { session, book, rules, now })
    }

    fn speaker(&self, lang: Lang) -> Speaker<'_> {
        let (rules, towns) = (&self.rules, &self.session.county.towns);
        Speaker { rules, towns, zh: lang == Lang::Zh }
    }

    fn case(&self, matches: &ArgMatches) -> Result<&CaseFile, Failure> {
        let written = args::text(matches, "case").unwrap_or_default();
        let id = written.trim_start_matches("k_").parse().map(CaseId);
        let found = id.ok().and_then(|id| self.book.get(id));
        found.ok_or_else(|| {
            Failure::usage(&format!(
                "没有案件 `{written}`，编号见 baoxue cases list (there is no such case)"
            ))
        })
    }

    fn stage(&self, file: &CaseFile) -> baoxue_act::Stage {
        file.case.stage(self.rules.timetable.proof.attended_school_days)
    }
}

fn list(desk: &Desk, matches: &ArgMatches, lang: Lang) -> Done {
    let only_late = matches.get_flag("late");
    let mut lines: Vec<(&CaseFile, Vec<Duty>)> = desk
        .book
        .open()
        .map(|file| (file, duties(&file.case, &desk.rules, desk.now)))
        .filter(|(_, duties)| !only_late || duties.iter().any(|duty| duty.is_late(desk.now)))
        .collect();
    lines.sort_by_key(|(file, duties)| (next(duties).and_then(|n| n.due.moment()), file.case.id));
    let n_late = lines.iter().filter(|(_, d)| d.iter().any(|duty| duty.is_late(desk.now))).count();
    if matches.get_flag("json") {
        let cases: Vec<_> =
            lines.iter().map(|(file, duties)| brief(desk, file, duties, lang)).collect();
        println!("{}", json!({ "now": desk.now, "cases": cases, "late": n_late }));
    } else {
        for (file, duties) in &lines {
            println!("{}", line(desk, file, duties, lang));
        }
        let (n, now) = (lines.len(), desk.now.format("%Y-%m-%d %H:%M"));
        println!(
            "{}",
            lang.pick(
                format!("{now}：{n} 件未销号，其中 {n_late} 件有超期事项。"),
                format!("{now}: {n} open cases, {n_late} of them late"),
            )
        );
    }
    warn_holidays(desk, lang);
    if n_late == 0 { Done::Clean } else { Done::NeedsPerson }
}

/// Says so when the holidays of the year are not known: deadlines in working days may be off by a few days then.
fn warn_holidays(desk: &Desk, lang: Lang) {
    let year = desk.now.year();
    if !desk.rules.calendar.knows(year) {
        eprintln!("{}", lang.pick(
            format!("注意：没有 {year} 年的节假日安排，工作日按周一至周五计算。请在配置的 [[act.year]] 中填写。"),
            format!("note: the holidays of {year} are not known and working days are counted by weekdays; enter them as [[act.year]]"),
        ));
    }
}

fn line(desk: &Desk, file: &CaseFile, duties: &[Duty], lang: Lang) -> String {
    let speaker = desk.speaker(lang);
    let case = &file.case;
    let stage = desk.stage(file);
    let stage = lang.pick(stage.zh(), stage.en());
    let code = lang.pick(case.judged.what.code.zh(), case.judged.what.code.en());
    let step = next(duties).map_or_else(String::new, |duty| {
        let due = due(duty, desk.now, lang);
        format!("{}  {}  {due}", speaker.duty(duty), speaker.seat(&duty.by.falls_to))
    });
    format!("k_{}  {}  {code}  {stage}  {step}", case.id.0, case.child)
}

fn due(duty: &Duty, now: Moment, lang: Lang) -> String {
    let Some(due) = duty.due.moment() else {
        return lang.pick("计时暂停", "clock stopped").to_owned();
    };
    let day = due.format("%Y-%m-%d %H:%M");
    if duty.is_late(now) {
        let days = (now - due).num_days();
        return lang.pick(format!("{day}（超 {days} 天）"), format!("{day} ({days} days late)"));
    }
    day.to_string()
}

fn brief(desk: &Desk, file: &CaseFile, duties: &[Duty], lang: Lang) -> serde_json::Value {
    let case = &file.case;
    json!({
        "case": format!("k_{}", case.id.0),
        "child": case.child.to_string(),
        "episode": case.episode,
        "code": case.judged.what.code,
        "confirmed": case.confirmed.is_some(),
        "stage": desk.stage(file),
        "opened": case.opened,
        "next": next(duties).map(|duty| duty_json(desk, duty, lang)),
        "late": duties.iter().filter(|duty| duty.is_late(desk.now)).count(),
    })
}

fn duty_json(desk: &Desk, duty: &Duty, lang: Lang) -> serde_json::Value {
    let speaker = desk.speaker(lang);
    json!({
        "step": duty.id.step,
        "nth": duty.id.nth,
        "what": speaker.duty(duty),
        "owed_by": speaker.seat(&duty.by.owed_by),
        "falls_to": speaker.seat(&duty.by.falls_to),
        "start": duty.start,
        "due": duty.due.moment(),
        "done": duty.done,
        "late": duty.is_late(desk.now) || duty.was_late(),
    })
}

fn show(desk: &Desk, matches: &ArgMatches, lang: Lang) -> Result<Done, Failure> {
    let file = desk.case(matches)?;
    let duties = duties(&file.case, &desk.rules, desk.now);
    let speaker = desk.speaker(lang);
    if matches.get_flag("json") {
        let mut all = brief(desk, file, &duties, lang);
        all["duties"] = duties.iter().map(|duty| duty_json(desk, duty, lang)).collect();
        let event = |event: &baoxue_act::Event| json!({ "at": event.at, "by": event.by, "what": event.what });
        all["events"] = file.events.iter().map(event).collect();
        println!("{all}");
        return Ok(Done::Clean);
    }
    println!("{}", line(desk, file, &duties, lang));
    for (seat, office) in file.case.place.chain() {
        let who = office.map_or_else(
            || "—".to_owned(),
            |office| {
                let holder = baoxue_act::Holder { seat, office };
                format!("{} {}", speaker.seat(&holder), speaker.person(&holder, desk.now))
            },
        );
        println!("  {}  {who}", lang.pick(seat.zh(), seat.en()));
    }
    for duty in &duties {
        let state = duty.done.map_or_else(
            || due(duty, desk.now, lang),
            |done| {
                lang.pick(
                    format!("{} 已办", done.format("%Y-%m-%d")),
                    format!("done {}", done.format("%Y-%m-%d")),
                )
            },
        );
        println!(
            "  {} {}  {}  {state}",
            duty.id.step,
            speaker.duty(duty),
            speaker.seat(&duty.by.owed_by)
        );
    }
    for event in &file.events {
        let by = if event.by == PROGRAM { String::new() } else { format!("  {}", event.by) };
        println!("  {}{by}  {}", event.at.format("%Y-%m-%d %H:%M"), speaker.event(event));
    }
    Ok(Done::Clean)
}

async fn record(desk: &Desk, matches: &ArgMatches, lang: Lang) -> Result<Done, Failure> {
    let id = desk.case(matches)?.case.id;
    let by = args::text(matches, "by").unwrap_or_default().trim();
    if by.is_empty() || by == PROGRAM {
        return Err(Failure::usage("--by 应为登记人的姓名 (name a person)"));
    }
    let path = args::path(matches, "what").ok_or_else(|| Failure::usage("FILE"))?;
    let text = read(path)?;
    let what = serde_json::from_str(&text).map_err(|error| {
        Failure::usage(&format!(
            "{}：内容写法不对，见 docs/guide/cases.md ({error})",
            path.display()
        ))
    })?;
    let (store, now) = (&desk.session.store, desk.now);
    let done = cases::record(store, &desk.book, &desk.rules, (id, by, what), now).await;
    let done = match done {
        Ok(done) => done,
        Err(CaseError::Refused(refusal)) => {
            return Err(Failure::Refused(desk.speaker(lang).refusal(&refusal)));
        }
        Err(CaseError::Unknown(id)) => return Err(Failure::usage(&format!("k_{}", id.0))),
        Err(CaseError::Flow(error)) => return Err(error.into()),
    };
    store.settle().await.map_err(FlowError::from)?;
    say_done(done, lang);
    Ok(Done::Clean)
}

fn read(path: &Path) -> Result<String, Failure> {
    if path == Path::new("-") {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text).map_err(|e| FlowError::file(path, e))?;
        return Ok(text);
    }
    Ok(std::fs::read_to_string(path).map_err(|e| FlowError::file(path, e))?)
}

async fn pass(desk: &Desk, matches: &ArgMatches, lang: Lang) -> Result<Done, Failure> {
    let done = cases::pass(&desk.session.store, &desk.book, &desk.rules, desk.now).await?;
    desk.session.store.settle().await.map_err(FlowError::from)?;
    if matches.get_flag("json") {
        println!(
            "{}",
            json!({
                "now": desk.now, "climbed": done.n_climbed, "ended": done.n_ended, "opened": done.n_opened,
            })
        );
    } else {
        say_done(done, lang);
    }
    Ok(Done::Clean)
}

fn say_done(done: cases::Recorded, lang: Lang) {
    let cases::Recorded { n_climbed, n_ended, n_opened } = done;
    println!(
        "{}",
        lang.pick(
            format!("已登记。逾期上报 {n_climbed} 次，结束 {n_ended} 件，新立 {n_opened} 件。"),
            format!(
                "recorded; {n_climbed} steps climbed, {n_ended} cases ended, {n_opened} opened"
            ),
        )
    );
}
