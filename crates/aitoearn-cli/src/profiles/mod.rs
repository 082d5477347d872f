//! What `login` keeps: profiles with their servers, and apart from them the keys.

mod keys;

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::failure::{Failure, Outcome};

pub use self::keys::Place;

/// The profile that is used if none is named.
pub const USUAL: &str = "default";

/// All profiles.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Profiles {
    /// The one that is used if none is named: the last one that logged in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub current: Option<String>,
    /// By their names.
    #[serde(default)]
    pub profile: BTreeMap<String, Profile>,
}

/// One profile: the server that its key is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// Where the API is served. The key goes nowhere else.
    pub server: String,
}

/// The folder with everything that the program keeps.
#[derive(Debug, Clone)]
pub struct Store {
    folder: PathBuf,
}

impl Store {
    /// The folder of this user: `AITOEARN_CONFIG_DIR`, or `aitoearn` in the usual place.
    ///
    /// # Errors
    /// If there is no home.
    pub fn of_user() -> Outcome<Self> {
        let variable = |name: &str| {
            std::env::var_os(name)
                .filter(|it| !it.is_empty())
                .map(PathBuf::from)
        };
        let usual = if cfg!(windows) {
            variable("APPDATA")
        } else {
            variable("XDG_CONFIG_HOME")
                .or_else(|| variable("HOME").map(|home| home.join(".config")))
        };
        let folder =
            variable("AITOEARN_CONFIG_DIR").or_else(|| usual.map(|it| it.join("aitoearn")));
        folder.map(|folder| Self { folder }).ok_or_else(|| {
            Failure::usage("there is no home folder to keep profiles in")
                .advise("Set AITOEARN_CONFIG_DIR, or do without profiles: AITOEARN_API_KEY and AITOEARN_SITE.")
        })
    }

    /// Where profiles and keys are.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    fn profiles_file(&self) -> PathBuf {
        self.folder.join("profiles.toml")
    }

    /// The profiles; none if nothing was kept yet.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn profiles(&self) -> Outcome<Profiles> {
        let file = self.profiles_file();
        match fs::read_to_string(&file) {
            Ok(text) => toml::from_str(&text).map_err(|error| {
                // Its text may hold anything; the place is enough.
                let at = error
                    .span()
                    .map(|span| format!(" at byte {}", span.start))
                    .unwrap_or_default();
                Failure::usage(format!("`{}` is no file of profiles{at}", file.display()))
                    .advise("Correct or delete it, then log in again.")
            }),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Profiles::default()),
            Err(error) => Err(Failure::io(
                format!("`{}` cannot be read", file.display()),
                &error,
            )),
        }
    }

    /// Keeps a profile and its key, and makes it the current one.
    ///
    /// # Errors
    /// If something cannot be written.
    pub fn keep(&self, name: &str, profile: Profile, key: &str) -> Outcome<Place> {
        let mut profiles = self.profiles()?;
        let place = keys::keep(self, name, key)?;
        profiles.profile.insert(name.to_owned(), profile);
        profiles.current = Some(name.to_owned());
        self.write(&profiles)?;
        Ok(place)
    }

    /// Forgets a profile and its key; `false` if there was none.
    ///
    /// # Errors
    /// If something cannot be written.
    pub fn forget(&self, name: &str) -> Outcome<bool> {
        let mut profiles = self.profiles()?;
        // First the key: without its profile nobody would find it again.
        let had_key = keys::forget(self, name)?;
        let was_there = profiles.profile.remove(name).is_some();
        if profiles.current.as_deref() == Some(name) {
            profiles.current = profiles.profile.keys().next().cloned();
        }
        if was_there {
            self.write(&profiles)?;
        }
        Ok(was_there || had_key)
    }

    /// The key of a profile, if there is one.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn key(&self, name: &str) -> Outcome<Option<String>> {
        keys::find(self, name)
    }

    fn write(&self, profiles: &Profiles) -> Outcome {
        let text = toml::to_string(profiles)
            .map_err(|error| Failure::usage(format!("the profiles cannot be written: {error}")))?;
        self.replace(&self.profiles_file(), &text)
    }

    /// Writes a file that only its owner reads, as a whole or not at all.
    fn replace(&self, file: &Path, text: &str) -> Outcome {
        let failed = |error| Failure::io(format!("`{}` cannot be written", file.display()), &error);
        private_folder(&self.folder).map_err(failed)?;
        let new = file.with_extension(format!("new-{}", std::process::id()));
        let written = private_file(&new)
            .and_then(|mut it| it.write_all(text.as_bytes()).and_then(|()| it.sync_all()))
            .and_then(|()| fs::rename(&new, file));
        if written.is_err() {
            let _ = fs::remove_file(&new);
        }
        written.map_err(failed)
    }
}

#[cfg(unix)]
fn private_folder(folder: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;

    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
}

#[cfg(unix)]
fn private_file(file: &Path) -> std::io::Result<fs::File> {
    use std::os::unix::fs::OpenOptionsExt as _;

    // New, so that nobody else has it open already.
    let _ = fs::remove_file(file);
    fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(file)
}

#[cfg(not(unix))]
fn private_folder(folder: &Path) -> std::io::Result<()> {
    fs::create_dir_all(folder)
}

#[cfg(not(unix))]
fn private_file(file: &Path) -> std::io::Result<fs::File> {
    let _ = fs::remove_file(file);
    fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kept_found_and_forgotten() {
        let folder =
            std::env::temp_dir().join(format!("aitoearn-cli-profiles-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        let store = Store {
            folder: folder.clone(),
        };
        assert!(store.profiles().unwrap().profile.is_empty());
        let profile = Profile {
            server: "https://example.org".to_owned(),
        };
        store.keep("one", profile.clone(), "ak_one").unwrap();
        store.keep("two", profile.clone(), "ak_two").unwrap();
        assert_eq!(store.profiles().unwrap().current.as_deref(), Some("two"));
        assert_eq!(store.profiles().unwrap().profile["one"], profile);
        assert_eq!(store.key("one").unwrap().as_deref(), Some("ak_one"));
        assert!(
            !fs::read_to_string(store.profiles_file())
                .unwrap()
                .contains("ak_")
        );
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            for file in fs::read_dir(&folder).unwrap() {
                let mode = file.unwrap().metadata().unwrap().permissions().mode();
                assert_eq!(mode & 0o077, 0);
            }
        }
        assert!(store.forget("two").unwrap());
        assert!(!store.forget("two").unwrap());
        assert_eq!(store.profiles().unwrap().current.as_deref(), Some("one"));
        assert_eq!(store.key("two").unwrap(), None);
        fs::remove_dir_all(folder).unwrap();
    }
}
