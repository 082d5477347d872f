//! Stable rustfmt over a string.

use std::io::Write as _;
use std::process::{Command, Stdio};

use crate::problem::{Problem, Result};

pub(crate) fn format(code: &str, file: &str) -> Result<String> {
    let failed = |what: String| {
        Problem::new(
            file,
            what,
            "install rustfmt (`rustup component add rustfmt`); if it is there, report this as a bug of client-gen",
        )
    };
    let mut child = Command::new("rustfmt")
        .args([
            "--edition",
            "2024",
            "--emit",
            "stdout",
            "--config",
            "reorder_modules=true",
        ])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| failed(format!("cannot run rustfmt: {error}")))?;
    let mut input = child
        .stdin
        .take()
        .ok_or_else(|| failed("rustfmt has no input".to_owned()))?;
    let code = code.to_owned();
    // From a thread of its own: rustfmt may write before it has read all.
    let writer = std::thread::spawn(move || input.write_all(code.as_bytes()));
    let output = child
        .wait_with_output()
        .map_err(|error| failed(format!("rustfmt did not finish: {error}")))?;
    let written = writer.join().is_ok_and(|result| result.is_ok());
    if !output.status.success() || !written {
        return Err(failed(format!(
            "rustfmt refuses the generated code: {}",
            String::from_utf8_lossy(&output.stderr).trim()
        ))
        .into());
    }
    String::from_utf8(output.stdout).map_err(|_| failed("rustfmt wrote no UTF-8".to_owned()).into())
}
