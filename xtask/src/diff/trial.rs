//! Proposals are tried before they are printed: each is pasted, and both sides are generated with it.

use std::collections::BTreeSet;

use super::finding::Finding;
use super::fit::{Fitted, Misfit, fit};
use super::side::{Beside, OVERLAY, Side};
use super::wire::{self, Levels};

/// Where the actions of an overlay begin.
const HEAD: &str = "actions:\n";

/// Takes the remedies away that do not do what they promise: that do not generate, on either side,
/// or leave the change as it is.
pub(crate) fn keep_what_works(
    findings: &mut [Finding],
    (base, revision): (&Side, &Side),
    levels: &Levels,
) {
    let proposals: Vec<usize> = findings
        .iter()
        .enumerate()
        .filter(|(_, finding)| finding.remedy.as_ref().is_some_and(|it| it.file == OVERLAY))
        .map(|(index, _)| index)
        .collect();
    if proposals.is_empty() {
        return;
    }
    let good = working(&proposals, &mut |some| {
        let actions: String = some.iter().map(|index| text(&findings[*index])).collect();
        generate(&actions, base, revision)
    });
    let actions: String = good.iter().map(|index| text(&findings[*index])).collect();
    let left = generate(&actions, base, revision)
        .map(|(was, is)| remaining(&was, &is, levels))
        .unwrap_or_default();
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

/// Takes all proposals away that would have to be tried.
pub(crate) fn forget(findings: &mut [Finding]) {
    for finding in findings {
        if finding.remedy.as_ref().is_some_and(|it| it.file == OVERLAY) {
            finding.remedy = None;
            "do first what generation needs; what restores this is printed then"
                .clone_into(&mut finding.todo);
        }
    }
}

fn text(finding: &Finding) -> &str {
    finding.remedy.as_ref().map_or("", |remedy| &remedy.text)
}

/// Those of `all` that pass `trial` together: all at once first, and halves only if that fails.
fn working<T>(all: &[usize], trial: &mut impl FnMut(&[usize]) -> Option<T>) -> BTreeSet<usize> {
    if all.is_empty() {
        return BTreeSet::new();
    }
    if trial(all).is_some() {
        return all.iter().copied().collect();
    }
    if all.len() == 1 {
        return BTreeSet::new();
    }
    let (left, right) = all.split_at(all.len() / 2);
    let (left, right) = (working(left, trial), working(right, trial));
    let both: Vec<usize> = left.iter().chain(&right).copied().collect();
    // Each half may work and both together not: then the first half is what is proposed.
    if left.is_empty() || right.is_empty() || trial(&both).is_some() {
        both.into_iter().collect()
    } else {
        left
    }
}

/// Both sides with these actions, if both generate and no action is without a target on the newer.
fn generate(actions: &str, base: &Side, revision: &Side) -> Option<(Fitted, Fitted)> {
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
    if !revision.beside.overlay.contains(HEAD) {
        return None;
    }
    let (base, revision) = (with(base), with(revision));
    let (was, is) = std::thread::scope(|scope| {
        let was = scope.spawn(|| fit(&base));
        let is = fit(&revision);
        (was.join(), is)
    });
    let was = was.ok()?;
    let misses = |misfit: &Misfit| match misfit {
        Misfit::Action { text, .. } => actions.contains(text.trim()),
        _ => false,
    };
    let fine = was.generated.is_some() && is.generated.is_some() && !is.misfits.iter().any(misses);
    fine.then_some((was, is))
}

/// The fingerprints of what still differs.
fn remaining(was: &Fitted, is: &Fitted, levels: &Levels) -> BTreeSet<String> {
    wire::truth(was, is, levels)
        .map(|report| {
            report
                .findings()
                .iter()
                .map(|f| f.fingerprint.clone())
                .collect()
        })
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bad_proposal_is_found_among_good_ones() {
        let mut trials = 0;
        let mut trial = |some: &[usize]| {
            trials += 1;
            (!some.contains(&5)).then_some(())
        };
        let all: Vec<usize> = (0..8).collect();
        assert_eq!(
            working(&all, &mut trial),
            BTreeSet::from([0, 1, 2, 3, 4, 6, 7])
        );
        assert!(trials < 12, "{trials}");
        assert_eq!(working(&[1, 2], &mut |_| Some(())), BTreeSet::from([1, 2]));
        assert!(working::<()>(&[1], &mut |_| None).is_empty());
    }
}
