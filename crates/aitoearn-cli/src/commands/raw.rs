//! `api` and `op`: anything else, by path or by the name of an operation.

use std::io::Read as _;
use std::path::PathBuf;

use aitoearn::Method;
use aitoearn::api::{Operation, RetryClass};
use aitoearn::api::{Reply, operations};
use aitoearn::resources::{RelayResponse, RelayStream};
use aitoearn::stream::Decoder;
use clap::{Arg, ArgMatches, Args, Command, FromArgMatches, Subcommand};
use serde_json::{Map, Value, json};

use crate::context::App;
use crate::failure::{Exit, Failure, Outcome};
use crate::output::{Cell, Tone};
use crate::text::clean;

/// Options of `api`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  aitoearn api GET /api/v2/channels/accounts -q 'types[]=tiktok'
  aitoearn api POST /api/v2/channels/account-groups -f name=Travel
  aitoearn api PATCH /api/v2/channels/account-groups/ID --input group.json")]
pub struct ApiOptions {
    /// GET, POST, PUT, PATCH or DELETE
    #[arg(value_parser = method)]
    method: Method,
    /// The path, beginning with a slash and percent-encoded
    path: String,
    #[command(flatten)]
    inputs: Inputs,
}

/// What is sent with a request.
#[derive(Debug, Default, Args)]
pub(crate) struct Inputs {
    /// A field of the body, as text
    #[arg(short = 'f', long = "field", value_name = "NAME=VALUE", value_parser = pair)]
    fields: Vec<(String, String)>,
    /// A field of the body, as JSON
    #[arg(short = 'F', long = "json-field", value_name = "NAME=JSON", value_parser = pair)]
    json_fields: Vec<(String, String)>,
    /// A parameter of the query
    #[arg(short = 'q', long = "query", value_name = "NAME=VALUE", value_parser = pair)]
    query: Vec<(String, String)>,
    /// A file with the body; - is standard input
    #[arg(long, value_name = "FILE", conflicts_with_all = ["fields", "json_fields"])]
    input: Option<PathBuf>,
}

fn method(text: &str) -> Result<Method, String> {
    [
        Method::Get,
        Method::Post,
        Method::Put,
        Method::Patch,
        Method::Delete,
    ]
    .into_iter()
    .find(|it| it.as_str().eq_ignore_ascii_case(text))
    .ok_or_else(|| "it is GET, POST, PUT, PATCH or DELETE".to_owned())
}

fn pair(text: &str) -> Result<(String, String), String> {
    let pair = text.split_once('=').filter(|(name, _)| !name.is_empty());
    let (name, value) = pair.ok_or("write NAME=VALUE")?;
    Ok((name.to_owned(), value.to_owned()))
}

impl Inputs {
    fn body(&self) -> Outcome<Option<Value>> {
        if let Some(file) = &self.input {
            let mut text = String::new();
            let read = if file.as_os_str() == "-" {
                std::io::stdin().lock().read_to_string(&mut text).map(drop)
            } else {
                std::fs::read_to_string(file).map(|it| text = it)
            };
            read.map_err(|error| {
                Failure::usage(format!("`{}` cannot be read: {error}", file.display()))
            })?;
            let value = serde_json::from_str(&text);
            return value.map(Some).map_err(|error| {
                Failure::usage(format!("`{}` is no JSON: {error}", file.display()))
            });
        }
        let mut body = Map::new();
        for (name, value) in &self.fields {
            body.insert(name.clone(), json!(value));
        }
        for (name, value) in &self.json_fields {
            let value = serde_json::from_str(value).map_err(|error| {
                Failure::usage(format!("-F {name}: the value is no JSON: {error}"))
                    .advise("A text goes by -f.")
            })?;
            body.insert(name.clone(), value);
        }
        Ok((!body.is_empty()).then_some(Value::Object(body)))
    }
}

/// Calls a path.
pub(crate) async fn api(app: &App, options: ApiOptions) -> Outcome {
    let session = app.session()?;
    let class = match options.method {
        Method::Get => RetryClass::Read,
        _ => RetryClass::Effect,
    };
    let body = options.inputs.body()?;
    // The library's log has no name for a call by path.
    tracing::info!("{} {}:", options.method.as_str(), options.path);
    let mut request = session
        .client
        .request(options.method, options.path)
        .retry_class(class);
    for (name, value) in options.inputs.query {
        request = request.query(name, value);
    }
    if let Some(body) = &body {
        request = request.json(body);
    }
    let data: Option<Value> = request.send().await?;
    show(app, &data.unwrap_or_default())
}

/// Shows the data of a response.
fn show(app: &App, data: &Value) -> Outcome {
    if app.out.is_json() {
        return app.out.json(data);
    }
    let text = serde_json::to_string_pretty(data).unwrap_or_default();
    app.out
        .raw(&format!("{}\n", crate::text::visible_json(&text)))
}

/// An operation by its name, with its parameters.
#[derive(Debug)]
pub struct Op {
    operation: &'static Operation,
    parameters: Vec<(&'static str, String)>,
    inputs: Inputs,
}

/// Ids of the arguments for the path, apart from all names that an operation or an option has.
const PLACES: [&str; 6] = ["path-1", "path-2", "path-3", "path-4", "path-5", "path-6"];

/// What an operation does, in a line; upstream may not say it.
fn about(operation: &Operation) -> String {
    if operation.summary.is_empty() {
        operation.to_string()
    } else {
        clean(operation.summary).into_owned()
    }
}

fn command(operation: &'static Operation) -> Command {
    let places = PLACES.into_iter().zip(operation.parameters());
    let command = Command::new(operation.name);
    let command = places.fold(command, |command, (id, name)| {
        command.arg(
            Arg::new(id)
                .required(true)
                .value_name(name)
                .help("Part of the path"),
        )
    });
    // Last: the group of options has an `about` of its own.
    Inputs::augment_args(command)
        .about(about(operation))
        .after_help(operation.to_string())
}

impl Subcommand for Op {
    fn augment_subcommands(command_: Command) -> Command {
        operations::ALL.iter().fold(command_, |all, operation| {
            all.subcommand(command(operation))
        })
    }

    fn augment_subcommands_for_update(command: Command) -> Command {
        Self::augment_subcommands(command)
    }

    fn has_subcommand(name: &str) -> bool {
        operations::ALL.iter().any(|it| it.name == name)
    }
}

impl FromArgMatches for Op {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let Some((name, matches)) = matches.subcommand() else {
            return Err(clap::Error::new(clap::error::ErrorKind::MissingSubcommand));
        };
        let Some(operation) = operations::ALL.iter().find(|it| it.name == name) else {
            return Err(clap::Error::new(clap::error::ErrorKind::InvalidSubcommand));
        };
        let parameters = PLACES
            .into_iter()
            .zip(operation.parameters())
            .map(|(id, name)| {
                let value = matches.get_one::<String>(id).cloned();
                (name, value.unwrap_or_default())
            });
        Ok(Self {
            operation,
            parameters: parameters.collect(),
            inputs: Inputs::from_arg_matches(matches)?,
        })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

/// Calls an operation.
pub(crate) async fn op(app: &App, op: Option<Op>) -> Outcome {
    let Some(Op {
        operation,
        parameters,
        inputs,
    }) = op
    else {
        return list(app);
    };
    let body = inputs.body()?;
    let session = app.session()?;
    let mut request = session.client.operation(operation);
    for (name, value) in parameters {
        request = request.parameter(name, value);
    }
    for (name, value) in inputs.query {
        request = request.query(name, value);
    }
    if let Some(body) = &body {
        request = request.json(body);
    }
    if operation.reply != Reply::Raw {
        let data: Option<Value> = request.send().await?;
        return show(app, &data.unwrap_or_default());
    }
    match request.send_raw().await? {
        RelayResponse::Json(whole) => show(app, &whole),
        RelayResponse::Events(stream) => events(app, stream).await,
    }
}

/// Shows the data of each event on a line, as it comes.
///
/// Which event is the last of an answer is for whoever knows the format to see.
async fn events(app: &App, mut stream: RelayStream) -> Outcome {
    let mut decoder = Decoder::new();
    while let Some(bytes) = stream.next_chunk().await? {
        decoder.push(&bytes);
        while let Some(frame) = decoder.next_frame() {
            let frame = frame.map_err(|error| {
                Failure::new(
                    Exit::Unknown,
                    format!("the response cannot be read: {error}"),
                )
            })?;
            // What is no JSON is a mark of the format, such as `[DONE]`.
            if let Ok(event) = serde_json::from_str::<Value>(&frame.data) {
                app.out.json(&event)?;
            }
        }
    }
    Ok(())
}

/// What repeating an operation does, in the words of the documentation.
fn class(class: RetryClass) -> &'static str {
    match class {
        RetryClass::Read => "read",
        RetryClass::Idempotent => "idempotent",
        RetryClass::Effect => "effect",
    }
}

fn list(app: &App) -> Outcome {
    let rows: Vec<Value> = operations::ALL
        .iter()
        .map(|it| {
            json!({
                "name": it.name,
                "method": it.method.as_str(),
                "path": it.path,
                "summary": it.summary,
                "topic": it.tag,
                "retry": class(it.retry),
            })
        })
        .collect();
    app.out.list(
        &["operation", "what it does", "request"],
        &rows,
        |it: &Value| {
            let text = |key: &str| it[key].as_str().unwrap_or_default();
            let tone = if text("retry") == class(RetryClass::Effect) {
                Tone::Asks
            } else {
                Tone::Plain
            };
            vec![
                Cell::toned(text("name"), tone),
                text("summary").into(),
                format!("{} {}", text("method"), text("path")).into(),
            ]
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_is_a_command_with_the_parameters_of_its_path() {
        let all = Op::augment_subcommands(Command::new("op"));
        all.clone().debug_assert();
        assert_eq!(all.get_subcommands().count(), operations::ALL.len());
        let most = operations::ALL.iter().map(|it| it.parameters().count());
        assert!(most.max().is_some_and(|most| most <= PLACES.len()));
    }
}
