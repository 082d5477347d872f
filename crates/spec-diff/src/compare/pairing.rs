//! Which of the new things is which of the old ones, by a key: in time that grows with their number only.

use std::collections::{HashMap, VecDeque};
use std::hash::Hash;

/// Two lists, taken apart.
#[derive(Debug)]
pub(super) struct Paired<T> {
    pub(super) both: Vec<(T, T)>,
    /// Only in the old list.
    pub(super) gone: Vec<T>,
    /// Only in the new list.
    pub(super) come: Vec<T>,
}

/// Pairs what has the same key, the first with the first; what has no key stays alone.
pub(super) fn paired<T: Clone, K: Eq + Hash>(
    old: Vec<T>,
    new: Vec<T>,
    key_of_old: impl Fn(&T) -> Option<K>,
    key_of_new: impl Fn(&T) -> Option<K>,
) -> Paired<T> {
    let mut places: HashMap<K, VecDeque<usize>> = HashMap::new();
    for (place, key) in new.iter().map(key_of_new).enumerate() {
        if let Some(key) = key {
            places.entry(key).or_default().push_back(place);
        }
    }
    let mut taken = vec![false; new.len()];
    let (mut both, mut gone) = (Vec::new(), Vec::new());
    for thing in old {
        let found = key_of_old(&thing).and_then(|key| places.get_mut(&key)?.pop_front());
        match found {
            Some(place) => {
                taken[place] = true;
                both.push((thing, new[place].clone()));
            }
            None => gone.push(thing),
        }
    }
    let come = new
        .into_iter()
        .zip(taken)
        .filter(|(_, taken)| !taken)
        .map(|(thing, _)| thing)
        .collect();
    Paired { both, gone, come }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_by_key_and_keeps_order() {
        let key = |n: &i32| (*n > 0).then_some(n % 10);
        let done = paired(vec![1, 12, -1, 3, 11], vec![22, -1, 21, 4], key, key);
        assert_eq!(done.both, [(1, 21), (12, 22)]);
        assert_eq!(done.gone, [-1, 3, 11]);
        assert_eq!(done.come, [-1, 4]);
    }
}
