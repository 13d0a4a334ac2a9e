//! Letters of responsibility in the demonstration: drawn up when their year begins, most of them signed in the days after, some
//! by one party only, some by nobody, so that every state can be seen.

use baoxue_act::{
    Moment, Rules,
    letter::{Layer, LetterEvent, LetterState, Party, Side, named_today},
};
use baoxue_claim::Private;
use baoxue_flow::{
    Roll,
    cases::CaseBook,
    child_page,
    letters::{
        Drawing, LetterBook, LetterDesk, LetterError, LetterLine, Recorder, Wanted, district,
        draw_up, put_scan, record_all,
    },
    papers::{Press, clean},
};
use chrono::Days;

use crate::{failure::Failure, session::Session};

/// Under whose name letters are drawn up and recorded; no such person exists.
const CLERK: &str = "演示责任书经办人";

/// So many letters of a layer are drawn up at most: a demonstration shows the situation and is soon there.
const MOST: usize = 100;

/// So many are printed together.
const SHEAF: usize = 20;

/// Days after which they are signed.
const SIGNED_AFTER: u64 = 3;

/// What the letters are played with.
pub(super) struct Letters<'a> {
    pub(super) session: &'a Session,
    pub(super) rules: &'a Rules,
    pub(super) roll: &'a Roll,
    pub(super) press: Option<&'a Press>,
    pub(super) cases: &'a CaseBook,
}

impl Letters<'_> {
    /// What is done on a day; gives how many things.
    pub(super) async fn day(&self, morning: Moment) -> Result<usize, Failure> {
        let settings = &self.session.county.letters;
        let begins = |days: u64| {
            let on = morning.date() - Days::new(days);
            settings.year_of(on) != settings.year_of(on - Days::new(1))
        };
        if begins(0) {
            self.draw(morning).await
        } else if begins(SIGNED_AFTER) {
            self.sign(morning).await
        } else {
            Ok(0)
        }
    }

    async fn draw(&self, morning: Moment) -> Result<usize, Failure> {
        // A machine without a Chinese font draws up none.
        let Some(press) = self.press else { return Ok(0) };
        let (store, county) = (&self.session.store, &self.session.county);
        let (district, _) = district(county, &self.rules.directory, self.roll);
        let book = LetterBook::load(store).await?;
        let desk = LetterDesk {
            book: &book,
            directory: &self.rules.directory,
            district: &district,
            settings: &county.letters,
            year: county.letters.year_of(morning.date()),
            today: morning.date(),
        };
        let lines = desk.lines(self.roll, self.cases);
        let mut wanted = Vec::new();
        for layer in Layer::ALL {
            let of_layer = lines.iter().filter(|line| line.demand.edge.layer == *layer);
            let free = of_layer.filter(|line| line.state == LetterState::NotDrawn);
            // One of nine is forgotten.
            let kept = free.enumerate().filter(|(n, _)| n % 9 != 8).map(|(_, line)| line);
            for line in kept.take(MOST) {
                wanted.push(self.wanted(line).await?);
            }
        }
        let n = wanted.len();
        let now = morning;
        for sheaf in wanted.chunks(SHEAF) {
            let drawing = Drawing { store, county, press, desk, now };
            match draw_up(drawing, sheaf.to_vec(), CLERK).await {
                // A name that no font of this machine can print has no letter.
                Ok(_) | Err(LetterError::Paper(_) | LetterError::Lacks(_)) => {}
                Err(error) => return Err(failure(error)),
            }
        }
        Ok(n)
    }

    async fn wanted(&self, line: &LetterLine<'_>) -> Result<Wanted, Failure> {
        let demand = line.demand.clone();
        let Party::Guardian(child) = demand.edge.taker else {
            return Ok(Wanted { demand, family: (None, None) });
        };
        let (store, county) = (&self.session.store, &self.session.county);
        let page = child_page(store, county, self.roll, child).await?;
        let name = |name: Option<&baoxue_claim::Name>| name.map(|n| Private::new(n.expose()));
        let profile = &page.profile;
        let family = (name(profile.name.as_ref()), name(profile.guardian.as_ref()));
        Ok(Wanted { demand, family })
    }

    /// Most sign, some on one side only; of most there is a scan, here the paper itself.
    async fn sign(&self, morning: Moment) -> Result<usize, Failure> {
        let store = &self.session.store;
        let mut book = LetterBook::load(store).await?;
        let recorder =
            Recorder { store, directory: &self.rules.directory, now: morning, by: CLERK };
        let on = morning.date() - Days::new(1);
        let mut signed = Vec::new();
        for letter in book.all().filter(|letter| letter.withdrawn.is_none()) {
            let sides: &[Side] = match letter.id % 10 {
                3 => &[],
                7 => &[Side::Giver],
                _ => &[Side::Giver, Side::Taker],
            };
            let edge = &letter.drawn.edge;
            let event = |side: &Side| {
                // Whom the directory names no more has no letter to sign.
                named_today(edge, *side, &self.rules.directory, on).ok()?;
                let name = letter.named(*side).cloned();
                let name = name.unwrap_or_else(|| Private::new("演示签字人"));
                Some(LetterEvent::Signed { side: *side, on, name })
            };
            let events: Option<Vec<LetterEvent>> = sides.iter().map(event).collect();
            signed.extend(events.filter(|events| !events.is_empty()).map(|e| (letter, e)));
        }
        let n = signed.len();
        record_all(recorder, signed).await.map_err(failure)?;
        book.refresh(store).await?;
        let both = book.all().filter(|letter| letter.signed_on().is_some());
        for letter in both.filter(|letter| letter.id % 4 != 1) {
            let Some(pdf) = store.letter_pdf(letter.id).await? else { continue };
            let Ok(upload) = clean(&pdf) else { continue };
            put_scan(recorder, letter, upload).await.map_err(failure)?;
        }
        Ok(n)
    }
}

fn failure(error: LetterError) -> Failure {
    match error {
        LetterError::Flow(error) => error.into(),
        // What facts do not let happen is a fault of the play.
        LetterError::Refused(_)
        | LetterError::Lacks(_)
        | LetterError::Paper(_)
        | LetterError::File(_) => anyhow::Error::from(error).into(),
    }
}
