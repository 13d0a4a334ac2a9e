//! The county: towns, villages, schools, and the places where its people work.

use baoxue_claim::Town;

use super::{
    chance::{Chance, running_sums},
    names::Names,
};

/// Cities where people of the county work, with a district.
const ELSEWHERE: [&str; 16] = [
    "广东省深圳市宝安区",
    "广东省东莞市长安镇",
    "广东省佛山市南海区",
    "浙江省温州市鹿城区",
    "浙江省义乌市",
    "浙江省宁波市鄞州区",
    "江苏省苏州市吴中区",
    "江苏省昆山市",
    "福建省晋江市",
    "上海市嘉定区",
    "北京市昌平区",
    "四川省成都市双流区",
    "重庆市渝北区",
    "湖北省武汉市洪山区",
    "河北省石家庄市长安区",
    "山西省太原市小店区",
];
const OUTSIDE_SCHOOLS: [&str; 12] = [
    "实验", "第一", "第二", "第三", "育才", "希望", "阳光", "明德", "东方", "振华", "新城", "光明",
];
const COUNTRIES: [&str; 5] = ["意大利", "老挝", "西班牙", "加拿大", "马来西亚"];
const VILLAGE_FIRST: [&str; 34] = [
    "柳", "石", "枫", "青", "白", "黄", "龙", "凤", "松", "桐", "竹", "梅", "杏", "桃", "高", "长",
    "双", "大", "小", "新", "老", "金", "银", "红", "李家", "王家", "张家", "陈家", "杨家", "刘家",
    "赵家", "周家", "何家", "吴家",
];
const VILLAGE_LAST: [&str; 24] = [
    "沟", "坪", "梁", "湾", "坝", "岭", "河", "庙", "店", "寨", "桥", "泉", "垭", "台", "林", "树",
    "溪", "岩", "峡", "营", "坡", "滩", "塘", "崖",
];
const QUARTERS: [&str; 24] = [
    "解放路",
    "文昌",
    "兴隆",
    "康宁",
    "朝阳",
    "东坝",
    "西关",
    "南门",
    "北街",
    "育才路",
    "滨河",
    "果园",
    "金川",
    "城东",
    "水电",
    "培新街",
    "文化路",
    "高井",
    "长虹",
    "汉白",
    "木竹桥",
    "巴山",
    "安悦",
    "鲁家",
];
const COUNTIES: [&str; 8] =
    ["云岭县", "青溪县", "双河县", "白石县", "松原县", "柳川县", "石塘县", "凤坪县"];
const NEIGHBOURS: [(&str, &str); 4] =
    [("三岔县", "610932"), ("永丰县", "610933"), ("长陵县", "610934"), ("江口县", "610935")];
/// Area codes of cities where children of migrants were first registered.
const OUTSIDE_AREAS: [&str; 8] =
    ["440306", "440605", "330302", "330782", "320583", "310114", "510116", "500112"];

/// One village or community.
#[derive(Debug)]
pub(super) struct Village {
    pub(super) name: String,
    /// Twelve digits.
    pub(super) code: String,
}

/// Which grades a school has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Level {
    /// Grades 1 to 6.
    Primary,
    /// Grades 1 to 3.
    Point,
    /// Grades 7 to 9.
    Junior,
    /// Grades 1 to 9.
    Nine,
    /// Grades 1 to 9, disabled children.
    Special,
}

impl Level {
    pub(super) fn teaches(self, grade: i32) -> bool {
        match self {
            Self::Primary => (1..=6).contains(&grade),
            Self::Point => (1..=3).contains(&grade),
            Self::Junior => (7..=9).contains(&grade),
            Self::Nine | Self::Special => (1..=9).contains(&grade),
        }
    }
}

/// A school of the county.
#[derive(Debug)]
pub(super) struct School {
    /// Full name with the county.
    pub(super) name: String,
    /// The name as villagers write it.
    pub(super) short: String,
    pub(super) code: String,
    pub(super) level: Level,
    pub(super) town: usize,
    pub(super) principal: String,
}

/// A town with its villages.
#[derive(Debug)]
pub(super) struct Place {
    pub(super) town: Town,
    /// The name without its kind: 江北.
    pub(super) stem: String,
    /// 江北街道 or 洪山镇.
    pub(super) formal: String,
    pub(super) street: bool,
    pub(super) villages: Vec<Village>,
}

/// The whole county.
#[derive(Debug)]
pub(super) struct Geography {
    pub(super) county: &'static str,
    pub(super) city: &'static str,
    pub(super) area: String,
    pub(super) places: Vec<Place>,
    pub(super) schools: Vec<School>,
    village_sums: Vec<Vec<u64>>,
    town_sums: Vec<u64>,
}

impl Geography {
    pub(super) fn new(towns: &[Town], children: u32, seed: u64, names: &Names) -> Self {
        let mut chance = Chance::new(seed, 1);
        let county = chance.word(&COUNTIES);
        let area =
            towns.first().map_or_else(|| "610931".to_owned(), |t| t.code.to_string()[..6].into());
        let mut used = Vec::new();
        let places: Vec<Place> =
            towns.iter().map(|town| place(town, children, &mut used, &mut chance)).collect();
        let mut schools = Vec::new();
        for (at, place) in places.iter().enumerate() {
            let per_town = children as usize / places.len().max(1);
            town_schools(&mut schools, (at, place), (county, per_town), &mut chance);
        }
        schools.push(special_school(county, schools.len()));
        for school in &mut schools {
            school.principal =
                format!("{}{}", names.surname(&mut chance), names.given(true, &mut chance));
        }
        let weights = places.iter().map(|p| if p.street { 10 } else { 4 + chance.below(5) as u64 });
        let town_sums = running_sums(weights.collect::<Vec<_>>().into_iter());
        let village_sums = places
            .iter()
            .map(|p| running_sums(p.villages.iter().map(|_| 2 + chance.below(6) as u64)))
            .collect();
        Self { county, city: "安平市", area, places, schools, village_sums, town_sums }
    }

    pub(super) fn draw_town(&self, chance: &mut Chance) -> usize {
        chance.weighted(&self.town_sums)
    }

    pub(super) fn draw_village(&self, town: usize, chance: &mut Chance) -> usize {
        chance.weighted(&self.village_sums[town])
    }

    /// A school of the town that has the grade; of another town when this one has none.
    pub(super) fn draw_school(&self, town: usize, grade: i32, chance: &mut Chance) -> usize {
        let fits = |school: &School, at: usize| {
            school.town == at && school.level != Level::Special && school.level.teaches(grade)
        };
        for at in std::iter::once(town).chain(0..self.places.len()) {
            let here: Vec<usize> =
                (0..self.schools.len()).filter(|s| fits(&self.schools[*s], at)).collect();
            if !here.is_empty() {
                return *chance.pick(&here);
            }
        }
        0
    }

    /// The special school, the last of the list.
    pub(super) fn special(&self) -> usize {
        self.schools.len() - 1
    }

    /// `云岭县双河镇柳沟村三组`, behind province and city when `long`.
    pub(super) fn address(&self, town: usize, village: usize, group: u8, long: bool) -> String {
        let place = &self.places[town];
        let front = if long { format!("陕西省{}", self.city) } else { String::new() };
        format!(
            "{front}{}{}{}{}组",
            self.county,
            place.formal,
            place.villages[village].name,
            hanzi(group)
        )
    }
}

/// 1 to 10 in Chinese characters.
pub(super) fn hanzi(number: u8) -> &'static str {
    const DIGITS: [&str; 11] = ["零", "一", "二", "三", "四", "五", "六", "七", "八", "九", "十"];
    DIGITS.get(usize::from(number)).copied().unwrap_or("十")
}

/// A school somewhere else: the place and the full name.
pub(super) fn outside_school(grade: i32, chance: &mut Chance) -> (&'static str, String) {
    let place = chance.word(&ELSEWHERE);
    let stem = chance.word(&OUTSIDE_SCHOOLS);
    let kind = match (grade <= 6, chance.hit(0.5)) {
        (true, _) => "小学",
        (false, true) => "初级中学",
        (false, false) => "中学",
    };
    (place, format!("{place}{stem}{kind}"))
}

/// The cities where people of the county work.
pub(super) fn places() -> &'static [&'static str] {
    &ELSEWHERE
}

pub(super) fn country(chance: &mut Chance) -> &'static str {
    chance.word(&COUNTRIES)
}

/// Name and area code of a neighbouring county.
pub(super) fn neighbour(chance: &mut Chance) -> (&'static str, &'static str) {
    *chance.pick(&NEIGHBOURS)
}

pub(super) fn outside_area(chance: &mut Chance) -> &'static str {
    chance.word(&OUTSIDE_AREAS)
}

fn place(town: &Town, children: u32, used: &mut Vec<String>, chance: &mut Chance) -> Place {
    let stem = stem(&town.name);
    let street = !town.name.ends_with('镇') && !town.name.ends_with('乡');
    let formal = if street { format!("{stem}街道") } else { town.name.clone() };
    let n_villages = 10 + chance.below(9) + (children / 20_000) as usize * 4;
    let mut villages: Vec<Village> = Vec::with_capacity(n_villages);
    let mut tries = 0;
    while villages.len() < n_villages && tries < 4_000 {
        tries += 1;
        let community = if street { 0.75 } else { 0.12 };
        let name = if chance.hit(community) {
            format!("{}社区", chance.pick(&QUARTERS))
        } else {
            format!("{}{}村", chance.pick(&VILLAGE_FIRST), chance.pick(&VILLAGE_LAST))
        };
        // Two towns may have a village of the same name; within a town, and mostly, they differ.
        let repeated = villages.iter().any(|v| v.name == name);
        if repeated || (used.contains(&name) && !chance.hit(0.1)) {
            continue;
        }
        used.push(name.clone());
        let number = if name.ends_with("社区") { 1 } else { 200 } + villages.len();
        villages.push(Village { name, code: format!("{}{number:03}", town.code) });
    }
    Place { town: town.clone(), stem, formal, street, villages }
}

fn stem(name: &str) -> String {
    const KINDS: [&str; 8] = ["街道办事处", "街道办", "办事处", "街办", "街道", "镇", "办", "乡"];
    KINDS.iter().find_map(|kind| name.strip_suffix(kind)).unwrap_or(name).to_owned()
}

/// Adds the schools of one town: a junior school, a central primary, and as many small ones as the children need.
fn town_schools(
    schools: &mut Vec<School>,
    (at, place): (usize, &Place),
    (county, children): (&str, usize),
    chance: &mut Chance,
) {
    let n_small = (3 + chance.below(4)).max(children / 250);
    let mut add = |tail: String, level: Level| {
        let kind = if level == Level::Junior { 3 } else { 2 };
        let town = if place.street { place.stem.clone() } else { place.formal.clone() };
        let short = match level {
            Level::Junior if !tail.contains('第') => format!("{}中学", place.stem),
            Level::Primary | Level::Point | Level::Junior | Level::Nine | Level::Special => {
                format!("{town}{tail}")
            }
        };
        schools.push(School {
            name: format!("{county}{town}{tail}"),
            short,
            code: format!("{kind}1610{:05}", 1_000 + schools.len() * 7),
            level,
            town: at,
            principal: String::new(),
        });
    };
    add("初级中学".to_owned(), Level::Junior);
    add("中心小学".to_owned(), Level::Primary);
    if place.street {
        add("九年制学校".to_owned(), Level::Nine);
        for number in 1..=n_small.min(9) {
            add(format!("第{}小学", hanzi(u8::try_from(number).unwrap_or(9))), Level::Primary);
        }
        return;
    }
    for village in place.villages.iter().take(n_small) {
        let root = village.name.trim_end_matches("社区").trim_end_matches('村');
        if chance.hit(0.3) {
            add(format!("{root}教学点"), Level::Point);
        } else {
            add(format!("{root}小学"), Level::Primary);
        }
    }
}

fn special_school(county: &str, at: usize) -> School {
    School {
        name: format!("{county}特殊教育学校"),
        short: "特殊教育学校".to_owned(),
        code: format!("51610{:05}", 1_000 + at * 7),
        level: Level::Special,
        town: 0,
        principal: String::new(),
    }
}
