//! Texts that many lines share are kept once: a county has some hundred villages, schools and grounds.

use std::{collections::HashSet, sync::Arc};

use super::Entry;

/// The texts met so far.
#[derive(Default)]
pub(super) struct Texts(HashSet<Arc<str>>);

impl Texts {
    /// The same line, its texts those that lines before it have.
    pub(super) fn shared(&mut self, entry: Entry) -> Entry {
        let village = entry.village.map(|text| self.one(text));
        let school = entry.school.map(|text| self.one(text));
        let class = entry.class.map(|text| self.one(text));
        Entry { village, school, class, ground: self.one(entry.ground), ..entry }
    }

    /// The text as it is kept.
    pub(super) fn one(&mut self, text: Arc<str>) -> Arc<str> {
        if let Some(known) = self.0.get(&text) {
            return Arc::clone(known);
        }
        self.0.insert(Arc::clone(&text));
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::roll::entry::tests::plain_entry;

    #[test]
    fn equal_texts_of_lines_are_one() {
        let mut texts = Texts::default();
        let mut line = |n, school: &str| {
            texts.shared(Entry { school: Some(school.into()), ..plain_entry(n) }).school.unwrap()
        };
        let lines = [line(1, "五里镇小学"), line(2, "五里镇小学"), line(3, "江北小学")];
        assert!(Arc::ptr_eq(&lines[0], &lines[1]));
        assert_eq!(&*lines[2], "江北小学");
    }
}
