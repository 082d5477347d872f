//! `spec-diff.toml`: what a project always wants.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::arguments::{Comparison, FailOn, Format};

/// The file that is read without being asked for.
const NAME: &str = "spec-diff.toml";

/// Settings. What the command line says has precedence.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Config {
    format: Option<Format>,
    fail_on: Option<FailOn>,
    /// Relative to the file.
    policy: Option<PathBuf>,
    #[serde(default)]
    paths: Vec<String>,
    #[serde(default)]
    tags: Vec<String>,
    grace: Option<u32>,
    /// Relative to the file.
    refs_root: Option<PathBuf>,
    #[serde(default)]
    docs: bool,
    #[serde(default)]
    all: bool,
}

impl Config {
    /// Reads the file that was named, or the one in the working directory if there is one.
    pub(crate) fn read(named: Option<&Path>) -> Result<(Self, PathBuf), String> {
        let path = named.unwrap_or(Path::new(NAME));
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if named.is_none() && error.kind() == std::io::ErrorKind::NotFound => {
                return Ok((Self::default(), PathBuf::new()));
            }
            Err(error) => return Err(format!("{}: {error}", path.display())),
        };
        let config = toml::from_str(&text).map_err(|e| {
            let line = e
                .span()
                .map_or(1, |span| text[..span.start].lines().count().max(1));
            format!("{}:{line}: {}", path.display(), e.message())
        })?;
        let folder = path.parent().map(Path::to_path_buf).unwrap_or_default();
        Ok((config, folder))
    }

    /// Fills in what the command line does not say.
    pub(crate) fn complete(self, folder: &Path, asked: &mut Comparison) {
        asked.format = asked.format.or(self.format);
        asked.fail_on = asked.fail_on.or(self.fail_on);
        if asked.policy.is_none() {
            asked.policy = self.policy.map(|policy| folder.join(policy));
        }
        if asked.refs_root.is_none() {
            asked.refs_root = self.refs_root.map(|root| folder.join(root));
        }
        if asked.paths.is_empty() {
            asked.paths = self.paths;
        }
        if asked.tag.is_empty() {
            asked.tag = self.tags;
        }
        asked.grace = asked.grace.or(self.grace);
        asked.docs |= self.docs;
        asked.all |= self.all;
    }
}
