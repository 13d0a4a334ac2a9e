//! The oracle: the table of roles and rights, read once more, by hand and without policies.

use baoxue_authz::{Action, Action as A, Actor, Factor, Place, Resource, Role, Role as R, State};
use baoxue_claim::Source;

/// Whether an action is about that kind of thing.
pub(crate) fn fits(action: Action, resource: &Resource) -> bool {
    match resource {
        Resource::Child(_) => action < A::ReadSources,
        Resource::County => (A::ReadSources..A::Import).contains(&action),
        Resource::File { .. } => action == A::Import,
        Resource::Export { .. } => action == A::ApproveExport,
        Resource::Task { .. } => matches!(action, A::ReadTask | A::AnswerTask),
        Resource::Account(_) => matches!(action, A::ManageAccounts | A::ManageRoles | A::ManageOwn),
        Resource::Log { .. } => matches!(action, A::ReadOwnAudit | A::ReadUnitAudit),
    }
}

/// Who reads figures.
const FIGURES: &[Role] =
    &[R::CountyLeader, R::Bureau, R::Inspector, R::Auditor, R::Town, R::Principal];

/// Who sees children.
const SEE: &[Role] = &[
    R::CountyLeader,
    R::Bureau,
    R::Inspector,
    R::Auditor,
    R::Town,
    R::Village,
    R::Principal,
    R::Teacher,
];

/// Who may do what at all, wherever it is.
fn roles(action: Action) -> &'static [Role] {
    match action {
        A::ReadMap | A::ReadReports => FIGURES,
        A::ReadChild | A::ReadClaims | A::ReadHistory | A::ReadCase | A::ReadLetters => SEE,
        A::ReadPapers => &[
            R::CountyLeader,
            R::Bureau,
            R::Inspector,
            R::Auditor,
            R::Town,
            R::Village,
            R::Principal,
        ],
        A::ReadLooks => &[R::Inspector, R::Auditor],
        A::RevealId | A::AddClaim => {
            &[R::Bureau, R::Inspector, R::Town, R::Village, R::Principal, R::Teacher]
        }
        A::ExportMasked => &[R::Bureau, R::Inspector, R::Auditor, R::Town, R::Principal],
        A::ExportFull | A::DecideIdentity => &[R::Bureau, R::Town],
        A::IssueReport | A::KeepSchoolLetters => &[R::Principal],
        A::ReportAbsence | A::LogTeaching => &[R::Principal, R::Teacher],
        A::ReadTask | A::AnswerTask => &[R::Department],
        A::AnswerConflict | A::DraftPaper => &[R::Bureau, R::Town, R::Principal],
        A::ProposeDetermination | A::KeepTownLetters => &[R::Town],
        A::WorkCase => &[R::Bureau, R::Town, R::Village, R::Principal, R::Teacher],
        A::DecideCase => &[R::CountyLeader, R::Bureau, R::Town],
        A::Instruct => &[R::CountyLeader],
        A::AddFinding | A::RecheckFinding => &[R::Inspector],
        A::ReadTips | A::OpenInformer => &[R::Bureau, R::Inspector],
        A::DeliverPaper => &[R::Town, R::Village],
        A::ConfirmDetermination
        | A::IssuePaper
        | A::UndoImport
        | A::ChangeRules
        | A::SubmitReport
        | A::ShareView
        | A::WorkTips => &[R::Bureau],
        A::ReadSources => &[
            R::CountyLeader,
            R::Bureau,
            R::Town,
            R::Principal,
            R::Department,
            R::Inspector,
            R::Auditor,
            R::SystemAdmin,
        ],
        A::ReadRules | A::ManageOwn | A::ReadOwnAudit => R::ALL,
        A::ManageCounty | A::ReadHealth | A::ManageAccounts => &[R::SystemAdmin],
        A::ManageKeys | A::ManageRoles => &[R::SecurityAdmin],
        A::ReadSystemAudit => &[R::SystemAdmin, R::SecurityAdmin, R::AuditAdmin],
        A::ReadAllAudit => &[R::Inspector, R::Auditor, R::AuditAdmin],
        A::Import => &[R::Bureau, R::Town, R::Principal, R::Department, R::Inspector],
        A::ApproveExport | A::KeepCountyLetters => &[R::CountyLeader, R::Bureau],
        A::ReadUnitAudit => &[R::Bureau, R::Town, R::Department],
    }
}

fn given(name: Option<&String>) -> Option<&String> {
    name.filter(|name| !name.is_empty())
}

fn is_own_child(actor: &Actor, place: &Place) -> bool {
    let areas = &actor.areas;
    let school = given(place.school.as_ref());
    match actor.role {
        R::Town => place.town.is_some_and(|town| areas.towns.contains(&town)),
        R::Village => areas.villages.iter().any(|(town, name)| {
            Some(*town) == place.town && Some(name) == given(place.village.as_ref())
        }),
        R::Principal => school.is_some_and(|school| areas.schools.contains(school)),
        R::Teacher => areas
            .classes
            .iter()
            .any(|(of, name)| Some(of) == school && Some(name) == given(place.class.as_ref())),
        R::CountyLeader | R::Bureau | R::Inspector | R::Auditor => true,
        R::Department | R::SystemAdmin | R::SecurityAdmin | R::AuditAdmin => false,
    }
}

fn is_own(actor: &Actor, action: Action, resource: &Resource) -> bool {
    let areas = &actor.areas;
    match resource {
        Resource::Child(place) => is_own_child(actor, place),
        Resource::County => true,
        Resource::File { source, town, school } => match (actor.role, source) {
            (R::Town, Source::TownSurvey | Source::TownLedger) => {
                town.is_some_and(|town| areas.towns.contains(&town))
            }
            (R::Principal, Source::SchoolReport | Source::RollCall | Source::HomeTeachingLog) => {
                given(school.as_ref()).is_some_and(|school| areas.schools.contains(school))
            }
            (R::Inspector, Source::Inspection) => true,
            (role, _) => {
                role == R::Bureau || role == R::Department && areas.sources.contains(source)
            }
        },
        Resource::Task { unit } => {
            actor.unit().is_some_and(|own| Some(&own) == given(unit.as_ref()))
        }
        Resource::Export { requester } => *requester != actor.account,
        Resource::Account(account) => (*account == actor.account) == (action == A::ManageOwn),
        Resource::Log { account, .. } if action == A::ReadOwnAudit => *account == actor.account,
        Resource::Log { unit, .. } => {
            actor.unit().is_some_and(|own| Some(&own) == given(unit.as_ref()))
        }
    }
}

/// Whether `actor` may do `action` on `resource`.
pub(crate) fn oracle(actor: &Actor, action: Action, resource: &Resource) -> bool {
    let needs_fresh = matches!(
        action,
        A::RevealId
            | A::ExportMasked
            | A::ExportFull
            | A::ApproveExport
            | A::ChangeRules
            | A::ManageAccounts
            | A::ManageRoles
            | A::ManageKeys
            | A::OpenInformer
    );
    let sees_many =
        !matches!(actor.role, R::Town | R::Village | R::Principal | R::Teacher | R::Department)
            || actor.areas.towns.len() > 1;
    let factor = if needs_fresh {
        Factor::Fresh
    } else if sees_many && !matches!(action, A::ManageOwn | A::ReadOwnAudit) {
        Factor::AtSignIn
    } else {
        Factor::None
    };
    actor.state == State::Active
        && actor.factor >= factor
        && fits(action, resource)
        && roles(action).contains(&actor.role)
        && is_own(actor, action, resource)
}
