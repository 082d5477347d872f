//! Proposals are tried before they are printed: each is pasted, and both sides are generated with it.

use std::collections::BTreeSet;

use super::finding::Finding;
use super::fit::{self, Fitted, Misfit};
use super::side::{Beside, OVERLAY, Side};
use super::wire::{self, Levels, document};

/// Where the actions of an overlay begin.
const HEAD: &str = "actions:\n";

/// Trials of one comparison, each a generation: what is not decided by then is not proposed.
const MOST: usize = 40;

/// What proposals are tried on.
pub(crate) struct Trial<'a> {
    /// The older side, with what came of it.
    pub(crate) base: (&'a Side, &'a Fitted),
    /// The newer side.
    pub(crate) revision: &'a Side,
    /// The levels of the contract's rules.
    pub(crate) levels: &'a Levels,
}

impl Trial<'_> {
    /// Takes the remedies away that do not do what they promise: that do not generate, on either
    /// side, or leave the change as it is.
    pub(crate) fn keep_what_works(&self, findings: &mut [Finding]) {
        let proposals: Vec<usize> = findings
            .iter()
            .enumerate()
            .filter(|(_, finding)| is_action(finding))
            .map(|(index, _)| index)
            .collect();
        if proposals.is_empty() {
            return;
        }
        let mut last = None;
        let mut trials = 0;
        let good = working(&proposals, &mut |some| {
            trials += 1;
            if trials > MOST {
                return false;
            }
            let left = self.left(&text(findings, some));
            let works = left.is_some();
            if let Some(left) = left {
                last = Some((some.to_vec(), left));
            }
            works
        });
        let good: Vec<usize> = proposals
            .iter()
            .copied()
            .filter(|it| good.contains(it))
            .collect();
        let left = match last {
            Some((some, left)) if some == good => left,
            _ => self.left(&text(findings, &good)).unwrap_or_default(),
        };
        for index in proposals {
            let finding = &mut findings[index];
            if !good.contains(&index) || left.contains(&finding.fingerprint) {
                finding.remedy = None;
                if finding.impact.fails() {
                    "check a real answer: if the service has not changed, correct the overlay by hand; no single action was found that restores this"
                        .clone_into(&mut finding.todo);
                }
            }
        }
    }

    /// The fingerprints of what still differs with these actions; `None` if a side does not
    /// generate with them, or one of them matches nothing.
    fn left(&self, actions: &str) -> Option<BTreeSet<String>> {
        let with = |side: &Side| Side {
            beside: Beside {
                overlay: side
                    .beside
                    .overlay
                    .replacen(HEAD, &format!("{HEAD}{actions}"), 1),
                ..side.beside.clone()
            },
            ..side.clone()
        };
        if !self.revision.beside.overlay.contains(HEAD) {
            return None;
        }
        let (side, was) = self.base;
        let side = with(side);
        // What restores the older document changes nothing in it: then it generates as before.
        let is_same = fit::seen(&side).is_some_and(|seen| was.overlaid.as_ref() == Some(&seen));
        if !is_same && fit::fit(&side).generated.is_none() {
            return None;
        }
        let is = fit::fit(&with(self.revision));
        let misses = is.misfits.iter().any(|misfit| match misfit {
            Misfit::Action { text, .. } => actions.contains(text.trim()),
            _ => false,
        });
        if is.generated.is_none() || misses {
            return None;
        }
        let old = document(was.overlaid.as_ref()?, &was.name).ok()?;
        let new = document(is.overlaid.as_ref()?, &is.name).ok()?;
        let report = wire::compare(&old, &new, self.levels);
        Some(
            report
                .findings()
                .iter()
                .map(|f| f.fingerprint.clone())
                .collect(),
        )
    }
}

/// Takes all proposals away that would have to be tried.
pub(crate) fn forget(findings: &mut [Finding]) {
    for finding in findings {
        if is_action(finding) {
            finding.remedy = None;
            "do first what generation needs; what restores this is printed then"
                .clone_into(&mut finding.todo);
        }
    }
}

fn is_action(finding: &Finding) -> bool {
    finding
        .remedy
        .as_ref()
        .is_some_and(|remedy| remedy.file == OVERLAY)
}

fn text(findings: &[Finding], some: &[usize]) -> String {
    let remedies = some
        .iter()
        .filter_map(|index| findings[*index].remedy.as_ref());
    remedies.map(|remedy| remedy.text.as_str()).collect()
}

/// Those of `all` that pass `trial` together: all at once first, and halves only if that fails.
fn working(all: &[usize], trial: &mut impl FnMut(&[usize]) -> bool) -> BTreeSet<usize> {
    if all.is_empty() {
        return BTreeSet::new();
    }
    if trial(all) {
        return all.iter().copied().collect();
    }
    if all.len() == 1 {
        return BTreeSet::new();
    }
    let (left, right) = all.split_at(all.len() / 2);
    let (left, right) = (working(left, trial), working(right, trial));
    let both: Vec<usize> = left.iter().chain(&right).copied().collect();
    // Each half may work and both together not: then the first half is what is proposed.
    if left.is_empty() || right.is_empty() || trial(&both) {
        both.into_iter().collect()
    } else {
        left
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bad_proposal_is_found_among_good_ones() {
        let mut trials = 0;
        let mut trial = |some: &[usize]| {
            trials += 1;
            !some.contains(&5)
        };
        let all: Vec<usize> = (0..8).collect();
        assert_eq!(
            working(&all, &mut trial),
            BTreeSet::from([0, 1, 2, 3, 4, 6, 7])
        );
        assert!(trials < 12, "{trials}");
        assert_eq!(working(&[1, 2], &mut |_| true), BTreeSet::from([1, 2]));
        assert!(working(&[1], &mut |_| false).is_empty());
    }
}
