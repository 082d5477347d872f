//! The public items of the crates written by hand, as their users see them.
//!
//! Read from the source by `syn`: re-exports are followed and our own macros expanded. It sees
//! names, signatures, fields, variants, derives and impls; it cannot see auto traits (`Send`),
//! what a generic impl covers, or a change inside a type of another crate.

use std::collections::BTreeSet;

use syn::{Attribute, Fields, ImplItem, Item, TraitItem, UseTree};

use crate::assert_inventory;
use crate::library::{Library, has, is_left_out, is_public, public_name};
use crate::surface::tidy;

#[test]
fn public_items_of_aitoearn() {
    check("aitoearn");
}

#[test]
fn public_items_of_aitoearn_api() {
    check("aitoearn-api");
}

#[test]
fn public_items_of_aitoearn_mock() {
    check("aitoearn-mock");
}

fn check(package: &str) {
    let library = Library::read(package);
    let mut lines = BTreeSet::new();
    library.module("", &package.replace('-', "_"), &mut lines);
    let mut inventory: Vec<String> = lines.into_iter().collect();
    // What belongs to a type stands with it, whatever kind it is of.
    let name = format!("{}::", package.replace('-', "_"));
    inventory.sort_by_key(|line| line[line.find(&name).unwrap_or(0)..].to_owned());
    assert_inventory(
        &format!("public_{}", package.replace('-', "_")),
        &format!("what users of {package} see"),
        &(inventory.join("\n") + "\n"),
    );
}

impl Library {
    /// Everything public of a module, under the path by which users name it.
    fn module(&self, module: &str, shown: &str, lines: &mut BTreeSet<String>) {
        for item in self.modules.get(module).into_iter().flatten() {
            match item {
                Item::Use(item) if is_public(&item.vis) && !is_left_out(&item.attrs) => {
                    self.uses(module, &item.tree, "", shown, lines);
                }
                Item::Macro(item)
                    if has(&item.attrs, "macro_export") && !is_left_out(&item.attrs) =>
                {
                    let name = item.ident.as_ref().map(ToString::to_string);
                    lines.insert(format!("{shown}::{}!", name.unwrap_or_default()));
                }
                item => {
                    if let Some(name) = public_name(item) {
                        self.item(module, item, &format!("{shown}::{name}"), lines);
                    }
                }
            }
        }
    }

    fn uses(
        &self,
        module: &str,
        tree: &UseTree,
        path: &str,
        shown: &str,
        lines: &mut BTreeSet<String>,
    ) {
        let join = |name: &dyn ToString| {
            format!("{path}::{}", name.to_string())
                .trim_start_matches("::")
                .to_owned()
        };
        match tree {
            UseTree::Path(next) => self.uses(module, &next.tree, &join(&next.ident), shown, lines),
            UseTree::Group(group) => {
                for tree in &group.items {
                    self.uses(module, tree, path, shown, lines);
                }
            }
            UseTree::Name(name) => self.reexport(
                module,
                &join(&name.ident),
                &name.ident.to_string(),
                shown,
                lines,
            ),
            UseTree::Rename(name) => self.reexport(
                module,
                &join(&name.ident),
                &name.rename.to_string(),
                shown,
                lines,
            ),
            UseTree::Glob(_) => match self.resolve_module(module, path) {
                Some(target) => self.module(&target, shown, lines),
                None => {
                    lines.insert(format!("{shown}::* = {path}::*"));
                }
            },
        }
    }

    fn reexport(
        &self,
        module: &str,
        path: &str,
        name: &str,
        shown: &str,
        lines: &mut BTreeSet<String>,
    ) {
        let shown = format!("{shown}::{name}");
        if let Some(target) = self.resolve_module(module, path) {
            self.module(&target, &shown, lines);
        } else if let Some((home, item)) = self.find(module, path) {
            self.item(&home, item, &shown, lines);
        } else {
            lines.insert(format!("{shown} = {path}"));
        }
    }

    fn item(&self, module: &str, item: &Item, shown: &str, lines: &mut BTreeSet<String>) {
        let (attributes, text, is_type) = match item {
            Item::Struct(item) => (
                &item.attrs,
                format!("struct {shown}{}", tokens(&item.generics)),
                true,
            ),
            Item::Enum(item) => (
                &item.attrs,
                format!("enum {shown}{}", tokens(&item.generics)),
                true,
            ),
            Item::Trait(item) => (
                &item.attrs,
                format!(
                    "trait {shown}{}: {}",
                    tokens(&item.generics),
                    tokens(&item.supertraits)
                ),
                true,
            ),
            Item::Type(item) => (
                &item.attrs,
                format!(
                    "type {shown}{} = {}",
                    tokens(&item.generics),
                    tokens(&item.ty)
                ),
                false,
            ),
            Item::Const(item) => (
                &item.attrs,
                format!("const {shown}: {}", tokens(&item.ty)),
                false,
            ),
            Item::Static(item) => (
                &item.attrs,
                format!("static {shown}: {}", tokens(&item.ty)),
                false,
            ),
            Item::Fn(item) => (&item.attrs, signature(&item.sig, shown), false),
            Item::Mod(item) => {
                if !is_left_out(&item.attrs) {
                    let inner = format!("{module}::{}", item.ident);
                    self.module(inner.trim_start_matches("::"), shown, lines);
                }
                return;
            }
            _ => return,
        };
        if is_left_out(attributes) {
            return;
        }
        let open = if has(attributes, "non_exhaustive") {
            " (non-exhaustive)"
        } else {
            ""
        };
        lines.insert(format!("{text}{open}{}", conditions(attributes)));
        match item {
            Item::Struct(item) => {
                fields(&item.fields, shown, true, lines);
            }
            Item::Enum(item) => {
                for variant in &item.variants {
                    let shown = format!("{shown}::{}", variant.ident);
                    lines.insert(format!("variant {shown}{}", conditions(&variant.attrs)));
                    fields(&variant.fields, &shown, false, lines);
                }
            }
            Item::Trait(item) => {
                for part in &item.items {
                    lines.insert(match part {
                        TraitItem::Fn(part) => {
                            signature(&part.sig, &format!("{shown}::{}", part.sig.ident))
                        }
                        TraitItem::Type(part) => {
                            format!("type {shown}::{}: {}", part.ident, tokens(&part.bounds))
                        }
                        TraitItem::Const(part) => {
                            format!("const {shown}::{}: {}", part.ident, tokens(&part.ty))
                        }
                        part => format!("{shown}: {}", tokens(part)),
                    });
                }
            }
            _ => {}
        }
        if is_type {
            self.impls(module, item, shown, attributes, lines);
        }
    }

    fn impls(
        &self,
        module: &str,
        item: &Item,
        shown: &str,
        attributes: &[Attribute],
        lines: &mut BTreeSet<String>,
    ) {
        for attribute in attributes
            .iter()
            .filter(|attribute| attribute.path().is_ident("derive"))
        {
            let syn::Meta::List(list) = &attribute.meta else {
                continue;
            };
            for name in list.tokens.to_string().split(',') {
                lines.insert(format!("impl {} for {shown} (derived)", tidy(name.trim())));
            }
        }
        let name = public_name(item).unwrap_or_default();
        let all = self
            .modules
            .iter()
            .flat_map(|(home, items)| items.iter().map(move |item| (home, item)));
        for (home, item) in all {
            let Item::Impl(block) = item else { continue };
            if is_left_out(&block.attrs) || !self.is_of(home, &block.self_ty, (module, &name)) {
                continue;
            }
            let of = tokens(&block.self_ty).replacen(&name, shown, 1);
            let when = conditions(&block.attrs);
            if let Some((of_trait, _)) = &block.trait_ {
                lines.insert(format!(
                    "impl{} {} for {of}{when}",
                    tokens(&block.generics),
                    tokens(of_trait)
                ));
            }
            for part in &block.items {
                match part {
                    ImplItem::Fn(part) if is_public(&part.vis) && !is_left_out(&part.attrs) => {
                        let text = signature(&part.sig, &format!("{of}::{}", part.sig.ident));
                        lines.insert(format!("{text}{when}{}", conditions(&part.attrs)));
                    }
                    ImplItem::Const(part) if is_public(&part.vis) => {
                        lines.insert(format!("const {of}::{}: {}", part.ident, tokens(&part.ty)));
                    }
                    ImplItem::Type(part) => {
                        lines.insert(format!("type {of}::{} = {}", part.ident, tokens(&part.ty)));
                    }
                    _ => {}
                }
            }
        }
    }
}

fn fields(fields: &Fields, shown: &str, only_public: bool, lines: &mut BTreeSet<String>) {
    for (index, field) in fields.iter().enumerate() {
        if only_public && !is_public(&field.vis) {
            continue;
        }
        let name = field
            .ident
            .as_ref()
            .map_or_else(|| index.to_string(), ToString::to_string);
        lines.insert(format!(
            "field {shown}.{name}: {}{}",
            tokens(&field.ty),
            conditions(&field.attrs)
        ));
    }
}

fn signature(signature: &syn::Signature, shown: &str) -> String {
    let mut signature = signature.clone();
    signature.ident = syn::Ident::new("__shown", signature.ident.span());
    for input in &mut signature.inputs {
        // A `mut` in front of an argument is nobody's business but the function's.
        match input {
            syn::FnArg::Receiver(receiver) => receiver.mutability = None,
            syn::FnArg::Typed(argument) => {
                if let syn::Pat::Ident(pattern) = &mut *argument.pat {
                    pattern.mutability = None;
                }
            }
        }
    }
    let text = tokens(&signature).replacen("__shown (", "__shown(", 1);
    text.replace(",)", ")").replacen("__shown", shown, 1)
}

fn tokens(node: &impl quote::ToTokens) -> String {
    let text = tidy(&node.to_token_stream().to_string());
    text.replace("? Sized", "?Sized")
}

/// ` [feature = "gzip"]`, where an item is not always there.
fn conditions(attributes: &[Attribute]) -> String {
    let conditions = attributes
        .iter()
        .filter(|attribute| attribute.path().is_ident("cfg"));
    conditions
        .filter_map(|attribute| match &attribute.meta {
            syn::Meta::List(list) => Some(format!(" [{}]", list.tokens)),
            _ => None,
        })
        .collect()
}
