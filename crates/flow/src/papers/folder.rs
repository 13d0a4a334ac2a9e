//! The folder of a child (一生一袋) as one document: what the program knows, the papers as they were frozen, and the files that
//! were put in.

use std::collections::BTreeMap;

use baoxue_act::{
    Attachment, Beside, Case, Event, Held, Item, Noted, PaperKind, PaperState, What, items,
    letter::Party,
};
use baoxue_claim::{Private, names_sealed};
use baoxue_determine::aid::{AidCase, Standing, Title};
use baoxue_paper::{Dossier, Enclosed, Item as Sheet, Sheet as Cover, Value};
use baoxue_store::Store;
use chrono::NaiveDate;
use sm3::{Digest, Sm3};

use super::{Issuer, Subject, holds_number, records::aid_rows, without_numbers};
use crate::{
    FlowError,
    hex::hex,
    letters::{LetterLine, party_name},
    teaching::{TeachingLog, held_teaching},
};

/// Whether whoever gets a folder may see numbers of identity whole (T-23).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Numbers {
    /// Papers are bound as they are.
    Whole,
    /// A paper that has a whole number on it is named and not bound: what was frozen cannot be covered.
    Covered,
}

/// Whether a folder has what is bound with whole numbers only: papers on which one stands, and copies of identity cards.
pub fn is_sealed(case: &Case) -> bool {
    let mut papers = case.papers.iter().filter(|paper| paper.stands());
    papers.any(|paper| has_number(case, paper)) || case.attached.iter().any(is_identity)
}

fn has_number(case: &Case, paper: &PaperState) -> bool {
    // What stands on it is what was drafted; of one whose draft is lost nothing is known.
    let draft = case.draft(paper.issued.what.paper);
    draft.is_none_or(|draft| holds_number(&draft.what.fields))
}

fn is_identity(file: &Noted<Attachment>) -> bool {
    file.what.item == Item::Identity
}

/// All of the folder of a case's child. What events say stands in it with numbers covered, as on the page of the case.
///
/// # Errors
/// [`FlowError`] when a paper or file cannot be read.
pub async fn folder(
    store: &Store,
    subject: &Subject<'_>,
    (events, besides): (&[Event], Besides<'_>),
    numbers: Numbers,
    by: &str,
) -> Result<Dossier, FlowError> {
    let case = subject.case;
    let mut sheets = subject.known_sheets(events);
    sheets.extend(teaching_sheets(besides.teaching));
    sheets.extend(aid_sheet(besides.aid, subject.county.settings.as_of));
    sheets.extend(letter_sheets(store, subject, besides.letters).await?);
    for paper in case.papers.iter().filter(|paper| paper.stands()) {
        let issued = &paper.issued.what;
        if numbers == Numbers::Covered && has_number(case, paper) {
            let title = format!("{}（{}）", issued.kind.zh(), issued.number);
            sheets.push(kept_back(item_of(issued.kind), (&title, &issued.hash), issued.on));
        } else if let Some(pdf) = store.paper_pdf(case.id.0, issued.paper).await? {
            sheets.push(Sheet {
                part: part(item_of(issued.kind)),
                title: format!("{}（{}）", issued.kind.zh(), issued.number),
                date: Some(issued.on),
                hash: issued.hash.clone(),
                enclosed: Enclosed::Pdf(pdf),
            });
        }
        // What shows that it was served stands right behind it; of a paper with a number it is often the same sheet, signed.
        for file in case.attached.iter().filter(|file| shows(paper, file)) {
            if numbers == Numbers::Covered && has_number(case, paper) {
                sheets.push(file_kept_back(file));
            } else {
                sheets.extend(file_sheet(store, file).await?);
            }
        }
    }
    let behind = |file: &Noted<Attachment>| {
        case.papers.iter().any(|paper| paper.stands() && shows(paper, file))
    };
    for file in case.attached.iter().filter(|file| !behind(file)) {
        if numbers == Numbers::Covered && is_identity(file) {
            sheets.push(file_kept_back(file));
        } else {
            sheets.extend(file_sheet(store, file).await?);
        }
    }
    let not_due = items(case, besides.held()).into_iter().filter(|(_, held)| *held == Held::NotDue);
    let not_needed = not_due.map(|(item, _)| (part(item), "暂无此项".to_owned())).collect();
    Ok(Dossier { sheet: subject.cover(besides.aid, by), items: sheets, not_needed })
}

/// The part of the folder to which a paper belongs, and what shows that it was served.
pub(super) const fn item_of(kind: PaperKind) -> Item {
    match kind {
        PaperKind::EntryNotice => Item::EntryNotice,
        PaperKind::ReturnNotice | PaperKind::CorrectionOrder | PaperKind::Penalty => Item::Notices,
        PaperKind::SchoolReport | PaperKind::Inquiry => Item::Replies,
    }
}

/// What stands in the place of a sheet that has whole numbers on it.
fn kept_back(item: Item, (title, hash): (&str, &str), date: NaiveDate) -> Sheet {
    Sheet {
        part: part(item),
        title: title.to_owned(),
        date: Some(date),
        hash: hash.to_owned(),
        enclosed: Enclosed::Elsewhere(
            "系统内存档。上有完整身份证号，本份未装订；由有权查看完整证件号的人员打印整袋"
                .to_owned(),
        ),
    }
}

fn file_kept_back(file: &Noted<Attachment>) -> Sheet {
    let of = (file.what.words.as_str(), file.what.hash.as_str());
    kept_back(file.what.item, of, file.at.date())
}

/// Whether a whole number may stand on a file: copies of identity cards, and what shows that a paper with a number was served.
pub fn is_sealed_file(case: &Case, key: &str) -> bool {
    let mut papers = case.papers.iter();
    let mut files = case.attached.iter().filter(|file| file.what.key == key);
    files.any(|file| {
        is_identity(file) || papers.any(|paper| shows(paper, file) && has_number(case, paper))
    })
}

/// Whether the service of a paper names the file.
fn shows(paper: &PaperState, file: &Noted<Attachment>) -> bool {
    let named = paper.served.as_ref().and_then(|served| served.what.file.as_ref());
    named == Some(&file.what.key)
}

/// A file of the case; `None` when the store has none of its name.
async fn file_sheet(store: &Store, file: &Noted<Attachment>) -> Result<Option<Sheet>, FlowError> {
    let Some(stored) = store.case_file(&file.what.key).await? else { return Ok(None) };
    let enclosed = if stored.media == "application/pdf" {
        Enclosed::Pdf(stored.bytes)
    } else {
        Enclosed::Picture(stored.bytes)
    };
    Ok(Some(Sheet {
        part: part(file.what.item),
        title: file.what.words.clone(),
        date: Some(file.at.date()),
        hash: file.what.hash.clone(),
        enclosed,
    }))
}

/// What the folder has that is no event of the case.
#[derive(Clone, Copy, Debug)]
pub struct Besides<'a> {
    /// The letters of the child's chain.
    pub letters: &'a [LetterLine<'a>],
    /// Its log of home teaching.
    pub teaching: Option<&'a TeachingLog>,
    /// Its aid of the term.
    pub aid: &'a [AidCase],
}

impl Besides<'_> {
    /// Which of it is there.
    pub fn held(&self) -> Beside {
        Beside {
            letters: held_letters(self.letters),
            teaching: held_teaching(self.teaching),
            aid: held_aid(self.aid),
        }
    }
}

/// Whether whoever is entitled has received: a list that has not come is nobody's gap yet.
fn held_aid(aid: &[AidCase]) -> Held {
    let due = |case: &&AidCase| case.title == Title::Entitled && case.standing != Standing::NoList;
    let mut entitled = aid.iter().filter(due).peekable();
    if entitled.peek().is_none() {
        Held::NotDue
    } else if entitled.all(|case| !case.payments.is_empty()) {
        Held::Present
    } else {
        Held::Missing
    }
}

/// The aid of the term, once all of it was received.
fn aid_sheet(aid: &[AidCase], as_of: NaiveDate) -> Option<Sheet> {
    if held_aid(aid) != Held::Present {
        return None;
    }
    let rows = aid_rows(aid).into_iter();
    let lines = rows.map(|[policy, due, received]| format!("{policy}：{due}，已享 {received}"));
    Some(text(Item::Aid, "资助发放情况（依发放名单）", Some(as_of), lines.collect()))
}

/// The plan of the school year and the visits of a child taught at home. Without a plan that is whole the part is missing: the
/// checklist would show it as there otherwise.
fn teaching_sheets(teaching: Option<&TeachingLog>) -> Vec<Sheet> {
    let Some(log) = teaching.filter(|log| held_teaching(Some(log)) == Held::Present) else {
        return Vec::new();
    };
    let shown = |text: Option<&Private>| {
        text.map(Private::expose).filter(|text| !names_sealed(text)).unwrap_or("—").to_owned()
    };
    let day = |day: Option<NaiveDate>| day.map_or_else(|| "—".to_owned(), |day| day.to_string());
    let mut sheets = Vec::new();
    if let Some(plan) = log.plan() {
        let said = &plan.plan;
        let mut lines = vec![
            format!("起始日期：{}", plan.on),
            format!("送教教师：{}", shown(said.teachers.as_ref())),
            format!("每月送教次数：{}", said.per_month.unwrap_or_default()),
            format!("目标和内容：{}", shown(said.contents.as_ref())),
            format!("评估鉴定日期：{}", day(said.assessed)),
            format!("监护人同意日期：{}", day(said.consented)),
        ];
        lines.extend(log.evaluations().map(|evaluation| {
            format!("学期评估（{}）：{}", evaluation.on, shown(evaluation.plan.evaluated.as_ref()))
        }));
        sheets.push(text(Item::HomeTeaching, "送教计划", Some(plan.on), lines));
    }
    let visits = log.visits.iter().rev().map(|visit| {
        let times = match (visit.visit.from, visit.visit.to) {
            (Some(from), Some(to)) => format!(" {}-{}", from.format("%H:%M"), to.format("%H:%M")),
            _ => String::new(),
        };
        let (who, what) =
            (shown(visit.visit.teachers.as_ref()), shown(visit.visit.contents.as_ref()));
        format!("{}{times}：{who}，{what}", visit.on)
    });
    let last = log.visits.first().map(|visit| visit.on);
    sheets.push(text(Item::HomeTeaching, "送教记录", last, visits.collect()));
    sheets
}

/// Whether the letters on a child's chain are signed: what the folder says of its part.
fn held_letters(letters: &[LetterLine<'_>]) -> Held {
    if letters.is_empty() {
        Held::NotDue
    } else if letters.iter().all(|line| line.state.is_signed()) {
        Held::Present
    } else {
        Held::Missing
    }
}

/// The letters of the chain as a list, once all are signed, and those of the family as they were scanned or frozen. While one is
/// missing the part is: the checklist would show it as there otherwise.
async fn letter_sheets(
    store: &Store,
    subject: &Subject<'_>,
    letters: &[LetterLine<'_>],
) -> Result<Vec<Sheet>, FlowError> {
    if held_letters(letters) != Held::Present {
        return Ok(Vec::new());
    }
    let lines = letters.iter().filter_map(|line| {
        let (letter, edge) = (line.letter?, &line.demand.edge);
        let on = letter.signed_on()?.format("%Y-%m-%d");
        let giver = party_name(&edge.giver.office, subject.county);
        let taker = match &edge.taker {
            Party::Seat(holder) => party_name(&holder.office, subject.county),
            Party::Guardian(_) => "监护人".to_owned(),
        };
        let number = &letter.drawn.number;
        Some(format!("{}：{giver}与{taker}，{number}，{on}签订", edge.layer.zh()))
    });
    let mut sheets = vec![text(Item::Responsibility, "责任书签订情况", None, lines.collect())];
    let families = letters.iter().filter(|line| line.demand.edge.layer.is_of_families());
    for letter in families.filter_map(|line| line.letter) {
        let title = format!("{}（{}）", letter.drawn.edge.layer.zh(), letter.drawn.number);
        let item = |hash: &str, enclosed| Sheet {
            part: part(Item::Responsibility),
            title: title.clone(),
            date: letter.signed_on(),
            hash: hash.to_owned(),
            enclosed,
        };
        if letter.scans.is_empty() {
            let pdf = store.letter_pdf(letter.id).await?;
            sheets.extend(pdf.map(|pdf| item(&letter.drawn.hash, Enclosed::Pdf(pdf))));
        }
        for scan in &letter.scans {
            let Some(stored) = store.letter_scan(&scan.key).await? else { continue };
            let enclosed = if stored.media == "application/pdf" {
                Enclosed::Pdf(stored.bytes)
            } else {
                Enclosed::Picture(stored.bytes)
            };
            sheets.push(item(&scan.hash, enclosed));
        }
    }
    Ok(sheets)
}

/// The number of a part on the checklist, from 1.
fn part(item: Item) -> u8 {
    let at = Item::ALL.iter().position(|known| *known == item).unwrap_or_default();
    u8::try_from(at + 1).unwrap_or(u8::MAX)
}

fn text(item: Item, title: &str, date: Option<NaiveDate>, lines: Vec<String>) -> Sheet {
    let lines: Vec<String> = lines.into_iter().map(|line| without_numbers(&line)).collect();
    let hash = hex(&Sm3::digest(lines.join("\n").as_bytes()));
    Sheet { part: part(item), title: title.to_owned(), date, hash, enclosed: Enclosed::Text(lines) }
}

/// The part to which an event belongs, when it stands in the folder as words.
fn part_of(what: &What) -> Option<Item> {
    Some(match what {
        What::Visited(_) | What::CauseFound { .. } | What::Reconsidered(_) => Item::Visits,
        What::Reported { .. } => Item::Absence,
        What::Served(_) | What::Voided { .. } | What::LegalStep { .. } => Item::Notices,
        What::OnLeave { .. } | What::Objected { .. } | What::ObjectionAnswered { .. } => {
            Item::Circumstance
        }
        What::Asked(_)
        | What::Answered { .. }
        | What::RequestWithdrawn { .. }
        | What::Instructed { .. }
        | What::CarriedOut { .. } => Item::Replies,
        What::Returned(_) | What::Attended { .. } | What::Checked { .. } => Item::Return,
        What::Determined { .. } | What::ClosingProposed | What::Closed | What::Ended { .. } => {
            Item::Closing
        }
        What::Opened(_)
        | What::Judged(_)
        | What::Moved { .. }
        | What::Identified { .. }
        | What::OwnerNamed { .. }
        | What::HelperNamed { .. }
        | What::Drafted(_)
        | What::Issued(_)
        | What::Planned(_)
        | What::PlanReviewed(_)
        | What::Attached(_)
        | What::TippedOff
        | What::Missed { .. }
        | What::Inspected(_)
        | What::TransferAsked { .. }
        | What::TransferAnswered { .. }
        | What::Climbed(_)
        | What::Noted { .. }
        | What::Corrected { .. } => return None,
    })
}

impl Subject<'_> {
    /// What the case tells, part by part, and the basic form.
    fn known_sheets(&self, events: &[Event]) -> Vec<Sheet> {
        let mut told: BTreeMap<Item, Vec<&Event>> = BTreeMap::new();
        for event in events {
            if let Some(item) = part_of(&event.what) {
                told.entry(item).or_default().push(event);
            }
        }
        let mut sheets = vec![text(Item::Identity, "基本信息", None, self.basics())];
        sheets.extend(told.into_iter().map(|(item, events)| {
            let last = events.last().map(|event| event.at.date());
            let lines = events.iter().map(|event| {
                format!(
                    "{} {}（{}）",
                    event.at.format("%Y-%m-%d"),
                    self.speaker.event(event),
                    event.by
                )
            });
            text(item, item.zh(), last, lines.collect())
        }));
        sheets.extend(self.case.plan().into_iter().map(|plan| {
            let measures = plan.what.measures.iter().map(|measure| {
                let kind = measure.kind.zh();
                format!("{kind}：{}（{}，{}前）", measure.what, measure.who, measure.by)
            });
            let first = format!("原因分析：{}", plan.what.analysis);
            let last = format!("复核日期：{}", plan.what.review);
            let lines = std::iter::once(first).chain(measures).chain([last]).collect();
            text(Item::Plan, "一人一案", Some(plan.at.date()), lines)
        }));
        sheets
    }

    fn basics(&self) -> Vec<String> {
        let known = self.known(PaperKind::ReturnNotice);
        let labels = [
            ("child", "姓名"),
            ("sex", "性别"),
            ("birth", "出生日期"),
            ("address", "住址"),
            ("guardian", "监护人"),
            ("school", "学校"),
            ("grade_class", "年级班级"),
        ];
        let lines = labels.iter().filter_map(|(field, label)| {
            known.get(*field).map(|value| format!("{label}：{value}"))
        });
        lines.chain([format!("案号：k_{}（第{}次）", self.case.id.0, self.case.episode)]).collect()
    }

    fn cover(&self, aid: &[AidCase], by: &str) -> Cover {
        let mut fields = BTreeMap::new();
        for (name, value) in self.known(PaperKind::ReturnNotice) {
            if ["child", "sex", "birth", "school", "grade_class", "guardian", "address"]
                .contains(&name.as_str())
            {
                let value =
                    value.parse::<NaiveDate>().map_or_else(|_| value.clone().into(), Value::Date);
                fields.insert(name, value);
            }
        }
        let place = &self.case.place;
        let town = place.town.and_then(|code| self.county.towns.get(code));
        let known = [
            ("town", town.map(|town| town.name.clone())),
            ("village", place.village.clone()),
            ("keeper", self.case.owner.as_ref().map(|owner| owner.what.clone())),
            ("ethnic", self.profile.ethnicity.clone()),
        ];
        let known = known.into_iter().filter_map(|(name, value)| Some((name, value?)));
        fields.extend(known.map(|(name, value)| (name.to_owned(), value.into())));
        fields.insert("opened".to_owned(), self.case.opened.date().into());
        let rows = aid_rows(aid).into_iter().map(|cells| {
            let names = ["policy", "due", "received"].map(str::to_owned);
            names.into_iter().zip(cells).collect()
        });
        fields.insert("aid".to_owned(), Value::Rows(rows.collect()));
        let holder = place.holder(baoxue_determine::Seat::TownHead);
        Cover {
            issuer: Issuer::of(&holder, self.county).name,
            date: Some(self.now.date()),
            case: format!("k_{}", self.case.id.0),
            printed_by: by.to_owned(),
            printed_at: Some(self.now),
            as_of: Some(self.county.settings.as_of),
            fields,
            ..Cover::default()
        }
    }
}
