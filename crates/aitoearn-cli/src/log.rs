//! `-v`: a line per request on standard error. The library records no query, body or header.

use std::fmt::{self, Write as _};
use std::io::Write as _;
use std::time::Instant;

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};
use tracing_subscriber::registry::LookupSpan;

use crate::text::clean;

/// Begins to log: at 1 a line per call, at 2 failed attempts, at 3 everything of the library.
pub(crate) fn start(verbose: u8) {
    let level = match verbose {
        0 => return,
        1 => Level::INFO,
        2 => Level::DEBUG,
        _ => Level::TRACE,
    };
    let subscriber = tracing_subscriber::registry().with(Calls { level });
    // Fails only if there is one already, and then that one logs.
    let _ = tracing::subscriber::set_global_default(subscriber);
}

/// Writes spans of calls when they end, and events when they happen.
struct Calls {
    level: Level,
}

/// What is known of a span so far.
struct Call {
    begun: Instant,
    fields: Fields,
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Calls {
    fn enabled(&self, metadata: &Metadata<'_>, _: Context<'_, S>) -> bool {
        // Other crates write to their logs what they like; ours is known to hold no secret.
        metadata.target().starts_with("aitoearn") && *metadata.level() <= self.level
    }

    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let mut fields = Fields::default();
        attributes.record(&mut fields);
        if let Some(span) = context.span(id) {
            span.extensions_mut().insert(Call {
                begun: Instant::now(),
                fields,
            });
        }
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        if let Some(span) = context.span(id)
            && let Some(call) = span.extensions_mut().get_mut::<Call>()
        {
            values.record(&mut call.fields);
        }
    }

    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut fields = Fields::default();
        event.record(&mut fields);
        let rest: Vec<String> = fields
            .0
            .iter()
            .filter(|(name, _)| *name != "message")
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let message = fields.get("message").unwrap_or_default();
        say(&format!("{message} {}", rest.join(" ")));
    }

    fn on_close(&self, id: Id, context: Context<'_, S>) {
        let Some(span) = context.span(&id) else {
            return;
        };
        let extensions = span.extensions();
        let Some(Call { begun, fields }) = extensions.get::<Call>() else {
            return;
        };
        let mut line = String::new();
        for name in [
            "http.request.method",
            "url.template",
            "http.response.status_code",
        ] {
            if let Some(value) = fields.get(name) {
                let _ = write!(line, "{value} ");
            }
        }
        let _ = write!(line, "{} ms", begun.elapsed().as_millis());
        for (name, word) in [
            ("aitoearn.code", "code"),
            ("error.type", "error"),
            ("http.request.resend_count", "repeated"),
            ("aitoearn.mended", "mended"),
            ("aitoearn.request_id", "request"),
        ] {
            match fields.get(name) {
                Some("0") | None => {}
                Some(value) => {
                    let _ = write!(line, ", {word} {value}");
                }
            }
        }
        say(&line);
    }
}

fn say(line: &str) {
    let mut err = anstream::AutoStream::auto(std::io::stderr().lock());
    let faint = anstyle::Style::new().dimmed();
    // A log that cannot be written is no reason to stop.
    let _ = writeln!(err, "{faint}{}{faint:#}", clean(line.trim_end()));
}

/// Fields in the order they came, each once.
#[derive(Default)]
struct Fields(Vec<(&'static str, String)>);

impl Fields {
    fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| value.as_str())
    }

    fn set(&mut self, field: &Field, value: String) {
        let name = field.name();
        self.0.retain(|(known, _)| *known != name);
        self.0.push((name, value));
    }
}

impl Visit for Fields {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.set(field, value.to_owned());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.set(field, format!("{value:?}"));
    }
}
