//! The names that rule files may use, what each means, and where its value comes from.

use super::{Facts, Schooling, survey};

/// One fact that rules may name.
#[derive(Debug)]
pub(crate) struct Field {
    /// Its name, such as `school.days`.
    pub(crate) path: &'static str,
    /// What it means, in zh-CN.
    pub(crate) zh: &'static str,
    /// The same in English.
    pub(crate) meaning: &'static str,
    /// How it is read.
    pub(crate) get: Getter,
}

/// Reads a fact; the variant is its type.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Getter {
    /// Yes or no.
    Bool(fn(&Facts) -> bool),
    /// A whole number.
    Int(fn(&Facts) -> i64),
    /// A word out of the list.
    Word(fn(&Facts) -> &'static str, &'static [&'static str]),
}

macro_rules! fields {
    ($($kind:ident $path:literal: $zh:literal, $meaning:literal = $get:expr $(, $words:expr)?;)*) => {
        /// All facts, in the order of the reference page.
        pub(crate) static FIELDS: &[Field] = &[
            $(Field { path: $path, zh: $zh, meaning: $meaning, get: Getter::$kind($get $(, $words)?) },)*
        ];
    };
}

fields! {
    Bool "age.known": "知道出生日期", "a birth is known" = |f| f.age.known;
    Bool "age.implausible": "按出生日期已满二十五周岁，应为名单有误", "the birth makes the person 25 or older: a mistake of the list" = |f| f.age.implausible;
    Bool "age.not_yet": "出生在义务教育适龄段之后", "born after the cohort of compulsory age" = |f| f.age.not_yet;
    Bool "age.enters_next": "出生在适龄段之后，下一学年开学时到龄", "born after the cohort, of age when the next school year begins" = |f| f.age.enters_next;
    Bool "age.over": "出生在适龄段之前", "born before the cohort" = |f| f.age.over;
    Bool "age.watched": "未到停止关注的年龄，或者年龄不详", "younger than the age at which watching ends, or age unknown" = |f| f.age.watched;
    Int "age.years": "周岁（取最小可能，不详为-1）", "completed years of age, the youngest it can be; -1 when unknown" = |f| f.age.years;
    Int "age.expected_grade": "按时入学应读的年级（不详为-1）", "grade it would be in if it entered in time; -1 when unknown" = |f| f.age.expected_grade;
    Bool "age.accountable": "就所知属适龄：不早、不晚、出生日期不荒唐", "of age as far as is known: neither before, past, nor an impossible birth" = |f| f.age.accountable();
    Bool "age.disputed": "采信的来源有两个出生日期，只按其中一个适龄", "the source that decides gives two births, and the child is of age by one of them alone" = |f| f.age.disputed;
    Bool "age.entering": "第一年到龄，尚在核实入学的期限内", "of age for the first time, until the day by which entry is checked" = |f| f.age.entering;
    Bool "age.late": "过了适龄段，未超过按期晚入学的年数", "past the cohort, by no more years than a late entry explains" = |f| f.age.late;
    Bool "age.late_if_disabled": "过了适龄段，未超过残疾儿童的年数", "past the cohort, by no more years than a disability explains" = |f| f.age.late_if_disabled;
    Bool "disability.may_wait": "残疾儿童，未超过残疾儿童的入学年龄", "disabled, and not older than disabled children may be when they start" = |f| f.may_wait;
    Bool "roll.any": "在某个名册上：在读、送教上门或休学", "on a roll in any way: live, taught at home or suspended" = |f| f.registry.on_roll();
    Bool "arrangement.any": "有人说明属其他就学安排，且时间不久", "somebody names a placement of the neutral class, recently enough" = |f| f.arrangement.any;
    Bool "arrangement.confirmed": "实施教育的单位自己的证明或名册", "the institution itself says so, by its certificate or its roll" = |f| f.arrangement.confirmed;
    Bool "arrangement.lapsed": "曾有人说明属其他就学安排，已过期限", "somebody named such a placement, and the months for which that holds are over" = |f| f.arrangement.lapsed;
    Bool "register.any": "户籍中有记录", "a row of the population register" = |f| f.register;
    Bool "duplicate.hinted": "关联时发现姓名、出生、监护人相同而证件号不同的另一条", "linkage found the same name, birth and guardian under another ID" = |f| f.duplicate;
    Bool "registry.any": "学籍中有记录", "any row of the student registry" = |f| f.registry.any;
    Bool "registry.live": "学籍现为在读（一至九年级）", "on a roll of grades 1 to 9 now" = |f| f.registry.live;
    Bool "registry.home_teaching": "学籍现为送教上门，且为名册所属学年", "on a roll now, taught at home, in the school year of the export" = |f| f.registry.home_teaching;
    Bool "home_log.any": "有作数的送教记录，不论多久", "a visit to the home that counts, however old" = |f| f.home_log.any;
    Bool "home_log.kept": "应有送教记录：该生已有，或学籍所在学校已报送，或本县要求各校报送", "a log of visits is to be expected: the child has visits, its school has sent a log, or the county asks all schools for one" = |f| f.home_log.kept;
    Bool "home_log.fresh": "送教记录仍在期限内，次数够", "the last visit is recent enough, and visits are as many as asked" = |f| f.home_log.fresh;
    Int "home_log.days": "距最近一次送教的天数，假期不计（没有为-1）", "days since the last visit, holidays left out; -1 when there is none" = |f| f.home_log.days;
    Int "home_log.recent": "三十天内送教次数，假期不计", "visits within thirty days, holidays left out" = |f| f.home_log.recent;
    Bool "registry.suspended": "学籍为休学，没有在读记录", "held as suspended, no live row" = |f| f.registry.suspended;
    Bool "registry.transferred_out": "学籍为转出", "held as transferred out" = |f| f.registry.transferred_out;
    Bool "registry.received": "学籍转往写明的学校，且名册时间不久", "transferred out to a school that is named, and the export is recent enough" = |f| f.registry.received;
    Bool "registry.graduated_junior": "九年级毕业或已读高中", "finished grade 9, or on a senior roll" = |f| f.registry.graduated_junior;
    Bool "registry.graduated_primary": "九年级以下毕业", "finished a grade below 9" = |f| f.registry.graduated_primary;
    Bool "registry.graduated_unclear": "学籍为毕业，看不出哪一段", "finished, but the row does not tell which school" = |f| f.registry.graduated_unclear;
    Bool "registry.left": "学籍为其他离校：开除、中止、失学、辍学", "left otherwise: expelled, stopped, lost, dropped out" = |f| f.registry.left;
    Bool "registry.says_dropout": "学籍状态自己写明辍学、疑似辍学、失学", "the registry itself calls the child out of school, or thinks it is" = |f| f.registry.says_dropout;
    Bool "registry.vocational": "在中等职业学校名册上，没有九年级毕业记录", "on the roll of a vocational school, and no row says that grade 9 was finished" = |f| f.registry.vocational;
    Bool "registry.not_arrived": "转往的学校名册在库，期限已过，名册没有该生", "transferred to a school whose roll is in the store and, the days for a transfer over, lacks the child" = |f| f.registry.not_arrived;
    Bool "registry.dead": "学籍记为死亡", "the registry says dead" = |f| f.registry.dead;
    Bool "registry.abroad": "学籍记为出国（境）", "the registry says abroad" = |f| f.registry.abroad;
    Bool "registry.missing": "学籍记为去向不明", "the registry says whereabouts unknown" = |f| f.registry.missing;
    Bool "registry.vanished": "曾在册，新名册已无该生，此后没有人说在校", "was on a roll, a newer export of it lacks the child, and nobody has said since that it is at a school" = |f| f.registry.vanished;
    Bool "survey.any": "镇办摸排过该生", "a town has surveyed the child" = |f| f.survey.any;
    Word "survey.says": "最近一次摸排结论", "the latest finding as a word" = |f| f.survey.says, survey::WORDS;
    Bool "survey.in_school": "镇办称在校或已返校", "the town says in school, or back in school" = |f| f.survey.in_school;
    Bool "survey.out": "镇办摸排明确称不在校", "the town's survey says plainly out of school" = |f| f.survey.out;
    Bool "survey.split": "两个镇办（摸排或台账）或同日两行说法相反", "two towns, in survey or list, or two rows of one day, say opposite things" = |f| f.survey.split;
    Bool "survey.names_school": "镇办写明县内学校", "the town names a school of the county" = |f| f.survey.names_school;
    Bool "survey.elsewhere_named": "镇办写明外地学校，且时间不久", "the town names a school elsewhere, recently enough" = |f| f.survey.elsewhere_named;
    Bool "survey.refused_by_school": "镇办称没有学校接收", "the town says that no school took the child" = |f| f.survey.refused_by_school;
    Bool "survey.registered_twice": "镇办只说重复登记", "all the town says is that the child is registered twice" = |f| f.survey.registered_twice;
    Bool "survey.denies_home_teaching": "镇办称不在校，并写明没有送教", "the town says out, and in its words that nobody teaches the child at home" = |f| f.survey.denies_home_teaching;
    Bool "ledger.listed": "列入镇办失学台账", "on a town's own list of children out of school" = |f| f.ledger;
    Bool "town.out": "镇办在摸排或台账中明确称不在校", "the town says plainly out, in its survey or on its list" = Facts::town_says_out;
    Bool "school.returned": "学校最近一次报告称已返校", "the last report about the child says back" = |f| f.school.returned;
    Bool "school.absent": "学校最近一次报告称缺课，此后没有答复", "the last report about the child says absent, and its school has not answered since" = |f| f.school.absent;
    Bool "school.monthly": "学校月报称缺课（不只是班主任登记）", "a month's report says absent, not a teacher's note alone" = |f| f.school.monthly;
    Bool "school.days_known": "报告写明天数或起始日", "the report gives days or a first day" = |f| f.school.days_known;
    Int "school.days": "没有准假的缺课天数（不详为-1）", "days absent that no approved leave covers; -1 when unknown" = |f| f.school.days;
    Int "school.school_days": "没有准假的缺课上学日数（未计为-1）", "school days missed that no approved leave covers; -1 where the report does not count them" = |f| f.school.missed;
    Int "persuasion.attempts": "学校或镇办记载的劝返次数，取最多（没有为-1）", "attempts at persuasion that school or town have recorded, the most; -1 where nobody says" = |f| f.persuasions;
    Bool "school.overdue": "其他学校已又报了若干月，该报告过旧", "other schools have since reported so many months more that the report is old" = |f| f.school.overdue;
    Bool "school.leave_covers": "准假覆盖了部分缺课", "approved leave covers a part of the absence" = |f| f.school.leave_covers;
    Bool "leave.suspension": "书面批准的休学在有效期内", "an approved suspension on paper is in force" = |f| f.leave.suspension;
    Bool "leave.by_registry": "只有学籍登记的休学在有效期内", "a suspension in the registry is in force, no paper" = |f| f.leave.by_registry;
    Bool "leave.sick": "批准的病假在有效期内", "approved sick leave is in force" = |f| f.leave.sick;
    Bool "leave.certified": "有效的休学、病假材料写明有权批准的机关", "a suspension or sick leave in force names a body that may approve it" = |f| f.leave.certified;
    Bool "leave.overlong": "休学、病假材料未到期，但已超过一次批准的最长期限", "on its face a leave is in force, but the longest time of one approval is over" = |f| f.leave.overlong;
    Bool "leave.undated": "学籍为休学，没有日期，也没有书面材料", "the registry says suspended without a day, and there is no paper" = |f| f.leave.undated;
    Bool "leave.not_resumed": "休学期满，没有人说已复学", "the suspension has ended and nobody says that the child is back" = |f| f.leave.not_resumed;
    Bool "leave.lapsed": "休学期满", "the suspension has ended" = |f| f.leave.lapsed;
    Bool "deferral.deferral": "批准的延缓入学在有效期内", "an approved deferral is in force" = |f| f.deferral.deferral;
    Bool "deferral.exemption": "认定不具备学习条件，在有效期内", "an approved exemption is in force" = |f| f.deferral.exemption;
    Bool "deferral.certified": "有效的缓学、认定材料写明有权批准的机关", "a deferral or exemption in force names a body that may approve it" = |f| f.deferral.certified;
    Bool "deferral.overlong": "缓学、认定材料未到期，但已超过一次批准的最长期限", "on its face a deferral or exemption is in force, but the longest time of one approval is over" = |f| f.deferral.overlong;
    Bool "deferral.lapsed": "批准的延缓入学或认定已经期满", "an approved deferral or exemption has ended" = |f| f.deferral.lapsed;
    Bool "certificate.valid": "有予以采信的就读证明", "a certificate that is accepted" = |f| f.certificate.valid;
    Bool "certificate.refused": "有就读证明，都不予采信", "certificates, none accepted" = |f| f.certificate.refused;
    Bool "inspection.saw_out": "最近一次实地督查所见为不在校", "the latest inspection that saw for itself says out" = |f| f.inspection.saw == Some(Schooling::Out);
    Bool "inspection.saw_in": "最近一次实地督查所见为在校", "the latest inspection that saw for itself says in school" = |f| f.inspection.saw == Some(Schooling::In);
    Bool "inspection.heard_out": "最近一次督查（含询问）称不在校", "the latest inspection of any kind says out" = |f| f.inspection.heard == Some(Schooling::Out);
    Bool "inspection.heard_in": "最近一次督查（含询问）称在校", "the latest inspection of any kind says in school" = |f| f.inspection.heard == Some(Schooling::In);
    Bool "inspection.unclear": "最近一次督查的文字看不明白", "the words of the latest inspection are not understood" = |f| f.inspection.unclear;
    Bool "departure.dead": "有死亡记录", "a record of death" = |f| f.departure.dead;
    Bool "departure.emigrated": "有出国（境）定居记录", "a record of settling abroad" = |f| f.departure.emigrated;
    Bool "departure.moved_out": "有户口迁出记录", "a record of the registration moving away" = |f| f.departure.moved_out;
    Bool "departure.cancelled": "公安以重户、错户注销", "the police cancelled the registration as double or mistaken" = |f| f.departure.cancelled;
    Bool "departure.answered": "离开之后又有人在本县见到该生，或很久以后的名册仍有该生", "since that day the child was met here, or lists of much later days still hold it" = |f| f.departure.answered;
    Bool "departure.missing": "公安记为失踪", "the police say missing" = |f| f.departure.missing;
    Bool "tip_off.any": "有群众举报（不据以认定）", "a tip-off; decides nothing" = |f| f.tip_off;
    Bool "poverty.any": "脱贫监测名单中有记录（不据以认定）", "a row of the poverty register; decides nothing" = |f| f.poverty;
    Bool "disability.any": "残联名册中有记录", "a row of the disability register" = |f| f.disability;
    Bool "county.has_register": "已有户籍数据", "a population register is in the store" = |f| f.has_register;
    Bool "county.has_registry": "已有学籍数据", "a student registry is in the store" = |f| f.has_registry;
    Int "county.suspected_days": "本县疑似辍学的缺课天数", "the county's first threshold" = |f| i64::from(f.county.suspected_days);
    Int "county.suspected_school_days": "本县疑似辍学的缺课上学日数", "the county's first threshold in school days" = |f| i64::from(f.county.suspected_school_days);
    Int "county.dropout_persuasions": "认定辍学前的劝返次数", "attempts at persuasion before an absence is called dropout" = |f| i64::from(f.county.dropout_persuasions);
    Int "county.dropout_days": "本县认定辍学的缺课天数", "the county's second threshold" = |f| i64::from(f.county.dropout_days);
}
