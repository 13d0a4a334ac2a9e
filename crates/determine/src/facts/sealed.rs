//! Custody and what else is sealed: it is never an accusation, whoever says it, and it puts the child into the neutral class.

use baoxue_claim::{Cause, Claim, Private, compact, names_sealed};

use super::stated_cause;

/// Of whom a sentence speaks that is not the child: 父亲服刑.
const OTHERS: [&str; 16] = [
    "父", "母", "爸", "妈", "家长", "监护", "爷", "奶", "外公", "外婆", "哥", "姐", "叔", "舅",
    "姑", "伯",
];

/// What is said of who hires a child, and names no offence of the child.
const HIRED: [&str; 4] = ["违法用工", "违法招用", "违法雇", "违法使用"];

/// Whether a claim says that the child is in custody or the like. What is said of its parents says nothing of the child.
pub(crate) fn is_sealed(claim: &Claim) -> bool {
    let words = claim.words.as_ref().map(Private::expose).unwrap_or_default();
    if names_sealed(words) {
        let parts = words.split(['，', '。', '；', '、', ',', ';', '：', ':', '|', '/', '\n']);
        let of_child = |part: &&str| !OTHERS.iter().any(|word| part.contains(word));
        return parts.filter(of_child).any(|part| {
            names_sealed(&HIRED.iter().fold(compact(part), |part, word| part.replace(word, "")))
        });
    }
    stated_cause(claim) == Some(Cause::Offence)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn custody_of_the_child_is_sealed_and_that_of_its_parents_says_nothing_of_it() {
        let sealed = |words: &str| {
            is_sealed(&Claim {
                what: baoxue_claim::Statement::TipOff,
                on: chrono::NaiveDate::MIN,
                words: Some(Private::new(words)),
            })
        };
        for words in
            ["该生在未管所服刑", "盗窃被公安机关抓走关押", "打架斗殴被抓", "抢劫被收容教养"]
        {
            assert!(sealed(words), "{words}");
        }
        for words in [
            "父亲服刑，随爷爷生活，未上学",
            "因母亲被关押无人照管",
            "在家放羊",
            "在饭店打工，系违法用工",
            "",
        ] {
            assert!(!sealed(words), "{words}");
        }
        assert!(names_sealed("父亲服刑"), "and yet it is not printed");
    }
}
