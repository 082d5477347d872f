//! Where a new document comes from.

use std::io::Read as _;
use std::path::Path;
use std::process::{Command, Stdio};

use client_gen::problem::{Problem, Result};
use client_gen::reader;
use spec_diff::escape::visible;

use crate::diff::side::{SOURCE, read};

/// Reads a file, standard input, or what a URL answers.
pub(super) fn document(root: &Path, from: &str) -> Result<String> {
    match from {
        "-" => reader::stream(std::io::stdin().lock(), "standard input"),
        "upstream" => download(&upstream(root)?),
        url if url.contains("://") => download(url),
        file if !Path::new(file).exists() => Err(Problem::new(
            file,
            "there is no such file",
            "name a file, `-` for standard input, an https URL, or `upstream`",
        )
        .into()),
        file => reader::file(Path::new(file)),
    }
}

/// The URL that `source.toml` names.
fn upstream(root: &Path) -> Result<String> {
    let text = read(root, SOURCE)?;
    let table: toml::Table = reader::toml(&text)
        .map_err(|error| Problem::new(SOURCE, error, "mend the syntax at the line it names"))?;
    table
        .get("upstream")
        .or_else(|| table.get("english"))
        .and_then(toml::Value::as_str)
        .map(ToOwned::to_owned)
        .ok_or_else(|| {
            Problem::new(
                SOURCE,
                "it names no URL",
                "add `upstream = \"https://…\"`, or give the URL on the command line",
            )
            .into()
        })
}

/// Fetches one address, and reports what came.
fn download(url: &str) -> Result<String> {
    let bytes = fetch(url, reader::MAX_BYTES)?;
    eprintln!(
        "fetched {}: {} bytes, sha256 {}",
        visible(url),
        bytes.len(),
        super::source::sha256(&bytes)
    );
    reader::text(bytes, url)
}

/// How often an answer may send on to another place of the same server.
const REDIRECTS: usize = 5;

/// What an address answers, up to a limit of bytes.
fn fetch(url: &str, limit: usize) -> Result<Vec<u8>> {
    let origin = origin(url)?;
    let mut url = url.to_owned();
    for _ in 0..=REDIRECTS {
        match ask(&url, limit)? {
            Answer::Document(bytes) => return Ok(bytes),
            Answer::Elsewhere(next) if self::origin(&next)? == origin => url = next,
            Answer::Elsewhere(next) => {
                return Err(Problem::new(
                    url,
                    format!("it sends on to another server: {next}"),
                    "if you trust that one, give its address",
                )
                .into());
            }
        }
    }
    Err(Problem::new(
        url,
        format!("it sends on more than {REDIRECTS} times"),
        "look at it by hand",
    )
    .into())
}

/// Scheme, host and port of an address that may be fetched.
fn origin(url: &str) -> Result<String> {
    let refused = |what: &str| {
        Problem::new(
            url,
            what,
            "give an https URL, or download the document yourself and give the file",
        )
    };
    if !url
        .chars()
        .all(|c| c.is_ascii_graphic() && !"\\\"<>^`".contains(c))
    {
        return Err(refused("it has characters that no URL has").into());
    }
    let lower = url.to_ascii_lowercase();
    let (is_secure, rest) = match (
        lower.strip_prefix("https://"),
        lower.strip_prefix("http://"),
    ) {
        (Some(rest), _) => (true, rest),
        (None, Some(rest)) => (false, rest),
        (None, None) => return Err(refused("this is no https URL").into()),
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if authority.is_empty() || authority.contains(['@', '{', '}', '%', ',']) {
        return Err(refused("its host is not a plain one").into());
    }
    let host = authority
        .rsplit_once(':')
        .map_or(authority, |(host, port)| {
            if port.bytes().all(|byte| byte.is_ascii_digit()) {
                host
            } else {
                authority
            }
        });
    let is_loopback = host == "localhost"
        || host == "[::1]"
        || host
            .parse::<std::net::Ipv4Addr>()
            .is_ok_and(|address| address.is_loopback());
    if !is_secure && !is_loopback {
        return Err(refused("this is no https URL").into());
    }
    Ok(format!(
        "{}://{authority}",
        if is_secure { "https" } else { "http" }
    ))
}

enum Answer {
    Document(Vec<u8>),
    Elsewhere(String),
}

/// Asks once. curl follows nothing, expands nothing and reads no settings; how much is read is
/// counted here, for an answer in chunks says nothing of its size.
fn ask(url: &str, limit: usize) -> Result<Answer> {
    let failed = |what: String| {
        Problem::new(
            url,
            what,
            "check the URL and the network; nothing was written",
        )
    };
    let mut curl = Command::new("curl")
        // Has to be the first.
        .arg("-q")
        .args(["--globoff", "--silent", "--show-error"])
        .args(["--proto", "=http,https", "--max-time", "60"])
        .args(["--write-out", "\n%{http_code} %{redirect_url}"])
        .args(["--", url])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| {
            Problem::new(
                "curl",
                error.to_string(),
                "install curl, or download the document yourself and give the file",
            )
        })?;
    let mut bytes = Vec::new();
    // Room for what curl writes behind the answer.
    let budget = limit as u64 + 16 * 1024;
    let read = curl
        .stdout
        .take()
        .map_or(Ok(0), |out| out.take(budget).read_to_end(&mut bytes));
    let is_too_large = bytes.len() as u64 == budget;
    if is_too_large {
        // It may have ended by now.
        let _ = curl.kill();
    }
    let output = curl
        .wait_with_output()
        .map_err(|error| failed(error.to_string()))?;
    read.map_err(|error| failed(error.to_string()))?;
    if !is_too_large && !output.status.success() {
        return Err(failed(String::from_utf8_lossy(&output.stderr).trim().to_owned()).into());
    }
    let end = bytes
        .iter()
        .rposition(|byte| *byte == b'\n')
        .unwrap_or_default();
    if is_too_large || end > limit {
        return Err(Problem::new(
            url,
            format!("the answer has more than {limit} bytes"),
            "no API description is that large: look at it by hand",
        )
        .into());
    }
    let told = String::from_utf8_lossy(&bytes[end..]).trim().to_owned();
    let (status, next) = told.split_once(' ').unwrap_or((&told, ""));
    match (status, next) {
        ("200", _) => {
            bytes.truncate(end);
            Ok(Answer::Document(bytes))
        }
        (_, next) if status.starts_with('3') && !next.is_empty() => {
            Ok(Answer::Elsewhere(next.to_owned()))
        }
        _ => Err(failed(format!("the server answered {status}")).into()),
    }
}

#[cfg(test)]
mod tests;
