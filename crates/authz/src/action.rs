//! What an actor asks to do.

macro_rules! actions {
    ($($(#[$doc:meta])* $variant:ident,)*) => {
        /// Something to do that a policy may permit. The name is that of the policies.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Action {
            $($(#[$doc])* $variant,)*
        }

        impl Action {
            /// All of them, those about children first.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The name in the policies and in the access log.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => stringify!($variant)),* }
            }
        }
    };
}

actions! {
    /// The figures of a place on the dashboard (一张图); about a child's place.
    ReadMap,
    /// Reports and statistics (报表) of a place; about a child's place.
    ReadReports,
    /// A child in the ledger (台账) and its page, masked.
    ReadChild,
    /// What sources say of a child, down to the cell.
    ReadClaims,
    /// What was determined of a child and when it changed.
    ReadHistory,
    /// Who has looked at a child.
    ReadLooks,
    /// A full number or telephone, with a purpose; each is logged.
    RevealId,
    /// A child in an export with masked numbers.
    ExportMasked,
    /// A child in an export with full numbers.
    ExportFull,
    /// A new claim, finding or visit about a child.
    AddClaim,
    /// A school's word that a pupil stays away (缺勤登记).
    ReportAbsence,
    /// The answer of a side to a conflict.
    AnswerConflict,
    /// A ruling on two rows: the same child or not.
    DecideIdentity,
    /// Proposes a determination (认定) with its evidence.
    ProposeDetermination,
    /// Confirms a determination or sends it back.
    ConfirmDetermination,
    /// The case (一户一案) of a child.
    ReadCase,
    /// Works on tasks of a case.
    WorkCase,
    /// Decides on a case.
    DecideCase,
    /// Instructs an office on a case (督办).
    Instruct,
    /// Registers a visit to the home of a child taught there (登记送教).
    LogTeaching,
    /// Enters an inspection's finding about a child (督查问题).
    AddFinding,
    /// Checks whether a finding is rectified (复查).
    RecheckFinding,
    /// Papers about a child.
    ReadPapers,
    /// Drafts a paper.
    DraftPaper,
    /// Delivers a paper.
    DeliverPaper,
    /// Issues a paper (签发).
    IssuePaper,
    /// Signs a school's written report.
    IssueReport,
    /// Letters of responsibility (责任书): where each stands, and the letters themselves.
    ReadLetters,
    /// Draws up the county's own letters and records who signed: with towns, the bureau and schools.
    KeepCountyLetters,
    /// The same for those of a town with its villages, and of villages with families.
    KeepTownLetters,
    /// The same for those of a school with its teachers, and of teachers with families.
    KeepSchoolLetters,
    /// Which lists came and who has not reported; about the county.
    ReadSources,
    /// Withdraws a batch; about the county.
    UndoImport,
    /// The rules with their law; about the county.
    ReadRules,
    /// Proposes other rules; about the county.
    ChangeRules,
    /// Submits a statutory report; about the county.
    SubmitReport,
    /// Towns, schools, calendar; about the county.
    ManageCounty,
    /// Keeps a filter of the ledger under a name for everybody; about the county.
    ShareView,
    /// Keys; about the county.
    ManageKeys,
    /// How the system is; about the county.
    ReadHealth,
    /// What administrators did; about the county.
    ReadSystemAudit,
    /// Who saw, changed and exported what, all of it; about the county.
    ReadAllAudit,
    /// The text of tip-offs (举报线索); about the county.
    ReadTips,
    /// Links a tip-off to a child, and answers it; about the county.
    WorkTips,
    /// Asks for, or opens as the second person, what an informer left of himself; about the county.
    OpenInformer,
    /// Brings a file; about a [`Resource::File`](crate::Resource::File).
    Import,
    /// Approves an export that somebody else asked for; about a [`Resource::Export`](crate::Resource::Export).
    ApproveExport,
    /// What a department is asked about a child; about a [`Resource::Task`](crate::Resource::Task).
    ReadTask,
    /// Answers what a department is asked; about a [`Resource::Task`](crate::Resource::Task).
    AnswerTask,
    /// Makes, disables and resets an account; about a [`Resource::Account`](crate::Resource::Account).
    ManageAccounts,
    /// Gives an account its role and areas; about a [`Resource::Account`](crate::Resource::Account).
    ManageRoles,
    /// Own settings, password and sessions; about a [`Resource::Account`](crate::Resource::Account).
    ManageOwn,
    /// What oneself has seen and done; about a [`Resource::Log`](crate::Resource::Log).
    ReadOwnAudit,
    /// What one's unit has seen and done; about a [`Resource::Log`](crate::Resource::Log).
    ReadUnitAudit,
}

impl Action {
    /// The action of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|action| action.name() == name)
    }
}
