//! Where keys are kept: the system's keychain if there is one, else a file that only its owner
//! may read.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use crate::failure::{Failure, Outcome};

use super::Store;

/// Where a key was put.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Place {
    /// A file, in clear, that only its owner may read.
    File(PathBuf),
    /// The system's keychain.
    Keychain,
}

type Keys = BTreeMap<String, String>;

fn file(store: &Store) -> PathBuf {
    store.folder.join("keys.toml")
}

/// A profile's name in the keychain, apart from those of other folders.
fn entry(store: &Store, name: &str) -> String {
    format!("{name} in {}", store.folder.display())
}

fn read(store: &Store) -> Outcome<Keys> {
    let file = file(store);
    match fs::read_to_string(&file) {
        // The error of the reader would show the line, and so the key.
        Ok(text) => toml::from_str(&text).map_err(|_| {
            Failure::usage(format!("`{}` is no file of keys", file.display()))
                .advise("Delete it, then log in again.")
        }),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Keys::new()),
        Err(error) => Err(Failure::io(
            format!("`{}` cannot be read", file.display()),
            &error,
        )),
    }
}

fn write(store: &Store, keys: &Keys) -> Outcome {
    let text = toml::to_string(keys).map_err(|_| Failure::usage("the key cannot be written"))?;
    store.replace(&file(store), &text)
}

/// Keeps a key.
pub(super) fn keep(store: &Store, name: &str, key: &str) -> Outcome<Place> {
    let mut keys = read(store)?;
    if keychain::keep(&entry(store, name), key) {
        // One that an earlier login left in clear.
        if keys.remove(name).is_some() {
            write(store, &keys)?;
        }
        return Ok(Place::Keychain);
    }
    keys.insert(name.to_owned(), key.to_owned());
    write(store, &keys)?;
    Ok(Place::File(file(store)))
}

/// The key of this name, if there is one.
pub(super) fn find(store: &Store, name: &str) -> Outcome<Option<String>> {
    let in_file = read(store)?.remove(name);
    Ok(in_file.or_else(|| keychain::find(&entry(store, name))))
}

/// Forgets a key; `false` if there was none.
pub(super) fn forget(store: &Store, name: &str) -> Outcome<bool> {
    let mut keys = read(store)?;
    let was_there = keys.remove(name).is_some();
    if was_there {
        write(store, &keys)?;
    }
    Ok(keychain::forget(&entry(store, name)) || was_there)
}

/// The system's keychain, with the feature `keyring`. A failure, such as no keychain at all on a
/// server, leaves it to the file.
#[cfg(feature = "keyring")]
mod keychain {
    use keyring::v1::Entry;

    const SERVICE: &str = "aitoearn";

    pub(super) fn keep(name: &str, key: &str) -> bool {
        let kept = Entry::new(SERVICE, name).and_then(|entry| {
            entry.set_password(key)?;
            entry.get_password()
        });
        // Some take everything and keep nothing.
        kept.is_ok_and(|kept| kept == key)
    }

    pub(super) fn find(name: &str) -> Option<String> {
        Entry::new(SERVICE, name).ok()?.get_password().ok()
    }

    pub(super) fn forget(name: &str) -> bool {
        Entry::new(SERVICE, name).is_ok_and(|entry| entry.delete_credential().is_ok())
    }
}

/// Without the feature there is no keychain.
#[cfg(not(feature = "keyring"))]
mod keychain {
    pub(super) fn keep(_: &str, _: &str) -> bool {
        false
    }

    pub(super) fn find(_: &str) -> Option<String> {
        None
    }

    pub(super) fn forget(_: &str) -> bool {
        false
    }
}
