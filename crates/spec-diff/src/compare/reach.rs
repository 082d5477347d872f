//! Which operations reach which unit, and as what.
//!
//! Units and their edges form a graph with cycles. Only the part that leads to a change matters; its strongly
//! connected components share one set of operations, and sets flow once along the edges between them.

use std::sync::Arc;

use super::{Comparison, SITES, Sites};

/// Indices of operations, sorted.
pub(super) type Set = Arc<[u32]>;

/// For each unit with changes and each site, who reaches it.
pub(super) struct Reached {
    sets: Vec<[Option<Set>; SITES]>,
    /// Whether sets were cut short.
    pub(super) cut: bool,
}

/// Members of sets that are gone through before further sets are cut short: documents can be made so that each of
/// many units is reached by other operations, and then the whole answer does not fit any memory.
const MAX_WORK: usize = 200_000_000;
/// What is left of a set then.
const CUT: usize = 64;

impl Reached {
    pub(super) fn sets(&self, unit: usize) -> &[Option<Set>; SITES] {
        &self.sets[unit]
    }
}

/// A node of the graph is a unit in one site.
type Vertex = usize;

const UNSEEN: usize = usize::MAX;

impl Comparison<'_> {
    pub(super) fn reached(&self) -> Reached {
        let vertices = self.units.len() * SITES;
        let next = self.successors();
        let useful = self.useful(&next);
        let groups = groups(vertices, &next, &useful);
        let mut pending: Vec<Vec<Set>> = vec![Vec::new(); groups.count];
        let mut direct: Vec<Vec<u32>> = vec![Vec::new(); groups.count];
        for &(operation, unit, site) in &self.uses {
            for (s, each) in Sites::EACH.into_iter().enumerate() {
                let vertex = unit * SITES + s;
                if site.has(each) && useful[vertex] {
                    direct[groups.of[vertex]].push(u32::try_from(operation).unwrap_or(u32::MAX));
                }
            }
        }
        let mut members: Vec<Vec<Vertex>> = vec![Vec::new(); groups.count];
        for vertex in (0..vertices).filter(|v| useful[*v]) {
            members[groups.of[vertex]].push(vertex);
        }
        let mut sets: Vec<[Option<Set>; SITES]> = vec![[const { None }; SITES]; self.units.len()];
        // Groups are numbered from the ends of the graph backwards, so users have the larger numbers.
        let mut work = 0;
        for group in (0..groups.count).rev() {
            let (mine, mut incoming) = (
                std::mem::take(&mut direct[group]),
                std::mem::take(&mut pending[group]),
            );
            work += incoming.iter().map(|set| set.len()).sum::<usize>();
            if work > MAX_WORK {
                incoming
                    .iter_mut()
                    .filter(|set| set.len() > CUT)
                    .for_each(|set| *set = set[..CUT].into());
            }
            let set = union(&mine, &incoming, self.operations.len());
            if set.is_empty() {
                continue;
            }
            for &vertex in &members[group] {
                if self.units[vertex / SITES].matters() {
                    sets[vertex / SITES][vertex % SITES] = Some(Arc::clone(&set));
                }
                for &to in next[vertex].iter().filter(|to| useful[**to]) {
                    let target = groups.of[to];
                    let known = pending[target]
                        .last()
                        .is_some_and(|last| Arc::ptr_eq(last, &set));
                    if target != group && !known {
                        pending[target].push(Arc::clone(&set));
                    }
                }
            }
        }
        Reached {
            sets,
            cut: work > MAX_WORK,
        }
    }

    fn successors(&self) -> Vec<Vec<Vertex>> {
        let mut next = vec![Vec::new(); self.units.len() * SITES];
        for (index, unit) in self.units.iter().enumerate() {
            for edge in &unit.edges {
                for (s, each) in Sites::EACH.into_iter().enumerate() {
                    let there = each.written(edge.way);
                    let place = Sites::EACH
                        .into_iter()
                        .position(|site| site == there)
                        .unwrap_or(s);
                    if !edge.muted.has(each) {
                        next[index * SITES + s].push(edge.to * SITES + place);
                    }
                }
            }
        }
        for list in &mut next {
            list.sort_unstable();
            list.dedup();
        }
        next
    }

    /// Vertices with a change, or that lead to one.
    fn useful(&self, next: &[Vec<Vertex>]) -> Vec<bool> {
        let mut before: Vec<Vec<Vertex>> = vec![Vec::new(); next.len()];
        for (from, list) in next.iter().enumerate() {
            for &to in list {
                before[to].push(from);
            }
        }
        let mut useful = vec![false; next.len()];
        let changed = self
            .units
            .iter()
            .enumerate()
            .filter(|(_, unit)| unit.matters());
        let mut waiting: Vec<Vertex> = changed
            .flat_map(|(i, _)| i * SITES..(i + 1) * SITES)
            .collect();
        while let Some(vertex) = waiting.pop() {
            if !std::mem::replace(&mut useful[vertex], true) {
                waiting.extend(&before[vertex]);
            }
        }
        useful
    }
}

struct Groups {
    of: Vec<usize>,
    count: usize,
}

/// Strongly connected components by Tarjan's algorithm, with a stack of its own in place of recursion.
fn groups(vertices: usize, next: &[Vec<Vertex>], useful: &[bool]) -> Groups {
    let mut order = vec![UNSEEN; vertices];
    let mut low = vec![0; vertices];
    let mut of = vec![UNSEEN; vertices];
    let mut open: Vec<Vertex> = Vec::new();
    let mut path: Vec<(Vertex, usize)> = Vec::new();
    let mut clock = 0;
    let mut count = 0;
    for start in (0..vertices).filter(|v| useful[*v]) {
        if order[start] == UNSEEN {
            path.push((start, 0));
        }
        while let Some((vertex, edge)) = path.pop() {
            if edge == 0 {
                order[vertex] = clock;
                low[vertex] = clock;
                clock += 1;
                open.push(vertex);
            }
            let mut at = edge;
            let mut deeper = None;
            while let Some(&to) = next[vertex].get(at) {
                at += 1;
                if !useful[to] {
                    continue;
                }
                if order[to] == UNSEEN {
                    deeper = Some(to);
                    break;
                }
                if of[to] == UNSEEN {
                    low[vertex] = low[vertex].min(order[to]);
                }
            }
            if let Some(to) = deeper {
                path.push((vertex, at));
                path.push((to, 0));
                continue;
            }
            if low[vertex] == order[vertex] {
                while let Some(member) = open.pop() {
                    of[member] = count;
                    if member == vertex {
                        break;
                    }
                }
                count += 1;
            }
            if let Some(&(parent, _)) = path.last() {
                low[parent] = low[parent].min(low[vertex]);
            }
        }
    }
    Groups { of, count }
}

/// All members, once each and sorted.
pub(super) fn union(direct: &[u32], incoming: &[Set], operations: usize) -> Set {
    if let (true, [only]) = (direct.is_empty(), incoming) {
        return Arc::clone(only);
    }
    let total = direct.len() + incoming.iter().map(|set| set.len()).sum::<usize>();
    let all = direct
        .iter()
        .copied()
        .chain(incoming.iter().flat_map(|set| set.iter().copied()));
    if total > operations / 8 {
        let mut seen = vec![false; operations];
        all.for_each(|index| seen[index as usize] = true);
        let indices = (0u32..)
            .zip(seen)
            .filter(|(_, seen)| *seen)
            .map(|(index, _)| index);
        return indices.collect();
    }
    let mut list: Vec<u32> = all.collect();
    list.sort_unstable();
    list.dedup();
    list.into()
}
