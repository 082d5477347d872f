//! The record of what was uploaded, by which uploading resumes: a line of JSON for each file.

use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

use aitoearn::types::Asset;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::failure::{Failure, Outcome};

/// What makes an upload the same: the same bytes, for the same purpose, at the same server.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(super) struct Key {
    sha256: String,
    kind: String,
    server: String,
}

impl Key {
    /// Of a file as it is now.
    pub(super) fn of(path: &Path, kind: &str, server: &str) -> Outcome<Self> {
        let unreadable =
            |error| Failure::usage(format!("`{}` cannot be read: {error}", path.display()));
        let mut file = File::open(path).map_err(unreadable)?;
        let mut hash = Sha256::new();
        let mut piece = vec![0; 64 * 1024];
        loop {
            match file.read(&mut piece).map_err(unreadable)? {
                0 => break,
                length => hash.update(&piece[..length]),
            }
        }
        Ok(Self {
            sha256: format!("{:x}", hash.finalize()),
            kind: kind.to_owned(),
            server: server.to_owned(),
        })
    }
}

#[derive(Serialize, Deserialize)]
struct Line {
    #[serde(flatten)]
    key: Key,
    asset: Asset,
}

/// What was uploaded in earlier runs and in this one.
#[derive(Debug)]
pub(super) struct Record {
    path: PathBuf,
    file: File,
    done: HashMap<Key, Asset>,
}

impl Record {
    /// Reads what is there, if anything.
    pub(super) fn open(path: &Path) -> Outcome<Self> {
        let failed =
            |error| Failure::usage(format!("`{}` cannot be used: {error}", path.display()));
        let mut file = OpenOptions::new()
            .read(true)
            .append(true)
            .create(true)
            .open(path)
            .map_err(failed)?;
        let mut text = String::new();
        file.read_to_string(&mut text).map_err(failed)?;
        let mut done = HashMap::new();
        for (number, line) in (1..).zip(text.split_inclusive('\n')) {
            match serde_json::from_str::<Line>(line) {
                Ok(Line { key, asset }) => drop(done.insert(key, asset)),
                // A run that was killed while it wrote: that file is uploaded again.
                Err(_) if !line.ends_with('\n') => {
                    let whole = text.len() - line.len();
                    file.set_len(whole as u64).map_err(failed)?;
                }
                Err(_) if line.trim().is_empty() => {}
                Err(error) => {
                    let problem = format!(
                        "line {number} of the record `{}` is none of this command: {error}",
                        path.display()
                    );
                    return Err(Failure::usage(problem).advise("Name another file."));
                }
            }
        }
        Ok(Self {
            path: path.to_owned(),
            file,
            done,
        })
    }

    /// What an earlier run has uploaded.
    pub(super) fn find(&self, key: &Key) -> Option<&Asset> {
        self.done.get(key)
    }

    /// Adds what was uploaded.
    pub(super) fn add(&mut self, key: Key, asset: &Asset) -> Outcome {
        let line = Line {
            key,
            asset: asset.clone(),
        };
        let written = serde_json::to_string(&line)
            .map_err(std::io::Error::from)
            .and_then(|text| writeln!(self.file, "{text}"));
        written.map_err(|error| {
            Failure::io(
                format!("`{}` cannot be written", self.path.display()),
                &error,
            )
        })?;
        self.done.insert(line.key, line.asset);
        Ok(())
    }
}
