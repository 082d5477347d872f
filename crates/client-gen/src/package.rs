//! A whole crate around the generated code: manifest, runtime, root and README.

use std::collections::BTreeMap;
use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use heck::{ToKebabCase as _, ToSnakeCase as _};
use serde_json::Value;
use spec_diff::escape::markdown;

use crate::emit::{literal, mark};
use crate::generate::{Destination, Generated, io};
use crate::problem::{Problem, Result};
use crate::rules::{Envelope, Rules};

/// The name of a crate whose document has no title to make one of.
const FALLBACK: &str = "api-client";
/// The longest name that is made of a title.
const LONGEST: usize = 40;

/// The runtime's files, as they are beside this crate's sources.
const RUNTIME: [(&str, &str); 11] = [
    ("mod.rs", include_str!("../runtime/mod.rs")),
    ("change.rs", include_str!("../runtime/change.rs")),
    ("client.rs", include_str!("../runtime/client.rs")),
    ("open.rs", include_str!("../runtime/open.rs")),
    ("operation.rs", include_str!("../runtime/operation.rs")),
    ("parts.rs", include_str!("../runtime/parts.rs")),
    ("readers.rs", include_str!("../runtime/readers.rs")),
    ("receive.rs", include_str!("../runtime/receive.rs")),
    ("send.rs", include_str!("../runtime/send.rs")),
    ("timestamp.rs", include_str!("../runtime/timestamp.rs")),
    ("tolerant.rs", include_str!("../runtime/tolerant.rs")),
];
const ENVELOPE: &str = include_str!("../runtime/envelope.rs");

/// What a crate is called and what its document says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About {
    /// The crate's name, in kebab-case.
    pub name: String,
    /// The document's title, on one line.
    pub title: String,
    /// The document's first server, if it names one by a whole URL.
    pub server: Option<String>,
}

impl About {
    /// Reads a lowered document.
    ///
    /// # Errors
    ///
    /// Text that is not JSON.
    pub fn of(lowered: &str) -> Result<Self> {
        let document = serde_json::from_str(lowered).map_err(|error| {
            let fix = "report this as a bug of client-gen";
            Problem::new("lowered.openapi.json", error.to_string(), fix)
        })?;
        Ok(Self::of_value(&document))
    }

    fn of_value(document: &Value) -> Self {
        let text = |value: &Value| {
            let words = value.as_str().unwrap_or_default().split_whitespace();
            words.collect::<Vec<_>>().join(" ")
        };
        let title = text(&document["info"]["title"]);
        let server = text(&document["servers"][0]["url"]);
        let is_plain = |c: char| c.is_ascii_alphanumeric() || "-._~:/".contains(c);
        Self {
            name: package_name(&title),
            title,
            server: Some(server)
                .filter(|url| url.starts_with("https://") && url.chars().all(is_plain)),
        }
    }
}

/// A crate's name: ASCII words, which begin with a letter and are no keyword.
fn package_name(title: &str) -> String {
    let ascii: String = title
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { ' ' })
        .collect();
    let mut name = String::new();
    for word in ascii.to_kebab_case().split('-') {
        if name.len() + word.len() >= LONGEST {
            break;
        }
        if !name.is_empty() {
            name.push('-');
        }
        name.push_str(word);
    }
    if is_package_name(&name) {
        name
    } else {
        FALLBACK.to_owned()
    }
}

/// Whether a crate may be called so.
pub fn is_package_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
        && !name.ends_with('-')
        && !["core", "std", "alloc", "test", "proc-macro"].contains(&name)
        && crate::names::is_identifier(&name.to_snake_case())
}

/// Writes a crate into a directory; returns the files written or removed.
///
/// What is in `src/generated` and `src/runtime` is written anew each time. `Cargo.toml`,
/// `README.md` and `src/lib.rs` are written if they are not there: they are the maintainer's.
///
/// # Errors
///
/// Files that somebody else wrote in the place of generated ones, or a directory that cannot be
/// written; then nothing was.
pub fn write(
    directory: &Path,
    generated: &Generated,
    about: &About,
    rules: &Rules,
) -> Result<Vec<PathBuf>> {
    let runtime = runtime(directory, generated, rules);
    let mut written = destination(directory).write_with(generated, runtime)?;
    for (name, text) in [
        ("Cargo.toml", manifest(about)),
        ("README.md", readme(about, generated)),
        ("src/lib.rs", root(rules)),
    ] {
        let path = directory.join(name);
        let mut options = OpenOptions::new();
        match options.write(true).create_new(true).open(&path) {
            Ok(mut file) => {
                file.write_all(text.as_bytes())
                    .map_err(|error| io(&path, &error))?;
                written.push(path);
            }
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(io(&path, &error).into()),
        }
    }
    Ok(written)
}

/// How the generated files of a crate differ from those in the directory, as a unified diff; empty
/// if they do not.
pub fn diff(directory: &Path, generated: &Generated, rules: &Rules) -> String {
    let runtime = runtime(directory, generated, rules);
    destination(directory).diff_with(generated, runtime)
}

fn destination(directory: &Path) -> Destination {
    Destination {
        code: directory.join("src/generated"),
        requests: None,
        documents: directory.to_owned(),
        examples: None,
        described: None,
    }
}

fn runtime(directory: &Path, generated: &Generated, rules: &Rules) -> BTreeMap<PathBuf, String> {
    let runtime = directory.join("src/runtime");
    runtime_files(rules, &generated.command)
        .into_iter()
        .map(|(name, text)| (runtime.join(name), text))
        .collect()
}

fn runtime_files(rules: &Rules, command: &str) -> BTreeMap<&'static str, String> {
    let headed = |text: &str| format!("{}. Do not edit.\n\n{text}", mark(command));
    let mut files: BTreeMap<&str, String> = RUNTIME
        .into_iter()
        .map(|(name, text)| (name, headed(text)))
        .collect();
    if let Some(rule) = &rules.envelope {
        files.insert("envelope.rs", headed(&envelope(rule)));
        if let Some(module) = files.get_mut("mod.rs") {
            *module = module
                .replace("mod client;\n", "mod client;\nmod envelope;\n")
                .replace(
                    "pub use operation::",
                    "pub use envelope::Envelope;\npub use operation::",
                );
        }
    }
    files
}

/// The runtime's envelope with the fields of this one.
fn envelope(rule: &Envelope) -> String {
    ENVELOPE
        .replace("\"CODE\"", &literal(&rule.code))
        .replace("\"MESSAGE\"", &literal(&rule.message))
        .replace("\"DATA\"", &literal(&rule.data))
        .replace("987_654_321", &rule.success.to_string())
}

fn manifest(about: &About) -> String {
    let description = Value::from(format!("A client for {}.", about.title));
    format!(
        r#"[package]
name = "{}"
description = {}
version = "0.1.0"
edition = "2024"
rust-version = "1.88"

[features]
default = ["rustls"]
# TLS: exactly one of these. With none, only plain HTTP is spoken.
rustls = ["reqwest/rustls"]
native-tls = ["reqwest/native-tls"]
# `JsonSchema` for every type.
schemars = ["dep:schemars"]

[dependencies]
bytes = "1.10"
http-body = "1.0"
# Must match the generator.
progenitor-client = "=0.15.1"
reqwest = {{ version = "0.13.5", default-features = false, features = ["form", "json", "query", "stream"] }}
schemars = {{ version = "1.2", default-features = false, features = ["derive", "std"], optional = true }}
serde = {{ version = "1.0.228", features = ["derive"] }}
serde_json = "1.0.150"
"#,
        about.name,
        // A JSON string without control characters is a TOML string.
        description
    )
}

fn root(rules: &Rules) -> String {
    let envelope = if rules.envelope.is_some() {
        "Envelope, "
    } else {
        ""
    };
    format!(
        r#"#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

#[allow(
    unused_imports,
    unreachable_pub,
    deprecated,
    clippy::all,
    clippy::pedantic,
    reason = "written by a generator"
)]
mod generated;
#[allow(dead_code, reason = "not every document needs all of it")]
mod runtime;

pub use generated::client::{{ByteStream, Client, Error, ResponseValue}};
pub use generated::{{operations, types}};
pub use runtime::{{
    Auth, Change, Code, Context, Credential, {envelope}Method, Operation, Reply, RetryClass, TimeoutClass,
    Timestamp, Upload, failure, http_client_builder, tolerant,
}};

/// What generated code and macros name.
#[doc(hidden)]
pub mod __private {{
    pub use crate::runtime::private::*;
}}
"#
    )
}

fn readme(about: &About, generated: &Generated) -> String {
    let server = about.server.as_deref().unwrap_or("https://api.example.com");
    let krate = about.name.to_snake_case();
    let call = generated.first_call().map_or_else(String::new, |call| {
        format!(
            "let response = client.{call}.await?;\nprintln!(\"{{:?}}\", response.into_inner());\n"
        )
    });
    format!(
        "# {name}\n\n\
         A client for {title}, with {operations} operations.\n\n\
         ```rust,no_run\n\
         # async fn example() -> Result<(), Box<dyn std::error::Error>> {{\n\
         let credential = std::env::var(\"API_KEY\").ok().map(Into::into);\n\
         let client = {krate}::Client::new({server}, credential)?;\n\
         {call}\
         # let _ = client;\n\
         # Ok(())\n\
         # }}\n\
         ```\n\n\
         Each operation is a method of `Client`; what is optional is in one `…Params` value. Enums keep\n\
         values that this version does not know. The credential goes only where an operation wants it, and\n\
         redirects are not followed.\n",
        name = about.name,
        title = markdown(&about.title),
        operations = generated.operations,
        server = literal(server),
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_crate_is_called_after_its_title_if_that_makes_a_name() {
        for (title, name) in [
            ("Pet Clinic", "pet-clinic"),
            ("  Größe & more v2\n", "gr-e-more-v2"),
            ("宠物", FALLBACK),
            ("3D models", FALLBACK),
            ("std", FALLBACK),
            ("type", FALLBACK),
            ("\"; evil = \"", "evil"),
        ] {
            assert_eq!(package_name(title), name, "{title}");
        }
        assert!(package_name(&"many words ".repeat(20)).len() <= LONGEST);
    }

    #[test]
    fn a_server_is_a_whole_and_harmless_url() {
        let of =
            |url: &str| About::of_value(&json!({ "info": {}, "servers": [{ "url": url }] })).server;
        assert_eq!(
            of("https://a.example/v1").as_deref(),
            Some("https://a.example/v1")
        );
        for url in [
            "/v1",
            "http://a.example",
            "https://{region}.a.example",
            "https://a\"b",
        ] {
            assert_eq!(of(url), None, "{url}");
        }
    }

    #[test]
    fn an_envelope_has_the_fields_of_its_rule() {
        let rule = Envelope {
            code: "status".to_owned(),
            message: "te\"xt".to_owned(),
            data: "result".to_owned(),
            success: 200,
            more: Vec::new(),
        };
        let code = envelope(&rule);
        for words in [
            "rename = \"status\"",
            "rename = \"te\\\"xt\"",
            "code != 200",
            "rename = \"result\"",
        ] {
            assert!(code.contains(words), "{words}: {code}");
        }
        syn::parse_file(&code).unwrap();
    }
}
