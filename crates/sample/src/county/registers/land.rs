//! The counties of the registers: towns with villages and schools, and what people there are called.

use baoxue_claim::Town;

use super::{
    super::{
        chance::Chance,
        names::Names,
        place::{Geography, Level},
    },
    RegistersSpec,
};

/// Records of one county.
const RECORDS_PER_COUNTY: u64 = 250_000;
const TOWNS: usize = 18;
/// First two digits of area codes.
const PROVINCES: [&str; 16] = [
    "13", "14", "21", "32", "34", "36", "37", "41", "42", "43", "45", "51", "52", "53", "61", "62",
];
const STEM_FIRST: [&str; 30] = [
    "高", "杨", "塘", "永", "松", "江", "羊", "口", "林", "湾", "水", "桃", "马", "云", "银", "竹",
    "太", "五", "集", "柳", "桥", "溪", "沙", "白", "石", "双", "新", "安", "黄", "罗",
];
const STEM_LAST: [&str; 26] = [
    "青", "金", "古", "凤", "马", "桥", "银", "关", "集", "场", "花", "岭", "山", "平", "兴", "镇",
    "潭", "龙", "河", "堡", "坪", "店", "口", "泉", "阳", "城",
];
const GIRLS: [&str; 32] = [
    "子涵", "梓涵", "一诺", "欣怡", "诗涵", "佳怡", "雨桐", "梓萱", "可馨", "雨欣", "思涵", "雨萱",
    "欣妍", "佳琪", "紫涵", "语嫣", "梦瑶", "若曦", "雅婷", "静怡", "诗琪", "婉婷", "思雨", "嘉怡",
    "欣悦", "依诺", "梓妍", "思彤", "雨涵", "佳慧", "心怡", "梦琪",
];
const BOYS: [&str; 32] = [
    "浩宇", "子轩", "宇轩", "梓豪", "浩然", "俊杰", "浩轩", "宇航", "梓轩", "睿轩", "宇辰", "博文",
    "子豪", "俊熙", "子睿", "皓轩", "铭轩", "家豪", "志豪", "宇浩", "梓睿", "俊豪", "天佑", "宇泽",
    "子墨", "嘉豪", "文博", "奕辰", "浩辰", "俊辰", "明轩", "昊然",
];

/// One county.
#[derive(Debug)]
pub(super) struct Land {
    pub(super) geography: Geography,
    /// Indices of the schools of each town up to grade 6, and from grade 7 on.
    schools: Vec<[Vec<usize>; 2]>,
    /// The surname that many families of a village share.
    clans: Vec<Vec<&'static str>>,
    /// Given names that were in fashion: of girls, of boys.
    fashion: [Vec<&'static str>; 2],
}

/// All counties of an order.
pub(super) fn all(spec: &RegistersSpec, names: &Names) -> Vec<Land> {
    let n_lands = ((spec.records + RECORDS_PER_COUNTY / 2) / RECORDS_PER_COUNTY).max(1);
    let mut chance = Chance::new(spec.seed, 20);
    let mut areas: Vec<String> = Vec::new();
    for _ in 0..n_lands {
        areas.push(new_area(&areas, &mut chance));
    }
    areas.iter().map(|area| land(area, names, &mut chance)).collect()
}

/// An area code that no county has yet.
fn new_area(areas: &[String], chance: &mut Chance) -> String {
    loop {
        let prefecture = chance.between(1, 29);
        let county = chance.between(31, 59);
        let area = format!("{}{prefecture:02}{county}", chance.word(&PROVINCES));
        if !areas.contains(&area) {
            return area;
        }
    }
}

fn land(area: &str, names: &Names, chance: &mut Chance) -> Land {
    // What a county needs for few children: its villages do not grow with the table, its counties multiply.
    const CHILDREN: u32 = 9_000;
    let towns = towns(area, chance);
    let seed = chance.below(usize::MAX) as u64;
    let geography = Geography::new(&towns, CHILDREN, seed, names);
    let schools = (0..geography.places.len()).map(|town| schools(&geography, town)).collect();
    let clans = geography
        .places
        .iter()
        .map(|place| place.villages.iter().map(|_| names.surname(chance)).collect())
        .collect();
    let mut some = |list: &[&'static str]| {
        let mut list = list.to_vec();
        chance.shuffle(&mut list);
        list.truncate(20);
        list
    };
    let fashion = [some(&GIRLS), some(&BOYS)];
    Land { geography, schools, clans, fashion }
}

fn towns(area: &str, chance: &mut Chance) -> Vec<Town> {
    let mut stems: Vec<String> = Vec::new();
    while stems.len() < TOWNS {
        let stem = format!("{}{}", chance.word(&STEM_FIRST), chance.word(&STEM_LAST));
        let (first, last) = stem.split_at(stem.len() / 2);
        if first != last && !stems.contains(&stem) {
            stems.push(stem);
        }
    }
    let kinds = ["镇", "镇", "镇", "乡", "街道"];
    (100..)
        .zip(stems)
        .filter_map(|(number, stem)| {
            let code = format!("{area}{number}").parse().ok()?;
            let name = format!("{stem}{}", chance.word(&kinds));
            Some(Town { code, name, aliases: Vec::new(), from: None, to: None })
        })
        .collect()
}

/// Primary and junior schools of a town; those of the county when it has none.
fn schools(geography: &Geography, town: usize) -> [Vec<usize>; 2] {
    let fits = |grade: i32, anywhere: bool| {
        (0..geography.schools.len())
            .filter(|at| {
                let school = &geography.schools[*at];
                let here = anywhere || school.town == town;
                here && school.level != Level::Special && school.level.teaches(grade)
            })
            .collect::<Vec<_>>()
    };
    [6, 7].map(|grade| {
        let here = fits(grade, false);
        if here.is_empty() { fits(grade, true) } else { here }
    })
}

impl Land {
    /// A school of the town for the grade.
    pub(super) fn school(&self, town: usize, grade: i32, chance: &mut Chance) -> usize {
        *chance.pick(&self.schools[town][usize::from(grade > 6)])
    }

    pub(super) fn clan(&self, (town, village): (usize, usize)) -> &'static str {
        self.clans[town][village]
    }

    pub(super) fn fashionable(&self, male: bool, chance: &mut Chance) -> &'static str {
        // The lower of two draws: the first of the list are the most fashionable.
        let list = &self.fashion[usize::from(male)];
        let at = chance.below(list.len()).min(chance.below(list.len()));
        list[at]
    }

    /// A village drawn by size, with its town.
    pub(super) fn home(&self, chance: &mut Chance) -> (usize, usize) {
        let town = self.geography.draw_town(chance);
        (town, self.geography.draw_village(town, chance))
    }
}
