//! Cells that several tables share.

use baoxue_claim::{Birth, Grade, Private, Sex, Source, StudyMode};
use chrono::NaiveDate;

use crate::{
    Address, Evidence, Head, Lang, Line, Who,
    cell::{Cell, join},
    sealed::{shown_cause, shown_words, shown_words_about, unless_sealed},
};

impl Who {
    pub(crate) fn name_cell(&self) -> Cell {
        Cell::maybe(self.name.as_ref().map(Private::expose))
    }

    pub(crate) fn sex_cell(&self, head: &Head) -> Cell {
        Cell::maybe(self.sex.map(|sex| match (head.lang, sex) {
            (Lang::Zh, sex) => sex.zh(),
            (Lang::En, Sex::Male) => "male",
            (Lang::En, Sex::Female) => "female",
        }))
    }

    /// A day as a date, less than a day as text.
    pub(crate) fn birth_cell(&self) -> Cell {
        match self.birth {
            None => Cell::Blank,
            Some(Birth::Day(day)) => Cell::Date(day),
            Some(Birth::Month(year, month)) => Cell::text(format!("{year:04}-{month:02}")),
            Some(Birth::Year(year)) => Cell::text(format!("{year:04}")),
        }
    }

    pub(crate) fn id_cell(&self, head: &Head) -> Cell {
        Cell::maybe(head.shown_id(self.id.as_ref()))
    }

    pub(crate) fn group_cell(&self) -> Cell {
        Cell::maybe(self.group.map(|group| format!("{group}组")))
    }

    /// 监护人/电话, the relation between them where the form asks for it.
    pub(crate) fn guardian_cell(&self, relation: Option<&str>, head: &Head) -> Cell {
        let phones = self.phones.iter().filter_map(|phone| head.shown_phone(Some(phone)));
        let parts = [head.shown_adult(self.guardian.as_ref()), relation.map(str::to_owned)];
        Cell::joined(parts.into_iter().chain(phones.map(Some)), "/")
    }
}

impl Line {
    /// 年级班, such as `八年级（2）班`.
    pub(crate) fn class_cell(&self) -> Cell {
        if self.is_neutral() {
            return Cell::Blank;
        }
        let grade = self.study.grade.map(|grade| grade.to_string());
        match (grade, &self.study.class) {
            (Some(grade), Some(class)) if class.contains(&grade) => Cell::text(class.as_str()),
            (grade, class) => Cell::joined([grade, class.clone()], ""),
        }
    }

    pub(crate) fn school_cell(&self, head: &Head) -> Cell {
        let school = self.study.school.as_deref().filter(|_| !self.is_neutral());
        Cell::maybe(school.map(|school| unless_sealed(school, head.lang)))
    }

    pub(crate) fn student_number_cell(&self, head: &Head) -> Cell {
        Cell::maybe(head.shown_id(self.study.student_number.as_ref()))
    }

    /// The status in the words of the ledgers, and whether it waits for confirmation.
    pub(crate) fn status_cell(&self, head: &Head) -> Cell {
        let code = self.finding.code;
        let word = head.lang.pick(code.zh(), code.en());
        let waits = code.accuses() && !self.finding.confirmed;
        let mark = head.lang.pick("（待确认）", " (to be confirmed)");
        Cell::text(if waits { format!("{word}{mark}") } else { word.to_owned() })
    }

    /// 依据/证明编号: the document if there is one, and the law with the rule.
    pub(crate) fn basis_cell(&self, head: &Head) -> Cell {
        if self.is_neutral() {
            return Cell::Blank;
        }
        let document = self.finding.document.as_deref().map(|text| shown_words(text, head));
        let rule = match head.lang {
            _ if self.finding.rule.is_empty() => None,
            Lang::Zh => Some(format!("规则 {}", self.finding.rule)),
            Lang::En => Some(format!("rule {}", self.finding.rule)),
        };
        Cell::joined([document, Some(self.finding.law.clone()), rule], "；")
    }

    pub(crate) fn remarks_cell(&self, head: &Head) -> Cell {
        let remarks = self.finding.remarks.as_ref().filter(|_| !self.is_neutral());
        Cell::maybe(remarks.map(|remarks| shown_words_about(&self.who, remarks.expose(), head)))
    }

    /// 原因(编码+文字).
    pub(crate) fn cause_cell(&self, head: &Head) -> Cell {
        let coded = self.out.cause.map(|cause| shown_cause(cause, head));
        let words = self
            .out
            .cause_words
            .as_ref()
            .map(|words| shown_words_about(&self.who, words.expose(), head));
        let words = words.filter(|words| coded.as_ref().is_none_or(|coded| !coded.contains(words)));
        Cell::joined([coded, words], "：")
    }

    /// The registers the child stands in; `否` when all that were asked say no; blank when none was asked.
    pub(crate) fn hardship_cell(&self, head: &Head) -> Cell {
        let hardship = &self.hardship;
        let asked = [
            (hardship.poverty, "脱贫", "lifted from poverty"),
            (hardship.monitored, "监测", "monitored"),
            (hardship.low_income, "低保", "low income"),
            (hardship.disabled, "残疾", "disabled"),
            (hardship.left_behind, "留守", "left behind"),
            (hardship.orphan, "孤儿", "orphan"),
        ];
        if asked.iter().all(|(answer, ..)| answer.is_none()) {
            return Cell::Blank;
        }
        let yes = asked.iter().filter(|(answer, ..)| *answer == Some(true));
        let words = join(yes.map(|(_, zh, en)| Some(head.lang.pick(zh, en).to_owned())), "、");
        Cell::text(if words.is_empty() { head.lang.pick("否", "no").to_owned() } else { words })
    }

    /// What the sources said, one per line: `户籍 2019-06-30：原话（文件/表/第3行）`.
    pub(crate) fn evidence_cell(&self, head: &Head) -> Cell {
        if self.is_neutral() {
            return Cell::Blank;
        }
        let said = self.evidence.iter().map(|evidence| {
            let words = evidence.shown(&self.who, head).unwrap_or_default();
            let (who, on) = (source_word(evidence.source, head.lang), evidence.on);
            Some(format!("{who} {on}：{words}（{}）", evidence.place(head.lang)))
        });
        Cell::joined(said, "\n")
    }
}

impl Evidence {
    /// The sender's words as this table shows them. The text of a tip-off is never printed: these lists go to towns and
    /// schools, and whoever wrote it must be safe (T-54).
    pub(crate) fn shown(&self, who: &Who, head: &Head) -> Option<String> {
        if self.source == Source::TipOff {
            return Some(head.lang.pick("（举报内容保密）", "(confidential)").to_owned());
        }
        self.words.as_ref().map(|words| shown_words_about(who, words.expose(), head))
    }

    /// File, sheet and row, unless the file's own name betrays a sealed placement.
    pub(crate) fn place(&self, lang: Lang) -> String {
        unless_sealed(&place(&self.file, &self.sheet, self.row, lang), lang)
    }
}

/// A source by the name clerks use.
pub(crate) fn source_word(source: Source, lang: Lang) -> String {
    match lang {
        Lang::Zh => source.zh().to_owned(),
        Lang::En => source.name().replace('_', " "),
    }
}

/// Where a row stands: `文件/表/第3行`.
pub(crate) fn place(file: &str, sheet: &str, row: u32, lang: Lang) -> String {
    let row = match lang {
        Lang::Zh => format!("第{row}行"),
        Lang::En => format!("row {row}"),
    };
    join([Some(file.to_owned()), Some(sheet.to_owned()), Some(row)], "/")
}

pub(crate) fn address(address: &Address, head: &Head) -> Cell {
    Cell::maybe(head.shown_address(address))
}

pub(crate) fn grade(grade: Option<Grade>) -> Cell {
    Cell::maybe(grade.map(|grade| grade.to_string()))
}

/// 普通, 特教, 随班, 送教.
pub(crate) fn mode(mode: Option<StudyMode>, lang: Lang) -> Cell {
    Cell::maybe(mode.map(|mode| match mode {
        StudyMode::Day | StudyMode::Boarding => lang.pick("普通", "ordinary"),
        StudyMode::SpecialSchool => lang.pick("特教", "special school"),
        StudyMode::Inclusive => lang.pick("随班", "inclusive class"),
        StudyMode::HomeTeaching => lang.pick("送教", "home teaching"),
    }))
}

/// Two facts of one event in one cell: `某某 2019-05-06`.
pub(crate) fn with_day(what: Option<&String>, day: Option<NaiveDate>) -> Cell {
    Cell::joined([what.cloned(), day.map(|day| day.to_string())], " ")
}
