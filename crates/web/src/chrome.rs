//! What is around every page: menu, search, who is signed in, language, colours.

use baoxue_authz::{Action, Resource, Scope, decide, scope};

use crate::{
    app::App,
    assets::Assets,
    door::Signed,
    doubles,
    i18n::Lang,
    icon::{Icon, Logo},
};

/// The words of the menu.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tab {
    Today,
    Map,
    Children,
    Review,
    Cases,
    Papers,
    Inspect,
    Imports,
    Rules,
    Admin,
    /// A page of no word of the menu.
    None,
}

/// A word of the menu.
#[derive(Clone, Debug)]
pub(crate) struct NavItem {
    pub(crate) href: &'static str,
    pub(crate) word: String,
    pub(crate) here: bool,
}

/// Who is signed in, as the head shows it.
#[derive(Clone, Debug)]
pub(crate) struct Who {
    pub(crate) name: String,
    pub(crate) first: String,
    pub(crate) role: String,
}

/// The frame of a page.
#[derive(Clone, Debug)]
pub(crate) struct Chrome {
    pub(crate) lang: Lang,
    /// `light`, `dark`, or empty for what the system says.
    pub(crate) theme: String,
    /// Whether single keys do something.
    pub(crate) hotkeys: bool,
    pub(crate) title: String,
    pub(crate) county: String,
    pub(crate) demo: bool,
    pub(crate) nav: Vec<NavItem>,
    pub(crate) who: Option<Who>,
    pub(crate) searches: bool,
    pub(crate) csrf: String,
    /// The token by which a form of this page is known when it is sent again.
    pub(crate) once: String,
    /// Seconds until the session ends.
    pub(crate) left: i64,
    pub(crate) assets: Assets,
    /// Notices that the reader has not read.
    pub(crate) unread: usize,
    /// Stamped across lists of names and on paper: who looked, and when.
    pub(crate) stamp: String,
}

/// Word, address and the action without which it is absent.
const MENU: [(Tab, &str, &str, Action); 10] = [
    (Tab::Today, "/today", "nav-today", Action::ManageOwn),
    (Tab::Map, "/map", "nav-map", Action::ReadMap),
    (Tab::Children, "/children", "nav-children", Action::ReadChild),
    (Tab::Review, "/review/identity", "nav-review", Action::DecideIdentity),
    (Tab::Cases, "/cases", "nav-cases", Action::ReadCase),
    (Tab::Inspect, "/inspect", "nav-inspect", Action::AddFinding),
    (Tab::Imports, "/imports", "nav-imports", Action::ReadSources),
    (Tab::Papers, "/documents", "nav-papers", Action::ReadPapers),
    (Tab::Rules, "/rules", "nav-rules", Action::ReadRules),
    (Tab::Admin, "/admin", "nav-admin", Action::ReadHealth),
];

impl Chrome {
    /// The frame around a page of that title.
    pub(crate) fn new(
        app: &App,
        signed: Option<&Signed>,
        lang: Lang,
        tab: Tab,
        title: &str,
    ) -> Self {
        let nav = signed.map_or_else(Vec::new, |signed| menu(signed, lang, tab));
        let who = signed.map(|signed| Who {
            name: signed.name.clone(),
            first: signed.name.chars().next().map(String::from).unwrap_or_default(),
            role: lang.pick(signed.actor.role.zh(), signed.actor.role.en()).to_owned(),
        });
        let stamp = signed.map(|signed| {
            let at = app.now().with_timezone(&crate::display::china());
            format!("{} {}", signed.login, at.format("%Y-%m-%d %H:%M"))
        });
        Self {
            lang,
            theme: signed.map(|signed| signed.taste.theme.clone()).unwrap_or_default(),
            hotkeys: signed.is_none_or(|signed| signed.taste.hotkeys),
            title: title.to_owned(),
            county: app.county().name.clone(),
            demo: !app.options().demo.is_empty(),
            searches: nav.iter().any(|item| item.href == "/children"),
            nav,
            who,
            csrf: signed.map(|signed| signed.csrf.clone()).unwrap_or_default(),
            once: doubles::token(),
            left: signed.map(|signed| signed.left(app).num_seconds()).unwrap_or_default(),
            assets: app.assets().clone(),
            unread: signed.map_or(0, |signed| app.notice_count(signed.actor.account).1),
            stamp: stamp.unwrap_or_default(),
        }
    }

    /// The words of a key.
    pub(crate) fn t(&self, key: &str) -> String {
        self.lang.t(key)
    }

    /// `light`, `dark` or `auto`.
    pub(crate) fn theme(&self) -> &str {
        if self.theme.is_empty() { "auto" } else { &self.theme }
    }

    /// What the switch of colours leads to.
    pub(crate) fn other_theme(&self) -> &'static str {
        if self.theme() == "dark" { "light" } else { "dark" }
    }

    pub(crate) fn theme_icon(&self) -> &'static str {
        if self.theme() == "dark" { "sun" } else { "moon" }
    }

    pub(crate) fn theme_word(&self) -> &'static str {
        if self.theme() == "dark" { "theme-light" } else { "theme-dark" }
    }

    /// An icon of the sprite.
    pub(crate) fn icon(&self, name: &str) -> Icon {
        Icon { sprite: self.assets.icons.clone(), name: name.to_owned(), class: "i" }
    }

    /// A large icon.
    pub(crate) fn icon_xl(&self, name: &str) -> Icon {
        Icon { class: "i i-xl", ..self.icon(name) }
    }

    /// The sign of the product.
    #[expect(clippy::unused_self, reason = "templates reach it by the frame")]
    pub(crate) fn logo(&self) -> Logo {
        Logo
    }

    /// The words of a key around a number.
    pub(crate) fn n(&self, key: &str, n: impl std::borrow::Borrow<usize>) -> String {
        self.lang.n(key, *n.borrow())
    }
}

fn menu(signed: &Signed, lang: Lang, tab: Tab) -> Vec<NavItem> {
    let may = |action: Action| {
        if action == Action::DecideIdentity {
            let either = [action, Action::AnswerConflict];
            return either.into_iter().any(|action| scope(&signed.actor, action) != Scope::Nothing);
        }
        if matches!(
            action,
            Action::ReadMap
                | Action::ReadChild
                | Action::ReadCase
                | Action::ReadPapers
                | Action::AddFinding
        ) {
            return scope(&signed.actor, action) != Scope::Nothing;
        }
        action == Action::ManageOwn
            || (action == Action::ReadHealth && is_administrator(signed))
            || decide(&signed.actor, action, &Resource::County).allowed
    };
    MENU.into_iter()
        .filter(|(.., action)| may(*action))
        .map(|(word, href, key, _)| NavItem {
            href: if word == Tab::Review && !decides(signed) { "/review/conflicts" } else { href },
            word: lang.t(key),
            here: word == tab,
        })
        .collect()
}

/// Whether pairs of rows are this role's.
fn decides(signed: &Signed) -> bool {
    scope(&signed.actor, Action::DecideIdentity) != Scope::Nothing
}

/// Whether any page of 管理 is for this role.
fn is_administrator(signed: &Signed) -> bool {
    let county = [
        Action::ReadHealth,
        Action::ManageCounty,
        Action::ManageKeys,
        Action::ReadSystemAudit,
        Action::ReadAllAudit,
    ];
    let account = [Action::ManageAccounts, Action::ManageRoles];
    county.into_iter().any(|a| decide(&signed.actor, a, &Resource::County).allowed)
        || account.into_iter().any(|a| decide(&signed.actor, a, &Resource::Account(0)).allowed)
}
