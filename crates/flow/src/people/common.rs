//! Passwords that many people take, made by the rules by which people make them: names in letters, years, runs of keys.

use std::collections::HashSet;

/// Surnames and what given names are made of, in letters.
const SURNAMES: &str = "\
    li wang zhang liu chen yang zhao huang zhou wu xu sun hu zhu gao lin he guo ma luo liang song \
    zheng xie han tang feng yu dong xiao cheng cao yuan deng fu shen zeng peng lv su lu jiang cai \
    jia ding wei xue ye yan pan du dai xia zhong tian ren fan fang shi yao tan liao zou xiong jin \
    hao kong bai cui kang mao qiu qin gu hou shao meng long wan duan lei qian yin yi chang hong";
const GIVEN: &str = "\
    wei fang na min jing li qiang lei jun yang yong yan jie juan tao ming chao xia ping gang fei \
    hong ling xin yu bo hui bin hao lan mei ying jian hua guo zhi yun long";
/// Words that stand alone or before a tail.
const WORDS: &str = "\
    password passw0rd p@ssw0rd p@ssword admin administrator root guest user test welcome login \
    qwerty qwertyuiop asdfghjkl zxcvbnm iloveyou woaini woaini1314 wodemima mima nihao nihaoma \
    zhongguo beijing shaanxi xian ankang hanbin jiaoyu jiaoyuju jiaotiju xuexiao xiaoxue zhongxue \
    laoshi xiaozhang xuesheng guanliyuan kongchuobaoxue baoxue zhenzhengfu cunweihui dragon monkey \
    sunshine princess football superman letmein master hello changeme secret computer internet";

/// Keys in the order in which fingers run over them.
const RUNS: [&str; 8] = [
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
    "!@#$%^&*()",
    "147258369",
];

/// Whether a password, in lower case, is a name or a common word with digits and signs around it, or that turned round.
pub(super) fn is_common(password: &str) -> bool {
    let reversed: String = password.chars().rev().collect();
    [password, &reversed].into_iter().any(|text| {
        let stem = text.trim_matches(|c: char| !c.is_alphabetic());
        is_name(stem) || list(WORDS).any(|word| word == stem || word == text)
    })
}

fn list(words: &'static str) -> impl Iterator<Item = &'static str> {
    words.split_ascii_whitespace()
}

/// A surname and one or two syllables in letters.
fn is_name(stem: &str) -> bool {
    let is_given = |text: &str| list(GIVEN).any(|given| given == text);
    list(SURNAMES).filter_map(|surname| stem.strip_prefix(surname)).any(|rest| {
        is_given(rest) || list(GIVEN).filter_map(|one| rest.strip_prefix(one)).any(is_given)
    })
}

/// Whether a password is made of runs of neighbouring keys, of few different signs, or of one short part repeated.
pub(super) fn is_pattern(password: &str) -> bool {
    let signs: Vec<char> = password.chars().collect();
    let distinct: HashSet<&char> = signs.iter().collect();
    if distinct.len() < 4 {
        return true;
    }
    let repeats =
        |length: usize| signs.chunks(length).all(|part| signs[..length].starts_with(part));
    if (1..=signs.len() / 2).any(repeats) {
        return true;
    }
    // Signs that follow their neighbour on some run, forwards or backwards.
    let follows = |pair: &[char]| {
        RUNS.iter().any(|run| {
            let at = |sign: char| run.chars().position(|c| c == sign);
            matches!((at(pair[0]), at(pair[1])), (Some(one), Some(other)) if one.abs_diff(other) == 1)
        })
    };
    let n_following = signs.windows(2).filter(|pair| follows(pair)).count();
    n_following * 10 >= (signs.len() - 1) * 7
}
