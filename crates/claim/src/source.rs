//! Who says it.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// The office or person behind a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// Population register of the police (户籍).
    PopulationRegister,
    /// Student registry (学籍).
    StudentRegistry,
    /// Poverty register and anti-relapse monitoring (建档立卡、防返贫监测).
    PovertyRegister,
    /// Disability register of the federation (残联).
    DisabilityRegister,
    /// Civil affairs: orphans, left-behind children, relief (民政).
    CivilAffairs,
    /// House by house survey of a town (镇办摸排).
    TownSurvey,
    /// A town's own list of children out of school (镇办失学辍学台账).
    TownLedger,
    /// Monthly absence report of the schools (学校缺课月报).
    SchoolReport,
    /// Roll call (点名).
    RollCall,
    /// Inspection of a higher level (督查).
    Inspection,
    /// Tip-off from the public (群众举报).
    TipOff,
    /// Certificates of study outside the county (外地就读证明).
    Certificate,
    /// Approved suspension, sick leave, deferral, exemption (休学、病假、缓学、免学审批).
    Approval,
    /// Deaths, emigration, cancelled registration (死亡、出国、迁出).
    Departure,
    /// Payment lists of aid to pupils (学生资助发放名单).
    AidPayment,
    /// Log of visits to children taught at home (送教上门记录).
    HomeTeachingLog,
    /// Directory of schools (学校名录).
    SchoolDirectory,
    /// Directory of officials on the two duty lines (双线七长通讯录).
    OfficialsDirectory,
}

/// The text names no source.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a kind of source")]
pub struct UnknownSource(pub String);

impl Source {
    /// All of them, in the order of the enum.
    pub const ALL: [Self; 18] = [
        Self::PopulationRegister,
        Self::StudentRegistry,
        Self::PovertyRegister,
        Self::DisabilityRegister,
        Self::CivilAffairs,
        Self::TownSurvey,
        Self::TownLedger,
        Self::SchoolReport,
        Self::RollCall,
        Self::Inspection,
        Self::TipOff,
        Self::Certificate,
        Self::Approval,
        Self::Departure,
        Self::AidPayment,
        Self::HomeTeachingLog,
        Self::SchoolDirectory,
        Self::OfficialsDirectory,
    ];

    /// The stable name, as in `--source population_register`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::PopulationRegister => "population_register",
            Self::StudentRegistry => "student_registry",
            Self::PovertyRegister => "poverty_register",
            Self::DisabilityRegister => "disability_register",
            Self::CivilAffairs => "civil_affairs",
            Self::TownSurvey => "town_survey",
            Self::TownLedger => "town_ledger",
            Self::SchoolReport => "school_report",
            Self::RollCall => "roll_call",
            Self::Inspection => "inspection",
            Self::TipOff => "tip_off",
            Self::Certificate => "certificate",
            Self::Approval => "approval",
            Self::Departure => "departure",
            Self::AidPayment => "aid_payment",
            Self::HomeTeachingLog => "home_teaching_log",
            Self::SchoolDirectory => "school_directory",
            Self::OfficialsDirectory => "officials_directory",
        }
    }

    /// What a clerk calls it.
    pub const fn zh(self) -> &'static str {
        match self {
            Self::PopulationRegister => "户籍",
            Self::StudentRegistry => "学籍",
            Self::PovertyRegister => "建档立卡",
            Self::DisabilityRegister => "残联",
            Self::CivilAffairs => "民政",
            Self::TownSurvey => "镇办摸排",
            Self::TownLedger => "镇办台账",
            Self::SchoolReport => "学校月报",
            Self::RollCall => "点名",
            Self::Inspection => "督查",
            Self::TipOff => "举报",
            Self::Certificate => "就读证明",
            Self::Approval => "审批材料",
            Self::Departure => "死亡出国迁出",
            Self::AidPayment => "资助发放",
            Self::HomeTeachingLog => "送教记录",
            Self::SchoolDirectory => "学校名录",
            Self::OfficialsDirectory => "责任人通讯录",
        }
    }

    /// Whether a child has at most one live row in one file of this source.
    pub const fn promises_one_row(self) -> bool {
        match self {
            Self::PopulationRegister
            | Self::PovertyRegister
            | Self::DisabilityRegister
            | Self::Certificate => true,
            Self::StudentRegistry
            | Self::CivilAffairs
            | Self::TownSurvey
            | Self::TownLedger
            | Self::SchoolReport
            | Self::RollCall
            | Self::Inspection
            | Self::TipOff
            | Self::Approval
            | Self::Departure
            | Self::AidPayment
            | Self::HomeTeachingLog
            | Self::SchoolDirectory
            | Self::OfficialsDirectory => false,
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Source {
    type Err = UnknownSource;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|source| source.name() == text || source.zh() == text)
            .ok_or_else(|| UnknownSource(text.to_owned()))
    }
}
