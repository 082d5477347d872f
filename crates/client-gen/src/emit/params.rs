//! `params.rs`: what operations can do without, one struct for each that has such parameters.
//!
//! progenitor passes every parameter by position, so that a new optional one would break each
//! caller. What is optional becomes a field of `…Params` instead, which only ever grows.

use std::collections::BTreeMap;

use heck::ToPascalCase as _;
use proc_macro2::Span;
use quote::ToTokens as _;
use syn::visit_mut::{self, VisitMut};
use syn::{
    Attribute, Expr, ExprLet, File, FnArg, Ident, ImplItemFn, ItemStruct, Pat, Type, parse_quote,
};

use super::docs::doc_text;
use super::{argument_of, methods};

/// Moves the optional parameters of the methods into structs, which are returned.
pub(crate) fn gather(client: &mut File) -> Vec<ItemStruct> {
    let methods = methods(client).filter(|method| method.sig.asyncness.is_some());
    let mut structs: Vec<ItemStruct> = methods.filter_map(gather_from).collect();
    structs.sort_by_key(|item| item.ident.to_string());
    structs
}

/// The argument of a request's body.
const BODY: &str = "body";

pub(super) fn is_body(input: &FnArg) -> bool {
    matches!(input, FnArg::Typed(input) if matches!(&*input.pat, Pat::Ident(name) if name.ident == BODY))
}

/// The name of the struct of an operation.
pub(crate) fn name_of(operation: &str) -> String {
    format!("{}Params", operation.to_pascal_case())
}

fn gather_from(method: &mut ImplItemFn) -> Option<ItemStruct> {
    let mut docs = words(&method.attrs);
    let mut fields: BTreeMap<String, (Ident, Type)> = BTreeMap::new();
    let inputs = std::mem::take(&mut method.sig.inputs);
    method.sig.inputs = inputs
        .into_iter()
        .filter(|input| match optional(input) {
            Some((name, ty)) => {
                fields.insert(name.to_string(), (name, ty));
                false
            }
            None => true,
        })
        .collect();
    if fields.is_empty() {
        return None;
    }
    let operation = method.sig.ident.to_string();
    let struct_name = Ident::new(&name_of(&operation), Span::call_site());
    // A body comes last, as everywhere.
    let inputs = &mut method.sig.inputs;
    let at = inputs.iter().position(is_body).unwrap_or(inputs.len());
    inputs.insert(at, parse_quote!(params: &'a ::generated::#struct_name));
    FromParams(&fields).visit_block_mut(&mut method.block);
    let fields: Vec<syn::Field> = fields
        .into_values()
        .map(|(name, ty)| {
            let doc = docs
                .remove(&name.to_string())
                .unwrap_or_else(|| "The API's description says nothing of it.".to_owned());
            parse_quote!(#[doc = #doc] pub #name: ::std::option::Option<#ty>)
        })
        .collect();
    method.attrs = documented(std::mem::take(&mut method.attrs), &fields);
    let doc = format!("What `Client::{operation}` can do without; by default, nothing is given.");
    Some(parse_quote! {
        #[doc = #doc]
        #[derive(Clone, Debug, Default, PartialEq)]
        #[non_exhaustive]
        pub struct #struct_name {
            #(#fields),*
        }
    })
}

/// The name and the owned type of an argument that is an `Option`. A body is one where its schema may
/// be null, and is no parameter.
fn optional(input: &FnArg) -> Option<(Ident, Type)> {
    let FnArg::Typed(input) = input else {
        return None;
    };
    let Pat::Ident(name) = &*input.pat else {
        return None;
    };
    if name.ident == BODY {
        return None;
    }
    let given = argument_of(&input.ty, "Option")?;
    let owned = match given {
        Type::Reference(reference) => (*reference.elem).clone(),
        other => other.clone(),
    };
    let owned = match owned.to_token_stream().to_string().as_str() {
        "str" => parse_quote!(::std::string::String),
        _ => owned,
    };
    Some((name.ident.clone(), owned))
}

/// `&name` becomes `&params.name`.
struct FromParams<'a>(&'a BTreeMap<String, (Ident, Type)>);

impl VisitMut for FromParams<'_> {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        visit_mut::visit_expr_mut(self, expr);
        if let Expr::Path(path) = expr
            && let Some(name) = path.path.get_ident()
            && self.0.contains_key(&name.to_string())
        {
            *expr = parse_quote!(params.#name);
        }
    }

    /// A header that may be left out is taken apart, which must not move it out of the struct.
    fn visit_expr_let_mut(&mut self, expr: &mut ExprLet) {
        visit_mut::visit_expr_let_mut(self, expr);
        let taken = &expr.expr;
        if let Expr::Field(field) = &**taken
            && matches!(&*field.base, Expr::Path(base) if base.path.is_ident("params"))
        {
            *expr.expr = parse_quote!(&#taken);
        }
    }
}

const LIST: &str = "- `";

/// What progenitor's list of arguments says of each.
fn words(attributes: &[Attribute]) -> BTreeMap<String, String> {
    let text: String = attributes
        .iter()
        .filter_map(doc_text)
        .collect::<Vec<_>>()
        .join("\n");
    let mut words: BTreeMap<String, String> = BTreeMap::new();
    let mut current = None;
    for line in text.lines() {
        let line = line.trim();
        if let Some((name, said)) = line
            .strip_prefix(LIST)
            .and_then(|rest| rest.split_once("`: "))
        {
            words.insert(name.to_owned(), said.to_owned());
            current = Some(name.to_owned());
        } else if line.is_empty() {
            current = None;
        } else if let Some(said) = current.as_ref().and_then(|name| words.get_mut(name)) {
            said.push('\n');
            said.push_str(line);
        }
    }
    words
}

/// The documentation of a method whose arguments in `gone` are in its parameters now.
fn documented(attributes: Vec<Attribute>, gone: &[syn::Field]) -> Vec<Attribute> {
    let is_gone = |line: &str| {
        gone.iter().any(|field| {
            let name = field
                .ident
                .as_ref()
                .map(ToString::to_string)
                .unwrap_or_default();
            line.trim_start().starts_with(&format!("{LIST}{name}`"))
        })
    };
    attributes
        .into_iter()
        .map(|attribute| {
            let Some(text) = doc_text(&attribute) else {
                return attribute;
            };
            let mut lines: Vec<String> = Vec::new();
            let mut skipping = false;
            let mut said = false;
            for line in text.lines() {
                if line.trim_start().starts_with(LIST) {
                    skipping = is_gone(line);
                } else if line.trim().is_empty() {
                    skipping = false;
                }
                if !skipping {
                    lines.push(line.to_owned());
                } else if !said {
                    said = true;
                    lines.push("- `params`: what may be left out.".to_owned());
                }
            }
            // The parameters come after what is required.
            if let Some(at) = lines
                .iter()
                .position(|line| line.starts_with("- `params`: "))
            {
                let line = lines.remove(at);
                let end = lines[at..]
                    .iter()
                    .position(|line| !line.trim_start().starts_with(LIST))
                    .map_or(lines.len(), |offset| at + offset);
                lines.insert(end, line);
            }
            let text = lines.join("\n");
            parse_quote!(#[doc = #text])
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn optional_parameters_move_and_the_rest_stays() {
        let mut client: File = parse_quote! {
                    impl Client {
                        /**Lists

        Arguments:
        - `limit`: How many.
        - `name`: Whose.
        - `since`: From when.
        */
                        pub async fn pets_list<'a>(&'a self, limit: Option<i64>, name: &'a str, since: Option<&'a str>) {
                            let r = c.query(&Q::new("limit", &limit)).query(&Q::new("name", &name)).query(&Q::new("since", &since));
                            if let Some(value) = since { h.append("since", value.to_string()); }
                        }
                        pub async fn pets_get<'a>(&'a self, id: &'a str) {}
                        pub async fn pets_mend<'a>(&'a self, dry: Option<bool>, body: Option<types::Pet>) { c.query(&dry).json(&body) }
                    }
                };
        let structs = gather(&mut client);
        let text = |tokens: &dyn Fn() -> String| tokens().replace(' ', "");
        let client = text(&|| client.to_token_stream().to_string());
        assert!(
            client.contains(
                "fnpets_list<'a>(&'aself,name:&'astr,params:&'a::generated::PetsListParams)"
            ),
            "{client}"
        );
        assert!(
            client.contains("(\"limit\",&params.limit)")
                && client.contains("(\"name\",&name)")
                && client.contains("ifletSome(value)=&params.since{"),
            "{client}"
        );
        assert!(
            client.contains("fnpets_get<'a>(&'aself,id:&'astr)"),
            "{client}"
        );
        assert!(
            client.contains("Arguments:\\n-`name`:Whose.\\n-`params`:whatmaybeleftout."),
            "{client}"
        );
        assert!(
            client.contains("params:&'a::generated::PetsMendParams,body:Option<types::Pet>){c.query(&params.dry).json(&body)}"),
            "{client}"
        );
        let [params, of_body] = structs.as_slice() else {
            panic!("two")
        };
        assert_eq!(of_body.fields.len(), 1, "a body is no parameter");
        let params = text(&|| params.to_token_stream().to_string());
        assert!(
            params.contains("#[non_exhaustive]pubstructPetsListParams"),
            "{params}"
        );
        assert!(
            params.contains("#[doc=\"Howmany.\"]publimit:::std::option::Option<i64>"),
            "{params}"
        );
        assert!(
            params.contains("pubsince:::std::option::Option<::std::string::String>"),
            "{params}"
        );
    }
}
