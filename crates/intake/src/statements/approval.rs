//! Approved absences and certificates of schools elsewhere.

use baoxue_claim::{
    Cause, Certificate, Deferral, DeferralKind, Diagnosed, Doubt, Leave, LeaveKind, Person,
    Private, Statement, read_period,
};
use chrono::NaiveDate;

use super::{Said, own_day, read_day, yes_no};
use crate::{
    Field,
    line::Line,
    text::{fold, has, words},
    words::cause,
};

/// Suspension, sick leave, deferral or exemption, told by the row's kind or else by the title.
pub(crate) fn read(line: &Line<'_>, person: &Person) -> Said {
    let kind = line.get(Field::Kind).map(|cell| fold(cell).into_owned()).unwrap_or_default();
    let told = |text: &str| kind_of(text);
    let heading = fold(line.facts.heading);
    let diagnosis =
        line.get(Field::Diagnosis).map(|cell| fold(cell).into_owned()).unwrap_or_default();
    // 事假 and 请假 are leave of any sort: sickness is what makes them sick leave, not the title of the list.
    let found = if is_plain_leave(&kind) {
        is_sick(line, &kind, &diagnosis).then_some(Kind::Leave(LeaveKind::SickLeave))
    } else {
        told(&kind).or_else(|| told(&diagnosis)).or_else(|| told(&heading))
    };
    let period = period(line);
    let approved = line.get(Field::Approval).and_then(approved);
    let signed_by = line.get(Field::Approver).map(|cell| cell.trim().to_owned());
    let diagnosed = diagnosed(line);
    let fields = [
        Field::Kind,
        Field::Diagnosis,
        Field::Hospital,
        Field::Period,
        Field::Approver,
        Field::Approval,
        Field::Remark,
    ];
    let (on, doubt) = own_day(line, Field::Date);
    // A list without a day of its own was not signed on the day it was printed: it stands from the first day it covers.
    let from = period.map(|(from, _)| from).filter(|from| *from < on);
    let on = if line.get(Field::Date).is_none() { from.unwrap_or(on) } else { on };
    let what = match found {
        Some(Kind::Leave(kind)) => Statement::Leave(Leave {
            kind,
            period,
            approved,
            approver: signed_by,
            school: person.school.clone(),
            diagnosed,
        }),
        Some(Kind::Deferral(kind)) => {
            Statement::Deferral(Deferral { kind, period, approved, document: signed_by, diagnosed })
        }
        None => {
            let doubts = vec![line.doubt(Doubt::WordsUnclear, Field::Kind)];
            return Said { claims: Vec::new(), doubts };
        }
    };
    let mut said = Said::one(what, on, line.words(&fields)).with_doubt(doubt);
    if period.is_none() && line.get(Field::Period).is_some() {
        said.doubts.push(line.doubt(Doubt::DateUnreadable, Field::Period));
    }
    if approved.is_none() && line.get(Field::Approval).is_some() {
        said.doubts.push(line.doubt(Doubt::WordsUnclear, Field::Approval));
    }
    said
}

/// The hospital and the doctor, where the list has columns for them.
fn diagnosed(line: &Line<'_>) -> Option<Box<Diagnosed>> {
    let cell = |field| line.get(field).map(str::trim).filter(|cell| !cell.is_empty());
    let hospital = cell(Field::Hospital).map(str::to_owned);
    let doctor = cell(Field::Doctor).map(Private::new);
    (hospital.is_some() || doctor.is_some()).then(|| Box::new(Diagnosed { hospital, doctor }))
}

enum Kind {
    Leave(LeaveKind),
    Deferral(DeferralKind),
}

/// Leave whose ground the kind itself does not name.
fn is_plain_leave(kind: &str) -> bool {
    has(kind, "事假 请假 丧假 婚假 公假") && !has(kind, "病 休学 缓学 免学 就医 住院 手术")
}

/// Whether the ground of a leave is an illness. Work is none, whatever else is said.
fn is_sick(line: &Line<'_>, kind: &str, diagnosis: &str) -> bool {
    if has(kind, "事假 丧假 婚假 公假")
        || has(diagnosis, "打工 务工 做生意 经商 家中有事 家里有事 事假")
    {
        return false;
    }
    let named = matches!(cause(diagnosis), Some(Cause::Illness | Cause::Disability))
        || has(diagnosis, "炎 症 癌 瘤 溃疡 结核 贫血 损伤 骨 术后 就诊 医院 感染");
    let own = !has(diagnosis, "父 母 爷 奶 家长 家人 亲属");
    let blank = diagnosis.is_empty() || diagnosis == "/";
    (named && own)
        || line.get(Field::Hospital).is_some_and(|cell| has(&fold(cell), "医院 卫生院 诊所 保健院"))
        || (blank && fold(line.facts.heading).contains("病假"))
}

fn kind_of(text: &str) -> Option<Kind> {
    let hits: [(&str, Kind); 4] = [
        ("缓学 延缓 暂缓入学 推迟入学", Kind::Deferral(DeferralKind::Deferral)),
        ("免学 免予入学 失能 不具备学习", Kind::Deferral(DeferralKind::Exemption)),
        ("病假 因病请假 病请假", Kind::Leave(LeaveKind::SickLeave)),
        ("休学 保留学籍", Kind::Leave(LeaveKind::Suspension)),
    ];
    // 休学(病假) in a title names both; the graver one is the one that needs more, so 休学 wins there.
    let both = text.contains("休学") && has(text, "病假");
    if both {
        return Some(Kind::Leave(LeaveKind::Suspension));
    }
    hits.into_iter().find(|(words, _)| has(text, words)).map(|(_, kind)| kind)
}

/// Words of assent that hold a word of denial: 审核无误, 无异议.
const ASSENT: &str = "没有异议 没有问题 未发现问题 未发现异常 未见异常 无误 无异议 无问题 无不符 无不当 无疑义 \
    无出入";

/// The text without its words of assent, and whether it had any.
fn without_assent(text: &str) -> (String, bool) {
    let rest = words(ASSENT).fold(text.to_owned(), |rest, word| rest.replace(word, ""));
    let had = rest.len() < text.len();
    (rest, had)
}

/// 同意, 批准, 学校同意; 不同意, 不予批准, 退回; `None` for other words.
fn approved(cell: &str) -> Option<bool> {
    let (text, assents) = without_assent(&fold(cell));
    if has(&text, "不 未 否 退回 驳回 拒 没有 没批 无") {
        return Some(false);
    }
    // 拟同意, 初审通过 and 家长同意 are not the approval.
    let open = has(&text, "待 审核中 办理中 审批中 流转中 拟 建议");
    let earlier = has(
        &text,
        "初审 初步 预审 公示 上报 原则 家长同意 家属同意 监护人同意 本人同意 父母同意 村委会同意 村同意 班主任同意 口头",
    );
    if open || (earlier && !has(&text, "批准 已批 准予 教育局同意 教体局同意")) {
        return None;
    }
    if has(&text, "同意 批准 通过 准予 准许 已批 合格 属实 许可") || assents {
        return Some(true);
    }
    yes_no(&text)
}

fn period(line: &Line<'_>) -> Option<(NaiveDate, NaiveDate)> {
    let day = |field| line.get(field).and_then(|cell| read_day(line, cell));
    line.get(Field::Period)
        .and_then(read_period)
        .or_else(|| Some((day(Field::PeriodFrom)?, day(Field::PeriodTo)?)))
        .filter(|(from, to)| from <= to)
}

/// A certificate of study outside the county.
pub(crate) fn certificate(line: &Line<'_>, person: &Person) -> Said {
    let has_column = |field| line.facts.columns.has(field);
    let sealed = match line.get(Field::Seal) {
        Some(cell) => sealed(cell),
        // A blank under 是否盖章 is not a seal.
        None => has_column(Field::Seal).then_some(false),
    };
    let how = line.get(Field::Verified).map(|cell| cell.trim().to_owned());
    let verified = has_column(Field::Verified).then(|| how.as_deref().is_some_and(is_verified));
    let issued = line.get(Field::Date).and_then(|cell| read_day(line, cell));
    let until = line.get(Field::PeriodTo).and_then(|cell| read_day(line, cell)).or_else(|| {
        let cell = line.get(Field::Period)?;
        read_period(cell).map(|(_, to)| to).or_else(|| read_day(line, cell))
    });
    let certificate = Certificate {
        school: person.school.clone(),
        place: line.get(Field::Place).map(|cell| cell.trim().to_owned()),
        issued,
        until,
        sealed,
        verified,
        verified_how: how,
    };
    let fields = [
        Field::Place,
        Field::School,
        Field::Grade,
        Field::Date,
        Field::Seal,
        Field::Verified,
        Field::Remark,
    ];
    let (_, doubt) = own_day(line, Field::Date);
    let unread = |field: Field, read: bool| {
        (line.get(field).is_some() && !read).then(|| line.doubt(Doubt::WordsUnclear, field))
    };
    let seal = unread(Field::Seal, sealed.is_some());
    let to_field =
        [Field::PeriodTo, Field::Period].into_iter().find(|field| line.get(*field).is_some());
    let end =
        to_field.filter(|_| until.is_none()).map(|field| line.doubt(Doubt::DateUnreadable, field));
    let on = issued.unwrap_or(line.facts.as_of);
    Said::one(Statement::Certificate(certificate), on, line.words(&fields))
        .with_doubt(doubt)
        .with_doubt(seal)
        .with_doubt(end)
}

/// 是, 已盖章, 学校公章; 未盖章, 无公章. `None` for other words, such as the stamp of a class or of a village.
fn sealed(cell: &str) -> Option<bool> {
    const FILLERS: &str = "已经 已 加盖 盖有 盖了 盖 学校的 学校 公章 印章 鲜章 章 清晰 齐全 完整 有效 有 的 了 红 原件 电子";
    let text = fold(cell);
    if let Some(answer) = yes_no(&text) {
        return Some(answer);
    }
    if has(&text, "未 没 无 不 否 缺 待 补盖 需 漏 空白") {
        return Some(false);
    }
    let rest = words(FILLERS).fold(text.to_string(), |rest, word| rest.replace(word, ""));
    let plain = rest.trim_matches(|c: char| ",;。.()、是√".contains(c)).is_empty();
    plain.then_some(true)
}

/// 电话核实, 学籍系统查询, 收到复函, 是; not 未核实, 待核实, 无法核实. The word of the family or of neighbours, a picture that they
/// send, or a paper that they hand in is what was to be verified.
fn is_verified(cell: &str) -> bool {
    const WAYS: &str = "电话 电询 致电 去电 来电 通话 系统 学籍 平台 网上 网查 联网 函 公文 传真 实地 现场 到校 赴校 上门 走访 视频 核实 核查 核对 查验 \
        查询 查证 属实 一致 校验 验证 教育局 教体局 教育部门 老师 班主任 校长 学校 教务处 短信 邮件 微信 QQ";
    const OTHERS: &str = "家长 父 母 监护人 爷 奶 外公 外婆 亲属 亲戚 家人 家属 本人 邻居 村干部 村委 村主任 村组 村民 群众 同学 熟人 自述 口述 口头 自报 听说";
    const SCHOOL: &str = "学校 老师 班主任 校长 教务处 校方 学籍 系统 平台 函 教育局 教体局 教育部门 实地 到校 赴校 现场";
    let (text, assents) = without_assent(&fold(cell));
    if has(&text, "未 待 没 无 否 不 × 拟 正在 核实中 无人接 打不通 空号 停机 异常")
    {
        return false;
    }
    if has(&text, OTHERS) && !has(&text, SCHOOL) {
        return false;
    }
    assents || yes_no(&text) == Some(true) || has(&text, WAYS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn approvals_and_refusals() {
        for (text, expected) in [
            ("同意", Some(true)),
            ("学校同意", Some(true)),
            ("批准", Some(true)),
            ("不予批准", Some(false)),
            ("不同意", Some(false)),
            ("退回补充材料", Some(false)),
            ("待审核", None),
            ("经审核无误，同意休学", Some(true)),
            ("无异议", Some(true)),
            ("材料无问题，批准", Some(true)),
            ("审核无误，不同意", Some(false)),
            ("情况无误，待审批", None),
            ("拟同意", None),
            ("建议批准", None),
            ("初审通过", None),
            ("家长同意", None),
            ("已上报", None),
            ("已同意", Some(true)),
            ("已上报教育局并批准", Some(true)),
            ("是", Some(true)),
            ("有异议", None),
            ("有待研究", None),
        ] {
            assert_eq!(approved(text), expected, "{text}");
        }
    }

    #[test]
    fn a_certificate_is_verified_only_if_somebody_did() {
        for (text, expected) in [
            ("电话核实", true),
            ("全国学籍系统查询", true),
            ("未核实", false),
            ("待核实", false),
            ("核实无误", true),
            ("无误", true),
            ("无法核实", false),
            ("核实不符", false),
            ("是", true),
            ("已电话核实", true),
            ("与班主任电话核实", true),
            ("发函核实，已复函", true),
            ("联系学校属实", true),
            ("家长口述", false),
            ("家长电话告知", false),
            ("监护人自述在校", false),
            ("村干部核实", false),
            ("本人承诺", false),
            ("家长提供照片", false),
            ("邻居反映", false),
            ("正在核实", false),
            ("电话打不通", false),
            ("照片", false),
            ("复印件", false),
            ("/", false),
        ] {
            assert_eq!(is_verified(text), expected, "{text}");
        }
    }

    #[test]
    fn a_seal_is_a_seal_of_the_school() {
        for (text, expected) in [
            ("是", Some(true)),
            ("已盖章", Some(true)),
            ("已加盖学校公章", Some(true)),
            ("公章清晰", Some(true)),
            ("有", Some(true)),
            ("否", Some(false)),
            ("未盖章", Some(false)),
            ("已要求补盖", Some(false)),
            ("有待补盖", Some(false)),
            ("班主任签字", None),
            ("已有村委会证明", None),
            ("只有班级章", None),
        ] {
            assert_eq!(sealed(text), expected, "{text}");
        }
    }

    #[test]
    fn a_plain_leave_is_no_sick_leave() {
        for text in ["事假", "请假", "外出务工请假", "家中有事请假"] {
            assert!(is_plain_leave(text) && kind_of(text).is_none(), "{text}");
        }
        for text in ["病假", "因病请假", "休学", "请病假"] {
            assert!(!is_plain_leave(text), "{text}");
        }
    }
}
