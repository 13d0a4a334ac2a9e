//! Sheets with every field filled. All names are invented.

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveDateTime};

use crate::{Field, Form, Kind, Place, Sheet, Spec, Value};

pub(super) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Values that stand for fields of the same name on every form.
const TEXTS: &[(&str, &str)] = &[
    ("guardian", "王德福"),
    ("party", "王德福"),
    ("party_id", "110101198001010017"),
    ("child", "王小宇"),
    ("sex", "男"),
    ("ethnic", "汉族"),
    ("id_number", "110101201303070011"),
    ("registry_no", "G110101201303070011"),
    ("relation", "父子"),
    ("guardian_phone", "00000000000"),
    ("phone", "0000-0000000"),
    ("contact", "李敏"),
    ("address", "示例县五里镇青龙村三组12号"),
    ("hukou", "示例县五里镇青龙村三组"),
    ("school", "五里镇初级中学"),
    ("grade_class", "八年级2班"),
    ("year", "2026年秋季学期"),
    ("report_on", "2026年8月31日上午8时"),
    ("report_place", "五里镇初级中学教务处"),
    ("place", "五里镇初级中学教务处"),
    ("fact", "自2026年8月31日起未到校就读，且未办理休学、转学手续"),
    (
        "objection",
        "对上述事实有异议的，可以自收到之日起向本机关提出，也可以扫描下方二维码、凭校验码提出；答复之前，期限停止计算。",
    ),
    ("broken", "《中华人民共和国义务教育法》第五条、第十一条"),
    ("applied", "《中华人民共和国义务教育法》第五十八条"),
    ("demand", "送王小宇返回五里镇初级中学就读，并保证其完成义务教育。"),
    (
        "appeal",
        "对本决定不服的，可以依法申请行政复议或者提起行政诉讼（受理机关和期限由本县填写）。",
    ),
    ("opinion", "建议镇人民政府会同村民委员会入户劝返。"),
    ("principal", "赵建国"),
    ("to", "示例县公安局"),
    ("task", "查找儿童下落"),
    ("subject", "王小宇，男，最后一次见到的日期为2026年8月31日。"),
    ("basis", "《中华人民共和国义务教育法》第十三条"),
    ("document", "限期复学通知书"),
    ("document_number", "示教控〔2026〕14号"),
    ("recipient", "王德福"),
    ("mode", "留置送达"),
    ("left", "2026年8月"),
    ("cause", "学习困难，不愿到校，跟随亲属外出务工。"),
    ("form", "插班"),
    ("renewal", "首次"),
    ("layer", "county-town"),
    ("giver", "示例县人民政府"),
    ("taker", "五里镇人民政府"),
    ("heard", "本机关于2026年10月8日送达告知书，当事人未提出陈述和申辩。"),
    ("penalty", "由本县依照地方性法规填写。"),
    ("perform", "由本县依照地方性法规填写。"),
    ("review", "周正"),
    ("householder", "王德福"),
    ("owner", "李敏"),
    ("helper", "陈帮扶"),
    (
        "situation",
        "该生八年级下学期起成绩下滑，父亲务农，母亲在外务工，家庭为脱贫户，与祖父母同住。",
    ),
    ("hospital", "示例县人民医院"),
    ("hospital_level", "二级甲等"),
];

pub(super) fn sheet(spec: &Spec) -> Sheet {
    Sheet {
        issuer: "示例县五里镇人民政府".into(),
        number: "示五教控〔2026〕14号".into(),
        red_head: String::new(),
        date: Some(day("2026-09-17")),
        case: "k_20260914".into(),
        until: Some(day("2026-09-24")),
        check: "https://jy.example.gov.cn/v/7K2M-9QXD".into(),
        check_code: "7K2M-9QXD".into(),
        printed_by: "李敏".into(),
        printed_at: "2026-09-17T10:05:00".parse::<NaiveDateTime>().ok(),
        as_of: Some(day("2026-09-16")),
        fields: spec
            .fields
            .iter()
            .filter(|field| field.of == Place::Fields)
            .map(|field| (field.name.clone(), value(spec.form, field)))
            .collect(),
        law: Vec::new(),
    }
}

fn value(form: Form, field: &Field) -> Value {
    let known = TEXTS.iter().find(|(name, _)| *name == field.name).map(|(_, text)| *text);
    match (field.kind, field.name.as_str()) {
        (Kind::Date, _) => day("2026-09-01").into(),
        (Kind::Text, "cause") if form == Form::SuspensionApplication => "重大疾病".into(),
        (Kind::Text, "subject") if form == Form::Circular => {
            "关于九月份控辍保学工作情况的通报".into()
        }
        (Kind::Text, "to") if form == Form::Circular => "各镇人民政府、街道办事处，各中小学".into(),
        (Kind::Text, _) => {
            known.map_or_else(|| format!("{}的内容", field.zh), str::to_owned).into()
        }
        (Kind::Lines, _) => {
            vec![format!("{}之一", field.zh), format!("{}之二，文字稍长一些，以便换行", field.zh)]
                .into()
        }
        (Kind::Rows, _) => Value::Rows((1..=3).map(|n| row(field, n)).collect()),
    }
}

fn row(field: &Field, n: usize) -> BTreeMap<String, String> {
    let cell = |name: &str, zh: &str| match name {
        "n" => n.to_string(),
        "sex" => "女".to_owned(),
        "days" | "attempts" => (n * 3).to_string(),
        "name" => ["王小宇", "欧阳示例", "阿依努尔"][n - 1].to_owned(),
        "when" | "on" | "due" | "by" | "absent_since" | "birth" => format!("2026-09-0{n}"),
        "phone" => "00000000000".to_owned(),
        "time" => "9:00—11:00".to_owned(),
        "grade_class" => "八年级2班".to_owned(),
        "who" => "李敏、张村干".to_owned(),
        "signed" => String::new(),
        _ => format!("{zh}第{n}行"),
    };
    field.columns.iter().map(|c| (c.name.clone(), cell(&c.name, &c.zh))).collect()
}
