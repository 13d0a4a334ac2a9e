//! A child as each register has it: which adult it names, where it says that the child is, in which style it writes.

use csv::StringRecord;

use super::{
    super::{chance::Chance, names::Names, place::hanzi},
    RegistersSpec, Row,
    family::{Family, Kid, guardian},
    slip::Slips,
};

/// One of the five registers.
struct Register {
    code: &'static str,
    /// Factor on every rate of slips: the police register is checked, the town survey is written on a doorstep.
    slips: f64,
    /// Children it has.
    has: f64,
    /// Only children of poor families.
    poor: bool,
    /// Children whom it has twice.
    twice: f64,
    /// Records that leave the school out, which is no slip.
    no_school: f64,
    /// Whether it goes by the registration, not by the home.
    registered: bool,
    /// Father, mother, grandparent as guardian.
    guardians: [u64; 3],
}

const REGISTERS: [Register; 5] = [
    Register {
        code: "HJ",
        slips: 0.3,
        has: 0.965,
        poor: false,
        twice: 0.004,
        no_school: 0.7,
        registered: true,
        guardians: [62, 10, 28],
    },
    Register {
        code: "XJ",
        slips: 0.6,
        has: 0.93,
        poor: false,
        twice: 0.006,
        no_school: 0.0,
        registered: false,
        guardians: [47, 50, 3],
    },
    Register {
        code: "MP",
        slips: 1.8,
        has: 0.885,
        poor: false,
        twice: 0.018,
        no_school: 0.3,
        registered: false,
        guardians: [45, 33, 22],
    },
    Register {
        code: "XX",
        slips: 1.0,
        has: 0.82,
        poor: false,
        twice: 0.011,
        no_school: 0.0,
        registered: false,
        guardians: [42, 55, 3],
    },
    Register {
        code: "JD",
        slips: 1.2,
        has: 0.9,
        poor: true,
        twice: 0.014,
        no_school: 0.5,
        registered: true,
        guardians: [58, 13, 29],
    },
];

/// Makes the records.
#[derive(Debug)]
pub(super) struct Viewer<'n> {
    names: &'n Names,
    chance: Chance,
    noise: f64,
}

impl<'n> Viewer<'n> {
    pub(super) fn new(names: &'n Names, spec: &RegistersSpec) -> Self {
        Self { names, chance: Chance::new(spec.seed, 22), noise: spec.noise }
    }

    /// All records of one child.
    pub(super) fn records(&mut self, family: &Family<'_>, at: usize) -> Vec<Row> {
        let mut rows = Vec::with_capacity(6);
        for register in &REGISTERS {
            if (register.poor && !family.poor) || !self.chance.hit(register.has) {
                continue;
            }
            let n_rows = if self.chance.hit(register.twice) { 2 } else { 1 };
            for _ in 0..n_rows {
                rows.push(self.record(register, family, &family.kids[at]));
            }
        }
        rows
    }

    fn record(&mut self, register: &Register, family: &Family<'_>, kid: &Kid) -> Row {
        let behind = register.code == "XJ" && kid.registry_behind;
        let at = if register.registered || behind { family.registered } else { family.lives };
        let adult = guardian(family, register.guardians, &mut self.chance);
        let school = if self.chance.hit(register.no_school) {
            String::new()
        } else {
            self.school(family, kid)
        };
        let factor = register.slips * self.noise;
        let mut slips =
            Slips { names: self.names, chance: &mut self.chance, factor, told: Vec::new() };
        let name = slips.name(&kid.name, register.code == "MP");
        let sex = slips.sex(kid.male);
        let birth = slips.birth(kid.birth);
        let id = slips.id(family, kid);
        let adult = slips.guardian(adult);
        let town_only = slips.hit(0.055, "town_only");
        let no_address = slips.hit(0.0635, "no_address");
        let faults = slips.told.join(" ");
        let region = region(family, at, town_only);
        let address = if no_address { String::new() } else { self.address(family, at) };
        let record = [register.code, &name, sex, &birth, &id, &adult, &region, &address, &school];
        let truth = truth(family, kid, &faults);
        Row { record: StringRecord::from(record.to_vec()), truth }
    }

    /// The address in one of four styles: 高青镇柳沟村3组12号, without the house, without the town, and as the law puts
    /// it, 柳沟村第三村民小组12.
    fn address(&mut self, family: &Family<'_>, (town, village): (usize, usize)) -> String {
        let place = &family.land.geography.places[town];
        let village = &place.villages[village].name;
        let (group, house) = (family.group, family.house);
        match self.chance.below(4) {
            0 => format!("{}{village}{group}组{house}号", place.formal),
            1 => format!("{}{village}{group}组", place.formal),
            2 => format!("{village}{}组{house}号", hanzi(group)),
            _ => format!("{village}第{}村民小组{house}", hanzi(group)),
        }
    }

    /// The school in one of three styles: 高青镇柳沟小学, 高青柳沟完全小学, 柳沟小学; 高青镇初级中学, 高青中学.
    fn school(&mut self, family: &Family<'_>, kid: &Kid) -> String {
        let geography = &family.land.geography;
        let school = &geography.schools[kid.school];
        let place = &geography.places[school.town];
        let tail = school.name.strip_prefix(geography.county).unwrap_or(&school.name);
        let front = if place.street { &place.stem } else { &place.formal };
        let tail = tail.strip_prefix(front.as_str()).unwrap_or(tail);
        match (tail.strip_suffix("小学"), self.chance.below(3)) {
            (Some(root), 0) => format!("{}{root}完全小学", place.stem),
            (None, 0) if tail == "初级中学" => format!("{}中学", place.stem),
            (Some(_), 1) => tail.to_owned(),
            (Some(_) | None, _) => format!("{}{tail}", place.formal),
        }
    }
}

/// Twelve digits; the village as 000 when the register only knows the town.
fn region(family: &Family<'_>, (town, village): (usize, usize), town_only: bool) -> String {
    let place = &family.land.geography.places[town];
    if town_only {
        return format!("{}000", place.town.code);
    }
    place.villages[village].code.clone()
}

fn truth(family: &Family<'_>, kid: &Kid, faults: &str) -> StringRecord {
    let (entity, family) = (kid.number.to_string(), family.number.to_string());
    let (twin, namesake) = (kid.twin.to_string(), kid.namesake.to_string());
    StringRecord::from(vec![entity.as_str(), &family, &twin, &namesake, faults])
}
