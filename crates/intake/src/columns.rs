//! Which column means what: from the words of the header, what the values look like, and answers given before.

mod doubles;

pub(crate) use self::doubles::ONE_EACH;

use baoxue_claim::Source;
use chrono::NaiveDate;

use crate::{
    Column, Field, Layout, Question, Recognised,
    grid::number,
    header::Header,
    synonyms::{self, Sure, bare},
    text::{fold, is_blank},
    values::{Look, Looks, Support},
};

/// How many samples a question shows.
const SAMPLES: usize = 5;

/// The columns of a sheet with their meanings.
#[derive(Clone, Debug, Default)]
pub(crate) struct Columns {
    /// Per column, from 0.
    pub(crate) all: Vec<Column>,
    /// Columns of each meaning, in order, by `Field as usize`.
    by_field: Vec<Vec<usize>>,
    /// The column with our own remarks in a file we sent back.
    helper: Option<usize>,
    /// The name column of a second child in the same row.
    second: Option<usize>,
}

impl Columns {
    fn new(all: Vec<Column>, helper: Option<usize>) -> Self {
        let mut by_field = vec![Vec::new(); Field::ALL.len()];
        for (at, column) in all.iter().enumerate() {
            if let Some(field) = column.field {
                by_field[field as usize].push(at);
            }
        }
        Self { all, by_field, helper, second: None }
    }

    /// The text of the first column of a meaning that is not blank in this row.
    pub(crate) fn cell<'r>(&self, cells: &'r [String], field: Field) -> Option<&'r str> {
        self.by_field
            .get(field as usize)?
            .iter()
            .find_map(|at| cells.get(*at).map(String::as_str).filter(|cell| !is_blank(cell)))
    }

    /// The header of the column that [`Columns::cell`] reads in this row, without decoration; empty when it reads none.
    pub(crate) fn header(&self, cells: &[String], field: Field) -> String {
        let filled = |at: &&usize| cells.get(**at).is_some_and(|cell| !is_blank(cell));
        let column = self.at(field).iter().find(filled).and_then(|at| self.all.get(*at));
        column.map_or_else(String::new, |column| bare(&column.header))
    }

    /// All columns of a meaning, from 0.
    pub(crate) fn at(&self, field: Field) -> &[usize] {
        self.by_field.get(field as usize).map_or(&[], Vec::as_slice)
    }

    /// Whether the sheet has a column of the meaning.
    pub(crate) fn has(&self, field: Field) -> bool {
        !self.at(field).is_empty()
    }

    /// The 1-based number of the first column of the meaning; 0 when there is none.
    pub(crate) fn number(&self, field: Field) -> u32 {
        self.at(field).first().map_or(0, |at| number(*at))
    }

    /// Whether the row names a second child beside the first, see [`doubles::second_child`].
    pub(crate) fn names_two(&self, cells: &[String]) -> bool {
        let second = self.second.and_then(|at| cells.get(at)).filter(|cell| !is_blank(cell));
        second.is_some_and(|name| self.cell(cells, Field::Name) != Some(name.as_str()))
    }

    pub(crate) fn field(&self, at: usize) -> Option<Field> {
        self.all.get(at).and_then(|column| column.field)
    }

    pub(crate) fn is_helper(&self, at: usize) -> bool {
        self.helper == Some(at)
    }

    /// Columns as a test wants them.
    #[cfg(test)]
    pub(crate) fn of_fields(fields: &[Option<Field>]) -> Self {
        let column = |(at, field): (usize, &Option<Field>)| Column {
            index: number(at),
            header: field.map_or("", Field::zh).to_owned(),
            field: *field,
            by: Recognised::Header,
        };
        Self::new(fields.iter().enumerate().map(column).collect(), None)
    }
}

/// A column on its way to a meaning.
struct Draft {
    label: String,
    field: Option<Field>,
    sure: Sure,
    by: Recognised,
}

/// The words of the header alone: what the source is told by.
pub(crate) fn by_header(header: &Header) -> Vec<Option<(Field, Sure)>> {
    header
        .cells
        .iter()
        .map(|(group, leaf)| match (group.as_str(), leaf.as_str()) {
            ("", "") => None,
            (group, "") => synonyms::meaning(group),
            ("", leaf) => synonyms::meaning(leaf),
            (group, leaf) => synonyms::meaning_in(group, leaf),
        })
        .collect()
}

/// What assigning meanings needs to know.
pub(crate) struct Evidence<'a> {
    pub(crate) header: &'a Header,
    pub(crate) source: Option<Source>,
    /// Looks of the values, per column of the header and beyond.
    pub(crate) looks: &'a [Looks],
    /// A few values per column.
    pub(crate) samples: &'a [Vec<String>],
    pub(crate) layout: Option<&'a Layout>,
    /// Who was born after this day is a child.
    pub(crate) child_from: NaiveDate,
}

/// Gives each column its meaning, and asks where it is not sure.
pub(crate) fn assign(evidence: &Evidence<'_>) -> (Columns, Vec<Question>) {
    let labels = evidence.header.labels();
    let mut drafts: Vec<Draft> = by_header(evidence.header)
        .into_iter()
        .zip(&labels)
        .map(|(meaning, label)| Draft {
            label: label.clone(),
            field: meaning.map(|(field, _)| field),
            sure: meaning.map_or(Sure::Loosely, |(_, sure)| sure),
            by: if meaning.is_some() { Recognised::Header } else { Recognised::Guess },
        })
        .collect();
    let helper =
        labels.iter().rposition(|label| label.contains("退回原因") && label.contains("保学"));
    if let Some(draft) = helper.and_then(|at| drafts.get_mut(at)) {
        draft.field = Some(Field::Unused);
    }
    if let Some(source) = evidence.source {
        adapt(&mut drafts, source);
    }
    let answered = answer(&mut drafts, evidence.layout);
    doubles::settle(&mut drafts, &answered, evidence);
    let second = doubles::second_child(&drafts, &answered, evidence);
    let mut questions = Vec::new();
    for (at, is_answered) in answered.iter().enumerate() {
        if !is_answered && helper != Some(at) {
            questions.extend(weigh(&mut drafts, at, evidence));
        }
    }
    questions.extend(ask_about_carriers(&drafts, evidence));
    for asked in ask_for_name(&drafts, evidence) {
        questions.retain(|question| question.column != asked.column);
        questions.push(asked);
    }
    let all = drafts
        .into_iter()
        .enumerate()
        .map(|(at, draft)| Column {
            index: number(at),
            header: draft.label,
            field: draft.field,
            by: draft.by,
        })
        .collect();
    (Columns { second, ..Columns::new(all, helper) }, questions)
}

/// The key of a column in the answers: its folded header, with its number among equals from the second on.
pub(crate) fn keys<'l>(labels: impl Iterator<Item = &'l str>) -> Vec<String> {
    let mut seen: Vec<String> = Vec::new();
    labels
        .map(|label| {
            let key = bare(label);
            let before = seen.iter().filter(|k| **k == key).count();
            seen.push(key.clone());
            if before == 0 { key } else { format!("{key}#{}", before + 1) }
        })
        .collect()
}

fn answer(drafts: &mut [Draft], layout: Option<&Layout>) -> Vec<bool> {
    let keys = keys(drafts.iter().map(|draft| draft.label.as_str()));
    drafts
        .iter_mut()
        .zip(keys)
        .map(|(draft, key)| {
            let Some(field) = layout.and_then(|layout| layout.columns.get(&key)) else {
                return false;
            };
            draft.field = *field;
            draft.by = Recognised::Answer;
            true
        })
        .collect()
}

/// The same word means different things in the lists of different offices.
fn adapt(drafts: &mut [Draft], source: Source) {
    let has = |drafts: &[Draft], field| drafts.iter().any(|draft| draft.field == Some(field));
    let changes: &[(Field, Field)] = match source {
        Source::Departure => &[
            (Field::Status, Field::Destination),
            (Field::Reason, Field::Kind),
            (Field::RegisterState, Field::Kind),
        ],
        Source::Inspection => {
            &[(Field::Approval, Field::Verdict), (Field::Verified, Field::Status)]
        }
        Source::Approval => &[(Field::Reason, Field::Diagnosis), (Field::Verdict, Field::Approval)],
        Source::StudentRegistry => &[(Field::Status, Field::StudentStatus)],
        Source::PovertyRegister => &[
            (Field::Status, Field::PovertySchoolStatus),
            (Field::InSchool, Field::PovertySchoolStatus),
        ],
        Source::PopulationRegister => {
            &[(Field::Kind, Field::RegisterState), (Field::ChangeKind, Field::RegisterState)]
        }
        Source::TownSurvey => &[
            (Field::StudentStatus, Field::Status),
            (Field::PovertySchoolStatus, Field::Status),
            (Field::Destination, Field::Status),
        ],
        Source::TownLedger => {
            &[(Field::StudentStatus, Field::Status), (Field::Destination, Field::Status)]
        }
        Source::SchoolReport | Source::RollCall => &[(Field::Date, Field::Date)],
        Source::HomeTeachingLog => &[
            (Field::Status, Field::Content),
            (Field::PeriodFrom, Field::TimeIn),
            (Field::PeriodTo, Field::TimeOut),
        ],
        Source::DisabilityRegister
        | Source::CivilAffairs
        | Source::TipOff
        | Source::Certificate
        | Source::AidPayment
        | Source::SchoolDirectory
        | Source::OfficialsDirectory => &[],
    };
    if source == Source::TipOff {
        // 内容 may be anything in other lists; here it is what was told.
        let told = drafts.iter_mut().filter(|draft| draft.field == Some(Field::Status));
        told.for_each(|draft| draft.sure = Sure::Composed);
    }
    for (from, to) in changes {
        if from == to || has(drafts, *to) {
            continue;
        }
        if let Some(draft) = drafts.iter_mut().find(|draft| draft.field == Some(*from)) {
            draft.field = Some(*to);
        }
    }
}

/// Holds the meaning against the values; changes it, and says so in a question, where they disagree.
fn weigh(drafts: &mut [Draft], at: usize, evidence: &Evidence<'_>) -> Option<Question> {
    let empty = Looks::default();
    let looks = evidence.looks.get(at).unwrap_or(&empty);
    if let Some(why) = doubles::why(drafts, at, evidence) {
        return Some(question(drafts, at, evidence, why));
    }
    match drafts[at].field {
        None => weigh_unknown(drafts, at, looks, evidence),
        Some(field) => match (drafts[at].sure, looks.speaks_for(field)) {
            (_, Support::Against) if is_core(field) => {
                let seen = looks.suggests().filter(|seen| !is_taken(drafts, *seen));
                drafts[at].field = seen;
                drafts[at].by = Recognised::Guess;
                Some(question(drafts, at, evidence, "表头与内容不符"))
            }
            (Sure::Ask, support) if is_core(field) => {
                let supported =
                    support == Support::For || looks.n == 0 || loosely_fits(field, looks);
                drafts[at].by = Recognised::Values;
                if !supported {
                    drafts[at].field = None;
                    drafts[at].by = Recognised::Guess;
                }
                Some(question(drafts, at, evidence, "表头用词不明确"))
            }
            (Sure::Loosely, Support::For) => {
                drafts[at].by = Recognised::Values;
                None
            }
            _ => None,
        },
    }
}

/// A column under a header that says nothing: the values may tell what it is, if no other column has that meaning.
fn weigh_unknown(
    drafts: &mut [Draft],
    at: usize,
    looks: &Looks,
    evidence: &Evidence<'_>,
) -> Option<Question> {
    let seen = looks.suggests().filter(|seen| !is_taken(drafts, *seen))?;
    let header = bare(&drafts[at].label);
    if matches!(seen, Field::Id | Field::Name) {
        drafts[at].field = Some(seen);
        return Some(question(drafts, at, evidence, "表头无法识别，按内容推断"));
    }
    if seen == Field::Birth {
        let days = [Field::Date, Field::AbsentFrom, Field::Period];
        let other = days.iter().any(|day| is_taken(drafts, *day));
        return (!other || header.contains('生'))
            .then(|| question(drafts, at, evidence, "表头无法识别，内容像日期"));
    }
    if seen == Field::Status {
        let wanted = matches!(evidence.source, Some(Source::TownSurvey | Source::TownLedger));
        return wanted.then(|| {
            drafts[at].field = Some(seen);
            question(drafts, at, evidence, "表头无法识别，内容像就读情况")
        });
    }
    // Sex and telephone: nothing hangs on them.
    drafts[at].field = Some(seen);
    drafts[at].by = Recognised::Values;
    None
}

fn loosely_fits(field: Field, looks: &Looks) -> bool {
    let enough = [
        (Field::Status, Look::Status, 0.3),
        (Field::Birth, Look::Day, 0.3),
        (Field::Name, Look::Name, 0.4),
        (Field::School, Look::School, 0.3),
    ];
    enough.iter().any(|(known, look, share)| *known == field && looks.share(*look) >= *share)
}

/// Facts on which a child's fate hangs.
fn is_core(field: Field) -> bool {
    matches!(
        field,
        Field::Name | Field::Id | Field::Birth | Field::Status | Field::Guardian | Field::School
    )
}

fn is_taken(drafts: &[Draft], field: Field) -> bool {
    drafts.iter().any(|draft| draft.field == Some(field))
}

fn question(drafts: &[Draft], at: usize, evidence: &Evidence<'_>, why: &str) -> Question {
    let header = drafts[at].label.clone();
    let mut candidates: Vec<Field> = drafts[at].field.into_iter().collect();
    let by_word = synonyms::meaning(&header).map(|(field, _)| field);
    let by_value = evidence.looks.get(at).and_then(Looks::suggests);
    candidates.extend(by_word.into_iter().chain(by_value));
    candidates.extend(match drafts[at].field.or(by_word).or(by_value) {
        Some(Field::Status) => vec![Field::School, Field::SchoolAndGrade, Field::Reason],
        Some(Field::Name) => vec![Field::Guardian, Field::Head],
        Some(Field::Birth) => vec![Field::Date],
        Some(Field::Id) => vec![Field::GuardianId, Field::StudentNumber, Field::DisabilityNumber],
        _ => Vec::new(),
    });
    candidates.push(Field::Unused);
    let mut seen = Vec::new();
    candidates.retain(|field| {
        let new = !seen.contains(field);
        seen.push(*field);
        new
    });
    Question {
        sheet: String::new(),
        column: number(at),
        header,
        samples: evidence.samples.get(at).cloned().unwrap_or_default(),
        candidates,
        assumed: drafts[at].field,
        why: why.to_owned(),
    }
}

/// Without an ID column the number of another document carries the ID; and a head of household beside a guardian may or
/// may not be a guardian. Both are for a person to confirm.
fn ask_about_carriers(drafts: &[Draft], evidence: &Evidence<'_>) -> Vec<Question> {
    let find =
        |field| drafts.iter().position(|d| d.field == Some(field) && d.by != Recognised::Answer);
    let mut questions = Vec::new();
    if !is_taken(drafts, Field::Id) {
        for field in [Field::DisabilityNumber, Field::StudentNumber] {
            if let Some(at) = find(field) {
                questions.push(question(
                    drafts,
                    at,
                    evidence,
                    "没有身份证号列，身份证号取自这一列的号码",
                ));
            }
        }
    }
    let register = evidence.source == Some(Source::PopulationRegister);
    let bare_head = find(Field::Head).filter(|at| fold(&drafts[*at].label) == "户主");
    if let (Some(at), true, false) = (bare_head, is_taken(drafts, Field::Guardian), register) {
        let mut asked =
            question(drafts, at, evidence, "户主与监护人并列：监护人以“监护人”列为准，户主另记");
        asked.candidates = vec![Field::Head, Field::Guardian, Field::Unused];
        questions.push(asked);
    }
    questions
}

/// Without a column of names every row goes back: which of the columns that hold names is it?
fn ask_for_name(drafts: &[Draft], evidence: &Evidence<'_>) -> Vec<Question> {
    let free_text = evidence.source.is_none_or(|source| {
        matches!(source, Source::TipOff | Source::SchoolDirectory | Source::OfficialsDirectory)
    });
    if free_text || is_taken(drafts, Field::Name) {
        return Vec::new();
    }
    let names = |at: usize| {
        let looks = evidence.looks.get(at).is_some_and(|looks| looks.share(Look::Name) >= 0.4);
        // A helper or an official has a name too.
        let free = matches!(drafts[at].field, None | Some(Field::Guardian));
        looks && free && drafts[at].by != Recognised::Answer && !drafts[at].label.is_empty()
    };
    let asked = (0..drafts.len()).filter(|at| names(*at)).map(|at| {
        let mut asked = question(drafts, at, evidence, "没有找到学生姓名列，这一列像是姓名");
        asked.candidates.retain(|field| *field != Field::Name);
        asked.candidates.insert(0, Field::Name);
        asked
    });
    asked.collect()
}

/// A few different values of each column.
pub(crate) fn samples<'g>(
    rows: impl Iterator<Item = &'g [String]>,
    width: usize,
) -> Vec<Vec<String>> {
    let mut samples: Vec<Vec<String>> = vec![Vec::new(); width];
    for row in rows {
        for (sample, cell) in samples.iter_mut().zip(row) {
            if sample.len() < SAMPLES && !is_blank(cell) && !sample.contains(cell) {
                sample.push(cell.clone());
            }
        }
    }
    samples
}
