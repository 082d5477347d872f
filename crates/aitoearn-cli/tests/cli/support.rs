//! Runs the command, in a folder of its own.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::{self, Receiver};

use aitoearn_mock::{Code, Fault, Sandbox, operations};

/// A folder that goes when the test ends.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("aitoearn-cli-{}-{number}", std::process::id());
        let path = std::env::temp_dir().join(name);
        fs::create_dir_all(&path).unwrap();
        let folder = Self(path);
        folder.write("clip.mp4", vec![0; 20_000]);
        folder.write("cover.png", [0; 500]);
        folder
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, bytes).unwrap();
        path
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    /// The command in this folder, which knows nothing of the machine.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_aitoearn"));
        for (name, _) in std::env::vars_os() {
            let name = name.to_string_lossy();
            let is_ours =
                name.starts_with("AITOEARN_") || name.to_ascii_lowercase().ends_with("_proxy");
            if is_ours || ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE"].contains(&&*name) {
                command.env_remove(&*name);
            }
        }
        command
            .args(arguments)
            .current_dir(&self.0)
            .env("AITOEARN_CONFIG_DIR", self.path("config"))
            .env("RUST_BACKTRACE", "full")
            .stdin(Stdio::null());
        command
    }

    /// The command against a sandbox in this process.
    pub(crate) fn against(&self, sandbox: &Sandbox, arguments: &[&str]) -> Command {
        let mut command = self.command(arguments);
        command
            .env("AITOEARN_BASE_URL", sandbox.base_url())
            .env("AITOEARN_API_KEY", sandbox.api_key());
        command
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// What a run printed, and how it ended.
pub(crate) struct Ran {
    pub(crate) out: String,
    pub(crate) err: String,
    pub(crate) code: i32,
}

pub(crate) fn ran(command: &mut Command) -> Ran {
    let output = command.output().unwrap();
    Ran {
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
        code: output.status.code().unwrap_or(-1),
    }
}

/// The words of a command as a person types them.
pub(crate) fn typed(words: &[&str]) -> String {
    let quoted: Vec<String> = words
        .iter()
        .map(|word| {
            if word.contains(' ') {
                format!("'{word}'")
            } else {
                (*word).to_owned()
            }
        })
        .collect();
    quoted.join(" ")
}

/// A sandbox with demo accounts, and word of each request that it gets.
pub(crate) fn noticing() -> (Sandbox, Receiver<()>) {
    let (tell, told) = mpsc::channel();
    let sandbox = Sandbox::builder()
        .demo_accounts()
        .on_request(move |_| {
            let _ = tell.send(());
        })
        .start()
        .unwrap();
    (sandbox, told)
}

/// Nothing at first, then one kind of trouble after the other with every operation.
pub(crate) fn troubles(sandbox: &Sandbox) -> impl Iterator<Item = ()> {
    let kinds = [
        None,
        Some(Fault::code(Code::UNAUTHORIZED)),
        Some(Fault::bad_gateway()),
        Some(Fault::truncate()),
    ];
    kinds.into_iter().map(|trouble| {
        if let Some(fault) = trouble {
            for operation in operations::ALL {
                sandbox.faults().always(operation, fault.clone());
            }
        }
    })
}

/// The lines of JSON that a run printed.
pub(crate) fn json(text: &str) -> Vec<serde_json::Value> {
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// What differs from run to run, under names.
pub(crate) fn settled(text: &str, folder: &Path) -> String {
    let text = text.replace(&*folder.to_string_lossy(), "[folder]");
    let mut shown = String::new();
    let mut word = String::new();
    for c in text.chars().chain(std::iter::once('\n')) {
        if c.is_ascii_alphanumeric() || c == '-' {
            word.push(c);
            continue;
        }
        shown += &settled_word(&word);
        word.clear();
        shown.push(c);
    }
    shown.pop();
    let mut lines = Vec::new();
    for line in shown.lines() {
        // Ports, and how long things take.
        let line = match line.split_once("127.0.0.1:") {
            Some((before, after)) => {
                let rest = after.trim_start_matches(|c: char| c.is_ascii_digit());
                format!("{before}127.0.0.1:[port]{rest}")
            }
            None => line.to_owned(),
        };
        let line = match line.strip_prefix("Waiting until ") {
            Some(rest) => format!(
                "Waiting until [moment] {}",
                rest.split_once("for").unwrap_or_default().1
            ),
            None => line,
        };
        let is_timed = line.contains(" ms");
        let words: Vec<&str> = line.split(' ').collect();
        let mut settled = words.clone();
        for (index, pair) in words.windows(2).enumerate() {
            if is_timed && pair[1].starts_with("ms") && pair[0].parse::<u32>().is_ok() {
                settled[index] = "[n]";
            }
        }
        lines.push(settled.join(" "));
    }
    lines.join("\n")
}

fn settled_word(word: &str) -> String {
    let is_hex = |text: &str| text.bytes().all(|c| c.is_ascii_hexdigit());
    let is_number = word.len() >= 15 && word.bytes().all(|c| c.is_ascii_digit());
    if word.len() == 36 && word.split('-').count() == 5 && is_hex(&word.replace('-', "")) {
        "[uuid]".to_owned()
    } else if is_number {
        "[number]".to_owned()
    } else if word.get(..24).is_some_and(is_hex) && word[24..].len() < 3 {
        format!("[id]{}", &word[24..])
    } else {
        word.to_owned()
    }
}
