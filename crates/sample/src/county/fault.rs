//! Which rows of a child carry which mistake: drawn once per child, so that the truth can say so.

use super::{chance::Chance, names::Names, people::Child, story::Story};

/// The mistakes about one child, and the harmless oddities of its rows.
#[derive(Clone, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is drawn alone; none excludes another")]
pub(super) struct Faults {
    pub(super) survey: Option<SurveyFault>,
    pub(super) registry: Option<RegistryFault>,
    pub(super) poverty: Option<PovertyFault>,
    /// The school knows the child by another name.
    pub(super) school_name: Option<String>,
    /// The same child twice in one survey.
    pub(super) survey_twice: bool,
    /// The row of an earlier school of the county is still there.
    pub(super) old_transfer: bool,
    /// The row of the primary school that the child finished is still there.
    pub(super) old_primary: bool,
    /// In the police's later list rather than the main file, or in both.
    pub(super) supplement: Supplement,
    /// In the sample of the inspection.
    pub(super) inspected: bool,
}

/// Where the police list the child.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Supplement {
    #[default]
    MainOnly,
    LaterOnly,
    Both,
}

/// A mistake in a survey row.
#[derive(Clone, Debug)]
pub(super) enum SurveyFault {
    Homophone(String),
    Glyph(String),
    Unencodable(String),
    WrongDigit,
    NoId,
    BirthTransposed,
    /// Nickname and guardian only.
    Nickname(&'static str),
    GuardianId,
}

/// A mistake in a registry row.
#[derive(Clone, Debug)]
pub(super) enum RegistryFault {
    Homophone(String),
    WrongDigit,
    NoId,
    BirthTransposed,
}

/// A mistake in a row of the poverty register.
#[derive(Clone, Debug)]
pub(super) enum PovertyFault {
    Homophone(String),
    WrongDigit,
}

/// Draws the mistakes of one child; `noise` multiplies every rate.
pub(super) fn draw(child: &Child, names: &Names, noise: f64, chance: &mut Chance) -> Faults {
    let ordinary = matches!(child.story, Story::Pupil | Story::EntersNext | Story::Graduate);
    let pupil = child.story == Story::Pupil;
    let mut faults = Faults {
        survey_twice: chance.hit(0.004 * noise),
        old_transfer: pupil && chance.hit(0.02),
        old_primary: pupil && child.grade >= 7 && chance.hit(0.13),
        supplement: supplement(child, chance),
        inspected: pupil && chance.hit(0.004),
        ..Faults::default()
    };
    if child.seed.is_some() {
        return faults;
    }
    let plain = ordinary && !child.twin;
    faults.survey = survey(child, names, (noise, plain), chance);
    faults.registry = registry(child, names, noise, chance);
    if chance.hit(0.006 * noise) {
        faults.poverty = match names.homophone(&child.name, chance) {
            Some(name) if chance.hit(0.4) => Some(PovertyFault::Homophone(name)),
            Some(_) | None => Some(PovertyFault::WrongDigit),
        };
    }
    // Another name needs the number to be right wherever it stands.
    let readable = faults.registry.is_none() && faults.survey.is_none();
    if ordinary && readable && chance.hit(0.004 * noise) {
        let surname: String = child.name.chars().take(1).collect();
        faults.school_name = Some(format!("{surname}{}", names.given(child.male, chance)));
    }
    faults
}

fn supplement(child: &Child, chance: &mut Chance) -> Supplement {
    if child.alias_of.is_some() {
        return Supplement::MainOnly;
    }
    match chance.below(1_000) {
        0..=18 => Supplement::LaterOnly,
        19..=26 => Supplement::Both,
        _ => Supplement::MainOnly,
    }
}

fn survey(
    child: &Child,
    names: &Names,
    (noise, plain): (f64, bool),
    chance: &mut Chance,
) -> Option<SurveyFault> {
    let hit = |rate: f64, chance: &mut Chance| chance.hit(rate * noise);
    if child.rare && hit(0.6, chance) {
        return Some(SurveyFault::Unencodable(Names::unencodable(&child.name, chance)));
    }
    if hit(0.010, chance) {
        return names.homophone(&child.name, chance).map(SurveyFault::Homophone);
    }
    if hit(0.006, chance) {
        return names.glyph(&child.name, chance).map(SurveyFault::Glyph);
    }
    if hit(0.006, chance) {
        return Some(SurveyFault::WrongDigit);
    }
    if hit(0.003, chance) && plain {
        return Some(SurveyFault::NoId);
    }
    if hit(0.003, chance) {
        return Some(SurveyFault::BirthTransposed);
    }
    if hit(0.002, chance) && plain {
        return Some(SurveyFault::Nickname(Names::pet(chance)));
    }
    (hit(0.0018, chance) && !child.twin).then_some(SurveyFault::GuardianId)
}

fn registry(
    child: &Child,
    names: &Names,
    noise: f64,
    chance: &mut Chance,
) -> Option<RegistryFault> {
    let hit = |rate: f64, chance: &mut Chance| chance.hit(rate * noise);
    if hit(0.004, chance) {
        return names.homophone(&child.name, chance).map(RegistryFault::Homophone);
    }
    if hit(0.004, chance) {
        return Some(RegistryFault::WrongDigit);
    }
    if hit(0.004, chance) && !child.twin {
        return Some(RegistryFault::NoId);
    }
    hit(0.003, chance).then_some(RegistryFault::BirthTransposed)
}

impl Faults {
    /// The tags of these mistakes in `truth/children.csv`. `seen` tells whether the child has rows in survey and registry.
    pub(super) fn tags(&self, (in_survey, in_registry): (bool, bool)) -> Vec<&'static str> {
        let mut tags = Vec::new();
        if in_survey {
            tags.extend(self.survey.as_ref().map(SurveyFault::tag));
            tags.extend(self.survey_twice.then_some("survey_dup_row"));
        }
        if in_registry {
            tags.extend(self.registry.as_ref().map(RegistryFault::tag));
            tags.extend(self.old_transfer.then_some("old_transfer_row"));
            tags.extend(self.school_name.as_ref().map(|_| "name_changed"));
        }
        tags.extend(self.inspected.then_some("inspection_sample"));
        tags
    }
}

impl SurveyFault {
    fn tag(&self) -> &'static str {
        match self {
            Self::Homophone(_) => "survey_name_homophone",
            Self::Glyph(_) => "survey_name_glyph",
            Self::Unencodable(_) => "rare_char",
            Self::WrongDigit => "survey_id_typo",
            Self::NoId => "survey_no_id",
            Self::BirthTransposed => "survey_birth_transposed",
            Self::Nickname(_) => "guardian_only",
            Self::GuardianId => "guardian_id_in_child_column",
        }
    }

    /// The tag of the row in `truth/rows.csv`.
    pub(super) fn row_tag(&self) -> &'static str {
        match self {
            Self::Homophone(_) => "name_homophone",
            Self::Glyph(_) => "name_glyph",
            Self::Unencodable(_) => "rare_char",
            Self::WrongDigit => "id_typo",
            Self::NoId => "id_missing",
            Self::BirthTransposed => "birth_transposed",
            Self::Nickname(_) => "guardian_only",
            Self::GuardianId => "guardian_id",
        }
    }
}

impl RegistryFault {
    fn tag(&self) -> &'static str {
        match self {
            Self::Homophone(_) => "registry_name_homophone",
            Self::WrongDigit => "registry_id_typo",
            Self::NoId => "registry_no_id",
            Self::BirthTransposed => "registry_birth_transposed",
        }
    }

    /// The tag of the row in `truth/rows.csv`.
    pub(super) fn row_tag(&self) -> &'static str {
        match self {
            Self::Homophone(_) => "name_homophone",
            Self::WrongDigit => "id_typo",
            Self::NoId => "id_missing",
            Self::BirthTransposed => "birth_transposed",
        }
    }
}
