//! What must not get out, and where it did.

use std::{error::Error as StdError, fmt::Debug, sync::Mutex};

use aitoearn::Error;
use aitoearn_tests::requests::PROMPT;

/// The key of all clients here.
pub(crate) const KEY: &str = "ak_Canary-Key-0123456789-abcdefghij";

/// An address to which the storage lets anybody write who has it.
pub(crate) const SIGNATURE: &str = "X-Amz-Expires=300&X-Amz-Signature=SignedForTheStorageAlone";

/// The texts that are looked for, in lower case: each a part of its secret that no longer is one
/// without it.
const CANARIES: [(&str, &str); 4] = [
    ("the key", "canary-key-0123456789"),
    (
        "a signed address of the service",
        "signedforthestoragealone",
    ),
    ("a signed address of the caller", "signedfortheservicealone"),
    ("the prompt", "lighthouse of feathers"),
];

/// What has been looked at, and what was found in it.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    looks: Mutex<usize>,
    leaks: Mutex<Vec<String>>,
}

impl Findings {
    /// Looks for all canaries; `what` says where.
    pub(crate) fn look(&self, what: &str, text: &str) {
        *self.looks.lock().expect("no panic") += 1;
        let text = text.to_lowercase();
        for (name, canary) in CANARIES {
            if let Some(at) = text.find(canary) {
                let from = text[..at].char_indices().rev().nth(100);
                let from = from.map_or(0, |(index, _)| index);
                let shown = &text[from..at + canary.len()];
                let leak = format!("{name} in {what}: …{shown}…");
                self.leaks.lock().expect("no panic").push(leak);
            }
        }
    }

    /// Looks at a value as `Debug` shows it.
    pub(crate) fn debug(&self, what: &str, value: &impl Debug) {
        self.look(what, &format!("{value:?} {value:#?}"));
    }

    /// Looks at all that an error can say: `Display`, `Debug`, and the same of what caused it.
    pub(crate) fn error(&self, what: &str, error: &(dyn StdError + 'static)) {
        let mut next = Some(error);
        while let Some(error) = next {
            self.look(what, &format!("{error} {error:?} {error:#?}"));
            next = error.source();
        }
    }

    /// The same of an error of ours, which says more.
    pub(crate) fn of_call(&self, what: &str, error: &Error) {
        assert_eq!(error.to_string().lines().count(), 1, "{what}: {error}");
        self.error(what, error);
        self.look(what, error.advice());
        self.look(what, error.request_id().unwrap_or_default());
        if let Error::Ambiguous(unknown) = error {
            self.look(what, unknown.how_to_find_out());
            self.of_call(what, unknown.cause());
        }
    }

    /// How much has been looked at.
    ///
    /// # Panics
    ///
    /// If anything was found.
    pub(crate) fn conclude(&self) -> usize {
        let mut leaks = self.leaks.lock().expect("no panic").clone();
        let all = leaks.len();
        leaks.dedup();
        leaks.truncate(30);
        assert!(all == 0, "{all} leaks:\n{}", leaks.join("\n"));
        *self.looks.lock().expect("no panic")
    }
}

/// The canaries are in the secrets that are given away.
#[test]
fn what_is_looked_for_is_there() {
    let secrets = format!(
        "{KEY} {SIGNATURE} {} {PROMPT}",
        aitoearn_tests::requests::MEDIA
    );
    for (_, canary) in CANARIES {
        assert!(secrets.to_lowercase().contains(canary), "{canary}");
    }
}
