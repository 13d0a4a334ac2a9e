//! What every request shares.

use std::{
    collections::BTreeMap,
    fmt,
    net::{IpAddr, SocketAddr},
    path::PathBuf,
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use axum::http::HeaderMap;
use baoxue_authz::Role;
use baoxue_claim::ChildId;
use baoxue_flow::{
    AccessLog, Conflict, County, FlowError, PairQueue, Roll, Sources, SpoolError,
    exports::ExportLimits,
    intray::{UploadLimits, Uploads},
    limits::PageLimit,
    notices::Channels,
    open_conflicts,
    papers::{Forms, PaperError, Press, PressSetup},
    people::{People, PeopleSettings},
    tips::AddressLimit,
    unusual::{Unusual, looks_of_week, readers, unusual},
};
use baoxue_store::Store;
use chrono::{DateTime, NaiveDate, Utc};
use tokio::sync::{Mutex, MutexGuard, OnceCell};

use crate::{
    AssetsError, assets::Assets, casebook::CaseDesk, doubles::Doubles, intray::Intray,
    letterbook::LetterShelf, metrics::Metrics, post::PostRoom, trouble::Trouble,
};

/// The file in the data folder for looks that wait while the database is busy.
const LOOKS: &str = "looks.waiting";

/// How often the server looks whether another program has made a run.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// How often old uploads are looked for.
const SWEEP_EVERY: Duration = Duration::from_mins(10);

/// An account of a synthetic county.
#[derive(Clone, Debug)]
pub struct DemoAccount {
    /// Sign-in name.
    pub login: String,
    /// Password.
    pub password: String,
    /// Name.
    pub name: String,
    /// Role.
    pub role: Role,
    /// Secret of its authenticator.
    pub secret: String,
}

/// How the application is run.
#[derive(Clone, Debug)]
pub struct Options {
    /// Whether browsers reach it by https, at the server itself or at a proxy before it: cookies are bound to that then.
    pub secure: bool,
    /// The origin that browsers use, such as `https://baoxue.county.gov.cn`; of forms of other origins nothing is taken.
    pub origin: Option<String>,
    /// The accounts of a synthetic county, which the sign-in page tells; every page says that its data is synthetic. Empty
    /// for a real one.
    pub demo: Vec<DemoAccount>,
    /// Addresses of proxies whose word for where a request comes from is believed (T-11).
    pub proxies: Vec<IpAddr>,
    /// How long sessions last, and what a password costs.
    pub people: PeopleSettings,
    /// Pages about single children that an account may open in an hour (T-22).
    pub pages_per_hour: u32,
    /// What may be exported without a second person.
    pub exports: ExportLimits,
    /// The program that is started again to read files; normally the running one.
    pub program: PathBuf,
    /// The data folder, where files lie until they are taken in.
    pub data: PathBuf,
    /// What uploads may take.
    pub uploads: UploadLimits,
    /// Fonts and templates of papers.
    pub papers: PressSetup,
    /// How notices get out.
    pub notices: Channels,
    /// The clock.
    pub now: fn() -> DateTime<Utc>,
}

/// The shared state: database, county, roll. Cloning shares it.
#[derive(Clone)]
pub struct App(Arc<Inner>);

struct Inner {
    store: Store,
    people: People,
    access: AccessLog,
    metrics: Metrics,
    pages: PageLimit,
    options: Options,
    assets: Assets,
    county: RwLock<Arc<County>>,
    roll: RwLock<Arc<Roll>>,
    sources: Mutex<Option<Counted>>,
    desk: RwLock<Arc<Desk>>,
    cases: RwLock<Option<Arc<CaseDesk>>>,
    letters: RwLock<Option<Arc<LetterShelf>>>,
    unusual: Mutex<Option<Reported>>,
    doors: Doors,
    doubles: Doubles,
    /// Held while somebody rules on a pair or answers: looking whether another did and writing are two steps.
    ruling: Mutex<()>,
    intray: Intray,
    forms: Forms,
    /// Held while pictures are unpacked or a folder is set: each may take some hundred MB.
    heavy: Mutex<()>,
    /// Opened when the first paper is printed: fonts are large, and a county may print none.
    press: OnceCell<Press>,
    post: PostRoom,
}

/// What comes from outside without an account, by address.
#[derive(Debug, Default)]
pub(crate) struct Doors {
    pub(crate) tips: AddressLimit,
    /// Of codes by which answers are read.
    pub(crate) guesses: AddressLimit,
    /// Of codes of papers, and objections.
    pub(crate) papers: AddressLimit,
}

/// Which lists have come, by the mark of the files that they were counted from.
type Counted = ((i64, i64), Arc<Sources>);

/// Who opened children unlike the others in the week of a Monday, told by the lines of a run.
type Reported = ((NaiveDate, Option<i64>), Arc<Vec<Unusual>>);

/// What of a run waits for people: read when somebody first asks for it.
#[derive(Debug, Default)]
pub(crate) struct Desk {
    /// Pairs of rows.
    pub(crate) pairs: PairQueue,
    /// Children about whom sources disagree.
    pub(crate) conflicts: BTreeMap<ChildId, Conflict>,
}

impl fmt::Debug for App {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("App").field("options", &self.0.options).finish_non_exhaustive()
    }
}

/// The application cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The program has no style sheet and scripts in it.
    #[error(transparent)]
    Assets(#[from] AssetsError),
    /// The newest run cannot be read.
    #[error(transparent)]
    Flow(#[from] FlowError),
    /// The forms of papers cannot be read.
    #[error(transparent)]
    Papers(#[from] PaperError),
    /// Looks that wait beside the database cannot be read.
    #[error("{}", .0.display())]
    Looks(PathBuf, #[source] SpoolError),
    /// Two numbers for the monitoring have one name.
    #[error(transparent)]
    Metrics(#[from] prometheus::Error),
}

impl App {
    /// Opens the roll of the newest run.
    ///
    /// # Errors
    /// [`StartError`].
    pub async fn new(store: Store, county: County, options: Options) -> Result<Self, StartError> {
        let assets = Assets::find()?;
        let roll = Roll::load(&store, &county.towns).await?;
        let people = People::new(store.clone(), options.people.clone());
        let metrics = Metrics::new()?;
        shown(&metrics, &roll);
        let forms = Forms::open(options.papers.templates.as_deref())?;
        let uploads = Uploads::new(&options.data, store.clone(), options.uploads);
        let looks = options.data.join(LOOKS);
        Ok(Self(Arc::new(Inner {
            people,
            access: AccessLog::start_beside(store.clone(), &looks)
                .await
                .map_err(|error| StartError::Looks(looks.clone(), error))?,
            metrics,
            pages: PageLimit::new(store.clone(), options.pages_per_hour),
            intray: Intray::new(uploads, options.program.clone()),
            store,
            options,
            assets,
            county: RwLock::new(Arc::new(county)),
            roll: RwLock::new(Arc::new(roll)),
            sources: Mutex::new(None),
            desk: RwLock::default(),
            cases: RwLock::default(),
            letters: RwLock::default(),
            unusual: Mutex::default(),
            doors: Doors::default(),
            doubles: Doubles::default(),
            ruling: Mutex::new(()),
            forms,
            heavy: Mutex::new(()),
            press: OnceCell::new(),
            post: PostRoom::default(),
        })))
    }

    pub(crate) fn store(&self) -> &Store {
        &self.0.store
    }

    pub(crate) fn people(&self) -> &People {
        &self.0.people
    }

    pub(crate) fn access(&self) -> &AccessLog {
        &self.0.access
    }

    pub(crate) fn metrics(&self) -> &Metrics {
        &self.0.metrics
    }

    /// The forms that were sent in the last minutes.
    pub(crate) fn doubles(&self) -> &Doubles {
        &self.0.doubles
    }

    /// How many pages about single children were opened.
    pub(crate) fn pages(&self) -> &PageLimit {
        &self.0.pages
    }

    /// Where a request comes from: the peer, or what a configured proxy says of it.
    pub(crate) fn address_of(&self, peer: SocketAddr, headers: &HeaderMap) -> String {
        let behind = self.0.options.proxies.contains(&peer.ip());
        told_by_proxy(headers).filter(|_| behind).unwrap_or(peer.ip()).to_string()
    }

    /// How often addresses came to the public pages.
    pub(crate) fn doors(&self) -> &Doors {
        &self.0.doors
    }

    pub(crate) fn intray(&self) -> &Intray {
        &self.0.intray
    }

    /// The forms of papers.
    pub(crate) fn forms(&self) -> &Forms {
        &self.0.forms
    }

    /// The turn to do what takes much memory: one at a time.
    pub(crate) async fn heavy(&self) -> MutexGuard<'_, ()> {
        self.0.heavy.lock().await
    }

    /// The press. Without fonts it is tried again at the next paper: somebody may have installed some.
    pub(crate) async fn press(&self) -> Result<Press, PaperError> {
        let setup = self.0.options.papers.clone();
        let open = async || {
            let opened = tokio::task::spawn_blocking(move || Press::open(&setup)).await;
            opened.map_err(|error| PaperError::Typesetter(error.to_string()))?
        };
        self.0.press.get_or_try_init(open).await.cloned()
    }

    pub(crate) fn post_room(&self) -> &PostRoom {
        &self.0.post
    }

    pub(crate) fn options(&self) -> &Options {
        &self.0.options
    }

    pub(crate) fn assets(&self) -> &Assets {
        &self.0.assets
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        (self.0.options.now)()
    }

    /// The county as configured. A lock that a panic left behind still holds a whole value.
    pub(crate) fn county(&self) -> Arc<County> {
        Arc::clone(&self.0.county.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The county from now on.
    pub(crate) fn set_county(&self, county: Arc<County>) {
        *self.0.county.write().unwrap_or_else(PoisonError::into_inner) = county;
    }

    /// The children of the newest run.
    pub(crate) fn roll(&self) -> Arc<Roll> {
        Arc::clone(&self.0.roll.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Which lists have come. Rows are counted again only after a file came or was withdrawn.
    pub(crate) async fn sources(&self) -> Result<Arc<Sources>, FlowError> {
        let mut kept = self.0.sources.lock().await;
        // Asked first: what comes while rows are counted is counted again at the next look.
        let mark = self.0.store.batches_mark().await?;
        if let Some((_, sources)) = kept.as_ref().filter(|(of, _)| *of == mark) {
            return Ok(Arc::clone(sources));
        }
        let sources = Arc::new(Sources::load(&self.0.store, &self.county()).await?);
        *kept = Some((mark, Arc::clone(&sources)));
        Ok(sources)
    }

    /// What waits for people since the run that is shown.
    pub(crate) async fn desk(&self) -> Result<Arc<Desk>, FlowError> {
        let roll = self.roll();
        let known = Arc::clone(&self.0.desk.read().unwrap_or_else(PoisonError::into_inner));
        if known.pairs.run.is_some() && known.pairs.run == roll.run.as_ref().map(|run| run.id) {
            return Ok(known);
        }
        let store = self.store();
        let pairs = PairQueue::load(store, &roll).await?;
        let conflicts = open_conflicts(store).await?;
        let desk = Arc::new(Desk { pairs, conflicts });
        *self.0.desk.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&desk);
        Ok(desk)
    }

    /// The cases of now.
    pub(crate) async fn cases(&self) -> Result<Arc<CaseDesk>, FlowError> {
        let known = self.0.cases.read().unwrap_or_else(PoisonError::into_inner).clone();
        let desk = CaseDesk::of(self, known).await?;
        *self.0.cases.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&desk));
        Ok(desk)
    }

    /// The letters of responsibility of now.
    pub(crate) async fn letters(&self, cases: &CaseDesk) -> Result<Arc<LetterShelf>, FlowError> {
        let known = self.0.letters.read().unwrap_or_else(PoisonError::into_inner).clone();
        let letters = LetterShelf::of(self, cases, known).await?;
        let kept = Some(Arc::clone(&letters));
        *self.0.letters.write().unwrap_or_else(PoisonError::into_inner) = kept;
        Ok(letters)
    }

    /// Who opened children unlike the others in the week that begins on `monday`. Of a week that is over nothing changes
    /// any more, so the last one asked for is kept.
    pub(crate) async fn unusual(
        &self,
        monday: NaiveDate,
        is_over: bool,
    ) -> Result<Arc<Vec<Unusual>>, Trouble> {
        let roll = self.roll();
        let of = (monday, roll.run.as_ref().map(|run| run.id));
        let mut kept = self.0.unusual.lock().await;
        if let Some((_, found)) = kept.as_ref().filter(|(known, _)| *known == of && is_over) {
            return Ok(Arc::clone(found));
        }
        let looks = looks_of_week(&self.0.store, monday).await?;
        let accounts = self.people().accounts().await.map_err(|error| Trouble::broken(&error))?;
        let found = Arc::new(unusual(&looks, &readers(&accounts), &roll));
        *kept = Some((of, Arc::clone(&found)));
        Ok(found)
    }

    /// The turn to rule: one at a time.
    pub(crate) async fn turn(&self) -> MutexGuard<'_, ()> {
        self.0.ruling.lock().await
    }

    /// Reads the newest run again.
    pub(crate) async fn reload(&self) -> Result<(), FlowError> {
        let roll = Roll::load(&self.0.store, &self.county().towns).await?;
        shown(&self.0.metrics, &roll);
        *self.0.roll.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(roll);
        Ok(())
    }

    /// Takes uploads away that nobody has taken in, and forgets addresses, from time to time. Never ends.
    pub(crate) async fn tidy(self) {
        loop {
            if let Err(error) = self.intray().uploads.sweep(self.now()).await {
                tracing::error!(%error, "old uploads could not be taken away");
            }
            for limit in [&self.doors().tips, &self.doors().guesses, &self.doors().papers] {
                limit.sweep(self.now());
            }
            tokio::time::sleep(SWEEP_EVERY).await;
        }
    }

    /// Looks from time to time whether another program made a run, and shows that one then. Never ends.
    pub(crate) async fn follow(self) {
        loop {
            tokio::time::sleep(LOOK_EVERY).await;
            let shown = self.roll().run.as_ref().map(|run| run.id);
            let newest = self.0.store.latest_run().await;
            let is_newer = newest.as_ref().is_ok_and(|run| run.as_ref().map(|r| r.id) != shown);
            if is_newer && let Err(error) = self.reload().await {
                tracing::error!(%error, "the newest run could not be read");
            }
        }
    }
}

/// The address that the nearest proxy saw: the last of the last header. Some proxies write a line of their own behind those
/// that the client sent, others put theirs at the end of it; what stands before is anybody's word.
fn told_by_proxy(headers: &HeaderMap) -> Option<IpAddr> {
    let last = headers.get_all("x-forwarded-for").iter().next_back()?.to_str().ok()?;
    last.rsplit(',').next()?.trim().parse().ok()
}

/// Tells the monitoring which run is shown.
fn shown(metrics: &Metrics, roll: &Roll) {
    let made = roll.run.as_ref().map_or(0, |run| run.started_at.timestamp());
    metrics.shows(roll.entries().len(), made);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t11_of_forwarded_addresses_the_proxys_own_word_counts() {
        let told = |lines: &[&str]| {
            let mut headers = HeaderMap::new();
            for line in lines {
                headers.append("x-forwarded-for", line.parse().unwrap());
            }
            told_by_proxy(&headers).map(|address| address.to_string())
        };
        assert_eq!(told(&[]), None);
        assert_eq!(told(&["6.6.6.6, 10.0.0.7"]).as_deref(), Some("10.0.0.7"));
        assert_eq!(told(&["6.6.6.6", "10.0.0.7"]).as_deref(), Some("10.0.0.7"));
        assert_eq!(told(&["10.0.0.7, nobody"]), None);
        assert_eq!(told(&["2001:db8::1"]).as_deref(), Some("2001:db8::1"));
    }
}
