//! The example of a method: a call with literal values, from the document's examples where it has
//! them. It is compiled with the docs.

use std::collections::BTreeSet;

use heck::ToSnakeCase as _;
use serde_json::Value;

use super::Sources;
use super::kind::Kind;
use super::limits::limits;
use super::model::{Call, Input, Place};
use crate::spec::elements;

/// As long as a call may be on one line.
const WIDTH: usize = 84;

/// How far a call in a chain is from the margin.
const INDENT: usize = 4;

/// The lines of the example.
pub(super) fn of(call: &Call<'_>, sources: &Sources<'_>) -> Vec<String> {
    let mut writer = Writer {
        sources,
        call,
        imports: BTreeSet::new(),
    };
    let mut steps = vec!["client".to_owned()];
    steps.extend(
        sources
            .path(&call.resource)
            .iter()
            .map(|name| format!("{name}()")),
    );
    let arguments: Vec<String> = call
        .required()
        .map(|input| writer.argument(input))
        .collect();
    steps.push(step(&call.name, &arguments));
    for input in writer.shown() {
        let value = writer.argument(input);
        steps.push(step(&input.name, &[value]));
    }
    let mut body = Vec::new();
    let start = if call.returns_nothing() {
        String::new()
    } else {
        format!("let {} = ", variable(&call.low.output))
    };
    let line = format!("{start}{}.await?;", steps.join("."));
    if line.chars().count() <= WIDTH && !line.contains('\n') {
        body.push(line);
    } else {
        body.push(format!("{start}{}", steps[0]));
        let indented = steps[1..].iter().map(|step| format!(".{step}"));
        let lines: Vec<String> = indented
            .collect::<Vec<_>>()
            .join("\n")
            .lines()
            .map(|line| format!("    {line}"))
            .collect();
        body.extend(lines);
        body.push("    .await?;".to_owned());
    }
    if !call.returns_nothing() {
        body.push(format!(
            "println!(\"{{{}:?}}\");",
            variable(&call.low.output)
        ));
    }
    let mut lines = vec![
        "```no_run".to_owned(),
        format!(
            "# async fn example(client: {0}::Client) -> Result<(), {0}::Error> {{",
            sources.crates.client
        ),
    ];
    lines.extend(writer.uses());
    lines.extend(body);
    lines.extend(["# Ok(())", "# }", "```"].map(str::to_owned));
    lines
}

/// A call in a chain, with its arguments below each other where they are long.
fn step(name: &str, arguments: &[String]) -> String {
    let line = format!("{name}({})", arguments.join(", "));
    if line.chars().count() + ".".len() + INDENT <= WIDTH {
        return line;
    }
    match arguments {
        // A value in brackets is broken inside of them.
        [only] if only.ends_with([']', '}']) => format!("{name}({})", broken(only)),
        several => {
            let lines: String = several
                .iter()
                .map(|value| format!("    {value},\n"))
                .collect();
            format!("{name}(\n{lines})")
        }
    }
}

/// A list or a struct with its parts below each other.
fn broken(value: &str) -> String {
    let Some(start) = value.find(['[', '{']) else {
        return value.to_owned();
    };
    let end = value.len() - 1;
    let mut lines = String::new();
    let (mut depth, mut in_text, mut part) = (0, false, String::new());
    for character in value[start + 1..end].trim().chars() {
        match character {
            '"' => in_text = !in_text,
            '[' | '{' | '(' if !in_text => depth += 1,
            ']' | '}' | ')' if !in_text => depth -= 1,
            ',' if !in_text && depth == 0 => {
                lines.push_str(&format!("    {},\n", part.trim()));
                part.clear();
                continue;
            }
            _ => {}
        }
        part.push(character);
    }
    let rest = part.trim();
    if !rest.is_empty() {
        // What comes from `Default` is the end of a struct.
        let comma = if rest.starts_with("..") { "" } else { "," };
        lines.push_str(&format!("    {rest}{comma}\n"));
    }
    format!("{}\n{lines}{}", &value[..=start], &value[end..])
}

/// A name for what comes back.
fn variable(output: &str) -> String {
    let (name, many) = match output
        .strip_prefix("Vec<")
        .and_then(|rest| rest.strip_suffix('>'))
    {
        Some(item) => (item, true),
        None => (output, false),
    };
    let name = name.to_snake_case();
    if many && !name.ends_with('s') {
        name + "s"
    } else {
        name
    }
}

struct Writer<'a> {
    sources: &'a Sources<'a>,
    call: &'a Call<'a>,
    imports: BTreeSet<String>,
}

impl<'a> Writer<'a> {
    /// What is optional and worth showing: what the document's example sets, or else the first
    /// that is chosen from a list.
    fn shown(&self) -> Vec<&'a Input<'a>> {
        let set: Vec<&Input<'a>> = self
            .call
            .optional()
            .filter(|input| self.given(input).is_some() && !matches!(input.kind, Kind::Object))
            .collect();
        if !set.is_empty() || self.sources.request(&self.call.operation).is_some() {
            return set;
        }
        let chosen = |input: &&Input<'a>| {
            let kind = match &input.kind {
                Kind::List(item) => item,
                kind => kind,
            };
            matches!(kind, Kind::Choice(_) | Kind::NumberedChoice(_))
        };
        let first = self.call.optional().find(chosen).or_else(|| {
            let simple = |input: &&Input<'a>| {
                !matches!(input.kind, Kind::Object | Kind::Struct(_) | Kind::Union(_))
            };
            self.call.optional().find(simple)
        });
        first.into_iter().collect()
    }

    /// The value in the document's example of the request.
    fn given(&self, input: &Input<'_>) -> Option<&'a Value> {
        let request = self.sources.request(&self.call.operation)?;
        match &input.place {
            Place::Body(path) => {
                let holder = path[..path.len() - 1]
                    .iter()
                    .try_fold(request, |value, step| value.get(step))?;
                holder.get(input.wire)
            }
            _ => None,
        }
    }

    fn argument(&mut self, input: &Input<'_>) -> String {
        let known = self.given(input).or_else(|| self.answered(input.wire));
        self.literal(&input.kind, known, input)
    }

    /// The value that the example of an answer has under the same name, or as its id.
    fn answered(&self, wire: &str) -> Option<&'a Value> {
        let answer = self.sources.answer(&self.call.operation)?;
        let is_id = wire.ends_with("Id");
        find(answer, wire).or_else(|| if is_id { find(answer, "id") } else { None })
    }

    fn literal(&mut self, kind: &Kind, known: Option<&Value>, input: &Input<'_>) -> String {
        let text = known.and_then(Value::as_str);
        match kind {
            Kind::Text => text.map_or_else(|| fallback(input), |text| format!("{text:?}")),
            Kind::Id(name) => {
                text.map_or_else(|| format!("{:?}", id(name)), |text| format!("{text:?}"))
            }
            Kind::Whole { .. } => {
                let least = limits(input.schema)["minimum"].as_i64();
                let number = known.and_then(Value::as_i64).or(least).unwrap_or(1);
                grouped(number.max(1))
            }
            Kind::Fraction => known
                .and_then(Value::as_f64)
                .map_or("1.0".to_owned(), |it| format!("{it:?}")),
            Kind::Flag => known.and_then(Value::as_bool).unwrap_or(true).to_string(),
            Kind::Moment => {
                self.imports.insert("std::time::SystemTime".to_owned());
                "SystemTime::now()".to_owned()
            }
            Kind::Period => {
                self.imports
                    .insert("std::time::{Duration, SystemTime}".to_owned());
                "SystemTime::now() - Duration::from_secs(86_400), SystemTime::now()".to_owned()
            }
            Kind::Choice(name) | Kind::NumberedChoice(name) => {
                let variant = self.sources.variant(name, known);
                self.import(name);
                format!("{name}::{variant}")
            }
            Kind::List(item) => {
                let values: Vec<&Value> = elements(known.unwrap_or(&Value::Null)).take(2).collect();
                let values: Vec<String> = match values.as_slice() {
                    [] => vec![self.literal(item, None, input)],
                    values => values
                        .iter()
                        .map(|value| self.literal(item, Some(value), input))
                        .collect(),
                };
                format!("[{}]", values.join(", "))
            }
            Kind::Struct(name) => self.structure(name, known, input),
            Kind::Union(_) => fallback(input),
            Kind::Object => "serde_json::json!({ \"name\": \"Maps\" })".to_owned(),
        }
    }

    fn import(&mut self, name: &str) {
        let home = &self.sources.crates.client;
        self.imports.insert(format!("{home}::types::{name}"));
    }

    /// A struct with what its example gives.
    fn structure(&mut self, name: &str, known: Option<&Value>, input: &Input<'_>) -> String {
        self.import(name);
        let spec = self.sources.spec;
        let schema = &spec.doc["components"]["schemas"][name];
        let fields = self.sources.low.fields(name).unwrap_or_default();
        let is_default = |ty: &str| {
            ["Option<", "Vec<", "Map<"]
                .iter()
                .any(|start| ty.starts_with(start))
        };
        let all_default = fields.iter().all(|field| is_default(&field.ty));
        let given = |wire: &str| known.is_some_and(|known| known.get(wire).is_some());
        let shown = fields
            .iter()
            .filter(|field| !all_default || given(&field.wire));
        let written = shown.map(|field| {
            let property = &schema["properties"][&field.wire];
            let kind = Kind::of(spec, &field.ty, property);
            let value = known.and_then(|known| known.get(&field.wire));
            let is_optional = field.ty.starts_with("Option<");
            let value = match value {
                None if is_optional => "None".to_owned(),
                None if field.ty.starts_with("Vec<") => "Vec::new()".to_owned(),
                value => {
                    let literal = self.literal(&kind, value, input);
                    let literal = match kind {
                        Kind::Text | Kind::Id(_) => format!("{literal}.into()"),
                        _ => literal,
                    };
                    if is_optional {
                        format!("Some({literal})")
                    } else {
                        literal
                    }
                }
            };
            format!("{}: {value}", field.name)
        });
        let mut written: Vec<String> = written.collect();
        if all_default && written.len() < fields.len() {
            written.push("..Default::default()".to_owned());
        }
        format!("{name} {{ {} }}", written.join(", "))
    }

    fn uses(&self) -> Vec<String> {
        let home = format!("{}::types::", self.sources.crates.client);
        let types: Vec<&str> = self
            .imports
            .iter()
            .filter_map(|path| path.strip_prefix(&home))
            .collect();
        let mut lines: Vec<String> = self
            .imports
            .iter()
            .filter(|path| path.starts_with("std::"))
            .map(|path| format!("use {path};"))
            .collect();
        match types.as_slice() {
            [] => {}
            [only] => lines.push(format!("use {home}{only};")),
            several => lines.push(format!("use {home}{{{}}};", several.join(", "))),
        }
        if !lines.is_empty() {
            lines.push(String::new());
        }
        lines
    }
}

/// The first value of that name, at any depth.
fn find<'a>(value: &'a Value, name: &str) -> Option<&'a Value> {
    match value {
        Value::Object(fields) => fields
            .get(name)
            .or_else(|| fields.values().find_map(|value| find(value, name))),
        Value::Array(items) => items.iter().find_map(|item| find(item, name)),
        _ => None,
    }
}

fn fallback(input: &Input<'_>) -> String {
    if input.is_address() {
        return "\"https://example.org/done\"".to_owned();
    }
    format!("\"the {}\"", input.name.replace('_', " "))
}

fn id(ty: &str) -> &'static str {
    match ty {
        "AccountId" => "tiktok_123",
        _ => "66f2a9c4d81e5b0037c4a1a0",
    }
}

/// A number as one reads it.
fn grouped(number: i64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) && digits.len() > 4 {
            text.push('_');
        }
        text.push(digit);
    }
    text
}
