//! What towns write about a child's schooling: one meaning, many phrasings.
//!
//! `{校}` stands for the school, `{级}` for the grade, `{地}` for a place, `{年}` for a year. Each town has its own habit:
//! a window into the list, so that two towns, and two counties, do not sound alike.

mod more;

use super::chance::Chance;

/// What is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Say {
    InSchool,
    /// In a school of the county seat, said by the home town.
    InTheSeat,
    Kindergarten,
    Graduated,
    Elsewhere,
    ElsewhereVague,
    WentAway,
    Lost,
    Suspended,
    SuspensionOver,
    Sick,
    SickLeave,
    Disabled,
    HomeTeaching,
    NoSuchPerson,
    Duplicate,
    Dead,
    Abroad,
    MovedAway,
    Out,
    OutWithPaper,
    OnLeave,
    Back,
    Transferred,
    Never,
    NeverDisabled,
    NeverUnregistered,
    TransferFailed,
    NotPromoted,
    Refused,
    Averse,
    NoRegistry,
    Labour,
    NotInSchool,
}

/// The phrasings of one town.
#[derive(Clone, Copy, Debug)]
pub(super) struct Habit(pub(super) usize);

impl Habit {
    /// One phrasing, with its blanks still in it.
    pub(super) fn say(self, say: Say, chance: &mut Chance) -> &'static str {
        let list: Vec<&'static str> = phrasings(say).collect();
        let window = list.len().div_ceil(2).max(2.min(list.len()));
        list[(self.0 + chance.below(window)) % list.len()]
    }
}

fn phrasings(say: Say) -> impl Iterator<Item = &'static str> {
    let of =
        move |(meaning, list): &(Say, &'static [&'static str])| (*meaning == say).then_some(*list);
    WORDS.iter().chain(more::MORE).filter_map(of).flatten().copied()
}

/// What a text means that was made from one of the longer phrasings; `None` for any other text.
#[cfg(test)]
pub(super) fn meant(text: &str) -> Option<Say> {
    let is_made_from = |template: &str| {
        let pieces: Vec<&str> =
            ["{校}", "{级}", "{地}", "{年}"].iter().fold(vec![template], |pieces, blank| {
                pieces.into_iter().flat_map(|piece| piece.split(blank)).collect()
            });
        let (Some(first), Some(last)) = (pieces.first(), pieces.last()) else { return false };
        let whole = pieces.len() > 1 || text == template;
        let mut rest = text;
        let in_order = pieces.iter().all(|piece| match rest.find(piece) {
            Some(at) => {
                rest = &rest[at + piece.len()..];
                true
            }
            None => false,
        });
        whole && in_order && text.starts_with(first) && text.ends_with(last)
    };
    let found = more::MORE.iter().find(|(_, list)| list.iter().any(|made| is_made_from(made)));
    found.map(|(say, _)| *say)
}

const WORDS: [(Say, &[&str]); 34] = [
    (
        Say::InSchool,
        &[
            "在校",
            "在读",
            "正常就读",
            "在{校}{级}就读",
            "就读于{校}",
            "{校}",
            "在校就读",
            "{校}{级}",
            "正常上学",
            "按时上学",
            "在{校}读书",
            "在学",
            "已入学",
            "{校}在读",
            "在校学生",
            "正常",
            "在{校}上{级}",
            "本地就读",
        ],
    ),
    (
        Say::InTheSeat,
        &[
            "在城区上学",
            "在县城就读",
            "在城区居住就读",
            "随父母在县城上学",
            "在城里读书",
            "城区就读",
        ],
    ),
    (
        Say::Kindergarten,
        &[
            "幼儿园",
            "上幼儿园",
            "幼儿园大班",
            "学前班",
            "今年秋季入学",
            "未到入学年龄",
            "在幼儿园",
            "学龄前",
            "大班",
            "9月上一年级",
            "学前教育阶段",
            "未满6周岁",
        ],
    ),
    (
        Say::Graduated,
        &[
            "今年初中毕业",
            "九年级毕业",
            "参加{年}年中考",
            "初中已毕业",
            "已毕业",
            "{年}年6月初中毕业",
            "初三毕业",
            "完成九年义务教育",
        ],
    ),
    (
        Say::Back,
        &[
            "去年辍学,今年3月劝返到{校}就读",
            "曾辍学,经劝返已回{校}上学",
            "已劝返,现在{校}就读",
            "年初辍学,开学后劝返复学,现在{校}",
            "原辍学,已复学({校})",
        ],
    ),
    (Say::Transferred, &["已转学", "转学走了", "已转到别的学校", "转出到其他学校", "转学"]),
    (
        Say::Elsewhere,
        &[
            "{校}",
            "在{校}上{级}",
            "随父母在{校}就读",
            "就读于{校}",
            "随父母外出,在{校}读{级}",
            "外地就读:{校}",
            "在{校}上学",
            "{校}{级}",
        ],
    ),
    (
        Say::ElsewhereVague,
        &[
            "在外省上学",
            "随父母在外就读",
            "在{地}上学",
            "外地就读",
            "在外地读书",
            "随父母在{地}读书",
            "区外就读",
            "外省就读",
        ],
    ),
    (Say::WentAway, &["随父母外出", "外出", "全家外出", "随父母在外", "跟父母出去了", "举家外出"]),
    (
        Say::Lost,
        &[
            "外出多年,去向不明",
            "电话空号",
            "联系不上",
            "在外,学校不详",
            "无法联系",
            "去向不详",
            "不清楚去了哪里",
            "多年未回,无联系方式",
        ],
    ),
    (Say::Abroad, &["出国", "已出国", "随父母出国定居", "在国外", "移居国外"]),
    (Say::MovedAway, &["户口已迁走", "全家迁走", "户籍已迁出", "已迁出本县", "户口迁走了"]),
    (Say::Dead, &["去世", "已死亡", "死亡", "已故", "病故", "已去世,户口未销"]),
    (
        Say::NoSuchPerson,
        &[
            "查无此人",
            "村上无此人,疑户口登记错误",
            "空挂户,无此人",
            "无此人",
            "本村没有这个人",
            "户口空挂,查不到人",
        ],
    ),
    (
        Say::Duplicate,
        &["重复户口", "重户,应注销", "双户口,已在{地}登记", "户口重复", "一人两户,另一户在{地}"],
    ),
    (
        Say::Suspended,
        &[
            "休学",
            "办理了休学",
            "因病休学",
            "在家养病(有休学证)",
            "休学在家",
            "已办休学手续",
            "休学一年",
        ],
    ),
    (
        Say::SuspensionOver,
        &[
            "休学满一年未复学",
            "休学到期后一直未返校,现在家",
            "休学期满没回校",
            "休学到期未复学",
            "休学后没再去上学",
        ],
    ),
    (
        Say::Sick,
        &[
            "重病住院",
            "生病,教育局已批缓学",
            "在外治病",
            "患重病,不能上学",
            "生病治疗中",
            "长期住院",
        ],
    ),
    (Say::SickLeave, &["住院治疗", "生病在家", "请病假", "生病请假", "住院"]),
    (
        Say::Disabled,
        &[
            "重度残疾,缓学",
            "残疾,生活不能自理",
            "残疾在家",
            "重度残疾在家,未上学",
            "残疾,已办缓学",
            "残疾,不能上学",
        ],
    ),
    (
        Say::HomeTeaching,
        &["送教上门", "残疾,送教上门", "老师送教上门", "重度残疾,送教", "享受送教上门"],
    ),
    (Say::OnLeave, &["请假", "请假中", "请事假", "请假在家"]),
    (
        Say::Out,
        &[
            "辍学在家",
            "没去上学",
            "早已不上学",
            "外出打工",
            "没上学,在家带弟弟",
            "辍学",
            "已辍学,在家",
            "不读了,在家",
            "不上学了,跟人学手艺",
            "不在校,村干部入户见其在家",
            "已失学",
            "停学在家",
        ],
    ),
    (
        Say::OutWithPaper,
        &[
            "见其在镇上闲逛,没上学",
            "未上学,家长称在外地读书",
            "没上学,在家",
            "辍学在家,家长说在外面读",
        ],
    ),
    (Say::Never, &["一直未入学", "没上过学,家长不送", "从未上学", "到了年龄没入学", "没有上过学"]),
    (
        Say::NeverDisabled,
        &["残疾在家,从未上学", "残疾,一直没上过学", "残疾儿童,未入学", "残疾,没有学校收,从未上学"],
    ),
    (
        Say::NeverUnregistered,
        &["黑户,一直没上学", "未上户口,未入学", "没有户口,没上过学", "无户口,未上学"],
    ),
    (
        Say::TransferFailed,
        &[
            "转学没转成,在家闲着",
            "学籍已转走,对方学校未接收,现在家",
            "转出后没有学校接收,在家",
            "办了转学但没去读,在家",
        ],
    ),
    (
        Say::NotPromoted,
        &[
            "小学毕业后未上初中,在家",
            "小学读完没上初中",
            "小升初没去报到,在家",
            "六年级毕业后辍学在家",
        ],
    ),
    (Say::Refused, &["肢体残疾,学校不收,在家", "残疾,学校劝退,在家", "残疾,学校不要,没上学"]),
    (Say::Averse, &["厌学,开学后就没去,在家", "不想读书,在家", "厌学在家", "不愿上学,在家"]),
    (
        Say::NoRegistry,
        &[
            "原在广东读书,今年2月返乡,无学籍学校未接收,在家",
            "从外地回来,没学籍,学校不收,在家",
            "返乡后没有学籍,未能入学,在家",
        ],
    ),
    (Say::Labour, &["留守儿童,跟亲戚去浙江鞋厂打工", "外出打工", "跟亲戚去广东打工", "在外务工"]),
    (Say::NotInSchool, &["未上学", "没上学", "未在校", "未就读"]),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_meaning_has_words_and_towns_differ_in_them() {
        for (say, _) in WORDS {
            assert!(phrasings(say).count() > 2, "{say:?}");
        }
        let heard = |habit: usize| {
            let mut chance = Chance::new(5, 0);
            (0..200)
                .map(|_| Habit(habit).say(Say::Out, &mut chance))
                .collect::<std::collections::BTreeSet<_>>()
        };
        assert_ne!(heard(0), heard(6));
    }
}
