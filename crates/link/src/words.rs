//! Words for fields and levels in two languages.

/// The language of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lang {
    /// Chinese.
    Zh,
    /// English.
    En,
}

impl Lang {
    /// The text of this language.
    pub fn pick<T>(self, zh: T, en: T) -> T {
        match self {
            Self::Zh => zh,
            Self::En => en,
        }
    }
}

/// Level and its words.
const LEVELS: &[(&str, &str, &str)] = &[
    ("equal", "相同", "equal"),
    ("close", "很相近", "close"),
    ("near", "相近", "near"),
    ("other", "不同", "different"),
    ("variant", "异体字", "variant form"),
    ("sound", "同音", "same sound"),
    ("near_sound", "近音", "near sound"),
    ("glyph", "形近", "look-alike"),
    ("fragment", "缺字", "character missing"),
    ("nickname", "小名", "nickname"),
    ("given", "名同姓异", "given name only"),
    ("shared", "名有一字同", "one character shared"),
    ("surname", "仅姓同", "surname only"),
    ("month", "同年月", "same month"),
    ("swapped", "月日颠倒", "month for day"),
    ("digit", "差一位", "one digit off"),
    ("lunar", "农历公历", "lunar calendar"),
    ("year", "同年", "same year"),
    ("year_slip", "差一年", "one year off"),
    ("claimed", "号同生日异", "equal, birth contradicts"),
    ("typo", "错一位", "one digit wrong"),
    ("partial", "前段同", "beginning agrees"),
    ("tail", "尾号同", "end agrees"),
    ("unlike", "不同", "different"),
    ("conflict", "两个有效号", "two valid numbers"),
    ("contains", "包含", "one contains the other"),
    ("town", "同乡镇", "same town"),
    ("county", "同县", "same county"),
    ("tone_sound", "同音同调", "same sound and tone"),
    ("slip", "差一处", "one slip"),
    ("two", "差两处", "two slips"),
    ("far", "略像", "somewhat alike"),
    ("most", "大半相同", "mostly equal"),
    ("half", "一半相同", "half equal"),
    ("some", "少许相同", "a little equal"),
    ("prefix", "开头相同", "beginning agrees"),
    ("start", "前半相同", "first half agrees"),
    ("crossed", "位置互换", "places changed"),
    ("sector", "邮区很近", "same postal sector"),
    ("district", "邮区相近", "same postal district"),
    ("area", "邮区同片", "same postal area"),
    ("local", "用户名相同", "same mailbox name"),
    ("name", "用户名相近", "mailbox name alike"),
    ("domain", "域名相同", "same domain"),
    ("one", "差一", "off by one"),
    ("digits", "差两位", "two digits off"),
    ("first", "只前者相同", "only the first equal"),
    ("second", "只后者相同", "only the second equal"),
    ("neither", "都不同", "neither equal"),
];

/// Field and its Chinese word; the English one is the field's own name.
const FIELDS: &[(&str, &str)] = &[
    ("id", "身份证号"),
    ("id_no", "身份证号"),
    ("name", "姓名"),
    ("birth", "出生日期"),
    ("birth_date", "出生日期"),
    ("sex", "性别"),
    ("guardian", "监护人"),
    ("region", "行政区划"),
    ("region_code", "行政区划"),
    ("address", "住址"),
    ("school", "学校"),
    ("phone", "电话"),
    ("village", "村组"),
    ("name with birth", "姓名与出生日期相伴"),
    ("name with sex", "姓名与性别相伴"),
    ("region with address", "区划与住址相伴"),
    ("guardian with address", "监护人与住址相伴"),
    ("region with school", "区划与学校相伴"),
];

/// What a level is called; its own name when there is no word for it.
pub fn level_word(level: &str, lang: Lang) -> &str {
    LEVELS.iter().find(|(name, ..)| *name == level).map_or(level, |(_, zh, en)| lang.pick(zh, en))
}

/// What a field is called; its own name when there is no word for it.
pub fn field_word(field: &str, lang: Lang) -> &str {
    let zh = FIELDS.iter().find(|(name, _)| *name == field).map_or(field, |(_, zh)| *zh);
    lang.pick(zh, field)
}
