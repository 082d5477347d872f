//! Generated code and its documentation.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

use client_gen::generate::{Destination, Generated};
use client_gen::spec::Spec;
use proc_macro2::{TokenStream, TokenTree};
use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag};
use syn::visit::Visit;

use crate::support::profiles;

use super::{FREE, assert_visible, document, drafted, kinds, made, places, turned, with};

/// Documentation of items, and what is alive in it.
#[derive(Default)]
struct Docs {
    alive: Vec<String>,
    seen: usize,
    /// Whether it is of requests, which have examples of ours and links to items.
    has_example: bool,
}

impl Docs {
    fn look(&mut self, attributes: &[syn::Attribute]) {
        let lines: Vec<String> = attributes
            .iter()
            .filter_map(|attribute| match &attribute.meta {
                syn::Meta::NameValue(meta) if meta.path.is_ident("doc") => match &meta.value {
                    syn::Expr::Lit(literal) => match &literal.lit {
                        syn::Lit::Str(text) => Some(text.value()),
                        _ => None,
                    },
                    _ => None,
                },
                _ => None,
            })
            .map(|line| line.strip_prefix(' ').unwrap_or(&line).to_owned())
            .collect();
        self.seen += lines.len();
        let text = lines.join("\n");
        if self.has_example {
            self.alive.extend(alive_beside_examples(&text));
        } else {
            self.alive.extend(alive(&text));
        }
    }
}

/// What is alive in it but links to items and examples that call nothing but the crate.
fn alive_beside_examples(text: &str) -> Option<String> {
    let mut words = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("```no_run\n") {
        let (example, after) = after.split_once("\n```").unwrap_or((after, ""));
        let lines = example.lines();
        let code: String = lines
            .map(|line| line.strip_prefix("# ").unwrap_or(line).to_owned() + "\n")
            .collect();
        let Ok(tokens) = code.parse::<TokenStream>() else {
            return Some(code);
        };
        if has_word(tokens, "std") {
            return Some(code);
        }
        words += before;
        rest = after;
    }
    words += rest;
    // A link to an item has only its words left.
    for path in ["](crate::", "](Self::"] {
        words = words.replace(path, "](https://items.example/");
    }
    alive(&words)
}

fn has_word(tokens: TokenStream, word: &str) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(name) => name == word,
        TokenTree::Group(group) => has_word(group.stream(), word),
        _ => false,
    })
}

/// Told here once more, without a word of what the generator goes by.
fn alive(text: &str) -> Option<String> {
    Parser::new_ext(text, Options::all()).find_map(|event| match event {
        Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) if &*info == "text" => None,
        Event::Start(
            Tag::CodeBlock(_) | Tag::Image { .. } | Tag::HtmlBlock | Tag::FootnoteDefinition(_),
        )
        | Event::Html(_)
        | Event::InlineHtml(_)
        | Event::FootnoteReference(_) => Some(format!("{event:?} in {text}")),
        Event::Start(Tag::Link { ref dest_url, .. })
            // The last two are the generator's own, to where a type is used.
            if ![
                "https://",
                "http://",
                "mailto:",
                "super::client::Client::",
                "super::types::",
            ]
            .iter()
                .any(|scheme| dest_url.starts_with(scheme)) =>
        {
            Some(format!("{event:?} in {text}"))
        }
        _ => None,
    })
}

impl<'ast> Visit<'ast> for Docs {
    fn visit_file(&mut self, file: &'ast syn::File) {
        self.look(&file.attrs);
        syn::visit::visit_file(self, file);
    }
    fn visit_item(&mut self, item: &'ast syn::Item) {
        match item {
            syn::Item::Struct(item) => self.look(&item.attrs),
            syn::Item::Enum(item) => self.look(&item.attrs),
            syn::Item::Const(item) => self.look(&item.attrs),
            syn::Item::Macro(item) => {
                // `open_enum! { /// … pub enum X { /// … A = "a" } }`, near enough to a module's item.
                let text = item.mac.tokens.to_string();
                for part in text.split("# [").filter(|part| part.starts_with("doc =")) {
                    let literal = part.trim_start_matches("doc =").trim();
                    let literal = literal.rsplit_once(']').map_or(literal, |(text, _)| text);
                    if let Ok(line) = syn::parse_str::<syn::LitStr>(literal.trim()) {
                        self.seen += 1;
                        assert!(!line.value().contains('\n'));
                    }
                }
            }
            _ => {}
        }
        syn::visit::visit_item(self, item);
    }
    fn visit_field(&mut self, field: &'ast syn::Field) {
        self.look(&field.attrs);
        syn::visit::visit_field(self, field);
    }
    fn visit_variant(&mut self, variant: &'ast syn::Variant) {
        self.look(&variant.attrs);
        syn::visit::visit_variant(self, variant);
    }
    fn visit_impl_item_fn(&mut self, method: &'ast syn::ImplItemFn) {
        self.look(&method.attrs);
        syn::visit::visit_impl_item_fn(self, method);
    }
}

#[track_caller]
pub(crate) fn assert_inert(generated: &Generated, what: &str) {
    for (file, code) in &generated.requests {
        assert_visible(code, &format!("{what}, {file}"));
        let mut docs = Docs {
            has_example: true,
            ..Docs::default()
        };
        docs.visit_file(
            &syn::parse_file(code)
                .unwrap_or_else(|error| panic!("{what}, {file}: {error}\n{code}")),
        );
        assert!(docs.alive.is_empty(), "{what}, {file}: {:#?}", docs.alive);
    }
    for (file, code) in &generated.code {
        assert_visible(code, &format!("{what}, {file}"));
        let mut docs = Docs::default();
        docs.visit_file(&syn::parse_file(code).unwrap());
        assert!(docs.alive.is_empty(), "{what}, {file}: {:#?}", docs.alive);
    }
    for text in [&generated.lowered, &generated.report, &generated.examples] {
        assert_visible(text, what);
    }
    super::reports::assert_markdown(&generated.report, what);
}

#[test]
fn the_documents_own_words_are_looked_at() {
    let generated = drafted(&document(), "as it is").unwrap();
    let mut docs = Docs::default();
    for code in generated.code.values() {
        docs.visit_file(&syn::parse_file(code).unwrap());
    }
    assert!(docs.seen > 60, "{}", docs.seen);
    assert_eq!(
        generated.requests.len(),
        3,
        "two resources and the list of them"
    );
    let run = "Words.\n\n```no_run\nstd::fs::read(1);\n```";
    assert!(
        alive_beside_examples(run).is_some() && alive_beside_examples("[a](crate::A)").is_none()
    );
    assert!(alive("a\n\n    b").is_some() && alive("[a](b)").is_some());
}

/// Where a string has a meaning, it is taken or refused.
#[test]
fn every_place_with_a_meaning_alone() {
    let kinds = kinds("/nowhere/canary");
    let mut all = places(&document());
    all.retain(|place| !FREE.contains(place));
    assert!(all.len() > 100, "{}", all.len());
    for (index, place) in all.iter().enumerate() {
        let (kind, text) = &kinds[index % kinds.len()];
        let what = format!("{kind} at {place:?}");
        if let Some(generated) = drafted(&with(place, text), &what) {
            assert_inert(&generated, &what);
        }
    }
}

/// All kinds at all free places, as modules of one crate: it compiles without a warning, its
/// documentation builds without one, and its doctests, if there were any, leave no file.
#[test]
fn every_kind_everywhere_compiles_and_runs_nothing() {
    let temporary = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let scratch = temporary.join("canary");
    let marker = scratch.join("it-ran");
    let _ = fs::remove_dir_all(&scratch);
    fs::create_dir_all(scratch.join("src")).unwrap();
    let kinds = kinds(marker.to_str().unwrap());
    assert!(FREE.len() > 60, "{} places take free text", FREE.len());

    let mut root = "#![deny(warnings)]\n".to_owned();
    for (number, (kind, _)) in kinds.iter().enumerate() {
        let name = format!("turn{number}");
        let what = format!("turn {number}, from {kind}");
        let generated = made(
            Spec::parse(&turned(&kinds, number).to_string(), "canary.json"),
            &what,
        )
        .unwrap_or_else(|| panic!("{what} is refused"))
        .formatted()
        .unwrap_or_else(|problem| panic!("{what}: {problem}"));
        assert_inert(&generated, &what);
        let folder = scratch.join("src").join(&name);
        let destination = Destination {
            code: folder.clone(),
            requests: None,
            documents: folder,
            examples: None,
            described: None,
        };
        destination.write(&generated).unwrap();
        let hooks = format!("progenitor_client::ClientHooks<aitoearn_api::Context> for {name}");
        let _ = writeln!(root, "pub mod {name};\nimpl {hooks}::client::Client {{}}");
    }
    fs::write(scratch.join("src/lib.rs"), root).unwrap();
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let manifest = include_str!("scaffold.toml");
    let api = workspace.join("crates/aitoearn-api");
    fs::write(
        scratch.join("Cargo.toml"),
        manifest.replace("AITOEARN_API", api.to_str().unwrap()) + &profiles(),
    )
    .unwrap();
    fs::copy(workspace.join("Cargo.lock"), scratch.join("Cargo.lock")).unwrap();

    let cargo = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO"))
            .args(arguments)
            .arg("--offline")
            .current_dir(&scratch)
            .env("CARGO_TARGET_DIR", temporary.parent().unwrap())
            .env("RUSTDOCFLAGS", "-D warnings")
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stdout).into_owned()
            + &String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments:?}: {said}");
        said
    };
    let said = cargo(&["test", "--doc"]);
    assert!(said.contains("running 0 tests"), "{said}");
    cargo(&["doc", "--no-deps", "--quiet"]);
    assert!(!marker.exists(), "code of the document ran");
}
