//! What the words of a header mean.
//!
//! Three steps: the whole header in a table; a person word and an attribute (监护人 + 电话); words that stand inside a
//! longer header. Decoration (★, numbering, units, remarks in brackets) is taken off first.

use std::{collections::HashMap, sync::LazyLock};

use crate::{
    Field,
    text::{ends, fold, has, words},
};

/// How sure the words of a header are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Sure {
    /// Some word inside fits.
    Loosely,
    /// A short word that is used for several things (情况, 学生, 出生): used when the values agree, and asked.
    Ask,
    /// A person word and an attribute fit together.
    Composed,
    /// The whole header is known.
    Wholly,
}

/// A meaning of a header and how sure it is.
pub(crate) type Meaning = (Field, Sure);

static TABLE: LazyLock<HashMap<&'static str, Meaning>> = LazyLock::new(|| {
    let wholly = SYNONYMS
        .iter()
        .flat_map(|(field, list)| words(list).map(|word| (word, (*field, Sure::Wholly))));
    let ask =
        TO_ASK.iter().flat_map(|(field, list)| words(list).map(|word| (word, (*field, Sure::Ask))));
    wholly.chain(ask).collect()
});

/// The meaning of a header cell; `None` for words that say nothing.
pub(crate) fn meaning(header: &str) -> Option<Meaning> {
    let header = bare(header);
    if header.is_empty() || header.chars().count() > 24 {
        return None;
    }
    let (outside, inside) = brackets(&header);
    whole(&header)
        .or_else(|| whole(&outside))
        .or_else(|| composed(&outside))
        .or_else(|| inside.as_deref().and_then(whole).filter(|(f, _)| *f != Field::Unused))
        .or_else(|| composed(&header))
        .or_else(|| loosely(&outside))
        .or_else(|| loosely(&header))
}

/// The meaning of a header below a group header such as 监护人信息 or 学生基本情况.
pub(crate) fn meaning_in(group: &str, header: &str) -> Option<Meaning> {
    let plain = meaning(header);
    let group = bare(group);
    let leaf = bare(header);
    let Some(role) = role_of(&group).filter(|role| *role != Role::Child) else { return plain };
    // The group gives the person only to an attribute that names none itself.
    let attribute = attribute_of(&leaf).filter(|_| role_of(&leaf).is_none());
    attribute.and_then(|attribute| combine(role, attribute)).map(|f| (f, Sure::Composed)).or(plain)
}

/// Whether the cell, as a whole, is a known header. Cheap: for looking at every row.
pub(crate) fn is_whole(cell: &str) -> bool {
    TABLE.contains_key(fold(cell).as_ref())
}

/// The header without decoration: blanks, stars, numbering, colons.
pub(crate) fn bare(header: &str) -> String {
    let text = fold(header);
    let text: String =
        text.chars().filter(|c| !"★☆*※●◆▲#:;。?!\"“”'_".contains(*c) && *c != '：').collect();
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let after = text[digits..].strip_prefix(['.', '、', ')']).unwrap_or(&text);
    let text = if digits > 0 { after } else { &text };
    text.trim_matches(|c| "-/、.,".contains(c)).to_owned()
}

/// The text outside brackets, and the text inside the first pair.
fn brackets(header: &str) -> (String, Option<String>) {
    let mut outside = String::new();
    let mut inside = String::new();
    let mut depth = 0;
    for c in header.chars() {
        match c {
            '(' | '[' | '【' | '〔' | '<' | '《' => depth += 1,
            ')' | ']' | '】' | '〕' | '>' | '》' => depth -= 1,
            _ if depth > 0 => inside.push(c),
            _ => outside.push(c),
        }
    }
    (outside, (!inside.is_empty()).then_some(inside))
}

fn whole(header: &str) -> Option<Meaning> {
    TABLE.get(header).copied()
}

/// Whose attribute a header names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    Child,
    Father,
    Mother,
    Head,
    Guardian,
    Second,
    /// A teacher or official: nothing of theirs belongs to the child.
    Official,
}

const ROLES: [(Role, &str); 7] = [
    (
        Role::Official,
        "班主任 校长 教师 老师 帮扶 包联 包抓 包村 包保 责任人 责任 填表人 填报人 \
                摸排人 核查人 核实人 调查人 排查人 登记人 审核人 经办人 联系干部 干部 村主任 \
                书记 受理人 举报人 走访人 入户人 制表人 负责人 师长 局长 镇长 劝返人 户籍民警 \
                民警",
    ),
    (
        Role::Second,
        "监护人二 监护人2 第二监护人 监护人乙 成员2 成员二 家庭成员2 家庭成员二 家长2 \
                家长二 其他监护人",
    ),
    (Role::Father, "父亲 爸爸 父"),
    (Role::Mother, "母亲 妈妈 母"),
    (Role::Head, "户主"),
    (
        Role::Guardian,
        "监护人一 监护人1 第一监护人 法定监护人 主要监护人 委托监护人 实际监护人 监护人 \
                家庭成员1 家庭成员一 成员1 成员一 家长 父母 抚养人 照料人 家庭成员 家属 亲属 \
                看护人",
    ),
    (
        Role::Child,
        "适龄儿童少年 儿童少年 适龄儿童 学生 儿童 孩子 小孩 幼儿 本人 少年 被监护人 \
                子女 考生 对象 人员 申请人 残疾人 当事人 学龄人口",
    ),
];

/// An attribute of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Attribute {
    Name,
    Id,
    Phone,
    Relation,
    Birth,
    Sex,
    Ethnicity,
    Age,
    Other,
}

fn role_of(text: &str) -> Option<Role> {
    ROLES.iter().find(|(_, words)| has(text, words)).map(|(role, _)| *role)
}

fn attribute_of(text: &str) -> Option<Attribute> {
    const ATTRIBUTES: [(Attribute, &str); 9] = [
        (Attribute::Other, "工作单位 职务 地址 住址 文化 健康 学历 类型 类别 有效期"),
        (Attribute::Id, "身份证 公民身份 身份号 证件号 身份证件 证件编号 身份证明号"),
        (Attribute::Phone, "电话 手机 联系方式 联系号码 联系方法"),
        (Attribute::Relation, "关系"),
        (Attribute::Birth, "出生 生日"),
        (Attribute::Sex, "性别"),
        (Attribute::Ethnicity, "民族"),
        (Attribute::Age, "年龄"),
        (Attribute::Name, "姓名 名字 名称"),
    ];
    ATTRIBUTES.iter().find(|(_, words)| has(text, words)).map(|(attribute, _)| *attribute)
}

/// 监护人姓名, 父亲身份证号码, 与户主关系, 学生出生年月.
fn composed(header: &str) -> Option<Meaning> {
    let role = role_of(header)?;
    let field = match attribute_of(header) {
        Some(attribute) => combine(role, attribute)?,
        None => alone(role, header)?,
    };
    Some((field, Sure::Composed))
}

/// A person word without an attribute is the person's name when little else is in the header.
fn alone(role: Role, header: &str) -> Option<Field> {
    if header.chars().count() > 8 {
        return None;
    }
    match role {
        Role::Official => Some(Field::Unused),
        Role::Second => Some(Field::Guardian2),
        Role::Father => (header.chars().count() <= 2).then_some(Field::Father),
        Role::Mother => (header.chars().count() <= 2).then_some(Field::Mother),
        Role::Guardian => {
            let whole = ends(header, "监护人 家长 父母 抚养人");
            (whole || header.ends_with(['一', '1'])).then_some(Field::Guardian)
        }
        Role::Head | Role::Child => None,
    }
}

fn combine(role: Role, attribute: Attribute) -> Option<Field> {
    use Attribute as A;
    use Role as R;
    Some(match (role, attribute) {
        (R::Child, A::Name) => Field::Name,
        (R::Child, A::Id) => Field::Id,
        (R::Child | R::Guardian | R::Head, A::Phone) => Field::Phone,
        (R::Child, A::Birth) => Field::Birth,
        (R::Child, A::Sex) => Field::Sex,
        (R::Child, A::Ethnicity) => Field::Ethnicity,
        (R::Child, A::Age) => Field::Age,
        (R::Father, A::Name) => Field::Father,
        (R::Father, A::Id) => Field::FatherId,
        (R::Father, A::Phone) => Field::FatherPhone,
        (R::Mother, A::Name) => Field::Mother,
        (R::Mother, A::Id) => Field::MotherId,
        (R::Mother, A::Phone) => Field::MotherPhone,
        (R::Head, A::Name) => Field::Head,
        (R::Head, A::Id) => Field::HeadId,
        (R::Head, A::Relation) => Field::RelationToHead,
        (R::Guardian, A::Name) => Field::Guardian,
        (R::Guardian, A::Id) => Field::GuardianId,
        (R::Child | R::Guardian, A::Relation) => Field::GuardianRelation,
        (R::Second, A::Name) => Field::Guardian2,
        (R::Second, A::Id) => Field::Guardian2Id,
        (R::Second, A::Relation) => Field::Guardian2Relation,
        (R::Second, A::Phone) => Field::Guardian2Phone,
        (R::Child, A::Other) => return None,
        (R::Official | R::Father | R::Mother | R::Head | R::Guardian | R::Second, _) => {
            Field::Unused
        }
    })
}

/// Words inside a longer header: all of the first list and none of the second. The first line that fits counts.
fn loosely(header: &str) -> Option<Meaning> {
    LOOSE
        .iter()
        .find(|(_, all, none)| words(all).all(|word| header.contains(word)) && !has(header, none))
        .map(|(field, _, _)| (*field, Sure::Loosely))
}

const LOOSE: [(Field, &str, &str); 55] = [
    (Field::Unused, "有效期", ""),
    (Field::OutOfSchool, "是否 辍学", "原因 疑似辍学日期"),
    (Field::OutOfSchool, "是否 失学", "原因"),
    (Field::InSchool, "是否 在校", "原因"),
    (Field::InSchool, "是否 就读", "原因 随班"),
    (Field::InSchool, "是否 在学", "原因"),
    (Field::Returned, "是否 返校", ""),
    (Field::Returned, "是否 复学", ""),
    (Field::Seal, "公章", ""),
    (Field::Seal, "盖章", "单位"),
    (Field::Inclusive, "随班就读", ""),
    (Field::Poor, "贫困户", "原因"),
    (Field::Poor, "是否 建档立卡", ""),
    (Field::Poor, "是否 脱贫户", ""),
    (Field::LeftBehind, "留守", ""),
    (Field::Unused, "是否", "残疾"),
    (Field::Disabled, "是否 残疾", ""),
    (Field::DisabilityNumber, "残疾 证号", ""),
    (Field::DisabilityNumber, "残疾证", "日期 等级 类"),
    (Field::DisabilityCategory, "残疾 类", ""),
    (Field::DisabilityGrade, "残疾 级", ""),
    (Field::StudentNumber, "学籍号", "辅 副 临时"),
    (Field::RegistryNumber, "学籍 号", ""),
    (Field::Id, "身份证", "类型 日期 地址 有效"),
    (Field::Id, "公民身份", ""),
    (Field::AbsentSchoolDays, "课 上学日", ""),
    (Field::AbsentSchoolDays, "课 教学日", ""),
    (Field::AbsentSchoolDays, "缺勤 上学日", ""),
    (Field::Persuasions, "劝返 次数", ""),
    (Field::AbsentDays, "缺 天数", ""),
    (Field::AbsentDays, "旷课 天", ""),
    (Field::AbsentFrom, "缺课 时间", "原因"),
    (Field::AbsentFrom, "缺课 日期", ""),
    (Field::AbsentFrom, "辍学 时间", "原因"),
    (Field::AbsentFrom, "失学 时间", "原因"),
    (Field::DeathDate, "死亡 时间", ""),
    (Field::DeathDate, "死亡 日期", ""),
    (Field::Reason, "原因", "死亡 致贫 返贫 注销"),
    (Field::FormerSchool, "原 学校", "原因 意见 现"),
    (Field::FormerSchool, "前 学校", "目前 当前 意见 学前"),
    (Field::FormerSchool, "应 学校", "意见 对应"),
    (Field::SchoolAndGrade, "学校 年级", "情况 状"),
    (Field::Status, "就读 情况", ""),
    (Field::Status, "就学 情况", ""),
    (Field::Status, "上学 情况", ""),
    (Field::Status, "就读 状", ""),
    (Field::Status, "去向", ""),
    (Field::Status, "哪 上学", ""),
    (Field::Status, "哪 读", ""),
    (Field::RegisteredAt, "户籍 址", ""),
    (Field::RegisteredAt, "户籍 地", "性质 类"),
    (Field::LivesAt, "居住", "证"),
    (Field::Birth, "出生", "地 医学 证"),
    (Field::Name, "姓名", "拼音 户主 监护 家长 父 母"),
    (Field::Phone, "电话", "办公"),
];

/// Whole headers. Words of one meaning stand in one line, apart by blanks.
const SYNONYMS: [(Field, &str); 86] = [
    (
        Field::Serial,
        "序号 编号 顺序号 序 号 流水号 NO No no 行号 班内学号 序列号 排序 项目序号 No. NO.",
    ),
    (
        Field::Name,
        "姓名 学生姓名 儿童姓名 小孩姓名 学生名字 孩子姓名 孩子名字 适龄儿童少年姓名 适龄儿童姓名 少年儿童姓名 儿童少年姓名 幼儿姓名 名字 \
         学生名 被监护人姓名 本人姓名 人员姓名 适龄少年儿童姓名 子女姓名 缺课学生姓名 辍学学生姓名 失学儿童姓名 残疾人姓名 成员姓名 对象姓名 \
         疑似辍学学生姓名 失学辍学学生姓名 休学学生姓名 死亡人员姓名 未就读学生姓名",
    ),
    (Field::FormerName, "曾用名 别名 小名 乳名 曾用姓名 又名 原姓名 曾用名/小名"),
    (
        Field::Id,
        "身份证号 身份证号码 身份证 身份证件号 身份证件号码 公民身份号码 公民身份证号 公民身份证号码 居民身份证号码 居民身份证号 居民身份证 \
         证件号码 证件号 身份号码 学生身份证号 学生身份证号码 儿童身份证号 儿童身份证号码 身份证编号 公民身份证 身份证明号码 身份号 有效证件号 \
         证件编号 ID 身份证号(18位) 本人身份证号",
    ),
    (
        Field::Birth,
        "出生日期 出生年月 出生时间 生日 出生年月日 出生日 出生年 生年月日 学生出生日期 出生月份 出生年月(日) 出生日期(年月日)",
    ),
    (Field::Sex, "性别 男女 性别(男/女) 男/女"),
    (Field::Ethnicity, "民族 族别"),
    (Field::Age, "年龄 周岁 岁数 实足年龄 年龄(周岁) 年龄(岁)"),
    (
        Field::HouseholdNumber,
        "户号 户编号 户口编号 户籍编号 家庭户号 户口簿号 户口本号 户口号 户口簿编号",
    ),
    (
        Field::RelationToHead,
        "与户主关系 与户主的关系 户主关系 与户主之关系 和户主关系 家庭关系 称谓",
    ),
    (Field::Head, "户主 户主姓名 户主名 家庭户主 户主名字"),
    (
        Field::HeadId,
        "户主身份证号 户主身份证号码 户主证件号码 户主公民身份号码 户主证件号 户主身份证",
    ),
    (Field::Father, "父亲 父亲姓名 父 父姓名 爸爸"),
    (Field::Mother, "母亲 母亲姓名 母 母姓名 妈妈"),
    (
        Field::Guardian,
        "监护人 监护人姓名 家长 家长姓名 父母或监护人 户主(监护人) 家长(监护人) 监护人(家长) 监护人/家长 法定监护人 父母姓名 父母(监护人) \
         监护人一 第一监护人 监护人1 家长(监护人)姓名 父母或监护人姓名 父母或其他监护人 父(母)姓名 父母 抚养人 监护人(户主) 家长或监护人 \
         家长或监护人姓名 联系人 联系人姓名 户主或监护人 学生家长 学生家长姓名 父母亲姓名 父/母姓名 家庭成员姓名 户主/监护人",
    ),
    (
        Field::GuardianId,
        "监护人身份证号 监护人身份证号码 监护人证件号码 家长身份证号 家长身份证号码 监护人身份证",
    ),
    (
        Field::GuardianRelation,
        "与学生关系 与儿童关系 与监护人关系 监护人关系 与孩子关系 与被监护人关系 与家长关系 监护关系 与小孩关系 关系 与本人关系 家长与学生关系 \
         监护人与学生关系 与学生的关系 亲属关系",
    ),
    (
        Field::Phone,
        "联系电话 电话 电话号码 手机 手机号 手机号码 联系方式 家长电话 监护人电话 联系人电话 监护人联系方式 家长联系电话 家长联系方式 家庭电话 \
         监护人联系电话 联系电话(手机) 移动电话 家长手机 家长手机号 联系手机 固定电话 联系号码 家长电话号码 监护人手机",
    ),
    (
        Field::Town,
        "镇办 乡镇 镇 乡 街道 镇街 镇(办) 乡镇(街道) 乡(镇) 镇(街道) 所在镇办 所属镇办 乡镇/街道 镇(街) 乡镇街道 镇名 涉及镇办 所在乡镇 \
         所属乡镇 镇乡 乡镇名称 街道(乡镇) 镇办名称 镇(街道办) 街道/乡镇 属地镇办 户籍镇办 街道办 镇/街道 属地",
    ),
    (
        Field::Village,
        "村 村名 行政村 所属村 村委会 村(社区) 所在村(社区) 社区 村/社区 村社区 所在村 村居 村(居) 所属村(社区) 村别 村社 居委会 村(居)委会 \
         村庄 自然村 村社名称 驻地村(社区) 行政村(社区) 村(社) 社区(村) 所在社区 村名称 村(居委会) 户籍村",
    ),
    (Field::Group, "组 组别 村民组 村民小组 小组 组名 村小组 所在组 自然组 社 组号 组(队)"),
    (
        Field::RegisteredAt,
        "户籍地址 户籍地 户籍所在地 户口所在地 户籍地住址 户籍住址 户籍地详址 户籍详细地址 户口地址 家庭住址 家庭地址 住址 地址 详细地址 \
         原户籍地 家庭住址(村组) 户口所在地(详细) 家庭详细住址 户籍地址(详细) 户籍地(镇村组) 户籍 原户籍地址 户口住址 户口登记地 户籍登记地 \
         家庭详细地址 通讯地址",
    ),
    (
        Field::LivesAt,
        "现住址 现居住地 居住地 现住地 居住地址 现居住地址 现家庭住址 实际居住地 现在住址 常住地址 实际住址 现居地 暂住地 目前居住地 居住地点",
    ),
    (
        Field::StudentNumber,
        "全国学籍号 学籍号 学籍号码 国网学籍号 全国学籍号码 学生学籍号 学籍编号 全国统一学籍号",
    ),
    (
        Field::RegistryNumber,
        "学籍主号 学籍辅号 学籍副号 副号 教育ID 教育id 学号 省学籍号 校内学籍号",
    ),
    (
        Field::DisabilityNumber,
        "残疾人证号 残疾证号 残疾证号码 残疾人证号码 残疾人证 残疾证编号 残疾人证编号 残疾证",
    ),
    (Field::DisabilityCategory, "残疾类别 残疾类型 残疾种类 残疾人类别 残疾类别名称"),
    (Field::DisabilityGrade, "残疾等级 残疾级别 残疾程度 等级"),
    (Field::SchoolCode, "学校标识码 学校代码 学校机构标识码 学校编码 机构代码 学校编号"),
    (
        Field::School,
        "学校 学校名称 就读学校 就读学校名称 在读学校 所在学校 填报学校 就读学校(全称) 现就读学校 所读学校 \
         所属学校 报告学校 上报学校 目前就读学校 在校学校 就学学校 校名 学校全称 现就读学校名称",
    ),
    (
        Field::FormerSchool,
        "原就读学校 原学校 原在学校 原就读学校名称 原就读学校(全称) 原就读学校及年级 学籍学校 学籍所在学校 学籍所在校 原学籍学校 原学籍所在学校 原读学校 原所在学校 曾就读学校 之前就读学校 以前就读学校 \
         辍学前学校 辍学前就读学校 失学前学校 失学前就读学校 失学辍学前就读学校 离校前学校 离校前就读学校 休学前学校 休学前就读学校 转学前学校 \
         最后就读学校 最后所在学校 毕业学校 小学毕业学校 毕业院校 应就读学校 应入学校 应入读学校 划片学校 对口学校 学区学校 片区学校 服务区学校",
    ),
    (
        Field::SchoolAndGrade,
        "就读学校及年级 学校及年级 学校年级 就读学校年级 学校、年级 就读学校和年级 学校班级 学校及班级 就读学校、年级 学校和年级 就读学校及班级",
    ),
    (
        Field::Grade,
        "年级 就读年级 所在年级 年级班级 在读年级 学段年级 现读年级 年级(班) 现就读年级 年级/班级 年级、班级 原年级 班级年级 所读年级 年级班 \
         年级及班级 辍学时年级 应读年级 应就读年级",
    ),
    (Field::Class, "班级 班 所在班级 班级名称 班别 就读班级"),
    (Field::Mode, "就读方式 就学方式 就读形式 安置方式 教育安置方式 寄宿情况 就学形式"),
    (Field::Inclusive, "是否随班就读 随班就读 随班就读情况"),
    (
        Field::StudentStatus,
        "学生状态 学籍状态 学生当前状态 当前状态 学生学籍状态 在籍状态 学籍状况",
    ),
    (Field::ChangeKind, "异动类型 异动类别 学籍异动 学籍异动类型 变动类型 异动情况"),
    (Field::ChangeDate, "异动日期 异动时间 变动日期 变动时间 学籍异动日期"),
    (
        Field::ToSchool,
        "转入(接收)学校 转入学校 接收学校 转入/接收学校 去向学校 转往学校 转入学校名称 转学去向 转出学校",
    ),
    (Field::PovertySchoolStatus, "在校生状况 在校生情况 在校生状态 在校情况 在校状况 是否在校生"),
    (Field::InSchool, "是否在学 是否在校 是否在读 是否就读 是否上学 是否入学 是否就学 在校(是/否)"),
    (
        Field::OutOfSchool,
        "是否辍学 是否失学 是否失学辍学 是否疑似辍学 是否辍学失学 是否义务教育阶段适龄儿童少年失学辍学",
    ),
    (
        Field::Status,
        "就读情况 就学情况 就学现状 就读状态 就读情况说明 就读现状 上学情况 就学状况 就读状况 目前就读情况 目前状况 目前去向 学生去向 就学状态 \
         在读情况 入学情况 学生现状 目前情况 就读去向 现就读情况 当前就读状态 学习情况 上学状态 目前状态 受教育情况 反映内容 举报内容 线索内容 \
         反映问题 举报事项 核查情况 学生状况 就学情况说明 学生情况 现在情况 现去向 在读状态 入学状态 反映事项 信访内容 问题描述 主要问题 \
         反映的主要问题 检查情况 目前就学情况 儿童去向",
    ),
    (
        Field::Reason,
        "未就读原因及去向 未就读原因 未上学原因 失学辍学原因 辍学原因 失学原因 缺课原因 原因 未入学原因 失学或辍学原因 义务教育阶段未上学原因 \
         辍学(失学)原因 缺勤原因 未到校原因 旷课原因 未在校原因 未报到原因 未就学原因 原因及去向 疑似辍学原因 辍学失学原因 未返校原因 事由",
    ),
    (Field::Remark, "备注 说明 备考 其他 备注说明 其它 情况说明 其他说明 备注(说明)"),
    (
        Field::Date,
        "摸排日期 摸排时间 入户时间 入户日期 填表时间 填表日期 排查日期 排查时间 调查日期 调查时间 核查时间 核查日期 摸底时间 摸底日期 办理日期 \
         证明开具日期 开具日期 开具时间 登记日期 登记时间 采集日期 走访时间 走访日期 受理时间 受理日期 发现日期 发现时间 督查时间 督查日期 \
         证明日期 证明时间 出具日期 填报日期 填报时间 迁出日期 迁移日期 审批日期 检查日期 点名日期 家访日期 家访时间 核实日期 核实时间 上报日期 \
         举报时间 反映时间 注销日期 注销时间 证明出具日期 统计日期 发放日期 发放时间 打卡日期 打卡时间 \
         送教日期 送教时间 上门日期 上门时间 上门送教日期 上门送教时间 计划起始日期 学期评估日期",
    ),
    (
        Field::AbsentFrom,
        "开始缺课日期 缺课开始日期 缺课起始日 缺勤起始日 缺课开始时间 失学辍学时间 辍学时间 失学时间 辍学日期 开始缺课时间 缺课起始日期 离校时间 \
         离校日期 缺勤起始日期 辍学年月 失学辍学日期 缺课起始时间 开始旷课日期 未到校起始日期 缺勤开始日期 最后到校日期 辍学(失学)时间",
    ),
    (
        Field::AbsentDays,
        "连续缺课天数 缺课天数 缺勤天数 连续缺勤天数 累计缺课天数 旷课天数 连续旷课天数 未到校天数 缺课日数 连续缺课(天)",
    ),
    (
        Field::AbsentSchoolDays,
        "缺课上学日数 缺课上学日 缺课教学日数 旷课上学日数 旷课教学日数 缺勤上学日数 缺课日数(上学日) 缺课天数(上学日) 旷课天数(上学日) 缺课天数(教学日)",
    ),
    (Field::Persuasions, "劝返次数 累计劝返次数 已劝返次数 劝返(次) 劝返复学次数 动员次数"),
    (Field::Returned, "是否返校 是否已返校 返校情况 是否复学 返校时间 复学情况"),
    (
        Field::Verdict,
        "认定结果 核查结果 认定情况 检查结果 核实结果 督查结果 认定结论 结论 核查结论 督查认定 核查认定 是否属实",
    ),
    (Field::Method, "核查方式 检查方式 发现方式 督查方式 调查方式 排查方式"),
    (
        Field::Place,
        "就读地 就读地点 就读所在地 学校所在地 就读地区 就读省市 学校地址 外出地点 就读城市 就读学校所在地",
    ),
    (
        Field::Seal,
        "是否加盖学校公章 是否盖章 是否加盖公章 盖章情况 公章 有无公章 学校公章 是否有公章 是否盖公章",
    ),
    (
        Field::Verified,
        "核实方式 核实情况 验证方式 是否核实 核验方式 核验情况 核实途径 核实办法 验证情况 是否已核实 是否核验",
    ),
    (
        Field::Kind,
        "类别 申请类别 类型 申请类型 种类 注销类别 注销原因 注销类型 人员类别 事项 休学类别 审批类别",
    ),
    (
        Field::Diagnosis,
        "诊断(事由) 诊断 病残情况 病情 诊断结果 病因 休学原因 申请原因 疾病名称 病情诊断 申请事由 缓学原因",
    ),
    (
        Field::Hospital,
        "诊断医院 医院 就诊医院 医院名称 诊断医疗机构 医疗机构 医疗机构名称 出具诊断医院 诊断单位",
    ),
    (Field::Doctor, "诊断医生 医生 医生姓名 诊断医师 医师 医师姓名 主治医生 主治医师 接诊医生"),
    (
        Field::Period,
        "起止时间 批准期限 休学期限 起止日期 期限 休学起止时间 休学时间 有效期限 缓学期限 批准时间 批准起止时间 请假时间 休学起止日期 有效期",
    ),
    (Field::PeriodFrom, "开始时间 开始日期 起始日期 起始时间 休学开始时间 休学开始日期 自 起"),
    (
        Field::PeriodTo,
        "结束时间 结束日期 截止日期 终止日期 截止时间 休学结束时间 休学结束日期 期满日期 止 有效期至 有效期止 有效至 有效截止日期 有效期截止日期 证明有效期至",
    ),
    (
        Field::Approval,
        "审批结果 结果 审批意见 是否批准 批准情况 审批情况 是否同意 意见 批准结果 是否审批 教育局意见 审批状态",
    ),
    (
        Field::Approver,
        "批准文号/单位 批准文号 文号 批准单位 审批单位 审批文号 批准机关 批准部门 文件号 审批部门 证书编号 休学证号",
    ),
    (Field::DeathDate, "死亡日期 死亡时间 去世日期 去世时间"),
    (
        Field::Destination,
        "迁往地 迁往地址 何处 迁入地 何时何处迁往 前往国家 前往国家(地区) 迁往何地 前往地 定居国 所去国家",
    ),
    (
        Field::RegisterState,
        "人员状态 是否注销 变动原因 户籍状态 户口状态 注销标识 变更原因 增减原因 迁移原因 变动类别",
    ),
    (
        Field::Official,
        "校长 村长 支部书记 包村干部 职务(七长) 责任人姓名 村主任 师长 校长姓名 分管领导 包联领导 七长 包抓领导 职责 教育专干",
    ),
    (
        Field::Aid,
        "资助项目 资助项目名称 资助类型 资助名称 资助种类 补助项目 补助类型 补助名称 受助项目 享受资助项目",
    ),
    (Field::Term, "学期 资助学期 学年学期 所属学期 发放学期 受助学期"),
    (
        Field::Amount,
        "发放金额 资助金额 补助金额 金额 发放金额(元) 资助金额(元) 补助金额(元) 金额(元) 实发金额 本学期金额 受助金额 补助标准",
    ),
    (Field::Cadre, "帮扶干部 帮扶责任人 帮扶人 包联干部 帮扶联系人 帮扶干部姓名 结对帮扶干部"),
    (
        Field::Teacher,
        "送教教师 送教老师 送教人 送教人员 送教教师姓名 送教老师姓名 上门教师 上门老师 任课教师 授课教师 送教教师1 送教教师一",
    ),
    (
        Field::Periods,
        "送教节数 送教课时 送教课时数 课时 节数 课时数 课时/节数 节数/课时 课时(节数) 课时(节) 节数(课时) 上课节数 授课节数 授课课时",
    ),
    (
        Field::Content,
        "送教内容 教学内容 授课内容 上课内容 课程内容 训练内容 康复训练内容 送教内容及学生反应 送教内容及反馈",
    ),
    (
        Field::Signed,
        "监护人签字 监护人签名 家长签字 家长签名 监护人是否签字 家长是否签字 监护人(家长)签字 家长(监护人)签字 监护人确认 家长确认",
    ),
    (
        Field::NextDate,
        "下次送教日期 下次送教时间 下次送教 下次上门日期 下次上门时间 预约下次送教日期 预约下次时间",
    ),
    (
        Field::TimeIn,
        "到达时间 到家时间 进门时间 送教开始时间 送教起始时间 开始送教时间 上课开始时间",
    ),
    (Field::TimeOut, "离开时间 离家时间 送教结束时间 结束送教时间 上课结束时间"),
    (Field::PlanVisits, "计划每月送教次数 每月计划送教次数 计划送教次数(每月) 计划送教次数(次/月)"),
    (Field::AssessedOn, "评估鉴定日期 送教评估日期 入学评估日期 评估鉴定时间"),
    (Field::ConsentedOn, "监护人同意日期 家长同意日期 监护人申请日期 监护人同意时间"),
    (Field::Evaluation, "学期评估 送教学期评估 学期评估意见 学期末评估 期末评估"),
    (
        Field::Unused,
        "姓名拼音 身份证件类型 证件类型 户口性质 人数 文化程度 健康状况 脱贫属性 主要致贫原因 帮扶单位 帮扶干部联系电话 入学年月 政治面貌 \
         派出所 渠道 是否实名 办理情况 学校采取的措施 整改时限 死亡原因 首次发证日期 照片 国籍 国籍/地区 籍贯 出生地 邮编 邮政编码 入学方式 \
         学生来源 户口所在地行政区划 户籍地行政区划代码 是否独生子女 是否孤儿 办学类型 年级范围 校长电话 办公电话 简称 单位 线 职务 整改情况 \
         学校措施 采取措施 措施 劝返情况 劝返结果 劝返措施 是否劝返 户别 户类型 家庭人口 签字 班主任 摸排人 调查人 核查人 填表人 填报人 学段 办学性质 致贫原因 \
         是否脱贫 脱贫年度 监测对象类别 帮扶措施 整改措施 责任单位 责任人 家长工作单位 工作单位 劳动技能 村(社区)代码 行政区划代码 区县 县 县区 \
         省 市 区 县(区) 学籍备注 转办 办理结果 处理情况 处理结果 反馈日期 身体状况 学制 户口类别",
    ),
];

/// Short words that lists use for different things.
const TO_ASK: [(Field, &str); 10] = [
    (Field::Name, "学生 儿童 孩子 小孩 适龄儿童 适龄儿童少年 少年儿童 娃 名单 对象 人员"),
    (
        Field::Status,
        "情况 现状 在哪上学 在哪里上学 在何处上学 状态 状况 在哪读书 就读 就学 去向 就读地及学校 上学地点 现在哪里 内容",
    ),
    (Field::Birth, "出生 生年 出生年份 生辰"),
    (Field::Date, "日期 时间 年月日 年月"),
    (Field::Phone, "联系 号码"),
    (Field::Id, "证号 证件"),
    (Field::RegisteredAt, "住所 家庭"),
    (Field::School, "就读单位 单位名称"),
    (Field::Guardian, "大人 亲属 家属"),
    (Field::Unused, "名次 标记"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(header: &str, field: Field) {
        assert_eq!(meaning(header).map(|m| m.0), Some(field), "{header}");
    }

    #[test]
    fn decorated_headers_are_known() {
        check("★姓　名", Field::Name);
        check("身 份 证 号", Field::Id);
        check("1.学生姓名*", Field::Name);
        check("出生日期（YYYY-MM-DD）", Field::Birth);
        check("贫困户(是/否)", Field::Poor);
        check("目前就读情况（学校、年级）", Field::Status);
        check("诊断（事由）", Field::Diagnosis);
        check("就读学校（全称）", Field::School);
    }

    #[test]
    fn whose_attribute_it_is() {
        check("父亲身份证号码", Field::FatherId);
        check("监护人二证件号码", Field::Guardian2Id);
        check("成员1姓名", Field::Guardian);
        check("成员2联系电话", Field::Guardian2Phone);
        check("户主（监护人）", Field::Guardian);
        check("帮扶干部联系电话", Field::Unused);
        check("班主任姓名及电话", Field::Unused);
        check("失学儿童少年姓名", Field::Name);
        check("家长（监护人）联系方式", Field::Phone);
        check("户主身份证件号码", Field::HeadId);
    }

    #[test]
    fn groups_lend_the_person_to_bare_attributes() {
        assert_eq!(meaning_in("监护人信息", "姓名").map(|m| m.0), Some(Field::Guardian));
        assert_eq!(meaning_in("父亲", "身份证号").map(|m| m.0), Some(Field::FatherId));
        assert_eq!(meaning_in("学生基本信息", "姓名").map(|m| m.0), Some(Field::Name));
        assert_eq!(meaning_in("家庭情况", "家长姓名").map(|m| m.0), Some(Field::Guardian));
        assert_eq!(meaning_in("帮扶干部", "姓名").map(|m| m.0), Some(Field::Unused));
    }

    #[test]
    fn short_words_are_to_be_asked() {
        for word in ["学生", "情况", "现状", "出生", "在哪上学"] {
            assert_eq!(meaning(word).map(|m| m.1), Some(Sure::Ask), "{word}");
        }
        assert_eq!(meaning("张三丰"), None);
    }
}
