//! The language of messages: zh-CN unless English is asked for.

/// Language of all that is printed for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lang {
    /// Chinese.
    Zh,
    /// English.
    En,
}

impl Lang {
    /// Looks for `--lang en` before the command line is parsed, since help texts depend on it.
    pub(crate) fn of_arguments(mut arguments: impl Iterator<Item = String>) -> Self {
        while let Some(argument) = arguments.next() {
            let value = match argument.strip_prefix("--lang") {
                Some("") => arguments.next().unwrap_or_default(),
                Some(rest) => rest.trim_start_matches('=').to_owned(),
                None => continue,
            };
            return if value.starts_with("en") { Self::En } else { Self::Zh };
        }
        Self::Zh
    }

    /// The text of this language.
    pub(crate) fn pick<T>(self, zh: T, en: T) -> T {
        match self {
            Self::Zh => zh,
            Self::En => en,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn english_is_asked_for_anywhere_on_the_line() {
        let of = |line: &str| Lang::of_arguments(line.split(' ').map(str::to_owned));
        assert_eq!(of("run x --lang en"), Lang::En);
        assert_eq!(of("--lang=en status"), Lang::En);
        assert_eq!(of("run --lang zh"), Lang::Zh);
        assert_eq!(of("run"), Lang::Zh);
    }
}
