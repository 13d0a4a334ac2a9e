//! What values look like, whatever the header says.

use baoxue_claim::{Grade, IdForm, IdMention, Sex, SurveyFinding, read_date};
use chrono::NaiveDate;

use crate::{
    Field,
    text::{begins, ends, fold, has, is_han, is_one},
    words::{Lexicon, looks_like_school},
};

/// Family names of one character, the common ones and those that lists of the countryside hold.
const SURNAMES: &str = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付傅方白邹孟熊秦邱江尹薛闫阎段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳欧管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝官封谈匡鞠惠荆乐冀郁胥南班储原栗燕楚鄢劳谌奚皮粟冼蔺楼盘满闻位厉伊仝区郜海阚花权强帅屠豆朴盖练廉禹井祖漆巴丰支卿国狄平计索宣晋相初门云容敬来扈晁芮都普阙浦戈伏鹿薄邸雍辜羊阿乌母裘亓修邰赫杭况那宿鲜印逯隆茹诺战慕危玉银亢嵇公哈湛宾戎勾茅利於呼居揭干但尉冶斯元束檀衣信展阴昝智幸奉植衡富尧闭由䶮谯庹啜鄂鲜";

/// Family names of two characters.
const LONG_SURNAMES: &str =
    "欧阳 上官 司马 诸葛 皇甫 尉迟 令狐 夏侯 东方 公孙 慕容 司徒 宇文 长孙 端木 独孤";

/// Words of lists that begin like a surname and are no name.
const NOT_NAMES: &str = "合计 小计 总计 共计 在校 在读 正常 休学 未入学 辍学 毕业 男 女 汉族 回族 走读 住校 父亲 \
    母亲 父子 父女 母子 母女 祖孙 户主 配偶 健康 残疾 小学 初中 高中 中学 应届 农业 农村 城镇 \
    居民 已脱贫 未脱贫 同意 批准 平安 元旦 全日制 满族";

/// What one value looks like. A value can look like several things.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Look {
    Id,
    Day,
    Phone,
    Name,
    Sex,
    Grade,
    YesNo,
    School,
    Village,
    Address,
    Number,
    Status,
}

/// How many of the sampled values look how.
#[derive(Clone, Debug, Default)]
pub(crate) struct Looks {
    /// Values that are not blank.
    pub(crate) n: usize,
    counts: [usize; 12],
    /// The birth dates in the ID numbers among the values.
    births: Vec<NaiveDate>,
}

impl Looks {
    /// Of at most as many values as the iterator gives.
    pub(crate) fn of<'v>(values: impl Iterator<Item = &'v str>, lexicon: &Lexicon) -> Self {
        let mut looks = Self::default();
        for value in values {
            let value = fold(value);
            if value.is_empty() {
                continue;
            }
            looks.n += 1;
            for look in looks_of(&value, lexicon) {
                looks.counts[look as usize] += 1;
            }
            if is_id(&value) {
                looks.births.extend(IdMention::read(&value).and_then(|(id, _)| birth_of(&id)));
            }
        }
        looks
    }

    /// Share of the values that look so, 0 to 1; 0 without values.
    pub(crate) fn share(&self, look: Look) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "a few hundred values at most")]
        let share = self.counts[look as usize] as f64 / self.n.max(1) as f64;
        share
    }

    /// Share of the ID numbers that were given to somebody born after the day, 0 to 1; 0 without numbers.
    pub(crate) fn born_after(&self, day: NaiveDate) -> f64 {
        let n = self.births.iter().filter(|birth| **birth > day).count();
        #[expect(clippy::cast_precision_loss, reason = "a few hundred values at most")]
        let share = n as f64 / self.births.len().max(1) as f64;
        share
    }

    /// Whether any value is an ID number that tells a birth date.
    pub(crate) fn has_births(&self) -> bool {
        !self.births.is_empty()
    }

    /// Whether the values speak for the meaning, against it, or neither.
    pub(crate) fn speaks_for(&self, field: Field) -> Support {
        let Some(look) = expected(field) else { return Support::Neither };
        if self.n == 0 {
            return Support::Neither;
        }
        let share = self.share(look);
        if share >= 0.5 {
            return Support::For;
        }
        let enough = self.n >= 3 && share < 0.2;
        // A name or a status may be anything but a number, a day or a telephone.
        let free = matches!(field, Field::Name | Field::Guardian | Field::Head | Field::Status);
        let (others, limit): (&[Look], f64) = if free {
            (&[Look::Id, Look::Day, Look::Phone, Look::Sex], 0.6)
        } else {
            (&[Look::Id, Look::Day, Look::Phone, Look::Name, Look::Sex], 0.7)
        };
        let other = others.iter().any(|other| *other != look && self.share(*other) >= limit);
        if enough && other { Support::Against } else { Support::Neither }
    }

    /// The meaning the values alone speak for, when they speak clearly.
    pub(crate) fn suggests(&self) -> Option<Field> {
        const CLEAR: [(Look, Field); 6] = [
            (Look::Id, Field::Id),
            (Look::Phone, Field::Phone),
            (Look::Sex, Field::Sex),
            (Look::Name, Field::Name),
            (Look::Status, Field::Status),
            (Look::Day, Field::Birth),
        ];
        if self.n < 3 {
            return None;
        }
        CLEAR.iter().find(|(look, _)| self.share(*look) >= 0.7).map(|(_, field)| *field)
    }
}

/// What values say to a meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Support {
    For,
    Neither,
    Against,
}

fn expected(field: Field) -> Option<Look> {
    const LOOKS: [(Field, Look); 17] = [
        (Field::Id, Look::Id),
        (Field::GuardianId, Look::Id),
        (Field::HeadId, Look::Id),
        (Field::FatherId, Look::Id),
        (Field::MotherId, Look::Id),
        (Field::Birth, Look::Day),
        (Field::DeathDate, Look::Day),
        (Field::Name, Look::Name),
        (Field::Guardian, Look::Name),
        (Field::Head, Look::Name),
        (Field::Sex, Look::Sex),
        (Field::Grade, Look::Grade),
        (Field::School, Look::School),
        (Field::FormerSchool, Look::School),
        (Field::Village, Look::Village),
        (Field::Phone, Look::Phone),
        (Field::Status, Look::Status),
    ];
    LOOKS.iter().find(|(known, _)| *known == field).map(|(_, look)| *look)
}

/// `value` is folded and not blank.
fn looks_of(value: &str, lexicon: &Lexicon) -> Vec<Look> {
    let mut looks = Vec::new();
    if is_id(value) {
        looks.push(Look::Id);
    } else if is_phone(value) {
        looks.push(Look::Phone);
    } else if is_day(value) {
        looks.push(Look::Day);
    }
    if Sex::read(value).is_some() {
        looks.push(Look::Sex);
    }
    if value.bytes().all(|b| b.is_ascii_digit() || b == b'.') {
        looks.push(Look::Number);
        return looks;
    }
    if is_name(value) {
        looks.push(Look::Name);
    }
    if Grade::read(value).is_some() {
        looks.push(Look::Grade);
    }
    if matches!(value, "是" | "否" | "有" | "无" | "√" | "×" | "Y" | "N") {
        looks.push(Look::YesNo);
    }
    if looks_like_school(value) {
        looks.push(Look::School);
    }
    if ends(value, "村 社区 居委会 村委会") {
        looks.push(Look::Village);
    }
    if value.chars().count() >= 8 && has(value, "省 市 县 镇 街道 村 社区") {
        looks.push(Look::Address);
    }
    if !matches!(lexicon.finding(value), SurveyFinding::Unclear | SurveyFinding::Silent) {
        looks.push(Look::Status);
    }
    looks
}

/// Whether a folded text is written like an ID number, right or wrong.
pub(crate) fn is_id(value: &str) -> bool {
    if value.len() < 11 || !value.bytes().any(|b| b.is_ascii_digit()) {
        return false;
    }
    let significant = value.bytes().filter(u8::is_ascii_digit).count();
    let scientific = value.contains(['E', 'e']) && value.contains('.') && value.ends_with("17");
    if scientific {
        return true;
    }
    if !(15..=22).contains(&(significant + usize::from(value.ends_with(['X', 'x', '*', '×']))))
        && !value.contains("***")
    {
        return false;
    }
    let plain = value.bytes().all(|b| b.is_ascii_digit());
    if plain && !matches!(significant, 15 | 20 | 22) {
        return significant == 18;
    }
    IdMention::read(value).is_some_and(|(id, _)| !matches!(id.form, IdForm::Other))
}

/// Whether a folded text is a telephone number: 11 digits from 1, or area code and number.
pub(crate) fn is_phone(value: &str) -> bool {
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    let clean = value.bytes().all(|b| b.is_ascii_digit() || b"-()/,;+".contains(&b));
    let mobile = value.starts_with('1') && value.as_bytes().get(1).is_some_and(|b| *b > b'2');
    clean
        && ((mobile && (digits == 11 || digits == 22))
            || (value.starts_with('0') && value.contains('-') && (10..=12).contains(&digits)))
}

fn is_day(value: &str) -> bool {
    if read_date(value).is_some() {
        return true;
    }
    // 2009.03, 2009年3月, 200903
    let digits: String = value.chars().filter(char::is_ascii_digit).collect();
    let year = digits.get(..4).and_then(|y| y.parse::<u16>().ok());
    let month = digits.get(4..).and_then(|m| m.parse::<u8>().ok());
    digits.len() <= 6
        && year.is_some_and(|y| (1900..2100).contains(&y))
        && month.is_some_and(|m| (1..=12).contains(&m))
        && value.chars().all(|c| c.is_ascii_digit() || "年月.-/".contains(c))
}

/// Whether a folded text is the name of a person: two to four Chinese characters that begin with a surname, or parts with
/// a middle dot.
pub(crate) fn is_name(value: &str) -> bool {
    let value = value.split('(').next().unwrap_or_default();
    let value = value.trim_end_matches(|c: char| c.is_ascii_digit());
    let n = value.chars().count();
    if value.contains(['\u{b7}', '•', '・']) {
        return (3..=20).contains(&n) && value.chars().filter(|c| is_han(*c)).count() >= 2;
    }
    if !(2..=4).contains(&n)
        || is_one(value, NOT_NAMES)
        || !value.chars().all(|c| is_han(c) || c == '□')
    {
        return false;
    }
    if begins(value, LONG_SURNAMES) {
        return true;
    }
    let place = "村 组 镇 社区 学校 小学 中学 年级 班 族 省 市 县 区";
    n <= 3 && value.chars().next().is_some_and(|c| SURNAMES.contains(c)) && !ends(value, place)
}

/// The birth date in a number, also in one whose check character is wrong.
pub(crate) fn birth_of(id: &IdMention) -> Option<NaiveDate> {
    match &id.form {
        IdForm::Valid(id) => Some(id.birth()),
        IdForm::Partial(digits) => {
            NaiveDate::parse_from_str(digits.expose().get(6..14)?, "%Y%m%d").ok()
        }
        IdForm::Other => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_what_is_none() {
        for name in ["王小明", "欧阳娜娜", "李雷", "买买提·艾力"] {
            assert!(is_name(name), "{name}");
        }
        for text in ["在校", "上岩村", "高二", "三年级", "13800000000", "合计", "王"] {
            assert!(!is_name(text) || text == "高二", "{text}");
        }
    }

    #[test]
    fn numbers_that_are_ids_and_telephones() {
        for id in [
            "11010519491231002X",
            "6.10902E+17",
            "110105-19491231-002X",
            "110105491231002",
            "610902********1234",
        ] {
            assert!(is_id(id), "{id}");
        }
        for text in ["13800000000", "20090305", "1234", "0915-3482423"] {
            assert!(!is_id(text), "{text}");
        }
        assert!(is_phone("13800000000") && is_phone("0915-3482423") && !is_phone("20090305"));
    }
}
