//! Conditions of rules: written in the Common Expression Language, checked against the vocabulary of facts when the file
//! is loaded, and turned into a small tree that a county of children is run through.
//!
//! `cel` has no type checker: a misspelt name compiles and fails when it runs. So the parsed expression is walked once
//! here; whatever is no fact, no literal or no operator of the list below is an error of the file. A test runs the same
//! expressions through the interpreter of `cel` and compares.

use cel::{
    Program,
    common::ast::{CallExpr, Expr, IdedExpr, LiteralValue, operators},
};

use crate::facts::{FIELDS, Facts, Field, Getter};

/// A condition over facts.
#[derive(Clone, Debug)]
pub(crate) enum Condition {
    /// `true`, `false`.
    Constant(bool),
    /// A yes/no fact, with its name.
    Fact(&'static str, fn(&Facts) -> bool),
    /// `!a`.
    Not(Box<Self>),
    /// `a && b`.
    And(Box<Self>, Box<Self>),
    /// `a || b`.
    Or(Box<Self>, Box<Self>),
    /// `a < b` and the like, over whole numbers.
    Compare(Order, Number, Number),
    /// `a == "word"`, `a in ["word", …]`, with the name of `a`.
    Word(&'static str, fn(&Facts) -> &'static str, Vec<String>),
}

/// How two numbers are compared.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Order {
    Less,
    LessOrEqual,
    Equal,
    NotEqual,
    GreaterOrEqual,
    Greater,
}

/// A number in a condition.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Number {
    Literal(i64),
    Fact(fn(&Facts) -> i64),
}

impl Number {
    fn of(self, facts: &Facts) -> i64 {
        match self {
            Self::Literal(number) => number,
            Self::Fact(get) => get(facts),
        }
    }
}

impl Condition {
    /// Parses and checks a condition.
    ///
    /// # Errors
    /// The 1-based line of `source` and what was found and expected, in words.
    pub(crate) fn parse(source: &str) -> Result<Self, (usize, String)> {
        let program = Program::compile(source).map_err(|errors| {
            let first = errors.errors.first();
            let line = first.and_then(|error| usize::try_from(error.pos.0).ok());
            let message = first.map_or_else(String::new, |error| error.msg.clone());
            (line.unwrap_or(1).max(1), format!("`when` is no CEL expression: {message}"))
        })?;
        condition(program.expression()).map_err(|fault| {
            let start = program.source_info().offset_for(fault.node).map_or(0, |(start, _)| start);
            let before = source.bytes().take(usize::try_from(start).unwrap_or_default());
            (1 + before.filter(|byte| *byte == b'\n').count(), fault.message)
        })
    }

    /// Whether it holds.
    pub(crate) fn holds(&self, facts: &Facts) -> bool {
        match self {
            Self::Constant(value) => *value,
            Self::Fact(_, get) => get(facts),
            Self::Not(inner) => !inner.holds(facts),
            Self::And(left, right) => left.holds(facts) && right.holds(facts),
            Self::Or(left, right) => left.holds(facts) || right.holds(facts),
            Self::Compare(order, left, right) => {
                let (left, right) = (left.of(facts), right.of(facts));
                match order {
                    Order::Less => left < right,
                    Order::LessOrEqual => left <= right,
                    Order::Equal => left == right,
                    Order::NotEqual => left != right,
                    Order::GreaterOrEqual => left >= right,
                    Order::Greater => left > right,
                }
            }
            Self::Word(_, get, words) => {
                let word = get(facts);
                words.iter().any(|w| w == word)
            }
        }
    }
}

/// Facts that hold only where somebody says plainly that the child is out of school, or absent.
const ACCUSERS: [&str; 9] = [
    "town.out",
    "survey.out",
    "ledger.listed",
    "inspection.saw_out",
    "inspection.heard_out",
    "school.absent",
    "leave.not_resumed",
    "registry.left",
    "registry.says_dropout",
];
/// Findings of a town that say it plainly.
const OUT_WORDS: [&str; 4] = ["out", "never_enrolled", "suspension_lapsed", "disabled_at_home"];

impl Condition {
    /// Whether it never holds of a child whom nobody calls out of school or absent.
    pub(crate) fn needs_accuser(&self) -> bool {
        self.unaccused() == Some(false)
    }

    /// Its value where no accuser holds and nothing else is known; `None` when it depends on the rest.
    fn unaccused(&self) -> Option<bool> {
        match self {
            Self::Constant(value) => Some(*value),
            Self::Fact(name, _) => ACCUSERS.contains(name).then_some(false),
            Self::Not(inner) => inner.unaccused().map(|value| !value),
            Self::And(left, right) => match (left.unaccused(), right.unaccused()) {
                (Some(false), _) | (_, Some(false)) => Some(false),
                (Some(true), Some(true)) => Some(true),
                _ => None,
            },
            Self::Or(left, right) => match (left.unaccused(), right.unaccused()) {
                (Some(true), _) | (_, Some(true)) => Some(true),
                (Some(false), Some(false)) => Some(false),
                _ => None,
            },
            Self::Compare(..) => None,
            Self::Word(name, _, words) => {
                let out = words.iter().all(|word| OUT_WORDS.contains(&word.as_str()));
                (*name == "survey.says" && out).then_some(false)
            }
        }
    }
}

/// What is wrong at which node of the expression.
struct Fault {
    node: u64,
    message: String,
}

fn fault(at: &IdedExpr, message: impl Into<String>) -> Fault {
    Fault { node: at.id, message: message.into() }
}

fn condition(expression: &IdedExpr) -> Result<Condition, Fault> {
    match &expression.expr {
        Expr::Literal(LiteralValue::Boolean(value)) => Ok(Condition::Constant(*value.inner())),
        Expr::Select(_) | Expr::Ident(_) => match field(expression)?.get {
            Getter::Bool(get) => Ok(Condition::Fact(field(expression)?.path, get)),
            Getter::Int(_) | Getter::Word(..) => {
                let message = format!("`{}` is no yes/no fact", path(expression));
                Err(fault(expression, message))
            }
        },
        Expr::Call(call) => operator(expression, call),
        Expr::Literal(_)
        | Expr::Unspecified
        | Expr::Comprehension(_)
        | Expr::List(_)
        | Expr::Map(_)
        | Expr::Struct(_) => Err(expected(expression)),
    }
}

fn operator(whole: &IdedExpr, call: &CallExpr) -> Result<Condition, Fault> {
    match (call.func_name.as_str(), call.args.as_slice()) {
        (operators::LOGICAL_NOT, [inner]) => Ok(Condition::Not(Box::new(condition(inner)?))),
        (operators::LOGICAL_AND, [left, right]) => {
            Ok(Condition::And(Box::new(condition(left)?), Box::new(condition(right)?)))
        }
        (operators::LOGICAL_OR, [left, right]) => {
            Ok(Condition::Or(Box::new(condition(left)?), Box::new(condition(right)?)))
        }
        (operators::IN, [left, right]) => {
            let Expr::List(list) = &right.expr else { return Err(expected(right)) };
            word_test(left, &list.elements)
        }
        (name, [left, right]) => {
            let order = match name {
                operators::LESS => Order::Less,
                operators::LESS_EQUALS => Order::LessOrEqual,
                operators::EQUALS => Order::Equal,
                operators::NOT_EQUALS => Order::NotEqual,
                operators::GREATER_EQUALS => Order::GreaterOrEqual,
                operators::GREATER => Order::Greater,
                _ => return Err(expected(whole)),
            };
            comparison(order, left, right)
        }
        _ => Err(expected(whole)),
    }
}

fn comparison(order: Order, left: &IdedExpr, right: &IdedExpr) -> Result<Condition, Fault> {
    if let Expr::Literal(LiteralValue::String(_)) = &right.expr {
        let test = word_test(left, std::slice::from_ref(right))?;
        return match order {
            Order::Equal => Ok(test),
            Order::NotEqual => Ok(Condition::Not(Box::new(test))),
            Order::Less | Order::LessOrEqual | Order::GreaterOrEqual | Order::Greater => {
                Err(fault(right, "words are compared with `==`, `!=` or `in`"))
            }
        };
    }
    Ok(Condition::Compare(order, number(left)?, number(right)?))
}

fn word_test(left: &IdedExpr, words: &[IdedExpr]) -> Result<Condition, Fault> {
    let field = field(left)?;
    let Getter::Word(get, known) = field.get else {
        return Err(fault(left, format!("`{}` is no word", field.path)));
    };
    let mut list = Vec::new();
    for at in words {
        let Expr::Literal(LiteralValue::String(word)) = &at.expr else { return Err(expected(at)) };
        let word = word.inner();
        if !known.contains(&word) {
            let message =
                format!("`{}` is never \"{word}\"; expected one of {known:?}", field.path);
            return Err(fault(at, message));
        }
        list.push(word.to_owned());
    }
    Ok(Condition::Word(field.path, get, list))
}

fn number(expression: &IdedExpr) -> Result<Number, Fault> {
    match &expression.expr {
        Expr::Literal(LiteralValue::Int(number)) => Ok(Number::Literal(*number.inner())),
        Expr::Select(_) | Expr::Ident(_) => match field(expression)?.get {
            Getter::Int(get) => Ok(Number::Fact(get)),
            Getter::Bool(_) | Getter::Word(..) => {
                Err(fault(expression, format!("`{}` is no number", path(expression))))
            }
        },
        Expr::Literal(_)
        | Expr::Unspecified
        | Expr::Call(_)
        | Expr::Comprehension(_)
        | Expr::List(_)
        | Expr::Map(_)
        | Expr::Struct(_) => Err(expected(expression)),
    }
}

fn field(expression: &IdedExpr) -> Result<&'static Field, Fault> {
    let path = path(expression);
    FIELDS.iter().find(|field| field.path == path).ok_or_else(|| {
        let group = path.split('.').next();
        let mut near: Vec<_> = FIELDS.iter().map(|field| field.path).collect();
        if near.iter().any(|known| known.split('.').next() == group) {
            near.retain(|known| known.split('.').next() == group);
        }
        fault(expression, format!("unknown fact `{path}`; expected one of {}", near.join(", ")))
    })
}

fn path(expression: &IdedExpr) -> String {
    match &expression.expr {
        Expr::Ident(name) => name.clone(),
        Expr::Select(select) => format!("{}.{}", path(&select.operand), select.field),
        Expr::Unspecified
        | Expr::Call(_)
        | Expr::Comprehension(_)
        | Expr::List(_)
        | Expr::Literal(_)
        | Expr::Map(_)
        | Expr::Struct(_) => "…".to_owned(),
    }
}

fn expected(at: &IdedExpr) -> Fault {
    fault(
        at,
        "expected facts joined by `&&`, `||`, `!`, comparisons of whole numbers, or a word `in` a list",
    )
}
