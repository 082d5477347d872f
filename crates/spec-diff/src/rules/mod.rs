//! Every rule there is: id, level, reason and the cases that prove it.
//!
//! A [`Row`] describes one change; it becomes one [`Rule`] per direction in which it can be seen.

mod bounds;
mod cases;
mod combinations;
mod objects;
mod operations;
mod places;
mod schemas;
mod security;

use std::sync::LazyLock;

use crate::level::{Direction, Grade, Level};

pub(crate) use bounds::{BOUNDS, Bound};
pub(crate) use combinations::*;
pub(crate) use objects::*;
pub(crate) use operations::*;
pub(crate) use places::*;
pub(crate) use schemas::*;
pub(crate) use security::*;

/// A kind of change, as this crate judges it.
#[derive(Debug, Clone)]
pub struct Rule {
    /// Stable name in kebab-case, such as `response-property-removed`.
    pub id: String,
    /// What a client does with the thing that changed.
    pub direction: Direction,
    /// How bad it is, unless overridden.
    pub level: Level,
    /// One sentence: why it has this level.
    pub reason: &'static str,
    /// The rule that the reverse change falls under, often another one.
    pub mirror: String,
    row: &'static Row,
    kind: Kind,
}

/// Which of the row's judgements a rule is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Sent,
    Parameter,
    Received,
    Plain,
}

/// Two documents, as JSON text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example {
    /// The older document.
    pub old: String,
    /// The newer document.
    pub new: String,
}

impl Rule {
    /// Two documents that differ by this change and nothing else.
    pub fn positive(&self) -> Example {
        cases::documents(self, self.row.case)
    }

    /// The same two the other way round: [`Rule::mirror`] is found.
    pub fn mirrored(&self) -> Example {
        let Example { old, new } = self.positive();
        Example { old: new, new: old }
    }

    /// Two documents that look like this change and mean the same: nothing is found.
    pub fn quiet(&self) -> Example {
        cases::quiet(self)
    }
}

/// All rules, sorted by id.
pub fn rules() -> &'static [Rule] {
    &TABLE.0
}

/// What to tell a person who asks about a rule: level, reason, example, mirror. `None` for an unknown id.
pub fn explain(id: &str) -> Option<String> {
    let rule = find(id)?;
    let row = rule.row;
    let place = match row.at {
        At::Schema => match rule.kind {
            Kind::Parameter => "the schema of a parameter",
            Kind::Received => "the schema of a response body",
            _ => "the schema of a request body",
        },
        At::Xml => "the schema of a body of XML",
        At::RequestBody => "a request body",
        At::Response => "a response",
        At::Operation => "an operation",
        At::Document => "the document",
    };
    Some(format!(
        "{id}\n  level:     {}\n  direction: {}\n  why:       {}\n  example:   in {place}\n    before   {}\n    after    {}\n  reversed:  {}\n",
        rule.level,
        rule.direction.as_str(),
        rule.reason,
        row.case.before,
        row.case.after,
        rule.mirror,
    ))
}

/// The rule with this id.
pub(crate) fn find(id: &str) -> Option<&'static Rule> {
    let rules = rules();
    let place = rules.binary_search_by(|r| r.id.as_str().cmp(id)).ok()?;
    rules.get(place)
}

/// Where the two halves of a case stand in a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum At {
    Schema,
    /// A schema of XML.
    Xml,
    RequestBody,
    Response,
    Operation,
    Document,
}

/// The halves of an example, as JSON.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Case {
    before: &'static str,
    after: &'static str,
}

#[derive(Debug, Clone, Copy)]
struct Effect {
    grade: Grade,
    why: &'static str,
}

/// What inclusion has to say about a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum About {
    /// It explains how a set of values changed: inclusion decides whether that breaks anything.
    Values,
    /// The same, but it is worth a word even where no value is lost: a property that goes or comes.
    Parts,
    /// It explains how a set changed, and the rule itself decides: what a discriminator's names stand for.
    Names,
    /// It is about something else: a format, a default, a date.
    Else,
}

/// One kind of change with its judgement in each direction.
#[derive(Debug)]
pub(crate) struct Row {
    name: &'static str,
    at: At,
    sent: Option<Effect>,
    parameter: Option<Effect>,
    received: Option<Effect>,
    plain: Option<(Direction, Effect)>,
    mirror: &'static str,
    case: Case,
    quiet: Option<Case>,
    about: About,
}

impl Row {
    const fn new(name: &'static str, at: At) -> Self {
        Self {
            name,
            at,
            sent: None,
            parameter: None,
            received: None,
            plain: None,
            mirror: name,
            case: Case {
                before: "",
                after: "",
            },
            quiet: None,
            about: About::Values,
        }
    }

    const fn about(mut self, about: About) -> Self {
        self.about = about;
        self
    }

    /// Whether it stands for what no other row explains.
    pub(crate) fn is_generic(&self) -> bool {
        self.name.starts_with("values-") && self.at == At::Schema
    }

    /// What inclusion has to say about it.
    pub(crate) fn is_about(&self) -> About {
        self.about
    }

    const fn sent(mut self, grade: Grade, why: &'static str) -> Self {
        self.sent = Some(Effect { grade, why });
        self
    }

    const fn parameter(mut self, grade: Grade, why: &'static str) -> Self {
        self.parameter = Some(Effect { grade, why });
        self
    }

    const fn received(mut self, grade: Grade, why: &'static str) -> Self {
        self.received = Some(Effect { grade, why });
        self
    }

    /// A judgement that does not depend on the place: the row's name is the rule's id.
    const fn plain(mut self, direction: Direction, grade: Grade, why: &'static str) -> Self {
        self.plain = Some((direction, Effect { grade, why }));
        self
    }

    const fn mirror(mut self, name: &'static str) -> Self {
        self.mirror = name;
        self
    }

    const fn case(mut self, before: &'static str, after: &'static str) -> Self {
        self.case = Case { before, after };
        self
    }

    const fn quiet(mut self, before: &'static str, after: &'static str) -> Self {
        self.quiet = Some(Case { before, after });
        self
    }

    /// The rule for a change seen in a parameter.
    pub(crate) fn in_parameter(&'static self) -> Option<&'static Rule> {
        self.rule(Kind::Parameter).or_else(|| self.sent_rule())
    }

    /// The rule for a change in what a client sends.
    pub(crate) fn sent_rule(&'static self) -> Option<&'static Rule> {
        self.rule(Kind::Sent)
    }

    /// The rule for a change in what a client receives.
    pub(crate) fn received_rule(&'static self) -> Option<&'static Rule> {
        self.rule(Kind::Received)
    }

    /// The rule for a change whose direction is part of what it is.
    pub(crate) fn plain_rule(&'static self) -> Option<&'static Rule> {
        self.rule(Kind::Plain)
    }

    fn rule(&'static self, kind: Kind) -> Option<&'static Rule> {
        let index = *TABLE
            .1
            .get(&(std::ptr::from_ref(self) as usize, kind as u8))?;
        TABLE.0.get(index)
    }
}

/// Where each row's rules are. Rows are statics, so their addresses tell them apart.
type Index = std::collections::HashMap<(usize, u8), usize>;

static TABLE: LazyLock<(Vec<Rule>, Index)> = LazyLock::new(|| {
    let mut all = Vec::new();
    for row in rows() {
        for (kind, effect, prefix, direction) in [
            (Kind::Sent, row.sent, "request-", Direction::Request),
            (
                Kind::Parameter,
                row.parameter,
                "request-parameter-",
                Direction::Request,
            ),
            (
                Kind::Received,
                row.received,
                "response-",
                Direction::Response,
            ),
            (
                Kind::Plain,
                row.plain.map(|p| p.1),
                "",
                row.plain.map_or(Direction::Neutral, |p| p.0),
            ),
        ] {
            let Some(Effect { grade, why }) = effect else {
                continue;
            };
            all.push(Rule {
                id: format!("{prefix}{}", row.name),
                direction,
                level: grade.in_direction(direction),
                reason: why,
                mirror: format!("{prefix}{}", row.mirror),
                row,
                kind,
            });
        }
    }
    all.sort_by(|a, b| a.id.cmp(&b.id));
    let index = all
        .iter()
        .enumerate()
        .map(|(i, rule)| ((std::ptr::from_ref(rule.row) as usize, rule.kind as u8), i))
        .collect();
    (all, index)
});

fn rows() -> impl Iterator<Item = &'static Row> {
    let fixed = [
        SCHEMA_ROWS,
        OBJECT_ROWS,
        COMBINATION_ROWS,
        OPERATION_ROWS,
        PLACE_ROWS,
        SECURITY_ROWS,
    ];
    fixed
        .into_iter()
        .flatten()
        .copied()
        .chain(KEYWORDS.iter().flat_map(|(_, rows)| rows))
        .chain(BOUNDS.iter().flat_map(Bound::rows))
}
