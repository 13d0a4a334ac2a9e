//! What a list of children is about: which are wanted, in which order, and how many there are of each kind.

use std::collections::BTreeMap;

use baoxue_claim::{TownCode, VerdictCode};
use chrono::NaiveDate;

use super::Entry;

/// How a status is shown: one colour, icon and word for several codes (design §5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// 确认辍学: out of school by the rules.
    Out,
    /// 疑似辍学.
    Suspected,
    /// 数据冲突.
    Conflict,
    /// 待核实.
    Unverified,
    /// 不属于辍学: a lawful ground.
    Excepted,
    /// 在读.
    InSchool,
    /// Not in the population: dead, moved away, emigrated, a mistake of the register.
    Gone,
}

/// A part of the children that officials ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Group {
    /// 脱贫户和监测户.
    Poverty,
    /// 残疾儿童.
    Disabled,
    /// 送教上门.
    HomeTeaching,
    /// 数出多门: sources contradict each other.
    Quarrel,
}

/// 学段.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SchoolStage {
    /// Grades 1 to 6.
    Primary,
    /// Grades 7 to 9.
    Junior,
}

/// Which children a list is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Population {
    /// Of compulsory age: the base of every rate.
    #[default]
    OfAge,
    /// All that any file mentions.
    Everybody,
}

/// The order of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// What has to be done first: status, then the day that is due, then the name.
    #[default]
    Urgency,
    /// By name as it sounds.
    Name,
    /// By town and village.
    Place,
    /// By the day that is due.
    Due,
    /// The youngest first.
    Birth,
}

/// What a list shall hold. Empty lists filter nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// What was typed.
    pub typed: String,
    /// Which children.
    pub population: Population,
    /// Statuses.
    pub kinds: Vec<Kind>,
    /// One code.
    pub code: Option<VerdictCode>,
    /// Towns.
    pub towns: Vec<TownCode>,
    /// Children of no known town.
    pub no_town: bool,
    /// A village.
    pub village: Option<String>,
    /// A school.
    pub school: Option<String>,
    /// Groups; a child in all of them.
    pub groups: Vec<Group>,
    /// Stages of schooling.
    pub stages: Vec<SchoolStage>,
    /// Something is due up to this day.
    pub due_by: Option<NaiveDate>,
    /// The ground ends up to this day.
    pub ends_by: Option<NaiveDate>,
    /// Two sources of the strip, by their places in it, say different things.
    pub pair: Option<(usize, usize)>,
    /// The order.
    pub sort: Sort,
}

/// How many children fall under each choice, the other choices as they are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// By status.
    pub kinds: BTreeMap<Kind, usize>,
    /// By town; `None` where no source tells.
    pub towns: BTreeMap<Option<TownCode>, usize>,
    /// By group.
    pub groups: BTreeMap<Group, usize>,
    /// By stage.
    pub stages: BTreeMap<SchoolStage, usize>,
}

/// A page of a list.
#[derive(Debug)]
pub struct Found<'r> {
    /// The lines of the page.
    pub entries: Vec<&'r Entry>,
    /// How many the list holds.
    pub total: usize,
    /// How many the reader may see, before any choice but the population.
    pub visible: usize,
    /// How many under each choice.
    pub counts: Counts,
}

/// Children by status.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Of compulsory age.
    pub of_age: usize,
    /// By status, of those.
    pub kinds: BTreeMap<Kind, usize>,
    /// Of those, children about whom sources contradict each other.
    pub quarrels: usize,
}

impl Kind {
    /// All of them, the most urgent first.
    pub const ALL: [Self; 7] = [
        Self::Out,
        Self::Suspected,
        Self::Conflict,
        Self::Unverified,
        Self::Excepted,
        Self::InSchool,
        Self::Gone,
    ];

    /// How a code is shown.
    pub const fn of(code: VerdictCode) -> Self {
        match code {
            VerdictCode::Dropout | VerdictCode::NeverEnrolled | VerdictCode::OverageIncomplete => {
                Self::Out
            }
            VerdictCode::Suspected => Self::Suspected,
            VerdictCode::Conflict => Self::Conflict,
            VerdictCode::Unverified | VerdictCode::Missing => Self::Unverified,
            VerdictCode::Deferred
            | VerdictCode::Suspended
            | VerdictCode::Unable
            | VerdictCode::OtherArrangement
            | VerdictCode::Completed
            | VerdictCode::NotYetOfAge => Self::Excepted,
            VerdictCode::EnrolledLocal
            | VerdictCode::EnrolledElsewhere
            | VerdictCode::HomeTeaching => Self::InSchool,
            VerdictCode::Dead
            | VerdictCode::MovedOut
            | VerdictCode::Emigrated
            | VerdictCode::RegisterError => Self::Gone,
        }
    }

    /// The key in addresses and style sheets.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Out => "out",
            Self::Suspected => "sus",
            Self::Conflict => "con",
            Self::Unverified => "unk",
            Self::Excepted => "ex",
            Self::InSchool => "in",
            Self::Gone => "gone",
        }
    }

    /// The kind of a key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.key() == key)
    }
}

impl Group {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Quarrel, Self::Poverty, Self::Disabled, Self::HomeTeaching];

    /// The key in addresses.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Poverty => "poverty",
            Self::Disabled => "disabled",
            Self::HomeTeaching => "home_teaching",
            Self::Quarrel => "quarrel",
        }
    }

    /// The group of a key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|group| group.key() == key)
    }

    /// Whether the child is in it.
    pub fn holds(self, entry: &Entry) -> bool {
        match self {
            Self::Poverty => entry.poverty,
            Self::Disabled => entry.disabled,
            Self::HomeTeaching => entry.home_teaching,
            Self::Quarrel => entry.quarrel,
        }
    }
}

impl SchoolStage {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Primary, Self::Junior];

    /// The key in addresses.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Primary => "primary",
            Self::Junior => "junior",
        }
    }

    /// The stage of a child whose grade is known.
    pub fn of(entry: &Entry) -> Option<Self> {
        entry.grade.map(|grade| if grade <= 6 { Self::Primary } else { Self::Junior })
    }
}

impl Entry {
    /// How its status is shown.
    pub const fn kind(&self) -> Kind {
        Kind::of(self.code)
    }

    /// The next day on which something is due: an answer, or the end of a ground.
    pub fn due(&self) -> Option<NaiveDate> {
        self.answer_by.into_iter().chain(self.expires).min()
    }
}

/// The choices of one facet do not filter its own counts.
#[expect(clippy::struct_excessive_bools, reason = "one answer for each facet")]
pub(super) struct Hits {
    kind: bool,
    town: bool,
    group: bool,
    stage: bool,
    rest: bool,
}

impl Filter {
    /// Whether a child is one of those wanted, whatever was typed and whether or not it is of age.
    pub fn wants(&self, entry: &Entry) -> bool {
        self.hits(entry, true).all()
    }

    pub(super) fn hits(&self, entry: &Entry, typed: bool) -> Hits {
        let same =
            |wanted: &Option<String>, is: Option<&str>| wanted.is_none() || wanted.as_deref() == is;
        let due = self.due_by.is_none_or(|day| entry.due().is_some_and(|due| due <= day));
        let any_town = self.towns.is_empty() && !self.no_town;
        let stage = SchoolStage::of(entry);
        Hits {
            kind: (self.kinds.is_empty() || self.kinds.contains(&entry.kind()))
                && self.code.is_none_or(|code| code == entry.code),
            town: any_town || entry.town.map_or(self.no_town, |town| self.towns.contains(&town)),
            group: self.groups.iter().all(|group| group.holds(entry)),
            stage: self.stages.is_empty() || stage.is_some_and(|s| self.stages.contains(&s)),
            rest: typed
                && due
                && self.ends_by.is_none_or(|day| entry.expires.is_some_and(|end| end <= day))
                && self.pair.is_none_or(|(one, other)| entry.differs(one, other))
                && same(&self.village, entry.village.as_deref())
                && same(&self.school, entry.school.as_deref()),
        }
    }
}

impl Hits {
    /// Whether the entry is on the list.
    pub(super) const fn all(&self) -> bool {
        self.rest && self.kind && self.town && self.group && self.stage
    }
}

impl Counts {
    pub(super) fn count(&mut self, entry: &Entry, hits: &Hits) {
        let Hits { kind, town, group, stage, rest } = *hits;
        if rest && town && group && stage {
            *self.kinds.entry(entry.kind()).or_default() += 1;
        }
        if rest && kind && group && stage {
            *self.towns.entry(entry.town).or_default() += 1;
        }
        if rest
            && kind
            && town
            && group
            && let Some(stage) = SchoolStage::of(entry)
        {
            *self.stages.entry(stage).or_default() += 1;
        }
        if rest && kind && town && stage {
            for group in Group::ALL.into_iter().filter(|group| group.holds(entry)) {
                *self.groups.entry(group).or_default() += 1;
            }
        }
    }
}
