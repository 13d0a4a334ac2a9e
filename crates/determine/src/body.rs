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

/// Words of approvers, the more particular first: `镇中心学校` is a school, `县教体局学籍科` the bureau.
const WORDS: [(Body, &[&str]); 8] = [
    (Body::ExpertCommittee, &["专家委员会", "评估委员会", "专家组"]),
    (Body::Bureau, &["教体", "教育局", "教育和", "教育行政", "教科", "学籍主管", "教育体育"]),
    (Body::Police, &["公安", "派出所"]),
    (Body::Hospital, &["医院", "卫生院", "卫生室", "卫生所", "诊所"]),
    (Body::School, &["学校", "小学", "中学", "校长", "班主任", "教务", "教导"]),
    (Body::Village, &["村委", "村民", "居委", "社区", "村支"]),
    (Body::Town, &["政府", "镇", "乡", "街道", "办事处"]),
    // The number of a document: the registers write it in place of the issuer's name.
    (Body::Bureau, &["教", "学籍"]),
];

/// All bodies that an approver's words name; empty when they name none that is known.
pub(crate) fn named(approver: &str) -> Vec<Body> {
    let text = compact(approver);
    let mut found: Vec<Body> = Vec::new();
    let mut rest = text;
    for (body, words) in WORDS {
        if words.iter().any(|word| rest.contains(word)) {
            found.push(body);
            // `镇中心学校` is no town government, `教体局` no school.
            for word in words {
                rest = rest.replace(word, " ");
            }
            if body == Body::School {
                rest = rest.replace(['镇', '乡'], " ");
            }
        }
    }
    found.dedup();
    found
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
    }
}
