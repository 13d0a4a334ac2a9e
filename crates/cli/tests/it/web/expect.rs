//! What is expected of every route, written by hand and plainly: who may, what comes back, and what can be typed into it.
//! The tests walk the table of routes of the application; a route that does not stand here fails them.

use baoxue_authz::Role::{
    self, Auditor, Bureau, CountyLeader, Department, Inspector, Principal, SecurityAdmin,
    SystemAdmin, Teacher, Town, Village,
};

/// Who gets more than a refusal.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Who {
    /// Whoever comes.
    Everybody,
    /// Whoever is signed in.
    Signed,
    /// These roles.
    Roles(&'static [Role]),
}

/// What an address names.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Names {
    /// Nothing that is somebody's.
    Nothing,
    /// A child: what is foreign and what is not there look alike.
    Child,
    /// Two rows.
    Pair,
}

/// What is expected of a route.
#[derive(Clone, Copy)]
pub(crate) struct Expected {
    pub(crate) method: &'static str,
    pub(crate) path: &'static str,
    pub(crate) who: Who,
    pub(crate) names: Names,
    /// What those who may get about what is theirs; what is sent with it is not good enough to change anything.
    pub(crate) own: u16,
    /// What they get about what is foreign or not there.
    pub(crate) foreign: u16,
    /// What all others get.
    pub(crate) others: u16,
    /// Names of its query.
    pub(crate) query: &'static [&'static str],
    /// Fields of its form with something that fits.
    pub(crate) fields: &'static [(&'static str, &'static str)],
}

const SEE: &[Role] = &[CountyLeader, Bureau, Town, Village, Principal, Teacher, Inspector, Auditor];
const REVEAL: &[Role] = &[Bureau, Town, Village, Principal, Teacher, Inspector];
const FIGURES: &[Role] = &[CountyLeader, Bureau, Town, Principal, Inspector, Auditor];
const REPORTS: &[Role] = &[CountyLeader, Bureau, Town, Principal, Department, Inspector, Auditor];
const EXPORT: &[Role] = &[Bureau, Town, Principal, Inspector, Auditor];
const BRING: &[Role] = &[Bureau, Town, Principal, Department, Inspector];
const ACT: &[Role] = &[CountyLeader, Bureau, Town, Village, Principal, Teacher];
const WORK: &[Role] = &[Bureau, Town, Village, Principal, Teacher];
/// Who drafts, issues or serves papers.
const HANDLE: &[Role] = &[Bureau, Town, Village, Principal];
const DRAFT: &[Role] = &[Bureau, Town, Principal];
const PAPERS: &[Role] = &[CountyLeader, Bureau, Town, Village, Principal, Inspector, Auditor];
const KEEP: &[Role] = &[CountyLeader, Bureau, Town, Principal];
const DECIDE: &[Role] = &[Bureau, Town];
const ANSWER: &[Role] = &[Bureau, Town, Principal];
const SOURCES: &[Role] =
    &[CountyLeader, Bureau, Town, Principal, Department, Inspector, Auditor, SystemAdmin];
const SYSTEM: &[Role] = &[SystemAdmin];
const ACCOUNTS: &[Role] = &[SystemAdmin, SecurityAdmin];
const WATCH: &[Role] = &[Role::AuditAdmin, Inspector, Auditor];
const ADMIN: &[Role] = &[SystemAdmin, SecurityAdmin, Role::AuditAdmin, Inspector, Auditor];

/// A page that lists or shows what is no child's.
const fn page(path: &'static str, who: Who, own: u16) -> Expected {
    let (names, others) = (Names::Nothing, 403);
    Expected { method: "GET", path, who, names, own, foreign: own, others, query: &[], fields: &[] }
}

/// Something about a child, which all others do not even find.
const fn child(path: &'static str, who: Who) -> Expected {
    Expected { names: Names::Child, foreign: 404, others: 404, ..page(path, who, 200) }
}

/// A form that is sent without what it needs.
const fn form(
    path: &'static str,
    who: Who,
    own: u16,
    fields: &'static [(&'static str, &'static str)],
) -> Expected {
    Expected { method: "POST", fields, ..page(path, who, own) }
}

const fn asks(query: &'static [&'static str], expected: Expected) -> Expected {
    Expected { query, ..expected }
}

const LEDGER: &[&str] = &[
    "q", "all", "status", "code", "town", "village", "school", "group", "stage", "due", "ends",
    "pair", "sort", "page", "size", "jump",
];
const LEDGER_EXPORT: &[&str] = &[
    "q", "all", "status", "code", "town", "village", "school", "group", "stage", "due", "ends",
    "pair", "sort", "format", "full",
];
const LEDGER_API: &[&str] = &[
    "q", "all", "status", "code", "town", "village", "school", "group", "stage", "due", "ends",
    "pair", "sort", "after", "limit",
];
const NEW_ACCOUNT: &[(&str, &str)] = &[
    ("login", "mouren"),
    ("name", "某人"),
    ("role", "town"),
    ("town", "610902104"),
    ("source", ""),
    ("villages", ""),
    ("schools", ""),
    ("classes", ""),
    ("department", ""),
    ("until", ""),
    ("code", ""),
];
const LINK: &[(&str, &str)] =
    &[("login", "mouren"), ("name", "某人"), ("new", "Shiwan-Ge-Weishenme"), ("again", "x")];

const TIPS: &[Role] = &[Bureau, Inspector];
const TIP_ACT: &[(&str, &str)] = &[
    ("seen", "1"),
    ("child", "c_9999-1"),
    ("reason", "x"),
    ("outcome", "founded"),
    ("words", "x"),
];
/// Who speaks for a school.
const SCHOOL: &[Role] = &[Principal, Teacher];
const FINDING: &[(&str, &str)] = &[
    ("child", ""),
    ("name", ""),
    ("birth", ""),
    ("town", "610902104"),
    ("village", ""),
    ("school", ""),
    ("found", "out"),
    ("how", "home"),
    ("on", "2019-08-25"),
    ("words", "x"),
    ("unit", "x"),
    ("measures", "x"),
    ("until", "2019-09-09"),
];

/// A visit without lessons.
const VISIT: &[(&str, &str)] = &[
    ("on", "2019-08-25"),
    ("teachers", "x"),
    ("periods", "0"),
    ("contents", "x"),
    ("signed", "yes"),
    ("next", ""),
    ("from", ""),
    ("to", ""),
    ("form", ""),
    ("visits", "0"),
    ("assessed", ""),
    ("consented", ""),
];

use Who::{Everybody, Roles, Signed};

/// The routes.
pub(crate) const ALL: &[Expected] = &[
    page("/", Signed, 303),
    asks(&["next"], page("/login", Everybody, 200)),
    form(
        "/login",
        Everybody,
        422,
        &[("login", "x"), ("password", "x"), ("code", ""), ("next", "/"), ("held", "")],
    ),
    form("/logout", Signed, 303, &[]),
    page("/lang/{tag}", Everybody, 303),
    page("/theme/{name}", Everybody, 303),
    page("/hotkeys/{name}", Everybody, 303),
    page("/link/{token}", Everybody, 409),
    form("/link/{token}", Everybody, 409, LINK),
    page("/setup/{token}", Everybody, 409),
    form("/setup/{token}", Everybody, 409, LINK),
    asks(&["done"], page("/me", Signed, 200)),
    form("/me/contact", Signed, 422, &[("mail", "x"), ("phone", "y")]),
    form("/me/password", Signed, 422, &[("old", "x"), ("new", "y"), ("again", "z")]),
    form("/me/sessions/{session}/end", Signed, 303, &[]),
    asks(&["next"], page("/me/factor", Signed, 200)),
    form("/me/factor", Signed, 422, &[("secret", "x"), ("code", ""), ("next", "/")]),
    asks(&["next"], page("/me/step-up", Signed, 200)),
    form("/me/step-up", Signed, 422, &[("code", ""), ("next", "/"), ("held", "")]),
    page("/me/extend", Signed, 200),
    page("/assets/{name}", Everybody, 404),
    page("/healthz", Everybody, 200),
    page("/readyz", Everybody, 200),
    asks(LEDGER, page("/children", Roles(SEE), 200)),
    child("/children/{child}", Roles(SEE)),
    Expected { method: "POST", ..child("/children/{child}/reveal", Roles(REVEAL)) },
    child("/children/{child}/history", Roles(SEE)),
    child("/children/{child}/claims/{row}", Roles(SEE)),
    asks(&["saved"], child("/children/{child}/teaching", Roles(SEE))),
    child("/children/{child}/family", Roles(SEE)),
    child("/children/{child}/forms/{form}", Roles(WORK)),
    Expected {
        names: Names::Child,
        foreign: 404,
        others: 404,
        ..form("/children/{child}/teaching", Roles(&[Principal, Teacher]), 422, VISIT)
    },
    asks(LEDGER_EXPORT, page("/children/export", Roles(EXPORT), 200)),
    form("/children/export", Roles(EXPORT), 422, &[("query", ""), ("full", ""), ("purpose", "")]),
    form("/children/views", Roles(SEE), 400, &[("query", ""), ("name", ""), ("shared", "")]),
    page("/children/views/{slug}", Roles(SEE), 404),
    form("/children/views/{slug}/remove", Signed, 404, &[]),
    page("/exports", Roles(FIGURES), 200),
    page("/exports/{id}/file", Signed, 404),
    form("/exports/{id}/{act}", Signed, 404, &[("reason", "")]),
    asks(&["page", "size"], page("/imports", Roles(SOURCES), 200)),
    form("/imports/derive", Roles(&[Bureau]), 303, &[]),
    page("/imports/new", Roles(BRING), 200),
    // A file comes as parts of a form; another form is none, whoever sends it.
    form("/imports/new", Signed, 400, &[("file", "x")]),
    form("/imports/uploads", Roles(BRING), 400, &[("name", "x"), ("size", "1")]),
    Expected { method: "PUT", ..page("/imports/uploads/{id}", Signed, 404) },
    form("/imports/uploads/{id}/done", Roles(BRING), 404, &[]),
    // An upload is its owner's; what is another's is not there.
    page("/imports/{key}", Signed, 404),
    form("/imports/{key}/discard", Signed, 404, &[]),
    page("/imports/{key}/detect", Signed, 404),
    form("/imports/{key}/detect", Signed, 404, &[]),
    page("/imports/{key}/map", Signed, 404),
    form("/imports/{key}/map", Signed, 404, &[]),
    page("/imports/{key}/preview", Signed, 404),
    page("/imports/{key}/rejects", Signed, 404),
    page("/imports/{key}/run", Signed, 404),
    form("/imports/{key}/run", Signed, 404, &[]),
    form("/imports/{key}/stop", Signed, 404, &[]),
    page("/imports/{key}/progress", Signed, 404),
    form("/imports/{key}/undo", Signed, 404, &[("reason", "x")]),
    asks(&["show", "pair"], page("/review/identity", Roles(DECIDE), 200)),
    Expected {
        names: Names::Pair,
        foreign: 409,
        ..form("/review/identity/{pair}/{answer}", Roles(DECIDE), 404, &[("reason", "")])
    },
    asks(&["show", "pair"], page("/review/duplicates", Roles(DECIDE), 200)),
    Expected {
        names: Names::Pair,
        foreign: 409,
        ..form("/review/duplicates/{pair}/{answer}", Roles(DECIDE), 404, &[("reason", "")])
    },
    asks(&["page", "size"], page("/review/conflicts", Roles(SEE), 200)),
    Expected {
        names: Names::Child,
        foreign: 404,
        others: 404,
        ..form(
            "/review/conflicts/{child}",
            Roles(ANSWER),
            409,
            &[("side", "nobody"), ("outcome", "disagrees"), ("because", "x")],
        )
    },
    asks(&["view", "stage", "late", "page", "size"], page("/cases", Roles(SEE), 200)),
    asks(&["at"], page("/determinations", Roles(&[Bureau]), 200)),
    // The case that is asked for is not there; whose cases are shown to whom is looked at in `cases.rs`.
    Expected { others: 404, ..asks(&["do"], page("/cases/{case}", Roles(SEE), 404)) },
    Expected {
        others: 404,
        ..form(
            "/cases/{case}/{act}",
            Roles(ACT),
            404,
            &[("seen", "1"), ("words", "x"), ("visit", "1"), ("against", "2"), ("holds", "yes")],
        )
    },
    // What a department is asked; whose tasks are shown to whom is looked at in `papers.rs`.
    Expected { others: 404, ..page("/cases/{case}/tasks/{task}", Roles(&[Department]), 404) },
    Expected {
        others: 404,
        ..form(
            "/cases/{case}/tasks/{task}",
            Roles(&[Department]),
            404,
            &[("answer", "done"), ("found", "0")],
        )
    },
    Expected { others: 404, ..form("/cases/{case}/files", Roles(WORK), 404, &[]) },
    Expected { others: 404, ..page("/files/{file}", Roles(SEE), 404) },
    Expected { others: 404, ..page("/cases/{case}/folder.pdf", Roles(SEE), 404) },
    asks(&["show", "page", "size"], page("/documents", Roles(PAPERS), 200)),
    Expected { others: 404, ..asks(&["case", "type"], page("/documents/new", Roles(DRAFT), 404)) },
    Expected {
        others: 404,
        ..form("/documents/new", Roles(DRAFT), 404, &[("case", "k_9999"), ("type", "inquiry")])
    },
    Expected { others: 404, ..page("/documents/{document}", Roles(PAPERS), 404) },
    Expected {
        others: 404,
        ..form("/documents/{document}/{act}", Roles(HANDLE), 404, &[("seen", "1")])
    },
    asks(&["code"], page("/v", Everybody, 200)),
    page("/v/{code}", Everybody, 404),
    form("/v/{code}/object", Everybody, 404, &[("words", "x")]),
    page("/tip", Everybody, 200),
    form(
        "/tip",
        Everybody,
        422,
        &[
            ("child", ""),
            ("place", "x"),
            ("school", ""),
            ("what", ""),
            ("since", ""),
            ("contact", ""),
        ],
    ),
    page("/tip/answer", Everybody, 200),
    form("/tip/answer", Everybody, 422, &[("code", "x")]),
    page("/tips", Roles(TIPS), 200),
    // The tip-off that is asked for is not there; who reads and opens what is looked at in `outside.rs`.
    asks(&["q"], page("/tips/{tip}", Roles(TIPS), 404)),
    form("/tips/{tip}/{act}", Roles(TIPS), 404, TIP_ACT),
    asks(&["q"], page("/absences", Roles(SCHOOL), 200)),
    asks(&["child"], page("/absences/new", Roles(SCHOOL), 404)),
    form("/absences", Roles(SCHOOL), 404, &[("child", "c_9999999"), ("since", "x"), ("why", "0")]),
    page("/inspect", Roles(SEE), 200),
    form("/inspect", Roles(&[Inspector]), 422, FINDING),
    asks(&["child", "found"], page("/inspect/new", Roles(&[Inspector]), 200)),
    asks(&["town", "n", "seed"], page("/inspect/sample", Roles(&[Bureau, Inspector]), 200)),
    Expected { others: 404, ..page("/inspect/{finding}", Roles(SEE), 404) },
    Expected {
        others: 404,
        ..form(
            "/inspect/{finding}/{act}",
            Roles(&[Bureau, Town, Village, Principal, Teacher, Inspector]),
            404,
            &[("seen", "1"), ("words", "x"), ("passed", "yes")],
        )
    },
    asks(
        &["year", "layer", "town", "state", "page", "size", "signed"],
        page("/letters", Roles(SEE), 200),
    ),
    form(
        "/letters/sign",
        Roles(KEEP),
        422,
        &[("year", "2019"), ("layer", ""), ("letter", "l_9999.1"), ("side", "both"), ("on", "x")],
    ),
    // A layer that is none: nothing is drawn up; who draws up and signs what is looked at in `letters.rs`.
    form(
        "/letters",
        Roles(KEEP),
        422,
        &[("year", "2019"), ("layer", "x"), ("town", ""), ("edge", "")],
    ),
    Expected {
        others: 404,
        ..asks(&["year", "layer", "town", "state"], page("/letters/{letter}", Roles(SEE), 404))
    },
    Expected {
        others: 404,
        ..form(
            "/letters/{letter}/{act}",
            Roles(KEEP),
            404,
            &[
                ("seen", "1"),
                ("side", "both"),
                ("on", "2019-09-02"),
                ("giver_name", "x"),
                ("taker_name", "x"),
                ("why", "x"),
            ],
        )
    },
    Expected { others: 404, ..form("/letters/{letter}/scans", Roles(KEEP), 404, &[]) },
    Expected { others: 404, ..page("/letters/{letter}/scans/{scan}", Roles(SEE), 404) },
    page("/reports", Roles(REPORTS), 200),
    asks(
        &["town", "line", "by", "late", "seat", "all"],
        page("/reports/duties", Roles(FIGURES), 200),
    ),
    asks(&["month", "version"], page("/reports/monthly", Roles(FIGURES), 200)),
    form("/reports/monthly", Roles(&[Bureau]), 409, &[("month", ""), ("seal", "x"), ("why", "x")]),
    asks(&["all"], page("/reports/departments", Roles(REPORTS), 200)),
    asks(&["all"], page("/reports/towns", Roles(FIGURES), 200)),
    // The file that is asked for is none; whose figures stand in which is looked at in `reports.rs`.
    Expected {
        others: 404,
        ..asks(&["town", "line", "by", "late"], page("/reports/{report}", Roles(REPORTS), 404))
    },
    page("/today", Signed, 200),
    asks(&["page", "size"], page("/notices", Signed, 200)),
    form("/notices/read", Signed, 303, &[("last", "0")]),
    asks(&["town", "group"], page("/map", Roles(FIGURES), 200)),
    page("/map/definitions", Roles(FIGURES), 200),
    page("/rules", Signed, 200),
    page("/rules/{rule}", Signed, 200),
    page("/sources", Roles(SOURCES), 200),
    page("/sources/{source}", Roles(SOURCES), 200),
    asks(&["show", "page", "size"], page("/api", Signed, 200)),
    asks(&["whose", "actor", "from", "act", "before"], page("/audit", Signed, 200)),
    asks(&["week"], page("/audit/unusual", Roles(WATCH), 200)),
    page("/admin", Roles(ADMIN), 303),
    page("/admin/health", Roles(SYSTEM), 200),
    page("/admin/notices", Roles(SYSTEM), 200),
    page("/admin/keys", Roles(&[SecurityAdmin]), 200),
    page("/admin/towns", Roles(SYSTEM), 200),
    page("/admin/schools", Roles(SYSTEM), 200),
    page("/admin/calendar", Roles(SYSTEM), 200),
    page("/admin/escalation", Roles(SYSTEM), 200),
    asks(&["q"], page("/admin/users", Roles(ACCOUNTS), 200)),
    form("/admin/users", Roles(SYSTEM), 422, NEW_ACCOUNT),
    page("/admin/users/new", Roles(SYSTEM), 200),
    page("/admin/users/{id}", Roles(ACCOUNTS), 200),
    form("/admin/users/{id}/{act}", Roles(ACCOUNTS), 404, NEW_ACCOUNT),
    page("/api/v1/openapi.json", Signed, 200),
    page("/api/v1/me", Signed, 200),
    asks(LEDGER_API, page("/api/v1/children", Roles(SEE), 200)),
    child("/api/v1/children/{child}", Roles(SEE)),
    child("/api/v1/children/{child}/claims/{row}", Roles(SEE)),
    asks(&["after", "limit"], page("/api/v1/conflicts", Roles(SEE), 200)),
    Expected {
        names: Names::Child,
        foreign: 404,
        others: 404,
        ..form(
            "/api/v1/conflicts/{child}/answers",
            Roles(ANSWER),
            400,
            &[("side", "nobody"), ("outcome", "disagrees"), ("because", "x")],
        )
    },
    asks(&["show", "after", "limit"], page("/api/v1/review/pairs", Roles(DECIDE), 200)),
    Expected {
        names: Names::Pair,
        foreign: 404,
        ..page("/api/v1/review/pairs/{pair}", Roles(DECIDE), 200)
    },
    Expected {
        names: Names::Pair,
        foreign: 404,
        ..form(
            "/api/v1/review/pairs/{pair}/answers",
            Roles(DECIDE),
            400,
            &[("answer", "perhaps"), ("reason", "")],
        )
    },
    page("/api/v1/map", Roles(FIGURES), 200),
    page("/api/v1/rules", Signed, 200),
    page("/api/v1/rules/{rule}", Signed, 200),
    page("/api/v1/sources", Roles(SOURCES), 200),
    page("/api/v1/sources/{source}", Roles(SOURCES), 200),
    asks(&["whose", "actor", "from", "act", "after", "limit"], page("/api/v1/audit", Signed, 200)),
];

impl Expected {
    /// Whether it is for programs.
    pub(crate) fn is_api(&self) -> bool {
        self.path.starts_with("/api/v1/")
    }

    /// What is expected of a route of the table.
    #[track_caller]
    pub(crate) fn of(route: &baoxue_web::Route) -> &'static Self {
        let (method, path) = (route.method.as_str(), route.path.as_str());
        let found = ALL.iter().find(|expected| (expected.method, expected.path) == (method, path));
        assert!(found.is_some(), "nothing is expected of {method} {path}: add it to expect.rs");
        found.unwrap()
    }

    /// Whether a role gets more than a refusal.
    pub(crate) fn may(&self, role: Role) -> bool {
        match self.who {
            Everybody | Signed => true,
            Roles(roles) => roles.contains(&role),
        }
    }
}
