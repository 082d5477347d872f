//! Where keys are kept: a file that only its owner may read.

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
}

type Keys = BTreeMap<String, String>;

fn file(store: &Store) -> PathBuf {
    store.folder.join("keys.toml")
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
    keys.insert(name.to_owned(), key.to_owned());
    write(store, &keys)?;
    Ok(Place::File(file(store)))
}

/// The key of this name, if there is one.
pub(super) fn find(store: &Store, name: &str) -> Outcome<Option<String>> {
    Ok(read(store)?.remove(name))
}

/// Forgets a key; `false` if there was none.
pub(super) fn forget(store: &Store, name: &str) -> Outcome<bool> {
    let mut keys = read(store)?;
    let was_there = keys.remove(name).is_some();
    if was_there {
        write(store, &keys)?;
    }
    Ok(was_there)
}
