//! What is the same thing under another name.

use std::collections::{BTreeMap, BTreeSet};

use super::fit::Misfit;
use super::surface::{Item, Surface, endpoint, last};

/// Items that are the same thing under another name, old path to new path.
#[derive(Debug, Default)]
pub(crate) struct Renames {
    /// Proven: same shape and no other candidate, or the same endpoint.
    pub(crate) paths: BTreeMap<String, String>,
}

impl Renames {
    /// What is provably the same thing in both surfaces.
    pub(crate) fn of(base: &Surface, revision: &Surface) -> Self {
        let mut renames = Self::default();
        renames.find_methods(base, revision);
        // A renamed type changes the shape of those that mention it, so inner types come first.
        while renames.find_types(base, revision) {}
        renames
    }

    /// Those whose new name was given by hand, in an entry that fits the newer side only: the older
    /// side would have had that name as well, had its own entry still been there.
    pub(crate) fn given(&self, set_aside: &[Misfit]) -> Self {
        let is_given = |path: &str| {
            set_aside.iter().any(|misfit| match misfit {
                Misfit::Name { table, name, .. } => match table.as_str() {
                    "operations" => {
                        path == format!("Client::{name}")
                            || path == format!("operations::{}", name.to_ascii_uppercase())
                    }
                    "types" => path == format!("types::{name}"),
                    _ => false,
                },
                _ => false,
            })
        };
        let paths = self.paths.iter().filter(|(_, new)| is_given(new));
        Self {
            paths: paths.map(|(old, new)| (old.clone(), new.clone())).collect(),
        }
    }

    /// The older surface by these new names.
    pub(crate) fn relabel(&self, surface: &Surface) -> Surface {
        let items = surface.items.iter().map(|(path, item)| {
            let path = self.paths.get(path).unwrap_or(path);
            (path.clone(), self.translate(item))
        });
        Surface {
            items: items.collect(),
        }
    }

    fn find_methods(&mut self, base: &Surface, revision: &Surface) {
        for (old, operation) in base.operations() {
            let place = endpoint(operation);
            let mut same = revision
                .operations()
                .filter(|(_, other)| endpoint(other) == place)
                .map(|(name, _)| name);
            if let (Some(new), None) = (same.next(), same.next())
                && new != old
            {
                self.paths
                    .insert(format!("Client::{old}"), format!("Client::{new}"));
                self.paths.insert(
                    format!("operations::{}", old.to_ascii_uppercase()),
                    format!("operations::{}", new.to_ascii_uppercase()),
                );
            }
        }
    }

    fn find_types(&mut self, base: &Surface, revision: &Surface) -> bool {
        let is_type = |path: &&String| path.starts_with("types::");
        let taken: BTreeSet<&String> = self.paths.values().collect();
        let gone: Vec<&String> = base
            .items
            .keys()
            .filter(is_type)
            .filter(|path| !revision.items.contains_key(*path) && !self.paths.contains_key(*path))
            .collect();
        let new: Vec<&String> = revision
            .items
            .keys()
            .filter(is_type)
            .filter(|path| !base.items.contains_key(*path) && !taken.contains(path))
            .collect();
        let mut found = Vec::new();
        for old in &gone {
            let shape = self.translate(&base.items[*old]);
            let candidates = |shape: &Item, pool: &[&String], of: &Surface| -> Vec<String> {
                pool.iter()
                    .filter(|path| &of.items[**path] == shape)
                    .map(|path| (*path).clone())
                    .collect()
            };
            if let [only] = candidates(&shape, &new, revision).as_slice() {
                let rivals = gone
                    .iter()
                    .filter(|rival| self.translate(&base.items[**rival]) == shape)
                    .count();
                if rivals == 1 && !is_empty(&shape) {
                    found.push(((*old).clone(), only.clone()));
                }
            }
        }
        let any = !found.is_empty();
        self.paths.extend(found);
        any
    }

    /// An old item with the new names of what it mentions.
    pub(crate) fn translate(&self, item: &Item) -> Item {
        match item {
            Item::Struct(item) => {
                let mut item = item.clone();
                for field in item.fields.values_mut() {
                    field.ty = self.type_name(&field.ty);
                }
                Item::Struct(item)
            }
            Item::Enum(item) => {
                let mut item = item.clone();
                for carried in item.variants.values_mut() {
                    *carried = self.type_name(carried);
                }
                Item::Enum(item)
            }
            Item::Method(item) => {
                let mut item = item.clone();
                for (_, ty) in &mut item.arguments {
                    *ty = self.type_name(ty);
                }
                item.output = self.type_name(&item.output);
                Item::Method(item)
            }
            Item::Operation(fields) => Item::Operation(fields.clone()),
        }
    }

    /// A type with the new names of what it mentions.
    pub(crate) fn type_name(&self, ty: &str) -> String {
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        let mut out = String::with_capacity(ty.len());
        let mut rest = ty;
        while let Some(start) = rest.find(is_word) {
            out.push_str(&rest[..start]);
            let word = &rest[start..];
            let end = word.find(|c| !is_word(c)).unwrap_or(word.len());
            // A path into another module is none of our types.
            let new = self
                .paths
                .get(&format!("types::{}", &word[..end]))
                .filter(|_| !out.ends_with("::"));
            out.push_str(new.map_or(&word[..end], |path| last(path)));
            rest = &word[end..];
        }
        out + rest
    }
}

/// A shape that says too little to tell two things apart.
fn is_empty(item: &Item) -> bool {
    match item {
        Item::Struct(item) => item.fields.len() < 2,
        Item::Enum(item) => item.variants.len() < 2,
        _ => false,
    }
}

/// Types that took another one's place in a field while that one is still there: old and new path.
pub(crate) fn splits(
    base: &Surface,
    revision: &Surface,
    renames: &Renames,
) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for (path, old) in &base.items {
        let new = revision.items.get(renames.paths.get(path).unwrap_or(path));
        let (Item::Struct(old), Some(Item::Struct(new))) = (old, new) else {
            continue;
        };
        for (name, was) in &old.fields {
            let Some(is) = new.fields.get(name) else {
                continue;
            };
            let (was, is) = (word(&was.ty), word(&is.ty));
            let pair = (format!("types::{was}"), format!("types::{is}"));
            if was != is
                && base.items.contains_key(&pair.0)
                && revision.items.contains_key(&pair.1)
                && !base.items.contains_key(&pair.1)
                && !renames.paths.contains_key(&pair.0)
                && !found.contains(&pair)
            {
                found.push(pair);
            }
        }
    }
    found
}

/// The innermost type of a field.
fn word(ty: &str) -> &str {
    ty.trim_end_matches('>').rsplit('<').next().unwrap_or(ty)
}
