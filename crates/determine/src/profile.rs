//! What is known of a child, by the order of evidence per field.

use baoxue_claim::{
    Birth, ChildId, Grade, Name, Private, RecordId, ResidentId, Sex, StudentNumber, TownCode,
};
use serde::{Deserialize, Serialize};

use crate::{Child, Settings};

/// What is known of a child. `None` means that no source says it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// The child.
    pub child: ChildId,
    /// Name.
    pub name: Option<Name>,
    /// Former name.
    pub former_name: Option<Name>,
    /// Resident ID with a right check character.
    pub id: Option<ResidentId>,
    /// The ID as written, when none is valid.
    pub id_raw: Option<Private>,
    /// National student number.
    pub student_number: Option<StudentNumber>,
    /// Birth.
    pub birth: Option<Birth>,
    /// Other births that sources give.
    pub other_births: Vec<Birth>,
    /// Sex.
    pub sex: Option<Sex>,
    /// Ethnicity without 族.
    pub ethnicity: Option<String>,
    /// The town that answers for the child: of the register, else of the survey.
    pub town: Option<TownCode>,
    /// Village or community.
    pub village: Option<String>,
    /// Number of the villagers' group.
    pub group: Option<u8>,
    /// Registered address as written.
    pub address: Option<Private>,
    /// The town where the child lives, when a source says so.
    pub lives_in: Option<TownCode>,
    /// Address of residence as written.
    pub lives_at: Option<Private>,
    /// Guardian.
    pub guardian: Option<Name>,
    /// The guardian's relation as written.
    pub guardian_relation: Option<String>,
    /// A telephone number of the guardian or family.
    pub phone: Option<Private>,
    /// School as written.
    pub school: Option<String>,
    /// Grade.
    pub grade: Option<Grade>,
    /// Class as written.
    pub class: Option<String>,
    /// Hardship and disability.
    pub hardship: Hardship,
    /// The row of a town's own list of children out of school.
    pub on_town_ledger: Option<RecordId>,
    /// Whether an inspection found the child out of school.
    pub found_by_inspection: bool,
    /// Whether a live row of the population register holds it.
    pub in_population_register: bool,
    /// Whether any row of the student registry holds it.
    pub in_student_registry: bool,
    /// Whether a row of the student registry says that it is on a roll now.
    pub on_live_roll: bool,
}

/// Hardship and disability, as registers say.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hardship {
    /// In the poverty register or under monitoring.
    pub poverty: bool,
    /// Category of disability as written.
    pub disability: Option<String>,
    /// Grade of disability, 1 to 4.
    pub disability_grade: Option<u8>,
}

/// What is known of one child.
pub fn profile(child: &Child<'_>, settings: &Settings) -> Profile {
    let _ = settings;
    Profile {
        child: child.id,
        name: None,
        former_name: None,
        id: None,
        id_raw: None,
        student_number: None,
        birth: None,
        other_births: Vec::new(),
        sex: None,
        ethnicity: None,
        town: None,
        village: None,
        group: None,
        address: None,
        lives_in: None,
        lives_at: None,
        guardian: None,
        guardian_relation: None,
        phone: None,
        school: None,
        grade: None,
        class: None,
        hardship: Hardship::default(),
        on_town_ledger: None,
        found_by_inspection: false,
        in_population_register: false,
        in_student_registry: false,
        on_live_roll: false,
    }
}
