//! What happened in a case and who owes what, in words.

use baoxue_act::{
    Climb, Duty, Event, Heard, Holder, Met, Moment, Office, PlanReview, Refusal, Rules, Seated,
    ServiceProof, Trigger, Visit, What,
};
use baoxue_claim::{Towns, VerdictCode};

/// The words of the reader's language.
macro_rules! said {
    ($speaker:expr, $zh:literal, $en:literal) => {
        if $speaker.zh { format!($zh) } else { format!($en) }
    };
}

/// What words need besides the case.
#[derive(Clone, Copy, Debug)]
pub struct Speaker<'a> {
    /// The county's rules with its directory.
    pub rules: &'a Rules,
    /// Its towns.
    pub towns: &'a Towns,
    /// Whether to speak Chinese.
    pub zh: bool,
}

impl Speaker<'_> {
    pub(super) fn pick<'t>(&self, zh: &'t str, en: &'t str) -> &'t str {
        if self.zh { zh } else { en }
    }

    /// The office of a seat, such as 五里镇 or 五里初中.
    pub fn office(&self, office: &Office) -> String {
        match office {
            Office::County => self.pick("县（区）政府", "county government").to_owned(),
            Office::Bureau => self.pick("教育局", "education bureau").to_owned(),
            Office::Town(town) => {
                self.towns.get(*town).map_or_else(|| town.to_string(), |town| town.name.clone())
            }
            Office::Village(_, village) => village.clone(),
            Office::School(school) => school.clone(),
            Office::Class(school, class) => format!("{school} {class}"),
            Office::Department(department) => self.department(department),
            Office::Inspectorate => self.pick("督导机构", "inspectorate").to_owned(),
            Office::Police => self.pick("公安机关", "police").to_owned(),
        }
    }

    /// What a department is called.
    pub(super) fn department(&self, id: &str) -> String {
        let known = self.rules.departments.iter().find(|known| known.id == id);
        known.map_or_else(|| id.to_owned(), |known| self.pick(&known.zh, &known.en).to_owned())
    }

    /// The seat with its office, such as 五里镇 镇长.
    pub fn seat(&self, holder: &Holder) -> String {
        let seat = self.pick(holder.seat.zh(), holder.seat.en());
        match holder.office {
            Office::Inspectorate | Office::Police => seat.to_owned(),
            Office::County
            | Office::Bureau
            | Office::Town(_)
            | Office::Village(..)
            | Office::School(_)
            | Office::Class(..)
            | Office::Department(_) => format!("{} {seat}", self.office(&holder.office)),
        }
    }

    /// Who sits there on a day: the name, that it is a substitute, or that the seat is empty. Empty when nobody knows.
    pub fn person(&self, holder: &Holder, on: Moment) -> String {
        match self.rules.directory.seated(holder, on.date()) {
            Seated::Filled(post) => post.name.expose().to_owned(),
            Seated::Substitute(post) => {
                format!("{}{}", post.name.expose(), self.pick("（代）", " (substitute)"))
            }
            Seated::Vacant => self.pick("空缺", "vacant").to_owned(),
            Seated::Unknown => String::new(),
        }
    }

    /// What a duty is.
    pub fn duty(&self, duty: &Duty) -> String {
        self.pick(&duty.step.zh, &duty.step.en).to_owned()
    }

    /// What a step of the timetable is.
    fn step(&self, id: &str) -> String {
        let steps = self.rules.timetable.steps();
        let found = steps.filter(|step| step.id == id).last();
        found.map_or_else(|| id.to_owned(), |step| self.pick(&step.zh, &step.en).to_owned())
    }

    /// What an event is.
    #[expect(clippy::too_many_lines, reason = "one arm for each kind of event")]
    pub fn event(&self, event: &Event) -> String {
        match &event.what {
            What::Opened(opening) => {
                let (why, said) = (self.trigger(opening.trigger), self.code(opening.judged.code));
                // A child of whom too little is known is no dropout's case yet.
                let word = if opening.judged.code.accuses() { "立案" } else { "登记核实" };
                said!(self, "{word}（{why}）：{said}", "opened ({why}): {said}")
            }
            What::Judged(judged) => {
                let said = self.code(judged.code);
                let sure = if judged.confirmed {
                    self.pick("，已有两方印证", ", confirmed")
                } else {
                    ""
                };
                said!(self, "证据变化：{said}{sure}", "now judged: {said}{sure}")
            }
            What::Identified { .. } => {
                self.own("与另一编号的记录确认为同一人", "known under another id")
            }
            What::Moved { .. } => self.own("所属村、学校或班级变更", "belongs elsewhere now"),
            What::Determined { code } => {
                let said = self.code(*code);
                said!(self, "确认认定：{said}", "determination confirmed: {said}")
            }
            What::HelperNamed { helper } => {
                said!(self, "帮扶干部：{helper}", "helper cadre: {helper}")
            }
            What::OwnerNamed { owner } => {
                said!(self, "确定包案责任人：{owner}", "looked after by {owner}")
            }
            What::Reported { on } => said!(self, "学校书面报告（{on}）", "school's report of {on}"),
            What::Visited(visit) => self.visit(visit),
            What::CauseFound { cause } => {
                let cause = self.pick(cause.zh(), cause.en());
                said!(self, "成因：{cause}", "cause: {cause}")
            }
            What::LegalStep { on, words } => {
                said!(self, "法律程序（{on}）：{words}", "legal step of {on}: {words}")
            }
            What::Returned(back) => {
                let (on, school) = (back.on, &back.school);
                let form = self.pick(back.form.zh(), back.form.en());
                said!(self, "{on}返校：{school}（{form}）", "back on {on}: {school} ({form})")
            }
            What::Attended { from, to, days } => said!(
                self,
                "到校考勤：{from}至{to}，到校{days}天",
                "attended {days} days from {from} to {to}"
            ),
            What::Checked { on, present } => {
                let found = if *present {
                    self.pick("在校", "in school")
                } else {
                    self.pick("不在校", "not in school")
                };
                said!(self, "返校后核查（{on}）：{found}", "check on {on}: {found}")
            }
            What::OnLeave { from, to } => {
                said!(self, "准假{from}至{to}，计时暂停", "on leave from {from} to {to}")
            }
            What::Climbed(climb) => self.climb(climb),
            What::Noted { words } => words.clone(),
            What::Corrected { of, why, .. } => {
                let no = of + 1;
                said!(self, "更正第{no}条：{why}", "entry {no} corrected: {why}")
            }
            What::ClosingProposed => self.own("提请销号", "closing proposed"),
            What::Closed => self.own("销号", "closed"),
            What::Ended { how } => self.own(how.zh(), how.en()),
            What::Drafted(_)
            | What::Issued(_)
            | What::Voided { .. }
            | What::Planned(_)
            | What::PlanReviewed(_)
            | What::Attached(_)
            | What::Served(_)
            | What::Asked(_)
            | What::Answered { .. }
            | What::RequestWithdrawn { .. }
            | What::Instructed { .. }
            | What::CarriedOut { .. }
            | What::TippedOff
            | What::Missed { .. }
            | What::Inspected(_)
            | What::Reconsidered(_)
            | What::Objected { .. }
            | What::ObjectionAnswered { .. }
            | What::TransferAsked { .. }
            | What::TransferAnswered { .. } => self.exchange(&event.what),
        }
    }

    /// What is asked of somebody, and what they answer.
    #[expect(clippy::too_many_lines, reason = "one arm for each kind of event")]
    fn exchange(&self, what: &What) -> String {
        match what {
            What::Issued(paper) => {
                let kind = self.pick(paper.kind.zh(), paper.kind.en());
                let number = &paper.number;
                said!(self, "签发{kind}（{number}）", "issued {kind} {number}")
            }
            What::Drafted(draft) => {
                let kind = self.pick(draft.kind.zh(), draft.kind.en());
                said!(self, "拟稿：{kind}", "drafted {kind}")
            }
            What::Voided { paper, why } => {
                said!(self, "第{paper}份文书作废：{why}", "paper {paper} is void: {why}")
            }
            What::PlanReviewed(review) => self.plan_reviewed(review),
            What::Planned(plan) => {
                let (n, review) = (plan.measures.len(), plan.review);
                said!(
                    self,
                    "制定一人一案：{n}项措施，{review}复核",
                    "plan with {n} measures, looked at again on {review}"
                )
            }
            What::Attached(file) => {
                let (item, words) = (self.pick(file.item.zh(), file.item.en()), &file.words);
                said!(self, "归档材料（{item}）：{words}", "filed under {item}: {words}")
            }
            What::Served(service) => {
                let (on, how) = (service.on, self.proof(&service.proof));
                let mut text =
                    said!(self, "送达文书（{on}）：{how}", "paper served on {on}: {how}");
                if service.file.is_some() {
                    text += &self.own("，附照片或扫描件", ", with a picture or scan");
                }
                text
            }
            What::Asked(request) => {
                let (to, words) = (self.department(&request.department), &request.words);
                let task = self.rules.task(&request.department, &request.task);
                let task = task.map_or("", |(_, task)| self.pick(&task.zh, &task.en));
                said!(self, "派给{to}：{task} {words}", "asked {to}: {task} {words}")
            }
            What::Answered { answer, words, found, .. } => {
                let answer = self.pick(answer.zh(), answer.en());
                let found = found.map_or("", |found| self.pick(found.zh(), found.en()));
                let words = format!("{found} {words}");
                let words = words.trim();
                said!(self, "部门答复：{answer} {words}", "answered: {answer} {words}")
            }
            What::RequestWithdrawn { request, why } => said!(
                self,
                "撤回第{request}件部门协查：{why}",
                "request {request} to a department is withdrawn: {why}"
            ),
            What::Instructed { to, words, .. } => {
                let to = self.seat(to);
                said!(self, "督办{to}：{words}", "instructed {to}: {words}")
            }
            What::CarriedOut { words, .. } => {
                said!(self, "督办已落实：{words}", "instruction carried out: {words}")
            }
            What::Missed { words, .. } => said!(self, "{words}", "the school: {words}"),
            What::Inspected(found) => {
                let (on, words) = (found.on, &found.words);
                if found.out {
                    said!(
                        self,
                        "督查（{on}）：不在校。{words}",
                        "inspection of {on}: not in school. {words}"
                    )
                } else {
                    said!(
                        self,
                        "督查（{on}）：在校。{words}",
                        "inspection of {on}: in school. {words}"
                    )
                }
            }
            What::Reconsidered(answer) => {
                let said = self.pick(answer.said.zh(), answer.said.en());
                if answer.holds {
                    said!(
                        self,
                        "另有说法“{said}”；家访时的说法仍然如此，两条都保留",
                        "asked because another says `{said}`: the visit still holds"
                    )
                } else {
                    said!(
                        self,
                        "另有说法“{said}”；家访时的说法改为“{said}”（未再上门，不作印证）",
                        "asked because another says `{said}`: the visit holds no more (nobody looked again)"
                    )
                }
            }
            What::TippedOff => self.own(
                "收到群众举报，须限时核实（内容保密）",
                "a tip-off came and must be verified (its text is confidential)",
            ),
            What::Objected { words } => {
                said!(self, "监护人异议：{words}", "the guardian objects: {words}")
            }
            What::ObjectionAnswered { upheld, words } => {
                let ruling = if *upheld {
                    self.pick("成立", "upheld")
                } else {
                    self.pick("不成立", "not upheld")
                };
                said!(self, "答复异议（{ruling}）：{words}", "objection {ruling}: {words}")
            }
            What::TransferAsked { county } => {
                said!(self, "商请{county}接收", "{county} was asked to take over")
            }
            What::TransferAnswered { accepted: true } => self.own("外县同意接收", "taken over"),
            What::TransferAnswered { accepted: false } => {
                self.own("外县不予接收", "not taken over")
            }
            What::Opened(_)
            | What::Judged(_)
            | What::Moved { .. }
            | What::Identified { .. }
            | What::Determined { .. }
            | What::OwnerNamed { .. }
            | What::HelperNamed { .. }
            | What::Reported { .. }
            | What::Visited(_)
            | What::CauseFound { .. }
            | What::LegalStep { .. }
            | What::Returned(_)
            | What::Attended { .. }
            | What::Checked { .. }
            | What::OnLeave { .. }
            | What::Climbed(_)
            | What::Noted { .. }
            | What::Corrected { .. }
            | What::ClosingProposed
            | What::Closed
            | What::Ended { .. } => String::new(),
        }
    }

    fn own(&self, zh: &str, en: &str) -> String {
        self.pick(zh, en).to_owned()
    }

    fn code(&self, code: VerdictCode) -> &'static str {
        if self.zh { code.zh() } else { code.en() }
    }

    /// What opened a case.
    pub fn trigger(&self, trigger: Trigger) -> String {
        match trigger {
            Trigger::Verdict => self.own("依比对结果", "by the evidence"),
            Trigger::Absence { since } => {
                said!(self, "{since}起旷课", "absent since {since}")
            }
            Trigger::Inspection => self.own("督查发现", "found by inspection"),
            Trigger::TipOff => self.own("群众举报", "tip-off"),
            Trigger::Relapse { .. } => self.own("返流", "out again after a return"),
        }
    }

    fn visit(&self, visit: &Visit) -> String {
        let (on, words) = (visit.on, &visit.words);
        let who: Vec<&str> = visit.visitors.iter().map(|visitor| visitor.name.as_str()).collect();
        let who = who.join(self.pick("、", ", "));
        let met = match visit.met {
            Met::Nobody => self.own(visit.met.zh(), "met nobody"),
            Met::Child | Met::Guardian | Met::Both | Met::Neighbour => {
                let met = self.pick(visit.met.zh(), visit.met.en());
                said!(self, "见到{met}", "met {met}")
            }
        };
        let found = self.pick(visit.found.zh(), visit.found.en());
        let mut text = said!(
            self,
            "家访（{on}，{who}）：{met}，{found}。{words}",
            "visit on {on} by {who}: {met}; {found}. {words}"
        );
        let Heard { guardian, child, difficulty } = &visit.heard;
        let heard = [
            (guardian, self.pick("家长态度", "the guardian")),
            (child, self.pick("学生意愿", "the child")),
            (difficulty, self.pick("困难与诉求", "what is difficult")),
            (&visit.employer, self.pick("务工单位", "works at")),
        ];
        for (words, label) in heard {
            if let Some(words) = words {
                text += &said!(self, " {label}：{words}。", " {label}: {words}.");
            }
        }
        if let Some(day) = visit.promised {
            text += &said!(self, "（承诺{day}前返校）", " (return promised by {day})");
        }
        if let Some(day) = visit.next {
            text += &said!(self, "（约定{day}再访）", " (next visit on {day})");
        }
        text
    }

    fn plan_reviewed(&self, review: &PlanReview) -> String {
        let (n, words) = (review.done.len(), &review.words);
        let mut text = said!(
            self,
            "复核一人一案：{n}项措施已落实。{words}",
            "the plan was looked at: {n} measures are done. {words}"
        );
        if let Some(day) = review.next {
            text += &said!(self, "（下次复核{day}）", " (again on {day})");
        }
        text
    }

    fn proof(&self, proof: &ServiceProof) -> String {
        match proof {
            ServiceProof::Signed { receiver } => {
                said!(self, "{receiver}签收", "signed by {receiver}")
            }
            ServiceProof::Photo { receiver, .. } => {
                said!(self, "{receiver}签收，有照片", "received by {receiver}, with a photograph")
            }
            ServiceProof::Refused { witnesses: [one, other], .. } => {
                said!(self, "拒收，见证人{one}、{other}", "refused; witnesses {one}, {other}")
            }
            ServiceProof::Mailed { number } => {
                said!(self, "邮寄，单号{number}", "mailed, {number}")
            }
        }
    }

    fn climb(&self, climb: &Climb) -> String {
        let (step, to) = (self.step(&climb.duty.step), self.seat(&climb.to));
        if climb.rung == 0 {
            return said!(self, "到期未办：{step}，提醒{to}", "late: {step}; {to} is reminded");
        }
        said!(self, "逾期升级：{step}，报{to}", "late: {step}; it reaches {to}")
    }

    /// Why something was refused, and what to do.
    #[expect(clippy::too_many_lines, reason = "one arm for each refusal")]
    pub fn refusal(&self, refusal: &Refusal) -> String {
        match refusal {
            Refusal::Over => self.own("案件已办结，不能再登记。", "the case is over; nothing more can be recorded"),
            Refusal::Future(on) => said!(self, "日期{on}还没有到，请核对。", "{on} has not come yet; check the date"),
            Refusal::BeforeCase(on) => said!(
                self,
                "日期{on}早于立案日；立案以前的情况请作为线索登记。",
                "{on} lies before the case was opened; record what was before as a claim"
            ),
            Refusal::BeforeIssue(on) => said!(
                self,
                "日期{on}早于它所对应的文书或返校日期。",
                "{on} lies before the paper or the return it belongs to"
            ),
            Refusal::Backwards => self.own("结束日期早于开始日期。", "it ends before it begins"),
            Refusal::NoNextDay => self.own(
                "还有措施没有落实，请填写下次复核日期。",
                "not all measures are done; say when somebody looks at the plan again",
            ),
            Refusal::LateLook(latest) => said!(
                self,
                "下次复核日期不能晚于{latest}。",
                "the plan must be looked at again by {latest}"
            ),
            Refusal::LongLeave => self.own(
                "一次准假不能超过一年。",
                "one leave is for a year at most",
            ),
            Refusal::Unserved(kind) => {
                let kind = self.pick(kind.zh(), kind.en());
                said!(
                    self,
                    "上一份{kind}还没有送达登记。",
                    "the {kind} issued before is not served yet"
                )
            }
            Refusal::Wordless => self.own("有必填的内容没有填写。", "words are missing"),
            Refusal::NoVisitor => self.own("请填写由谁家访。", "say who went"),
            Refusal::Unconfirmed => self.own(
                "证据不足：须有两个独立来源、督查或见到学生、监护人的家访印证，且无未答复的异议。",
                "the evidence does not suffice: it needs a second source, an inspection or a visit, and no open objection",
            ),
            Refusal::NotTheProgram => self.own("须由有权限的人员办理。", "a person must do this"),
            Refusal::Issuer(kind) => {
                let kind = self.pick(kind.zh(), kind.en());
                said!(self, "依法不能由该单位签发{kind}。", "by law this office may not issue a {kind}")
            }
            Refusal::Locked => self.own(
                "未配置地方处罚依据，处罚文书不可用。",
                "no local legal basis is configured, so the penalty form is locked",
            ),
            Refusal::Undetermined => self.own("尚未确认认定，请先确认。", "the determination is not confirmed yet"),
            Refusal::TooEarly(kind) => {
                let kind = self.pick(kind.zh(), kind.en());
                said!(self, "{kind}须先送达并且期限届满。", "the {kind} must be served and its day be over first")
            }
            Refusal::Unknown => self.own("没有找到对应的文书、任务或异议。", "there is no such paper, task or objection"),
            Refusal::Done => self.own("已经办过，请刷新页面。", "it is done already; open the page again"),
            Refusal::NotReturned => self.own("尚未办理复学登记。", "the return is not registered yet"),
            Refusal::Attendance { days, of } => said!(
                self,
                "这段时间只有{of}个教学日，不能登记{days}天。",
                "there were {of} school days in this time, not {days}"
            ),
            Refusal::Stale => self.own(
                "拟稿以后情况有变（认定、住址或学校），请重新拟稿。",
                "the evidence or the child's place changed since the draft; draft it again",
            ),
            Refusal::Expired(until) => said!(
                self,
                "送达时限期（{until}）已过，请作废后重新签发。",
                "its day ({until}) was over when it was served; make it void and issue another"
            ),
            Refusal::Overlap => self.own("这段时间的考勤已登记过。", "attendance of these days is recorded already"),
            Refusal::Lacks(lacks) => {
                let lacks: Vec<String> =
                    lacks.iter().map(|lack| if self.zh { lack.zh() } else { lack.en() }).collect();
                let lacks = lacks.join(self.pick("；", "; "));
                said!(self, "还不能销号：{lacks}。", "it cannot be closed yet: {lacks}")
            }
            Refusal::Unproposed => self.own("须先由一人提请销号。", "somebody must propose the closing first"),
            Refusal::SamePerson => self.own(
                "须由另一人办理：提请的不能自己审核，拟稿的不能自己签发，提出移交的不能自己登记接收。",
                "another person must do this: whoever proposed, drafted or asked may not decide it alone",
            ),
            Refusal::Unproved => self.own(
                "请先在“一生一袋”中上传凭据（法律程序的文书放入“通知书和送达回证”），再登记。",
                "put the scan that proves it into the folder first (of a legal step among the notices), then record it",
            ),
            Refusal::Recorded => self.own("系统依证据和期限记录的内容不能更正。", "what the program recorded cannot be corrected"),
        }
    }
}
