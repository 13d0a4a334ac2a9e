//! `baoxue cases`: open cases, one case, what somebody did, and the clock.

use std::{io::Read, path::Path};

use baoxue_act::{CaseId, Duty, Moment, PROGRAM, Rules, duties, next};
use baoxue_flow::{
    FlowError,
    cases::{self, CaseBook, CaseClock, CaseError, CaseFile, Held, Speaker},
    findings::FindingBook,
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
    held: Option<Held>,
}

impl Desk {
    async fn open(matches: &ArgMatches) -> Result<Self, Failure> {
        let session = Session::open_existing(matches).await?;
        let book = CaseBook::load(&session.store).await?;
        let rules = cases::rules(&session.store, &session.county).await?;
        let clock = CaseClock::of(&session.store).await?;
        let (now, held) = (clock.moment(session.now, &book), clock.held(session.now, &book));
        Ok(Self { session, book, rules, now, held })
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
        .map(|file| (file, duties(&file.case, &desk.rules, file.moment(desk.now))))
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
    warn_clock(desk.held, lang);
    if n_late == 0 { Done::Clean } else { Done::NeedsPerson }
}

/// Says so when the clocks of cases are held, and what to do.
fn warn_clock(held: Option<Held>, lang: Lang) {
    if let Some(held) = held {
        eprintln!("{}", held_words(held, lang));
    }
}

/// That the clocks of cases are held, and what to do.
pub(super) fn held_words(held: Held, lang: Lang) -> String {
    let [at, shows] = [held.at, held.shows].map(|at| at.format("%Y-%m-%d %H:%M").to_string());
    lang.pick(
        format!("注意：案件计时停在 {at}，机器时间是 {shows}：机器时间曾经走快、期间有登记、后来被调回。请核对机器时间；在它追上之前期限不再推进，请人工盯住期限"),
        format!("note: the clocks of cases are held at {at} while the machine says {shows}: its clock had stood ahead, something was recorded then, and it was set back; check the clock, and watch terms by hand until it has caught up"),
    )
}

/// Says so when the holidays of this year or the next are not known: deadlines in working days may be off by a few days then.
fn warn_holidays(desk: &Desk, lang: Lang) {
    let year = desk.now.year();
    let missing = [year, year + 1].into_iter().filter(|year| !desk.rules.calendar.knows(*year));
    let missing: Vec<String> = missing.map(|year| year.to_string()).collect();
    if !missing.is_empty() {
        let years = missing.join(lang.pick("、", ", "));
        eprintln!("{}", lang.pick(
            format!("注意：没有 {years} 年的节假日安排，工作日按周一至周五计算。请在配置的 [[act.year]] 中填写。"),
            format!("note: the holidays of {years} are not known and working days are counted by weekdays; enter them as [[act.year]]"),
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
    let line = format!("k_{}  {}  {code}  {stage}  {step}", case.id.0, case.child);
    match file.unread {
        Some(of) => format!("{line}  {}", unread((case.id, of.no), lang)),
        None => line,
    }
}

/// That a case has a record which this program cannot read, and what to do.
pub(super) fn unread((case, no): (CaseId, u32), lang: Lang) -> String {
    lang.pick(
        format!("案件 k_{} 第 {no} 条记录无法读取，多半由更新版本的程序写入：请升级程序。在此之前本案按未销号计，不能登记", case.0),
        format!("record {no} of case k_{} cannot be read, most likely a newer version of the program wrote it: update the program; until then the case counts as open and takes nothing", case.0),
    )
}

/// The cases that have such a record.
pub(super) fn all_unread(book: &CaseBook, lang: Lang) -> Vec<String> {
    book.unread().map(|(case, of)| unread((case, of.no), lang)).collect()
}

/// What is said of each finding of an inspection with a record that cannot be read.
pub(super) fn unread_findings(book: &FindingBook, lang: Lang) -> Vec<String> {
    let words = |id: i64| {
        lang.pick(
            format!("督查问题 {id} 有一条记录无法读取，多半由更新版本的程序写入：请升级程序；在此之前它不在清单中"),
            format!("a record of finding {id} cannot be read, most likely a newer version of the program wrote it: update the program; until then it stands in no list"),
        )
    };
    book.unread().map(words).collect()
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
        "unreadable": file.unread.map(|unread| unread.no),
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
    let duties = duties(&file.case, &desk.rules, file.moment(desk.now));
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
        Err(CaseError::Unreadable(id, no)) => {
            return Err(Failure::Refused(unread((id, no), lang)));
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
                "held": desk.held.map(|held| held.at), "unreadable": all_unread(&desk.book, lang),
            })
        );
    } else {
        say_done(done, lang);
    }
    warn_clock(desk.held, lang);
    for words in all_unread(&desk.book, lang) {
        eprintln!("{words}");
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
