//! A library's source as one tree: modules found, macros expanded, paths followed.

use std::collections::BTreeMap;

use quote::ToTokens as _;
use syn::{Attribute, ImplItem, Item, UseTree, Visibility};

use crate::macros::expand;
use crate::{read, root};

/// A library's items by module path, `""` for its root; macros are expanded.
#[derive(Default)]
pub(crate) struct Library {
    pub(crate) modules: BTreeMap<String, Vec<Item>>,
    macros: BTreeMap<String, proc_macro2::TokenStream>,
}

impl Library {
    pub(crate) fn read(package: &str) -> Self {
        let mut library = Self::default();
        // The other crates call these, too.
        let shared = syn::parse_file(&read("crates/aitoearn-api/src/open.rs")).expect("Rust");
        library.items("", "", shared.items);
        library.modules.clear();
        let source = format!("crates/{package}/src");
        library.file(&source, &format!("{source}/lib.rs"), "");
        // Macros are known only now: they may stand behind their calls.
        let modules = std::mem::take(&mut library.modules);
        for (path, items) in modules {
            let items = items
                .into_iter()
                .flat_map(|item| library.expanded(item))
                .collect();
            library.modules.insert(path, items);
        }
        library
    }

    fn file(&mut self, directory: &str, file: &str, path: &str) {
        let parsed = syn::parse_file(&read(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
        self.items(directory, path, parsed.items);
    }

    fn items(&mut self, directory: &str, path: &str, items: Vec<Item>) {
        let mut kept = Vec::new();
        for item in items {
            match item {
                Item::Mod(module) if is_left_out(&module.attrs) => {}
                Item::Mod(module) => {
                    let name = module.ident.to_string();
                    let inner = if path.is_empty() {
                        name.clone()
                    } else {
                        format!("{path}::{name}")
                    };
                    let below = format!("{directory}/{name}");
                    // The low level's generated items have inventories of their own.
                    if name == "generated" && directory == "crates/aitoearn-api/src" {
                        continue;
                    }
                    match module.content.clone() {
                        Some((_, items)) => self.items(&below, &inner, items),
                        None if root().join(format!("{below}.rs")).exists() => {
                            self.file(&below, &format!("{below}.rs"), &inner);
                        }
                        None => self.file(&below, &format!("{below}/mod.rs"), &inner),
                    }
                    kept.push(Item::Mod(module));
                }
                Item::Macro(item) if item.ident.is_some() => {
                    let name = item
                        .ident
                        .as_ref()
                        .map(ToString::to_string)
                        .unwrap_or_default();
                    self.macros.insert(name, item.mac.tokens.clone());
                    kept.push(Item::Macro(item));
                }
                item => kept.push(item),
            }
        }
        self.modules.insert(path.to_owned(), kept);
    }

    fn expanded(&self, item: Item) -> Vec<Item> {
        match item {
            Item::Macro(call) if call.ident.is_none() => {
                let Some(made) = self.call(&call.mac) else {
                    return vec![Item::Macro(call)];
                };
                let file: syn::File = syn::parse2(made).expect("a macro makes items");
                file.items
                    .into_iter()
                    .flat_map(|item| self.expanded(item))
                    .collect()
            }
            Item::Impl(mut block) => {
                let items = std::mem::take(&mut block.items);
                for item in items {
                    match item {
                        ImplItem::Macro(call) => {
                            let made = self.call(&call.mac).unwrap_or_default();
                            let made: syn::ItemImpl =
                                syn::parse2(quote::quote! { impl X { #made } })
                                    .expect("impl items");
                            block.items.extend(made.items);
                        }
                        item => block.items.push(item),
                    }
                }
                vec![Item::Impl(block)]
            }
            item => vec![item],
        }
    }

    fn call(&self, call: &syn::Macro) -> Option<proc_macro2::TokenStream> {
        let name = call.path.segments.last()?.ident.to_string();
        expand(self.macros.get(&name)?, call.tokens.clone())
    }

    /// The module that a path leads to, seen from another one.
    pub(crate) fn resolve_module(&self, module: &str, path: &str) -> Option<String> {
        let mut here = module.to_owned();
        for (index, step) in path.split("::").enumerate() {
            here = match step {
                "crate" if index == 0 => String::new(),
                "self" if index == 0 => here,
                "super" => here
                    .rsplit_once("::")
                    .map_or(String::new(), |(outer, _)| outer.to_owned()),
                step => format!("{here}::{step}")
                    .trim_start_matches("::")
                    .to_owned(),
            };
        }
        self.modules.contains_key(&here).then_some(here)
    }

    /// The item that a path leads to, across re-exports, with the module it stands in.
    pub(crate) fn find(&self, module: &str, path: &str) -> Option<(String, &Item)> {
        let (outer, name) = path.rsplit_once("::").unwrap_or(("self", path));
        let home = self.resolve_module(module, outer)?;
        let items = self.modules.get(&home)?;
        if let Some(item) = items
            .iter()
            .find(|item| public_name(item).as_deref() == Some(name))
        {
            return Some((home, item));
        }
        let mut found = Vec::new();
        for item in items {
            if let Item::Use(item) = item {
                named(&item.tree, "", name, &mut found);
            }
        }
        found.iter().find_map(|path| self.find(&home, path))
    }

    /// Whether a type named in a module is this item: the nearest one of the name is meant.
    pub(crate) fn is_of(&self, home: &str, ty: &syn::Type, (module, name): (&str, &str)) -> bool {
        let syn::Type::Path(path) = ty else {
            return false;
        };
        let path: Vec<String> = path
            .path
            .segments
            .iter()
            .map(|step| step.ident.to_string())
            .collect();
        if path.last().is_none_or(|last| last != name) {
            return false;
        }
        let items = |module: &str| self.modules.get(module).into_iter().flatten();
        let here = items(home).any(|item| item_name(item).as_deref() == Some(name));
        if here || path.len() > 1 {
            return home == module || !here;
        }
        true
    }
}

/// The paths by which a `use` brings a name in.
fn named(tree: &UseTree, path: &str, name: &str, found: &mut Vec<String>) {
    let join = |next: &dyn ToString| {
        format!("{path}::{}", next.to_string())
            .trim_start_matches("::")
            .to_owned()
    };
    match tree {
        UseTree::Path(next) => named(&next.tree, &join(&next.ident), name, found),
        UseTree::Group(group) => {
            for tree in &group.items {
                named(tree, path, name, found);
            }
        }
        UseTree::Name(last) if last.ident == name => found.push(join(&last.ident)),
        UseTree::Rename(last) if last.rename == name => found.push(join(&last.ident)),
        UseTree::Glob(_) => found.push(join(&name)),
        _ => {}
    }
}

pub(crate) fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

pub(crate) fn has(attributes: &[Attribute], name: &str) -> bool {
    attributes
        .iter()
        .any(|attribute| attribute.path().is_ident(name))
}

/// Tests, and what is hidden from the docs.
pub(crate) fn is_left_out(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let text = attribute.meta.to_token_stream().to_string();
        text.contains("cfg (test)")
            || text.contains("doc (hidden)")
            || text.contains("cfg (doctest)")
    })
}

/// The name of an item, whoever sees it.
pub(crate) fn item_name(item: &Item) -> Option<String> {
    Some(match item {
        Item::Struct(item) => item.ident.to_string(),
        Item::Enum(item) => item.ident.to_string(),
        Item::Trait(item) => item.ident.to_string(),
        Item::Type(item) => item.ident.to_string(),
        _ => return public_name(item),
    })
}

pub(crate) fn public_name(item: &Item) -> Option<String> {
    let (visibility, name) = match item {
        Item::Struct(item) => (&item.vis, &item.ident),
        Item::Enum(item) => (&item.vis, &item.ident),
        Item::Trait(item) => (&item.vis, &item.ident),
        Item::Type(item) => (&item.vis, &item.ident),
        Item::Const(item) => (&item.vis, &item.ident),
        Item::Static(item) => (&item.vis, &item.ident),
        Item::Fn(item) => (&item.vis, &item.sig.ident),
        Item::Mod(item) => (&item.vis, &item.ident),
        _ => return None,
    };
    is_public(visibility).then(|| name.to_string())
}
