//! The day of a county that goes with the calendar: leave ends, terms run out and children come of age without a new file,
//! so each day is judged by itself.

use std::{sync::Arc, time::Duration};

use baoxue_flow::{CountyError, FlowError};

use crate::{app::App, display::china};

/// How often it is asked what day it is.
const LOOK_EVERY: Duration = Duration::from_mins(5);

impl App {
    /// Begins each day as it comes. Never ends.
    pub(crate) async fn watch_days(self) {
        loop {
            if let Err(error) = self.begin_day() {
                tracing::error!(%error, "the county has no settings for today");
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    /// Judges the county for today, unless a run has done so or the configuration names a day. A run that fails is tried
    /// again at the next look.
    fn begin_day(&self) -> Result<(), CountyError> {
        let county = self.county();
        if !county.goes_on {
            return Ok(());
        }
        let today = self.now().with_timezone(&china()).date_naive();
        if county.settings.as_of != today {
            self.set_county(Arc::new(county.on(today)?));
        }
        let is_before = move |of: chrono::NaiveDate| of < today;
        if self.roll().run.as_ref().is_some_and(|run| is_before(run.as_of)) {
            let app = self.clone();
            self.intray().jobs.start("day", (NOBODY, ""), move |teller| async move {
                // Another server on the same database may have been first.
                let newest = app.store().latest_run().await.map_err(FlowError::from)?;
                if newest.is_some_and(|run| is_before(run.as_of)) {
                    let observe = &mut |progress| teller.tell(&progress);
                    baoxue_flow::derive(app.store(), &app.county(), app.now(), observe).await?;
                }
                app.intray().forget();
                app.reload().await?;
                Ok("/imports".to_owned())
            });
        }
        Ok(())
    }
}

/// No account has this number: nobody started the work.
const NOBODY: i64 = 0;
