//! The methods and structs of the low level, read from its code.

use std::collections::{BTreeMap, BTreeSet};

use quote::ToTokens as _;
use syn::{FnArg, ImplItem, Item, Pat, ReturnType, Type};

use crate::serde_words::wire_name;
use crate::spec::Spec;

/// What the low level offers.
#[derive(Debug, Default)]
pub(super) struct LowLevel {
    methods: BTreeMap<String, Method>,
    structs: BTreeMap<String, Vec<Field>>,
}

/// A method of the client.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Method {
    /// Names and types, without `self`.
    pub(super) arguments: Vec<(String, String)>,
    /// What it returns inside of its envelope, if it has one.
    pub(super) output: String,
    pub(super) is_enveloped: bool,
    /// The answer is bytes.
    pub(super) is_raw: bool,
}

/// A field of a body or of parameters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Field {
    pub(super) name: String,
    /// Its name in JSON.
    pub(super) wire: String,
    pub(super) ty: String,
}

impl LowLevel {
    /// Reads generated files by name; what does not parse is refused by the guards.
    pub(super) fn of(files: &BTreeMap<String, String>) -> Self {
        let mut low = Self::default();
        for name in ["client.rs", "types.rs", "params.rs"] {
            let file = files.get(name).and_then(|code| syn::parse_file(code).ok());
            for item in file.into_iter().flat_map(|file| file.items) {
                low.take(name, item);
            }
        }
        low
    }

    pub(super) fn method(&self, name: &str) -> Option<&Method> {
        self.methods.get(name)
    }

    /// All methods, by name.
    pub(super) fn methods(&self) -> impl Iterator<Item = (&str, &Method)> {
        self.methods
            .iter()
            .map(|(name, method)| (name.as_str(), method))
    }

    pub(super) fn fields(&self, name: &str) -> Option<&[Field]> {
        self.structs.get(name).map(Vec::as_slice)
    }

    /// The names of all types: structs, and components that are lists of values or one of several.
    pub(super) fn names<'a>(&'a self, spec: &'a Spec) -> impl Iterator<Item = &'a str> {
        let components = spec.schemas().into_iter().flatten().map(|(name, _)| name);
        let names: BTreeSet<&String> = self.structs.keys().chain(components).collect();
        names.into_iter().map(String::as_str)
    }

    fn take(&mut self, file: &str, item: Item) {
        match item {
            Item::Struct(item) if file != "client.rs" => {
                let fields = item.fields.into_iter().filter_map(field).collect();
                self.structs.insert(item.ident.to_string(), fields);
            }
            Item::Impl(block) if block.trait_.is_none() => {
                for item in block.items {
                    if let ImplItem::Fn(method) = item
                        && method.sig.asyncness.is_some()
                    {
                        let name = method.sig.ident.to_string();
                        self.methods.insert(name, signature(&method.sig));
                    }
                }
            }
            _ => {}
        }
    }
}

fn field(field: syn::Field) -> Option<Field> {
    let wire = wire_name(&field)?;
    let name = field.ident?.to_string();
    let ty = short(&field.ty);
    Some(Field { name, wire, ty })
}

fn signature(signature: &syn::Signature) -> Method {
    let arguments = signature
        .inputs
        .iter()
        .filter_map(|argument| match argument {
            FnArg::Typed(argument) => match &*argument.pat {
                Pat::Ident(name) => Some((name.ident.to_string(), short(&argument.ty))),
                _ => None,
            },
            FnArg::Receiver(_) => None,
        });
    let output = match &signature.output {
        ReturnType::Type(_, output) => short(output),
        ReturnType::Default => String::new(),
    };
    let answer = output
        .split_once("ResponseValue<")
        .and_then(|(_, rest)| rest.rsplit_once(">,Error"))
        .map_or("", |(answer, _)| answer);
    let inside = answer
        .strip_prefix("Envelope<")
        .and_then(|rest| rest.strip_suffix('>'));
    Method {
        arguments: arguments.collect(),
        output: inside.unwrap_or(answer).to_owned(),
        is_enveloped: inside.is_some(),
        is_raw: answer == "ByteStream",
    }
}

/// A type by its last names, without references and lifetimes: `Vec<AccountId>`.
fn short(ty: &Type) -> String {
    let text = ty.to_token_stream().to_string().replace("& 'a ", "");
    let mut short = String::new();
    for word in text.split_whitespace() {
        if word == "::" {
            // The path before it says where a name is from.
            let start = short
                .rfind(|character: char| !(character.is_alphanumeric() || character == '_'))
                .map_or(0, |at| at + 1);
            short.truncate(start);
        } else {
            short.push_str(word);
        }
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn methods_and_fields_are_read_by_their_last_names() {
        let client = "impl Client { pub async fn pets_get<'a>(&'a self, id: &'a crate::PetId, params: &'a types::PetsGetParams) \
            -> Result<ResponseValue<crate::Envelope<Vec<types::Pet>>>, Error<()>> {} \
            pub async fn pets_song<'a>(&'a self) -> Result<ResponseValue<ByteStream>, Error<()>> {} }";
        let types = "pub struct Pet { #[serde(rename = \"type\")] pub type_: ::std::option::Option<String> }";
        let low = LowLevel::of(&BTreeMap::from([
            ("client.rs".to_owned(), client.to_owned()),
            ("types.rs".to_owned(), types.to_owned()),
        ]));
        let get = low.method("pets_get").expect("read");
        let expected = [("id", "PetId"), ("params", "PetsGetParams")];
        assert_eq!(
            get.arguments,
            expected.map(|(name, ty)| (name.to_owned(), ty.to_owned()))
        );
        assert_eq!((get.output.as_str(), get.is_enveloped), ("Vec<Pet>", true));
        assert!(low.method("pets_song").is_some_and(|song| song.is_raw));
        let field = Field {
            name: "type_".to_owned(),
            wire: "type".to_owned(),
            ty: "Option<String>".to_owned(),
        };
        assert_eq!(low.fields("Pet"), Some([field].as_slice()));
    }
}
