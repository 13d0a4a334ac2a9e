//! How a child is found by what somebody types: name, pinyin with or without gaps, initials, the end of the ID number,
//! school, village.

use std::sync::Arc;

use pinyin::ToPinyin;

use super::{Entry, texts::Texts};

/// The keys of one line, in lower case without gaps.
#[derive(Debug, Default)]
pub(super) struct Words {
    name: Box<str>,
    pinyin: Box<str>,
    initials: Box<str>,
    /// The last four signs; a number has no others than these ASCII ones.
    id_end: [u8; 4],
    /// School and village: the same for a whole class.
    places: Arc<str>,
}

/// What was typed.
#[derive(Debug)]
pub(super) struct Sought {
    /// All of these must be found.
    parts: Vec<String>,
    whole: String,
}

impl Words {
    pub(super) fn of(entry: &Entry) -> Self {
        let name = entry.name.as_deref().unwrap_or_default();
        let readings: Vec<&str> =
            name.chars().filter_map(|c| c.to_pinyin().map(pinyin::Pinyin::plain)).collect();
        let id = entry.id.as_deref().unwrap_or_default();
        Self {
            name: key(name).into(),
            // ü is typed as v.
            pinyin: readings.concat().replace('ü', "v").into(),
            initials: readings.iter().filter_map(|r| r.chars().next()).collect(),
            id_end: end_of(id),
            places: key(&[&entry.school, &entry.village]
                .map(|t| t.as_deref().unwrap_or(""))
                .join(" "))
            .into(),
        }
    }

    /// The same, the places one with those that others have.
    pub(super) fn shared(self, texts: &mut Texts) -> Self {
        Self { places: texts.one(self.places), ..self }
    }

    /// The key by which names are sorted.
    pub(super) fn sort_key(&self) -> &str {
        if self.pinyin.is_empty() { &self.name } else { &self.pinyin }
    }

    fn has(&self, part: &str) -> bool {
        self.name.contains(part)
            || self.pinyin.starts_with(part)
            || self.initials.starts_with(part)
            || (part.len() >= 3 && self.id_end.ends_with(part.as_bytes()))
            || self.places.contains(part)
    }
}

impl Sought {
    /// What was typed; `None` when that is nothing.
    pub(super) fn new(typed: &str) -> Option<Self> {
        let parts: Vec<String> =
            typed.split_whitespace().map(key).filter(|part| !part.is_empty()).collect();
        (!parts.is_empty()).then(|| Self { whole: parts.concat(), parts })
    }

    /// Each part is found, or all together are one pinyin, as in `wang haoyu`.
    pub(super) fn finds(&self, words: &Words) -> bool {
        words.pinyin.starts_with(&*self.whole) || self.parts.iter().all(|part| words.has(part))
    }
}

/// The last four signs of a number in lower case; zeros for a shorter one, which nobody types.
fn end_of(id: &str) -> [u8; 4] {
    let end = id.as_bytes().last_chunk::<4>().copied().unwrap_or_default();
    end.map(|sign| sign.to_ascii_lowercase())
}

/// Lower case, no gaps, no middle dots: a name is found with and without.
fn key(text: &str) -> String {
    let text = baoxue_claim::compact(text);
    text.chars().filter(|c| !matches!(c, '·' | '•' | '・')).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_child_is_found_by_name_pinyin_initials_and_the_end_of_its_number() {
        let words = Words {
            name: key("王浩宇").into(),
            pinyin: "wanghaoyu".into(),
            initials: "why".into(),
            id_end: end_of("6109********0375"),
            places: key("五里镇初级中学 青龙村").into(),
        };
        for typed in
            ["王浩宇", "浩宇", "wanghaoyu", "Wang Haoyu", "wangh", "why", "WHY 0375", "375", "青龙"]
        {
            assert!(Sought::new(typed).unwrap().finds(&words), "{typed}");
        }
        for typed in ["haoyu wang", "why 0376", "75", "李", "hy"] {
            assert!(!Sought::new(typed).unwrap().finds(&words), "{typed}");
        }
        assert!(Sought::new("  ").is_none());
    }

    #[test]
    fn names_outside_the_common_characters_are_found_as_written() {
        let words = |name: &str| Words { name: key(name).into(), ..Words::default() };
        for (name, typed) in [("𠮷田", "𠮷"), ("麦麦提·艾力", "麦麦提艾力"), ("Ａ", "a")]
        {
            assert!(Sought::new(typed).unwrap().finds(&words(name)), "{name}");
        }
    }
}
