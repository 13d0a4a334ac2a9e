//! Seats of the two duty lines (双线七长) and the offices beside them: who must answer for what.

use baoxue_claim::Source;
use serde::{Deserialize, Serialize};

macro_rules! seats {
    ($($(#[$doc:meta])* $variant:ident = $zh:literal, $en:literal;)*) => {
        /// A seat that must answer.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Seat {
            $($(#[$doc])* $variant,)*
        }

        impl Seat {
            /// What it is called in zh-CN.
            pub const fn zh(self) -> &'static str {
                match self { $(Self::$variant => $zh),* }
            }

            /// What it is called in English.
            pub const fn en(self) -> &'static str {
                match self { $(Self::$variant => $en),* }
            }
        }
    };
}

seats! {
    /// 县长: where both lines still disagree.
    CountyHead = "县（区）长", "county head";
    /// 乡镇长.
    TownHead = "镇长（街道办主任）", "town head";
    /// 村长.
    VillageHead = "村主任", "village head";
    /// 教育局长.
    BureauHead = "教育局长", "head of the education bureau";
    /// 校长.
    Principal = "校长", "principal";
    /// 班主任.
    Teacher = "班主任", "class teacher";
    /// 督导机构.
    Inspectorate = "督导机构", "inspectorate";
    /// 派出所.
    Police = "派出所", "police station";
    /// 提供名单的部门.
    Department = "提供名单的部门", "department that sent the list";
}

/// Whose seat answers for what a source says.
pub(crate) const fn answers_for(source: Source) -> Seat {
    match source {
        Source::TownSurvey | Source::TownLedger | Source::TipOff => Seat::TownHead,
        Source::StudentRegistry
        | Source::SchoolReport
        | Source::RollCall
        | Source::HomeTeachingLog => Seat::Principal,
        Source::Certificate | Source::Approval => Seat::BureauHead,
        Source::Inspection => Seat::Inspectorate,
        Source::PopulationRegister | Source::Departure => Seat::Police,
        Source::PovertyRegister
        | Source::DisabilityRegister
        | Source::CivilAffairs
        | Source::AidPayment
        | Source::SchoolDirectory
        | Source::OfficialsDirectory => Seat::Department,
    }
}

/// The seats of both lines that look at a child together: of the administrative line village and town, of the education line
/// class and school where a school speaks of the child, else the bureau.
pub(crate) fn both_lines(has_school: bool) -> Vec<Seat> {
    let education =
        if has_school { [Seat::Principal, Seat::Teacher].as_slice() } else { &[Seat::BureauHead] };
    let mut seats = vec![Seat::TownHead, Seat::VillageHead];
    seats.extend(education);
    seats
}
