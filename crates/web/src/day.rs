//! The day of a county that goes with the calendar: leave ends, terms run out and children come of age without a new file,
//! so each day is judged by itself.

use std::{sync::Arc, time::Duration};

use baoxue_flow::FlowError;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use crate::{app::App, display::china, jobs::Failure};

/// How often it is asked what day it is.
const LOOK_EVERY: Duration = Duration::from_mins(5);
/// A day that could not be judged is tried again after so long: imports wait while it is.
const AGAIN_AFTER: TimeDelta = TimeDelta::hours(1);
/// Of several servers on one database one judges the day; one that was killed holds it up for no longer.
const LEASE: TimeDelta = TimeDelta::minutes(30);
/// The name of the lease.
const JUDGING: &str = "day";
/// No account has this number: nobody started the work.
const NOBODY: i64 = 0;

/// Which day the county stands at.
enum Stands {
    /// At today, or at a day that the configuration names.
    Today,
    /// A run for today is there, or there is none at all: only the county's own day is of before.
    Judged,
    /// The newest run is of a day before.
    Before,
}

impl App {
    /// Begins each day as it comes. Never ends.
    pub(crate) async fn watch_days(self) {
        let mut tried: Option<(NaiveDate, DateTime<Utc>)> = None;
        loop {
            let now = self.now();
            let today = now.with_timezone(&china()).date_naive();
            let soon = tried.is_some_and(|(day, at)| day == today && now - at < AGAIN_AFTER);
            match self.stands(today) {
                Stands::Today => {}
                Stands::Judged => self.set_day(today),
                Stands::Before if soon => {}
                Stands::Before => {
                    tried = Some((today, now));
                    self.begin_day(today);
                }
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    fn stands(&self, today: NaiveDate) -> Stands {
        let county = self.county();
        if !county.goes_on {
            return Stands::Today;
        }
        if self.roll().run.as_ref().is_some_and(|run| run.as_of < today) {
            return Stands::Before;
        }
        if county.settings.as_of == today { Stands::Today } else { Stands::Judged }
    }

    /// Today is the day of the county from now on.
    fn set_day(&self, today: NaiveDate) {
        match self.county().on(today) {
            Ok(county) => self.set_county(Arc::new(county)),
            Err(error) => tracing::error!(%error, "the county has no settings for today"),
        }
    }

    /// Judges the county for today. Pages go on with the day before until that is done, and say which day it is.
    fn begin_day(&self, today: NaiveDate) {
        let app = self.clone();
        self.intray().jobs.start("day", (NOBODY, ""), move |teller| async move {
            let county = app.county().on(today).map_err(|error| Failure::broken(&error))?;
            let store = app.store();
            let holder = format!("{} {:?}", std::process::id(), app.now());
            if !store
                .take_lease((JUDGING, &holder), app.now(), LEASE)
                .await
                .map_err(FlowError::from)?
            {
                return Ok("/imports".to_owned());
            }
            // Another server on the same database may have been first.
            let newest = store.latest_run().await.map_err(FlowError::from)?;
            if newest.is_some_and(|run| run.as_of < today) {
                let observe = &mut |progress| teller.tell(&progress);
                baoxue_flow::derive(store, &county, app.now(), observe).await?;
            }
            app.intray().forget();
            app.reload().await?;
            app.set_county(Arc::new(county));
            store.give_lease_back(JUDGING, &holder).await.map_err(FlowError::from)?;
            Ok("/imports".to_owned())
        });
    }
}
