//! The public items of the generated crate, read from its code.

use std::collections::BTreeMap;

use quote::ToTokens as _;
use syn::{Attribute, Expr, Fields, FnArg, ImplItem, Item as Syntax, Pat, ReturnType, Visibility};

/// Items by path: `types::Account`, `Client::accounts_get`, `operations::ACCOUNTS_GET`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Surface {
    /// All items.
    pub(crate) items: BTreeMap<String, Item>,
}

/// One public item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Item {
    /// A struct.
    Struct(Struct),
    /// An enum.
    Enum(Enum),
    /// A method of the client.
    Method(Method),
    /// An entry of the table of operations: field to expression.
    Operation(BTreeMap<String, String>),
}

/// The public face of a struct.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Struct {
    /// Callers cannot build it: it is only received.
    pub(crate) received: bool,
    /// By Rust name.
    pub(crate) fields: BTreeMap<String, Field>,
}

/// A public field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Field {
    /// The type as one would write it.
    pub(crate) ty: String,
    /// The name in JSON.
    pub(crate) wire: String,
    /// An answer without it can be read.
    pub(crate) may_be_absent: bool,
}

/// The public face of an enum.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Enum {
    /// A value that it does not know can be read and is kept.
    pub(crate) open: bool,
    /// Callers must have an arm for what they do not know.
    pub(crate) non_exhaustive: bool,
    /// By Rust name: what it carries, or the value it stands for.
    pub(crate) variants: BTreeMap<String, String>,
}

/// The signature of a method.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Method {
    /// Names and types, without `self`.
    pub(crate) arguments: Vec<(String, String)>,
    /// The return type.
    pub(crate) output: String,
}

impl Surface {
    /// Reads the generated files, by name; what does not parse was refused by the guards before.
    pub(crate) fn of(code: &BTreeMap<String, String>) -> Self {
        let mut surface = Self::default();
        for (file, text) in code {
            let Ok(parsed) = syn::parse_file(text) else {
                continue;
            };
            for item in parsed.items {
                surface.take(file, item);
            }
        }
        surface
    }

    fn take(&mut self, file: &str, item: Syntax) {
        match item {
            Syntax::Struct(item) if file == "types.rs" || file == "params.rs" => {
                let fields = item.fields.into_iter().filter_map(field).collect();
                let item_ = Struct {
                    received: has(&item.attrs, "non_exhaustive"),
                    fields,
                };
                self.insert("types", &item.ident, Item::Struct(item_));
            }
            Syntax::Enum(item) => {
                let non_exhaustive = has(&item.attrs, "non_exhaustive");
                let found = enumeration(&item, non_exhaustive, false);
                self.insert("types", &item.ident, found);
            }
            Syntax::Macro(item) => {
                if let Ok(item) = syn::parse2::<syn::ItemEnum>(item.mac.tokens) {
                    let found = enumeration(&item, true, true);
                    self.insert("types", &item.ident, found);
                }
            }
            Syntax::Const(item) if file == "operations.rs" => {
                if let Expr::Struct(value) = *item.expr {
                    let fields = value.fields.iter().map(|field| {
                        let name = field.member.to_token_stream().to_string();
                        (name, tidy(&field.expr.to_token_stream().to_string()))
                    });
                    self.insert("operations", &item.ident, Item::Operation(fields.collect()));
                }
            }
            Syntax::Impl(block) if file == "client.rs" && block.trait_.is_none() => {
                for item in block.items {
                    if let ImplItem::Fn(method) = item
                        && matches!(method.vis, Visibility::Public(_))
                        && method.sig.asyncness.is_some()
                    {
                        let name = method.sig.ident.clone();
                        self.insert("Client", &name, Item::Method(signature(&method.sig)));
                    }
                }
            }
            _ => {}
        }
    }

    fn insert(&mut self, module: &str, name: &syn::Ident, item: Item) {
        self.items.insert(format!("{module}::{name}"), item);
    }

    /// The entry of the table of operations that a method belongs to.
    pub(crate) fn operation_of(&self, method: &str) -> Option<&BTreeMap<String, String>> {
        let name = method.strip_prefix("Client::")?.to_ascii_uppercase();
        match self.items.get(&format!("operations::{name}"))? {
            Item::Operation(fields) => Some(fields),
            _ => None,
        }
    }

    /// The names of all operations, in lower case.
    pub(crate) fn operations(&self) -> impl Iterator<Item = (String, &BTreeMap<String, String>)> {
        self.items.iter().filter_map(|(path, item)| match item {
            Item::Operation(fields) => {
                let name = path.strip_prefix("operations::")?;
                Some((name.to_ascii_lowercase(), fields))
            }
            _ => None,
        })
    }
}

/// The name at the end of a path.
pub(crate) fn last(path: &str) -> &str {
    path.rsplit("::").next().unwrap_or(path)
}

/// What a method returns, less what all of them wrap it in.
pub(crate) fn payload(output: &str) -> String {
    output
        .split_once("ResponseValue<")
        .and_then(|(_, rest)| rest.rsplit_once(">, Error"))
        .map_or(output, |(payload, _)| payload)
        .to_owned()
}

/// `METHOD /path` of an entry of the table.
pub(crate) fn endpoint(operation: &BTreeMap<String, String>) -> String {
    let get = |key: &str| operation.get(key).map(String::as_str).unwrap_or_default();
    let method = get("method").rsplit("::").next().unwrap_or_default();
    format!(
        "{} {}",
        method.to_ascii_uppercase(),
        get("path").trim_matches('"')
    )
}

fn field(field: syn::Field) -> Option<(String, Field)> {
    if !matches!(field.vis, Visibility::Public(_)) {
        return None;
    }
    let name = field.ident?.to_string();
    let serde: String = field
        .attrs
        .iter()
        .filter(|attribute| attribute.path().is_ident("serde"))
        .map(|attribute| attribute.meta.to_token_stream().to_string() + " , ")
        .collect();
    let wire = serde
        .split_once("rename = \"")
        .and_then(|(_, rest)| rest.split_once('"'))
        .map_or_else(
            || name.trim_start_matches("r#").to_owned(),
            |(wire, _)| wire.to_owned(),
        );
    let ty = tidy(&field.ty.to_token_stream().to_string());
    let is_default = serde
        .split([',', '(', ')'])
        .any(|word| word.trim() == "default" || word.trim().starts_with("default ="));
    let may_be_absent = is_default
        || serde.contains("flatten")
        || (ty.starts_with("Option<") && !serde.contains("deserialize_with"));
    Some((
        name,
        Field {
            ty,
            wire,
            may_be_absent,
        },
    ))
}

fn enumeration(item: &syn::ItemEnum, non_exhaustive: bool, open: bool) -> Item {
    let variants: BTreeMap<String, String> = item
        .variants
        .iter()
        .map(|variant| {
            let carried = match (&variant.discriminant, &variant.fields) {
                (Some((_, value)), _) => value.to_token_stream().to_string(),
                (None, Fields::Unit) => String::new(),
                (None, fields) => tidy(&fields.to_token_stream().to_string()),
            };
            (variant.ident.to_string(), carried)
        })
        .collect();
    let open = open || variants.contains_key("Unknown") || variants.contains_key("Other");
    Item::Enum(Enum {
        open,
        non_exhaustive,
        variants,
    })
}

fn signature(signature: &syn::Signature) -> Method {
    let arguments = signature
        .inputs
        .iter()
        .filter_map(|argument| match argument {
            FnArg::Typed(argument) => {
                let name = match &*argument.pat {
                    Pat::Ident(pattern) => pattern.ident.to_string(),
                    pattern => tidy(&pattern.to_token_stream().to_string()),
                };
                Some((name, tidy(&argument.ty.to_token_stream().to_string())))
            }
            FnArg::Receiver(_) => None,
        })
        .collect();
    let output = match &signature.output {
        ReturnType::Type(_, output) => tidy(&output.to_token_stream().to_string()),
        ReturnType::Default => "()".to_owned(),
    };
    Method { arguments, output }
}

fn has(attributes: &[Attribute], name: &str) -> bool {
    attributes
        .iter()
        .any(|attribute| attribute.path().is_ident(name))
}

/// Tokens as one would write them.
fn tidy(tokens: &str) -> String {
    let mut text = tokens.replace("types :: ", "");
    for (from, to) in [
        (" :: ", "::"),
        (":: ", "::"),
        (" <", "<"),
        ("< ", "<"),
        (" >", ">"),
        (" ,", ","),
        ("& ", "&"),
        (" :", ":"),
        ("( ", "("),
        (" )", ")"),
    ] {
        text = text.replace(from, to);
    }
    text.trim_start_matches("::").replace("<::", "<")
}
