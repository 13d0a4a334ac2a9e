//! 一张图: the figures of the reader's area.

use std::collections::BTreeSet;

use axum::{Json, extract::State};
use baoxue_authz::{Action, Resource};
use baoxue_claim::TownCode;
use baoxue_flow::{Kind, Tally};
use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    answer::{StatusKey, StripKey},
    problem::Refusals,
    query::check,
};
use crate::{app::App, door::Signed, forms::Asked, pages::map::own_towns, trouble::Trouble};

/// The figures. Each is the length of a list of `children`.
#[derive(Serialize, ToSchema)]
pub(crate) struct MapTold {
    /// The day of the run.
    as_of: NaiveDate,
    /// Children that any file mentions.
    everybody: usize,
    whole: TallyTold,
    /// Children with something overdue.
    overdue: usize,
    /// The same by town; children of no known town stand under none.
    towns: Vec<TownTold>,
    /// Pairs of sources that say different things of children.
    pairs: Vec<PairCount>,
}

/// Children of compulsory age by status.
#[derive(Serialize, ToSchema)]
pub(crate) struct TallyTold {
    of_age: usize,
    statuses: Vec<StatusCount>,
    /// Children about whom sources contradict each other.
    quarrels: usize,
}

/// Children of a status.
#[derive(Serialize, ToSchema)]
pub(crate) struct StatusCount {
    status: StatusKey,
    n: usize,
}

/// The figures of a town.
#[derive(Serialize, ToSchema)]
pub(crate) struct TownTold {
    #[schema(value_type = Option<String>)]
    town: Option<TownCode>,
    name: Option<String>,
    /// It has sent neither survey nor ledger: what is not reported is not 0.
    silent: bool,
    tally: TallyTold,
}

/// Children about whom two sources say different things.
#[derive(Serialize, ToSchema)]
pub(crate) struct PairCount {
    one: Option<StripKey>,
    other: Option<StripKey>,
    n: usize,
}

impl From<&Tally> for TallyTold {
    fn from(tally: &Tally) -> Self {
        let count = |status: Kind| StatusCount {
            status: status.into(),
            n: tally.kinds.get(&status).copied().unwrap_or_default(),
        };
        Self {
            of_age: tally.of_age,
            statuses: Kind::ALL.map(count).into(),
            quarrels: tally.quarrels,
        }
    }
}

/// How the reader's area stands.
#[utoipa::path(
    get,
    path = "/api/v1/map",
    operation_id = "map",
    responses((status = 200, description = "The figures.", body = MapTold), Refusals),
)]
pub(crate) async fn figures(
    State(app): State<App>,
    signed: Signed,
    asked: Asked,
) -> Result<Json<MapTold>, Trouble> {
    let scope = signed.scope(Action::ReadMap)?;
    check(&asked, &[])?;
    let (roll, county) = (app.roll(), app.county());
    let as_of = county.settings.as_of;
    let figures = roll.figures_of(&scope, as_of);
    let silent = if signed.can(Action::ReadSources, &Resource::County) {
        app.sources().await?.silent.clone()
    } else {
        Vec::new()
    };
    let none = Tally::default();
    let town = |code: Option<TownCode>| TownTold {
        town: code,
        name: code.and_then(|code| county.towns.get(code)).map(|town| town.name.clone()),
        silent: code.is_some_and(|code| silent.contains(&code)),
        tally: figures.towns.get(&code).unwrap_or(&none).into(),
    };
    // A town of which no child is known is told all the same.
    let own = own_towns(&figures, &county, &scope).map(|(code, _)| code);
    let codes: BTreeSet<Option<TownCode>> = own.chain(figures.towns.keys().copied()).collect();
    let pairs = figures.pairs.iter().map(|((one, other), n)| PairCount {
        one: StripKey::at(*one),
        other: StripKey::at(*other),
        n: *n,
    });
    Ok(Json(MapTold {
        as_of,
        everybody: figures.everybody,
        whole: (&figures.whole).into(),
        overdue: figures.overdue,
        towns: codes.into_iter().map(town).collect(),
        pairs: pairs.collect(),
    }))
}
