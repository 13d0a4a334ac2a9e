//! Words that betray custody, an offence or a specialised school: the one list that every reader and writer of words uses.

use crate::compact;

/// Being held, corrected or taught by an institution of the law, or taken there.
///
/// Source: Law on Prevention of Juvenile Delinquency art. 59.
const CUSTODY: [&str; 76] = [
    "服刑",
    "羁押",
    "关押",
    "收押",
    "在押",
    "押送",
    "拘留",
    "拘役",
    "拘押",
    "拘禁",
    "刑拘",
    "行拘",
    "监禁",
    "监狱",
    "看守所",
    "入狱",
    "狱中",
    "坐牢",
    "蹲监",
    "蹲大牢",
    "收监",
    "逮捕",
    "被捕",
    "批捕",
    "判刑",
    "获刑",
    "徒刑",
    "缓刑",
    "假释",
    "刑满",
    "取保候审",
    "监视居住",
    "保外就医",
    "社区矫正",
    "社区服刑",
    "行为矫正",
    "矫正学校",
    "矫正机构",
    "矫正所",
    "专门矫治",
    "矫治教育",
    "专门教育",
    "专门学校",
    "工读学校",
    "工读生",
    "少管所",
    "被少管",
    "未管所",
    "管教所",
    "少年犯",
    "未成年犯",
    "劳教",
    "劳动教养",
    "收容教养",
    "少年教养",
    "教养院",
    "教养所",
    "被教养",
    "收容教育",
    "收容所",
    "强制隔离",
    "强制戒毒",
    "强戒",
    "戒毒",
    "被抓",
    "抓走",
    "抓获",
    "抓捕",
    "公安带走",
    "公安机关带走",
    "派出所带走",
    "警察带走",
    "民警带走",
    "公安抓",
    "警察抓",
    "抓进",
];

/// An offence, a proceeding or what is left of one.
const OFFENCE: [&str; 49] = [
    "刑事",
    "犯罪",
    "罪犯",
    "罪错",
    "定罪",
    "涉罪",
    "认罪",
    "犯事",
    "犯法",
    "违法",
    "触法",
    "涉案",
    "作案",
    "涉嫌",
    "嫌疑",
    "立案",
    "案底",
    "前科",
    "教养",
    "帮教",
    "治安处罚",
    "治安管理",
    "判处",
    "少年法庭",
    "检察院",
    "盗窃",
    "偷盗",
    "偷窃",
    "偷东西",
    "扒窃",
    "抢劫",
    "抢夺",
    "敲诈",
    "勒索",
    "诈骗",
    "赌博",
    "故意伤害",
    "打伤人",
    "少管",
    "杀人",
    "强奸",
    "性侵",
    "猥亵",
    "斗殴",
    "寻衅滋事",
    "吸毒",
    "贩毒",
    "涉毒",
    "毒品",
];

/// Whether a text names a circumstance that no table, page or paper may name, blanks inside its words or not.
///
/// ```
/// assert!(baoxue_claim::names_sealed("在某地 看 守 所"));
/// assert!(baoxue_claim::names_sealed("因盗窃被公安机关抓走"));
/// assert!(!baoxue_claim::names_sealed("某县特殊教育学校"));
/// ```
pub fn names_sealed(text: &str) -> bool {
    let text = compact(text);
    CUSTODY.iter().chain(&OFFENCE).any(|word| text.contains(word))
}

/// Whether a text says that somebody is held, corrected or taught by an institution of the law. An offence alone says not
/// where its author is: 打架斗殴,辍学在家.
///
/// ```
/// assert!(baoxue_claim::names_custody("被公安机关关押"));
/// assert!(!baoxue_claim::names_custody("盗窃后辍学在家"));
/// ```
pub fn names_custody(text: &str) -> bool {
    let text = compact(text);
    CUSTODY.iter().any(|word| text.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_clerks_write_of_custody_and_offences_is_sealed() {
        for text in [
            "盗窃被公安机关抓走关押",
            "打架斗殴被抓",
            "被公安机关关押",
            "收容教养",
            "劳动教养",
            "该生在未管所服刑",
            "因抢劫被公安带走",
            "在省少年管教所",
            "在工读学校",
            "被派出所带走",
            "取保候审中",
            "偷东西被拘留",
            "涉嫌诈骗",
            "社区矫正对象",
            "强制戒毒",
            "教养",
        ] {
            assert!(names_sealed(text), "{text}");
        }
    }

    #[test]
    fn plain_words_are_not() {
        for text in [
            "厌学",
            "外出务工",
            "到派出所上户口",
            "视力矫正",
            "牙齿矫正",
            "无人监管",
            "特殊教育学校",
            "少年宫",
            "学校不收",
            "父母管教严",
            "玩手机",
            "户口在派出所未办",
            "生病住院",
            "被老师打",
            "随父母在西安市公安局家属院居住",
        ] {
            assert!(!names_sealed(text), "{text}");
        }
    }

    #[test]
    fn an_offence_alone_is_no_custody() {
        for text in ["打架斗殴被学校劝退", "盗窃后辍学在家", "有违法行为"] {
            assert!(names_sealed(text) && !names_custody(text), "{text}");
        }
    }
}
