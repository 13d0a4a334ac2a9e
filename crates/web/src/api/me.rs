//! Who asks: the account, its session, and the token that its writes must bring.

use axum::{Json, extract::State};
use baoxue_authz::{Action, Resource};
use baoxue_claim::TownCode;
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    answer::{FactorKey, RoleKey, SourceKey},
    problem::Refusals,
    query::check,
};
use crate::{app::App, door::Signed, forms::Asked, trouble::Trouble};

/// The account and its session.
#[derive(Serialize, ToSchema)]
pub(crate) struct Me {
    login: String,
    name: String,
    role: RoleKey,
    areas: AreasTold,
    /// The last day of the duty.
    until: Option<NaiveDate>,
    second_factor: FactorKey,
    /// What writes bring as `X-CSRF-Token`.
    csrf: String,
    /// When the session ends whatever is asked.
    ends_at: DateTime<Utc>,
    /// When it ends unless something is asked.
    seconds_left: i64,
}

/// Where an account may look. What is empty permits nothing.
#[derive(Serialize, ToSchema)]
pub(crate) struct AreasTold {
    #[schema(value_type = Vec<String>)]
    towns: Vec<TownCode>,
    villages: Vec<VillageTold>,
    schools: Vec<String>,
    classes: Vec<ClassTold>,
    sources: Vec<SourceKey>,
    department: Option<String>,
}

/// A village of a town.
#[derive(Serialize, ToSchema)]
pub(crate) struct VillageTold {
    #[schema(value_type = String)]
    town: TownCode,
    village: String,
}

/// A class of a school.
#[derive(Serialize, ToSchema)]
pub(crate) struct ClassTold {
    school: String,
    class: String,
}

/// The reader's own account.
#[utoipa::path(
    get,
    path = "/api/v1/me",
    operation_id = "me",
    responses((status = 200, description = "The account and its session.", body = Me), Refusals),
)]
pub(crate) async fn me(
    State(app): State<App>,
    signed: Signed,
    asked: Asked,
) -> Result<Json<Me>, Trouble> {
    signed.may(Action::ManageOwn, &Resource::Account(signed.actor.account))?;
    check(&asked, &[])?;
    let areas = signed.actor.areas.clone();
    let villages = areas.villages.into_iter();
    let classes = areas.classes.into_iter();
    Ok(Json(Me {
        login: signed.login.clone(),
        name: signed.name.clone(),
        role: signed.actor.role.into(),
        areas: AreasTold {
            towns: areas.towns.into_iter().collect(),
            villages: villages.map(|(town, village)| VillageTold { town, village }).collect(),
            schools: areas.schools.into_iter().collect(),
            classes: classes.map(|(school, class)| ClassTold { school, class }).collect(),
            sources: areas.sources.into_iter().map(SourceKey::from).collect(),
            department: areas.department,
        },
        until: signed.session.account.grant.until,
        second_factor: signed.actor.factor.into(),
        csrf: signed.csrf.clone(),
        ends_at: signed.ends,
        seconds_left: signed.left(&app).num_seconds(),
    }))
}
