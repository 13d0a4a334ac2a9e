//! Who signs papers, and how an approver's words are understood.

use baoxue_claim::compact;
use serde::{Deserialize, Serialize};

macro_rules! bodies {
    ($($(#[$doc:meta])* $variant:ident = $name:literal, $zh:literal, $en:literal;)*) => {
        /// A body that may sign a claim.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Body {
            $($(#[$doc])* #[serde(rename = $name)] $variant,)*
        }

        impl Body {
            /// What it is called in zh-CN.
            pub const fn zh(self) -> &'static str {
                match self { $(Self::$variant => $zh),* }
            }

            /// What it is called in English.
            pub const fn en(self) -> &'static str {
                match self { $(Self::$variant => $en),* }
            }
        }
    };
}

bodies! {
    /// 村、社区.
    Village = "village", "村（社区）", "village";
    /// 乡镇人民政府、街道办事处.
    Town = "town", "镇政府、街道办", "town government";
    /// 县级教育行政部门.
    Bureau = "bureau", "县级教育行政部门", "county education bureau";
    /// 学校.
    School = "school", "学校", "school";
    /// 医院.
    Hospital = "hospital", "医院", "hospital";
    /// 公安.
    Police = "police", "公安机关", "police";
    /// 县级残疾人教育专家委员会.
    ExpertCommittee = "expert_committee", "县级残疾人教育专家委员会", "expert committee";
}

/// Words that name a body. Names run from the place to the office: `大河镇卫生院` is a hospital, `洪山镇上岩村村委会` a
/// village, so of one name the last word tells whose it is.
const WORDS: [(Body, &[&str]); 7] = [
    (Body::ExpertCommittee, &["专家委员会", "评估委员会", "专家组"]),
    (Body::Bureau, &["教体", "教育局", "教育和", "教育行政", "教科", "学籍主管", "教育体育"]),
    (Body::Police, &["公安", "派出所"]),
    (Body::Hospital, &["医院", "卫生院", "卫生室", "卫生所", "诊所", "社区卫生"]),
    (
        Body::School,
        &["学校", "小学", "中学", "校长", "班主任", "教务", "教导", "中心校", "教学点", "幼儿园"],
    ),
    (Body::Village, &["村委", "村民", "居委", "社区", "村支", "村"]),
    (Body::Town, &["政府", "街道办", "办事处"]),
];
/// A place in a name: of a town's government where the name holds no office, such as `大河镇民政办`.
const TOWNS: [&str; 3] = ["镇", "乡", "街道"];
/// The number of a document: the registers write it in place of the issuer's name.
const NUMBERED: [&str; 2] = ["教", "学籍"];
/// What stands between the names of two bodies: `学校同意，镇政府批准`.
const BETWEEN: [&str; 6] = ["同意", "批准", "审批", "核准", "备案", "盖章"];

/// All bodies that an approver's words name, in their order; empty when they name none that is known.
pub(crate) fn named(approver: &str) -> Vec<Body> {
    let text = BETWEEN.iter().fold(compact(approver), |text, word| text.replace(word, " "));
    let mut found: Vec<Body> = Vec::new();
    for name in text.split(|c: char| !c.is_alphanumeric()).filter(|name| !name.is_empty()) {
        if let Some(body) = of_name(name)
            && !found.contains(&body)
        {
            found.push(body);
        }
    }
    found
}

/// Whose name it is.
fn of_name(name: &str) -> Option<Body> {
    let last =
        |words: &[&str]| words.iter().filter_map(|word| Some(name.rfind(word)? + word.len())).max();
    let offices = WORDS.iter().filter_map(|(body, words)| Some((last(words)?, *body)));
    // Of two that end together the more particular, which stands first.
    let office = offices.reduce(|best, next| if next.0 > best.0 { next } else { best });
    let holds = |words: &[&str]| words.iter().any(|word| name.contains(word));
    office
        .map(|(_, body)| body)
        .or_else(|| holds(&TOWNS).then_some(Body::Town))
        .or_else(|| holds(&NUMBERED).then_some(Body::Bureau))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_approver_is_who_its_words_name() {
        let check = |text: &str, bodies: &[Body]| assert_eq!(named(text), bodies, "{text}");
        check("学校批准", &[Body::School]);
        check("五里镇中心学校", &[Body::School]);
        check("学校同意，镇政府批准", &[Body::School, Body::Town]);
        check("县教育局批准", &[Body::Bureau]);
        check("汉滨区教体局学籍科", &[Body::Bureau]);
        check("江北街道办事处", &[Body::Town]);
        check("村委会", &[Body::Village]);
        check("汉教字〔2019〕3号", &[Body::Bureau]);
        check("县人民医院", &[Body::Hospital]);
        check("同意", &[]);
        check("洪山镇上岩村村委会", &[Body::Village]);
        check("洪山镇上岩村村民委员会批准", &[Body::Village]);
        check("江北街道办事处XX社区居委会", &[Body::Village]);
        check("大河镇卫生院", &[Body::Hospital]);
        check("大河镇派出所", &[Body::Police]);
        check("洪山镇中心学校", &[Body::School]);
        check("大河镇人民政府民政办", &[Body::Town]);
        check("洪山镇人民政府、区教体局", &[Body::Town, Body::Bureau]);
        check("村委会上报镇政府批准", &[Body::Town]);
        check("镇政府批准（村委会证明）", &[Body::Town, Body::Village]);
        check("大河镇教办", &[Body::Town]);
        check("李主任", &[]);
    }
}
