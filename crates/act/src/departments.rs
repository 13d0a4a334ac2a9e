//! Departments that are asked for help (联控联保): what each may be asked, what may be told to it, and how long it has.

use baoxue_claim::Cause;
use serde::Deserialize;

use crate::{Case, Found, PROGRAM, Request, RequestState, Rules, Term};

/// The departments that come with the program.
const BUILT_IN: &str = include_str!("../data/departments.toml");

/// A department.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Department {
    /// Its id.
    pub id: String,
    /// What it is called, in zh-CN.
    pub zh: String,
    /// The same in English.
    pub en: String,
    /// What it may be asked.
    pub task: Vec<Task>,
}

/// What a department may be asked.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Task {
    /// Its id.
    pub id: String,
    /// What it is, in zh-CN.
    pub zh: String,
    /// The same in English.
    pub en: String,
    /// How long it has.
    pub within: Term,
    /// What of the child may be told for it; nothing else goes out.
    pub fields: Vec<Told>,
    /// On which law or notice the request stands.
    pub basis: String,
    /// The causes for which it is asked by itself. A cause that is sealed is told to nobody.
    #[serde(default)]
    pub causes: Vec<Cause>,
}

macro_rules! fields {
    ($($(#[$doc:meta])* $variant:ident = $zh:literal, $en:literal;)*) => {
        /// Something of a child that a department may be told.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Told {
            $($(#[$doc])* $variant,)*
        }

        impl Told {
            /// What it is called, in zh-CN.
            pub const fn zh(self) -> &'static str {
                match self { $(Self::$variant => $zh),* }
            }

            /// The same in English.
            pub const fn en(self) -> &'static str {
                match self { $(Self::$variant => $en),* }
            }
        }
    };
}

fields! {
    /// 姓名.
    Name = "姓名", "name";
    /// 身份证号.
    Id = "身份证号", "resident ID";
    /// 年龄.
    Age = "年龄", "age";
    /// 家庭住址.
    Address = "家庭住址", "address";
    /// 家庭类型.
    Family = "家庭类型", "kind of family";
    /// 监护人联系方式.
    Guardian = "监护人联系方式", "guardian's contact";
    /// 成因.
    Reason = "成因", "cause";
    /// 最后见到的时间地点.
    LastSeen = "最后见到的时间地点", "where last seen";
    /// 用工单位.
    Employer = "用工单位", "employer";
    /// 地点.
    Place = "地点", "place";
    /// 残疾类别.
    Disability = "残疾类别", "kind of disability";
    /// 证明材料.
    Certificate = "证明材料", "certificate";
    /// 案号.
    Case = "案号", "number of the case";
}

/// The causes that departments are asked for, each with the number of the event that says so: the one that was found, and
/// work when the child was seen at work and nobody has taken that back.
fn causes(case: &Case) -> Vec<(Cause, u32)> {
    let at_work = case.standing().rfind(|visit| visit.what.found == Found::AtWork);
    let found = case.cause.iter().map(|cause| (cause.what, cause.no));
    let causes = found.chain(at_work.map(|visit| (Cause::Work, visit.no)));
    causes.filter(|(cause, _)| *cause != Cause::Offence).collect()
}

/// Open requests that the program made by itself and that nothing known of the case calls for any more, as when a wrong cause
/// was corrected or a visit taken back: somebody may withdraw them.
pub fn unfounded<'a>(case: &'a Case, rules: &Rules) -> Vec<&'a RequestState> {
    let causes = causes(case);
    let open = case.requests.iter().filter(|request| request.ended().is_none());
    let own = open.filter(|request| request.asked.by == PROGRAM);
    own.filter(|request| {
        let asked = &request.asked.what;
        let task = rules.task(&asked.department, &asked.task);
        task.is_some_and(|(_, task)| !causes.iter().any(|(cause, _)| task.causes.contains(cause)))
    })
    .collect()
}

/// What departments are asked by what is known of the case: for the cause that was found, and for a child that was seen at
/// work. Each task once in a case: a department that has answered is asked again by people only, and one whose request was
/// withdrawn when something newer calls for it.
pub fn routed(case: &Case, rules: &Rules) -> Vec<Request> {
    if case.over.is_some() || case.returned.is_some() {
        return Vec::new();
    }
    let causes = causes(case);
    let first = case.requests.iter().map(|request| request.asked.what.request).max();
    let tasks = rules.departments.iter().flat_map(|of| of.task.iter().map(move |task| (of, task)));
    let wanted = tasks.filter_map(|(of, task)| {
        let (known, since) = causes.iter().find(|(cause, _)| task.causes.contains(cause))?;
        let is_asked = case.requests.iter().any(|request| {
            let asked = &request.asked.what;
            let is_it = asked.department == of.id && asked.task == task.id;
            is_it && request.withdrawn.as_ref().is_none_or(|withdrawn| withdrawn.no > *since)
        });
        (!is_asked).then_some((of, task, known))
    });
    let request = |(nth, (of, task, known)): (u32, (&Department, &Task, &Cause))| Request {
        request: nth,
        department: of.id.clone(),
        task: task.id.clone(),
        within: task.within,
        words: format!("按登记的情况（{}）自动转办", known.zh()),
    };
    (first.unwrap_or(0) + 1..).zip(wanted).map(request).collect()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    department: Vec<Department>,
}

/// The departments that come with the program.
pub(crate) fn built_in() -> Vec<Department> {
    // The tests of this module read the file.
    toml::from_str::<File>(BUILT_IN).map(|file| file.department).unwrap_or_default()
}

/// The departments with a county's over them: one of a known id is replaced.
pub(crate) fn with(
    mut known: Vec<Department>,
    own: Vec<Department>,
) -> Result<Vec<Department>, String> {
    for department in own {
        if let Some(fault) = fault(&department.task) {
            return Err(format!("department `{}`: {fault}", department.id));
        }
        known.retain(|other| other.id != department.id);
        known.push(department);
    }
    Ok(known)
}

fn fault(tasks: &[Task]) -> Option<String> {
    if tasks.is_empty() {
        return Some("it has no task".to_owned());
    }
    if let Some(task) = tasks.iter().find(|task| task.basis.trim().is_empty()) {
        return Some(format!("task `{}`: `basis`, the law or notice, is empty", task.id));
    }
    let mut ids: Vec<&str> = tasks.iter().map(|task| task.id.as_str()).collect();
    ids.sort_unstable();
    let twice = ids.windows(2).find(|pair| pair[0] == pair[1])?;
    Some(format!("task `{}` stands twice", twice[0]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_department_that_comes_with_the_program_can_be_asked() {
        let read: File = toml::from_str(BUILT_IN).unwrap();
        assert_eq!(with(Vec::new(), read.department).unwrap(), built_in());
        let labour = built_in().into_iter().find(|department| department.id == "labour").unwrap();
        let at_work = labour.task.iter().find(|task| task.id == "child_at_work").unwrap();
        assert_eq!(at_work.within.to_string(), "24 hours");
        assert!(!at_work.fields.contains(&Told::Id), "only what the task needs");
    }
}
