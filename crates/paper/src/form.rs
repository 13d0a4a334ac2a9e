//! The closed list of papers.

use std::{fmt, str::FromStr};

/// A paper that can be printed. What stands on it is in its [`crate::Spec`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Form {
    /// 义务教育入学通知书, with receipt (回执).
    EntryNotice,
    /// 限期复学通知书.
    ReturnNotice,
    /// 责令限期改正通知书.
    CorrectionOrder,
    /// 学校辍学书面报告.
    SchoolReport,
    /// 部门协查函.
    Inquiry,
    /// 送达回证.
    ServiceSlip,
    /// 劝返记录.
    PersuasionRecord,
    /// 复学登记表.
    ReturnRegistration,
    /// 缓学申请表, three copies.
    DeferralApplication,
    /// 休学申请表.
    SuspensionApplication,
    /// 责任书.
    ResponsibilityLetter,
    /// 一户一案.
    HouseholdPlan,
    /// 一人一案.
    ChildPlan,
    /// 送教上门记录.
    HomeTeachingLog,
    /// 通报.
    Circular,
    /// 行政处罚决定书. Who may print it, and when, is not decided here.
    PenaltyDecision,
    /// 一生一袋: the cover of [`crate::Dossier`].
    Dossier,
}

impl Form {
    /// All forms, in the order in which lists show them.
    pub const ALL: [Self; 17] = [
        Self::EntryNotice,
        Self::ReturnNotice,
        Self::CorrectionOrder,
        Self::SchoolReport,
        Self::Inquiry,
        Self::ServiceSlip,
        Self::PersuasionRecord,
        Self::ReturnRegistration,
        Self::DeferralApplication,
        Self::SuspensionApplication,
        Self::ResponsibilityLetter,
        Self::HouseholdPlan,
        Self::ChildPlan,
        Self::HomeTeachingLog,
        Self::Circular,
        Self::PenaltyDecision,
        Self::Dossier,
    ];

    /// The stable id: name of the template, and what is stored.
    pub fn id(self) -> &'static str {
        match self {
            Self::EntryNotice => "entry-notice",
            Self::ReturnNotice => "return-notice",
            Self::CorrectionOrder => "correction-order",
            Self::SchoolReport => "school-report",
            Self::Inquiry => "inquiry",
            Self::ServiceSlip => "service-slip",
            Self::PersuasionRecord => "persuasion-record",
            Self::ReturnRegistration => "return-registration",
            Self::DeferralApplication => "deferral-application",
            Self::SuspensionApplication => "suspension-application",
            Self::ResponsibilityLetter => "responsibility-letter",
            Self::HouseholdPlan => "household-plan",
            Self::ChildPlan => "child-plan",
            Self::HomeTeachingLog => "home-teaching-log",
            Self::Circular => "circular",
            Self::PenaltyDecision => "penalty-decision",
            Self::Dossier => "dossier",
        }
    }
}

impl fmt::Display for Form {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.id())
    }
}

impl FromStr for Form {
    type Err = UnknownForm;

    fn from_str(id: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|form| form.id() == id).ok_or_else(|| UnknownForm(id.to_owned()))
    }
}

/// No form has this id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no form has the id `{0}`")]
pub struct UnknownForm(pub String);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_is_found_by_its_id() {
        for form in Form::ALL {
            assert_eq!(form.id().parse(), Ok(form));
        }
        assert_eq!("notice".parse::<Form>(), Err(UnknownForm("notice".into())));
    }
}
