//! Queries of the interface are read strictly: a name or a value that is not known is refused, since a filter that is not
//! understood would give a list that was not asked for.

use crate::{forms::Asked, trouble::Trouble};

/// Lines of a part unless asked otherwise, and at most (T-43).
pub(crate) const PART: usize = 50;
pub(crate) const LARGEST_PART: usize = 200;

/// A name that a query may have.
#[derive(Clone, Copy)]
pub(crate) struct Term {
    name: &'static str,
    many: bool,
    fits: fn(&str) -> bool,
}

/// A name that may be given once.
pub(crate) const fn one(name: &'static str, fits: fn(&str) -> bool) -> Term {
    Term { name, many: false, fits }
}

/// A name that may be given several times.
pub(crate) const fn many(name: &'static str, fits: fn(&str) -> bool) -> Term {
    Term { name, many: true, fits }
}

/// How many lines a part shall have.
pub(crate) const LIMIT: Term = one("limit", |text| limit_of(text).is_some());

fn limit_of(text: &str) -> Option<usize> {
    let is_plain = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|limit| is_plain && (1..=LARGEST_PART).contains(limit))
}

/// Refuses a query with a name that is none of the terms, a value that does not fit, or a name twice.
pub(crate) fn check(asked: &Asked, terms: &[Term]) -> Result<(), Trouble> {
    let mut seen: Vec<&str> = Vec::new();
    for (name, value) in &asked.0 {
        let term = terms.iter().find(|term| term.name == name);
        let term =
            term.filter(|term| (term.fits)(value) && (term.many || !seen.contains(&term.name)));
        seen.push(term.ok_or(Trouble::Bad("query"))?.name);
    }
    Ok(())
}

/// The number of lines asked for.
pub(crate) fn limit(asked: &Asked) -> usize {
    asked.one("limit").and_then(limit_of).unwrap_or(PART)
}

/// Whether a text is short enough to be looked for.
pub(crate) fn is_short(text: &str) -> bool {
    text.chars().count() <= 80
}

/// The part of a list behind the line with that key. A line that is not there and one that is not the reader's look alike.
pub(crate) fn behind<T>(
    list: Vec<T>,
    after: Option<&str>,
    key: impl Fn(&T) -> String,
) -> Result<Vec<T>, Trouble> {
    let Some(after) = after else { return Ok(list) };
    let at = list.iter().position(|line| key(line) == after).ok_or(Trouble::NotFound)?;
    Ok(list.into_iter().skip(at + 1).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_understood_is_refused() {
        let terms = [LIMIT, many("town", |text| text.len() == 9), one("q", is_short)];
        let fits =
            |query: &str| check(&Asked(serde_urlencoded::from_str(query).unwrap()), &terms).is_ok();
        for good in
            ["", "limit=1", "limit=200", "town=610902104&town=610902105", "q=", "q=%E5%BC%A0"]
        {
            assert!(fits(good), "{good}");
        }
        for bad in [
            "limit=0",
            "limit=201",
            "limit=",
            "limit=%2B5",
            "limit=-1",
            "limit=x",
            "limit=1&limit=2",
            "town=1",
            "page=2",
            "q=1&q=2",
            "limit=99999999999999999999",
        ] {
            assert!(!fits(bad), "{bad}");
        }
    }

    #[test]
    fn a_part_begins_behind_its_key() {
        let part = |after| behind(vec![1, 2, 3], after, ToString::to_string);
        assert_eq!(part(None).unwrap(), [1, 2, 3]);
        assert_eq!(part(Some("2")).unwrap(), [3]);
        assert_eq!(part(Some("3")).unwrap(), [0; 0]);
        assert!(part(Some("4")).is_err());
    }
}
