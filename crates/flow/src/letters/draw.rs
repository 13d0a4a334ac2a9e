//! Drawing letters up: names from the directory, a number of the giving party's, the form, frozen.

use std::collections::BTreeMap;

use baoxue_act::{
    Holder, Moment, Office,
    letter::{Demand, DrawnUp, LetterEvent, LetterRefusal, LetterState, Party, Side, named_today},
};
use baoxue_claim::Private;
use baoxue_paper::{Form, PaperError, Press, Sheet, Value};
use baoxue_store::{NewLetter, NewStreamEvent, Series, Store, StoreError};
use chrono::Datelike;
use sm3::{Digest, Sm3};

use super::{LetterDesk, LetterError};
use crate::{
    County,
    cases::CaseClock,
    hex::hex,
    papers::{FileError, Issuer, new_code},
};

/// How often letters are printed anew because others took their numbers meanwhile.
const TRIES: usize = 5;

/// What drawing up needs.
#[derive(Clone, Copy, Debug)]
pub struct Drawing<'a> {
    /// The store.
    pub store: &'a Store,
    /// The county.
    pub county: &'a County,
    /// The press.
    pub press: &'a Press,
    /// The letters of the year.
    pub desk: LetterDesk<'a>,
    /// The moment of cases.
    pub now: Moment,
}

/// A letter that somebody wants.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// Between whom.
    pub demand: Demand,
    /// Of letters with families: the child and its guardian, as far as they are known.
    pub family: (Option<Private>, Option<Private>),
}

/// A letter with all that is printed on it but its number.
struct Ready {
    wanted: Wanted,
    round: u32,
    names: [Option<Private>; 2],
    series: Series,
    unit: String,
    /// Its number in the series; 0 until it has one.
    number: u32,
    sheet: Sheet,
}

/// Draws letters up, all or none. Gives their numbers among all letters, in the order of what is wanted.
///
/// # Errors
/// [`LetterRefusal::Vacant`] when a seat is empty, [`LetterRefusal::Again`] when a letter is there already that is signed or
/// waits to be; [`LetterError::Paper`] when one cannot be printed; [`StoreError::Moved`] when somebody else drew one up meanwhile.
pub async fn draw_up(
    of: Drawing<'_>,
    wanted: Vec<Wanted>,
    by: &str,
) -> Result<Vec<i64>, LetterError> {
    let mut ready = wanted
        .into_iter()
        .map(|wanted| of.ready(wanted, by))
        .collect::<Result<Vec<Ready>, LetterError>>()?;
    for tried in 1..=TRIES {
        of.number(&mut ready).await?;
        let new = of.printed(&ready, by).await?;
        match of.store.draw_up_letters(&new).await {
            Ok(ids) => return Ok(ids),
            Err(StoreError::NumberTaken) if tried < TRIES => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(StoreError::NumberTaken.into())
}

impl Drawing<'_> {
    fn ready(&self, wanted: Wanted, by: &str) -> Result<Ready, LetterError> {
        let edge = &wanted.demand.edge;
        let line = self.desk.line(wanted.demand.clone());
        match line.state {
            LetterState::Vacant => return Err(LetterError::Refused(LetterRefusal::Vacant)),
            LetterState::NotDrawn | LetterState::Changed => {}
            LetterState::Drawn
            | LetterState::OneSigned
            | LetterState::NoScan
            | LetterState::Signed => return Err(LetterError::Refused(LetterRefusal::Again)),
        }
        let today = self.now.date();
        let named = |side| {
            named_today(edge, side, self.desk.directory, today).map_err(LetterError::Refused)
        };
        let both = [named(Side::Giver)?, named(Side::Taker)?.or(wanted.family.1.clone())];
        let issuer = Issuer::of(&edge.giver, self.county);
        let series = Series { issuer: issuer.series, year: today.year() };
        let mut sheet = self.sheet(&wanted, &both, by);
        sheet.check_code = new_code().map_err(|_| FileError::Random)?;
        sheet.check = self.county.papers.check_address(&sheet.check_code);
        let spec = self.press.forms().spec(Form::ResponsibilityLetter);
        let lacks: Vec<String> =
            spec.lacks(&sheet).into_iter().map(|field| field.zh.clone()).collect();
        if !lacks.is_empty() {
            return Err(LetterError::Lacks(lacks));
        }
        let round = self.desk.book.between(self.desk.year, edge).count();
        let round = u32::try_from(round).unwrap_or(u32::MAX);
        Ok(Ready { round, names: both, series, unit: issuer.unit, number: 0, sheet, wanted })
    }

    fn sheet(&self, wanted: &Wanted, names: &[Option<Private>; 2], by: &str) -> Sheet {
        let (edge, settings) = (&wanted.demand.edge, self.desk.settings);
        let [giver, taker] = names;
        let mut fields = BTreeMap::from([
            ("layer".to_owned(), Value::Text(edge.layer.word().to_owned())),
            ("giver".to_owned(), Value::Text(signs(&edge.giver, giver.as_ref(), self.county))),
            ("year".to_owned(), Value::Text(self.desk.year.zh())),
            ("targets".to_owned(), Value::Lines(settings.targets_of(edge.layer).to_vec())),
        ]);
        let taker = match &edge.taker {
            Party::Seat(holder) => signs(holder, taker.as_ref(), self.county),
            Party::Guardian(_) => guardian(wanted.family.0.as_ref(), taker.as_ref()),
        };
        fields.insert("taker".to_owned(), Value::Text(taker));
        if !edge.layer.is_of_families() {
            for (name, lines) in
                [("reporting", &settings.reporting), ("rewards", &settings.rewards)]
            {
                if !lines.is_empty() {
                    fields.insert(name.to_owned(), Value::Lines(lines.clone()));
                }
            }
        }
        Sheet {
            issuer: party_name(&edge.giver.office, self.county),
            date: Some(self.now.date()),
            printed_by: by.to_owned(),
            printed_at: Some(self.now),
            fields,
            ..Sheet::default()
        }
    }

    /// Gives each the next number of its series.
    async fn number(&self, ready: &mut [Ready]) -> Result<(), LetterError> {
        let mut next: BTreeMap<(String, i32), u32> = BTreeMap::new();
        for letter in ready {
            let key = (letter.series.issuer.clone(), letter.series.year);
            let n = match next.get(&key) {
                Some(n) => *n,
                None => self.store.next_letter_number(&letter.series).await?,
            };
            next.insert(key, n + 1);
            let pattern = &self.desk.settings.number;
            let words = pattern.replace("{unit}", &letter.unit);
            let words = words.replace("{year}", &letter.series.year.to_string());
            letter.sheet.number = words.replace("{n}", &n.to_string());
            letter.number = n;
        }
        Ok(())
    }

    /// Prints all of them, each as a paper of its own.
    async fn printed(&self, ready: &[Ready], by: &str) -> Result<Vec<NewLetter>, LetterError> {
        let press = self.press.clone();
        let sheets: Vec<Sheet> = ready.iter().map(|letter| letter.sheet.clone()).collect();
        let print = move || {
            let one = |sheet| press.print(Form::ResponsibilityLetter, sheet);
            sheets.iter().map(|sheet| Ok(one(sheet)?.pdf)).collect::<Result<Vec<_>, PaperError>>()
        };
        let printed = tokio::task::spawn_blocking(print).await;
        let printed = printed.map_err(|error| PaperError::Typesetter(error.to_string()))??;
        let new = ready.iter().zip(printed).map(|(letter, pdf)| self.frozen(letter, pdf, by));
        new.collect()
    }

    fn frozen(&self, ready: &Ready, pdf: Vec<u8>, by: &str) -> Result<NewLetter, LetterError> {
        let hash: [u8; 32] = Sm3::digest(&pdf).into();
        let Demand { edge, place } = ready.wanted.demand.clone();
        let [giver, taker] = ready.names.clone();
        let between = serde_json::to_string(&(self.desk.year, &edge))?;
        let drawn = DrawnUp {
            edge,
            place,
            year: self.desk.year,
            number: ready.sheet.number.clone(),
            on: self.now.date(),
            hash: hex(&hash),
            giver,
            taker,
            code: ready.sheet.check_code.clone(),
        };
        let body = serde_json::to_string(&LetterEvent::DrawnUp(Box::new(drawn)))?;
        let at = CaseClock::stored(self.now);
        Ok(NewLetter {
            edge: between,
            round: ready.round,
            series: ready.series.clone(),
            number: ready.number,
            hash,
            pdf,
            event: NewStreamEvent { at, by: by.to_owned(), body },
        })
    }
}

/// An office as a letter names it: with its town, or its school.
pub fn party_name(office: &Office, county: &County) -> String {
    match office {
        Office::Village(town, village) => {
            let town = county.towns.get(*town).map(|town| town.name.as_str());
            format!("{}{village}", town.unwrap_or_default())
        }
        Office::Class(school, class) => format!("{school}{class}"),
        Office::County
        | Office::Bureau
        | Office::Town(_)
        | Office::School(_)
        | Office::Department(_)
        | Office::Inspectorate
        | Office::Police => {
            // Of these the office alone decides how it signs.
            let holder =
                Holder { seat: baoxue_determine::Seat::CountyHead, office: office.clone() };
            Issuer::of(&holder, county).name
        }
    }
}

/// A party with its seat and whoever sits there; without a name the line is filled in by hand.
fn signs(holder: &Holder, name: Option<&Private>, county: &County) -> String {
    let office = party_name(&holder.office, county);
    let name = name.map(Private::expose).unwrap_or_default();
    format!("{office}（{}：{name}）", holder.seat.zh()).replace("：）", "）")
}

fn guardian(child: Option<&Private>, name: Option<&Private>) -> String {
    let child = child.map_or("学生", Private::expose);
    match name {
        Some(name) => format!("{}（{child}的监护人）", name.expose()),
        None => format!("{child}的监护人"),
    }
}
