//! Names of people by frequency, and the ways they are misheard and misread.
//!
//! `data/characters.csv` and `data/surnames.csv` are reduced from public frequency tables (see `NOTICE`).

use std::collections::HashMap;

use super::chance::{Chance, running_sums};

/// Pairs of characters that are taken for each other by eye; each is used in both directions.
const GLYPHS: &str = "己已 未末 晴睛 俊峻 洋祥 钰玉 璐露 梅海 波坡 涛寿 芳芬 莉利 丽俪 婷停 琪棋 淇琪 佳住 桂佳 桐洞 \
    林材 杨扬 场扬 沐沭 泽择 泽译 浩洁 洁结 诗持 诚城 诚成 城域 晨农 晓哓 旭旮 昊吴 昌冒 明朋 朋用 鹏鹤 \
    凯剀 欣听 欢次 雯霎 雪雷 霞霜 雨两 宇字 宁宇 安宴 宏宠 宸宵 家冢 容客 萍苹 苹萃 茹如 菲韭 蓉容 莲连 \
    艳滟 英莫 荣莱 花华 华毕 毕华 瑞端 珊册 玲铃 珍诊 琳淋 瑶遥 璇旋 铭名 银根 锋峰 峰蜂 锐悦 强弛 弘弛 博搏 \
    辉晖 辰振 达迭 远运 进近 逸免 飞习 思恩 恩思 慧惠 怡治 悦说 恒桓 志忐 忠患 文丈 斌赋 新折 方万 \
    亚业 仁仕 伟苇 健建 冰水 勇男 勤勒 卫节 国圆 \
    子于 学字 孝考 少小 平乎 广厂 康唐 彤彬 彬林 心必 成戍 春舂 月用 有友 木本 本木 杰木 \
    柏伯 柯何 森林 楠南 民氏 永水 江汪 汪江 沛柿 清请 源原 滢莹 潇萧 灵录 炎火 熙照 爱受 \
    生主 田由 皓浩 盈盆 睿壑 石右 礼札 禾木 秀季 程稈 立位 笑竿 紫柴 红江 绍召 维淮 翔羊 翠萃 \
    聪职 胜胖 良艮 芸云 若苦 茜西 虎虚 蕊芯 蕾雷 豪毫 贝见 贤贸 超起 轩轩 迪油 金全 鑫森 长张 阳阴 雅雄 静净 \
    顺须 颖颍 香杳 馨声 龙尤";

/// Characters that many programs of the time cannot write.
const RARE: &str = "䶮堃喆犇骉翀昇婳瑢烜玥珺琰琤璟甯赟鋆頔颋骐垚";

/// Elements of names with a middle dot.
const DOTTED: [&str; 16] = [
    "买买提",
    "艾力",
    "阿不都",
    "热合曼",
    "古丽",
    "阿依",
    "努尔",
    "艾合买提",
    "吐尔逊",
    "玉素甫",
    "帕提古丽",
    "木合塔尔",
    "迪丽",
    "凯丽比努尔",
    "伊敏",
    "卡德尔",
];

/// Pet names that towns write instead of the name.
const PET: [&str; 14] = [
    "豆豆", "亮亮", "老幺", "二娃", "毛毛", "妞妞", "大宝", "小宝", "三妹", "石头", "狗娃", "丫丫",
    "幺妹", "乐乐",
];

/// Frequency tables of names.
#[derive(Debug)]
pub(super) struct Names {
    surnames: Vec<(&'static str, &'static str)>,
    surname_sums: Vec<u64>,
    characters: Vec<(char, &'static str)>,
    male_sums: Vec<u64>,
    female_sums: Vec<u64>,
    sounds: HashMap<&'static str, Vec<char>>,
    pinyin: HashMap<char, &'static str>,
    glyphs: HashMap<char, Vec<char>>,
}

impl Names {
    pub(super) fn new() -> Self {
        let surnames = rows(include_str!("../../data/surnames.csv"));
        let characters = rows(include_str!("../../data/characters.csv"));
        let number = |text: &str| text.parse::<u64>().unwrap_or(0);
        let mut sounds: HashMap<&str, Vec<char>> = HashMap::new();
        let mut pinyin = HashMap::new();
        for row in &characters {
            let character = first(row[0]);
            sounds.entry(row[3]).or_default().push(character);
            pinyin.insert(character, row[3]);
        }
        for row in &surnames {
            pinyin.entry(first(row[0])).or_insert(row[2]);
        }
        Self {
            surname_sums: running_sums(surnames.iter().map(|row| number(row[1]))),
            male_sums: running_sums(characters.iter().map(|row| number(row[1]))),
            female_sums: running_sums(characters.iter().map(|row| number(row[2]))),
            surnames: surnames.iter().map(|row| (row[0], row[2])).collect(),
            characters: characters.iter().map(|row| (first(row[0]), row[3])).collect(),
            sounds,
            pinyin,
            glyphs: glyph_table(),
        }
    }

    pub(super) fn surname(&self, chance: &mut Chance) -> &'static str {
        self.surnames[chance.weighted(&self.surname_sums)].0
    }

    /// A given name: two characters, one in seven of one character.
    pub(super) fn given(&self, male: bool, chance: &mut Chance) -> String {
        let sums = if male { &self.male_sums } else { &self.female_sums };
        let length = if chance.hit(0.14) { 1 } else { 2 };
        (0..length).map(|_| self.characters[chance.weighted(sums)].0).collect()
    }

    /// A name of a minority with the middle dot U+00B7.
    pub(super) fn dotted(chance: &mut Chance) -> String {
        format!("{}·{}", chance.pick(&DOTTED), chance.pick(&DOTTED))
    }

    pub(super) fn pet(chance: &mut Chance) -> &'static str {
        chance.word(&PET)
    }

    /// A given name with a rare character at the end.
    pub(super) fn rare(&self, male: bool, chance: &mut Chance) -> String {
        let rare: Vec<char> = RARE.chars().collect();
        let sums = if male { &self.male_sums } else { &self.female_sums };
        format!("{}{}", self.characters[chance.weighted(sums)].0, chance.pick(&rare))
    }

    /// The same name with one character of the given name replaced by another of the same sound; `None` when no
    /// character of the table sounds alike.
    pub(super) fn homophone(&self, name: &str, chance: &mut Chance) -> Option<String> {
        replaced(name, chance, |character| {
            let sound = self.pinyin.get(&character)?;
            self.sounds.get(sound).map(Vec::as_slice)
        })
    }

    /// The same name with one character replaced by one that looks alike.
    pub(super) fn glyph(&self, name: &str, chance: &mut Chance) -> Option<String> {
        replaced(name, chance, |character| self.glyphs.get(&character).map(Vec::as_slice))
    }

    /// The sounds of a name, as registries keep them: `li yu dan`; empty when a character is not in the tables.
    pub(super) fn spelled(&self, name: &str) -> String {
        let sounds: Option<Vec<&str>> =
            name.chars().map(|character| self.pinyin.get(&character).copied()).collect();
        sounds.map(|sounds| sounds.join(" ")).unwrap_or_default()
    }

    /// How a name with a rare character comes out of a program that cannot write it.
    pub(super) fn unencodable(name: &str, chance: &mut Chance) -> String {
        let substitute = chance.word(&["?", "□", "*", "？", "yan"]);
        name.chars()
            .map(|c| if RARE.contains(c) { substitute.to_owned() } else { c.to_string() })
            .collect()
    }
}

/// The name with one character after the first replaced by one of `others`, in the order of a lottery.
fn replaced<'t>(
    name: &str,
    chance: &mut Chance,
    others: impl Fn(char) -> Option<&'t [char]>,
) -> Option<String> {
    let mut characters: Vec<char> = name.chars().collect();
    let mut places: Vec<usize> = (1..characters.len()).collect();
    chance.shuffle(&mut places);
    for at in places {
        let old = characters[at];
        let choice: Vec<char> =
            others(old).unwrap_or_default().iter().copied().filter(|c| *c != old).collect();
        if !choice.is_empty() {
            characters[at] = *chance.pick(&choice);
            return Some(characters.into_iter().collect());
        }
    }
    None
}

fn rows(text: &'static str) -> Vec<Vec<&'static str>> {
    text.lines().skip(1).map(|line| line.split(',').collect()).collect()
}

fn first(text: &str) -> char {
    text.chars().next().unwrap_or('一')
}

fn glyph_table() -> HashMap<char, Vec<char>> {
    let mut table: HashMap<char, Vec<char>> = HashMap::new();
    for pair in GLYPHS.split_whitespace() {
        let mut characters = pair.chars();
        if let (Some(a), Some(b)) = (characters.next(), characters.next())
            && a != b
        {
            table.entry(a).or_default().push(b);
            table.entry(b).or_default().push(a);
        }
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misheard_name_differs_in_one_character_and_sounds_the_same() {
        let names = Names::new();
        let mut chance = Chance::new(3, 0);
        let other = names.homophone("王丽华", &mut chance).unwrap();
        assert_ne!(other, "王丽华");
        assert_eq!(names.spelled(&other), names.spelled("王丽华"));
        let differing = other.chars().zip("王丽华".chars()).filter(|(a, b)| a != b).count();
        assert_eq!(differing, 1);
    }

    #[test]
    fn a_misread_name_keeps_its_surname() {
        let names = Names::new();
        let mut chance = Chance::new(3, 0);
        assert_eq!(names.glyph("李未", &mut chance).unwrap(), "李末");
    }
}
