//! Work that takes a while: each look finds it one step further.

use std::collections::VecDeque;

/// How far a piece of work has come.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Progress {
    /// Not done yet, looked at this often.
    Waiting(u32),
    Done,
    /// With the reason, in words.
    Failed(String),
}

/// How the pieces of work of one kind get on.
#[derive(Debug)]
pub(crate) struct Pace {
    /// Looks that still find a piece unfinished; `None`: it never finishes.
    pub(crate) pending_polls: Option<u32>,
    /// The next pieces to finish fail instead, with these words.
    pub(crate) failures: VecDeque<String>,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            pending_polls: Some(2),
            failures: VecDeque::new(),
        }
    }
}

impl Pace {
    /// One look; whether it found something new.
    pub(crate) fn step(&mut self, progress: &mut Progress) -> bool {
        let Progress::Waiting(looks) = progress else {
            return false;
        };
        *looks = looks.saturating_add(1);
        if self.pending_polls.is_some_and(|pending| *looks > pending) {
            *progress = match self.failures.pop_front() {
                Some(message) => Progress::Failed(message),
                None => Progress::Done,
            };
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_looks_in_vain_then_done_then_nothing_new() {
        let mut pace = Pace::default();
        let mut progress = Progress::Waiting(0);
        assert!(pace.step(&mut progress) && pace.step(&mut progress));
        assert_eq!(progress, Progress::Waiting(2));
        assert!(pace.step(&mut progress));
        assert_eq!(progress, Progress::Done);
        assert!(!pace.step(&mut progress));

        pace.failures.push_back("no".to_owned());
        pace.pending_polls = Some(0);
        let mut progress = Progress::Waiting(0);
        pace.step(&mut progress);
        assert_eq!(progress, Progress::Failed("no".to_owned()));
    }
}
