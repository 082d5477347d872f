//! What progenitor's methods cannot do, made of what they do: bodies that may be left out or have a
//! media type of their own, forms with lists and files, answers that may be nothing, a text or
//! another type for each status, and redirects that are a success.
//!
//! The passes say so at the operation (`x-send`, `x-accept`, `x-none`, `x-statuses`, `x-text`,
//! `x-redirect`, `deprecated`); what is done at run time is in the runtime.

use std::collections::BTreeMap;

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens as _, quote};
use serde_json::Value;
use syn::punctuated::Punctuated;
use syn::visit_mut::{self, VisitMut};
use syn::{Arm, Expr, File, FnArg, Ident, ImplItemFn, Lit, Pat, Token, Type, parse_quote};

use super::methods;
use super::params::is_body;
use crate::names::{field_name, is_identifier};
use crate::passes::fields::OF_METHODS;
use crate::spec::{Spec, elements, entries};

/// Changes the methods whose operations ask for it.
pub(super) fn adapt(client: &mut File, spec: &Spec) {
    let operations: BTreeMap<&str, &Value> = spec
        .operations()
        .into_iter()
        .map(|operation| (operation.id(), operation.node))
        .collect();
    for method in methods(client) {
        if let Some(node) = operations.get(method.sig.ident.to_string().as_str()) {
            adapt_method(method, node);
        }
    }
}

fn adapt_method(method: &mut ImplItemFn, node: &Value) {
    if node["deprecated"] == true {
        method.attrs.push(parse_quote!(#[deprecated]));
    }
    if node["x-server"].is_string() {
        OwnServer(&method.sig.ident.to_string()).visit_block_mut(&mut method.block);
    }
    let send = &node["x-send"];
    let mut change = Change {
        send,
        files: files(method, &send["parts"]),
        accept: node["x-accept"].as_str(),
        read: read_of(node),
        takes: also_takes(node),
        deep: elements(&node["parameters"])
            .filter(|parameter| parameter["x-deep"] == true)
            .filter_map(|parameter| parameter["x-wire"].as_str().or(parameter["name"].as_str()))
            .collect(),
    };
    change.visit_block_mut(&mut method.block);
    if send["bodyless"] == true {
        let inputs = std::mem::take(&mut method.sig.inputs).into_iter();
        method.sig.inputs = inputs.filter(|input| !is_body(input)).collect();
    }
    for input in &mut method.sig.inputs {
        if send["optional"] == true
            && is_body(input)
            && let FnArg::Typed(input) = input
        {
            let ty = &input.ty;
            input.ty = parse_quote!(Option<#ty>);
        }
    }
    for file in &change.files {
        let (name, ty) = (&file.argument, &file.ty);
        method.sig.inputs.push(parse_quote!(#name: #ty));
    }
    if node["x-none"] == true {
        Optional.visit_return_type_mut(&mut method.sig.output);
    }
}

/// A file of a form, which is an argument of its own.
struct FileArgument {
    argument: Ident,
    ty: Type,
    /// The member of the form, and its media type where the document has one.
    part: TokenStream,
}

fn files(method: &ImplItemFn, parts: &Value) -> Vec<FileArgument> {
    let mut taken: Vec<String> = method
        .sig
        .inputs
        .iter()
        .filter_map(|input| match input {
            FnArg::Typed(input) => match &*input.pat {
                Pat::Ident(name) => Some(name.ident.to_string()),
                _ => None,
            },
            FnArg::Receiver(_) => None,
        })
        .collect();
    let mut files = Vec::new();
    for part in elements(parts) {
        let wire = part["name"].as_str().unwrap_or_default();
        let mut name = field_name(wire);
        let is_used = |name: &str| OF_METHODS.contains(&name) || ["body", "url"].contains(&name);
        while !is_identifier(&name) || taken.contains(&name) || is_used(&name) {
            name.push_str("_file");
        }
        taken.push(name.clone());
        let argument = Ident::new(&name, Span::call_site());
        let kind = part["type"].as_str();
        let kind = kind.map_or_else(|| quote!(None), |kind| quote!(Some(#kind)));
        let (ty, made): (Type, TokenStream) = match (part["many"] == true, part["required"] == true)
        {
            (true, _) => (parse_quote!(Vec<::runtime::Upload>), quote!(#argument)),
            (false, true) => (parse_quote!(::runtime::Upload), quote!(vec![#argument])),
            (false, false) => (
                parse_quote!(Option<::runtime::Upload>),
                quote!(#argument.into_iter().collect()),
            ),
        };
        files.push(FileArgument {
            argument,
            ty,
            part: quote!((#wire, #kind, #made)),
        });
    }
    files
}

/// The runtime's reader of the operation's answers, where it is not the usual one.
fn read_of(node: &Value) -> Option<Expr> {
    if node["x-statuses"] == true {
        return Some(parse_quote!(::runtime::__private::read_by_status));
    }
    if node["x-none"] == true {
        return Some(parse_quote!(::runtime::__private::read_some));
    }
    (node["x-text"] == true).then(|| parse_quote!(::runtime::__private::read_text))
}

/// Which statuses mean success beside those that progenitor knows of.
fn also_takes(node: &Value) -> Option<Pat> {
    if node["x-none"] == true || node["x-statuses"] == true {
        return Some(parse_quote!(200..=299));
    }
    let mut told = quote!(200..=299);
    let mut any = false;
    for status in elements(&node["x-redirect"]).filter_map(Value::as_str) {
        any = true;
        match status.parse::<u16>() {
            Ok(status) => told.extend(quote!(| #status)),
            Err(_) => told.extend(quote!(| 300..=399)),
        }
    }
    any.then(|| syn::parse::Parser::parse2(Pat::parse_multi, told).ok())
        .flatten()
}

struct Change<'a> {
    send: &'a Value,
    files: Vec<FileArgument>,
    accept: Option<&'a str>,
    read: Option<Expr>,
    takes: Option<Pat>,
    deep: Vec<&'a str>,
}

impl Change<'_> {
    /// The call that adds the body, for the one of progenitor.
    fn body(&self, request: &Expr, is_json: bool) -> Option<Expr> {
        let is_optional = self.send["optional"] == true;
        let body: Expr = match (is_optional, self.send["bodyless"] == true) {
            (_, true) => parse_quote!(None::<&()>),
            (true, _) => parse_quote!(body.as_ref()),
            (false, _) => parse_quote!(Some(&body)),
        };
        if self.send.get("parts").is_some() {
            let parts = self.files.iter().map(|file| &file.part);
            return Some(
                parse_quote!(::runtime::__private::multipart(#request, #body, vec![#(#parts),*])?),
            );
        }
        if is_json {
            let media_type = self.send["type"].as_str().unwrap_or("application/json");
            let is_told = self.send.get("type").is_some() || is_optional;
            return is_told
                .then(|| parse_quote!(::runtime::__private::json(#request, #body, #media_type)));
        }
        let styles = entries(&self.send["form"]).filter_map(|(name, style)| {
            let style = Ident::new(style.as_str()?, Span::call_site());
            Some(quote!((#name, ::runtime::__private::Style::#style)))
        });
        let is_told = self.send.get("form").is_some() || is_optional;
        is_told.then(|| parse_quote!(::runtime::__private::form(#request, #body, &[#(#styles),*])?))
    }
}

impl VisitMut for Change<'_> {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        visit_mut::visit_expr_mut(self, expr);
        match expr {
            Expr::MethodCall(call) if call.method == "json" => {
                if let Some(changed) = self.body(&call.receiver, true) {
                    *expr = changed;
                }
            }
            // `.form_urlencoded(&body)?`
            Expr::Try(tried) => {
                if let Expr::MethodCall(call) = &*tried.expr
                    && call.method == "form_urlencoded"
                    && let Some(changed) = self.body(&call.receiver, false)
                {
                    *expr = changed;
                }
            }
            Expr::MethodCall(call) if call.method == "header" => {
                let name = call
                    .args
                    .first()
                    .map(|name| name.to_token_stream().to_string());
                let name = name.unwrap_or_default();
                let told = if name.ends_with("ACCEPT") {
                    self.accept
                } else if name.ends_with("CONTENT_TYPE") {
                    self.send["type"].as_str()
                } else {
                    None
                };
                if let (Some(told), Some(value)) = (told, call.args.last_mut()) {
                    *value = parse_quote!(::reqwest::header::HeaderValue::from_static(#told));
                }
            }
            Expr::Call(call) => {
                let callee = call.func.to_token_stream().to_string().replace(' ', "");
                if callee.ends_with("__private::read")
                    && let Some(read) = &self.read
                {
                    *call.func = read.clone();
                }
                if callee.ends_with("QueryParam::new")
                    && let Some(Expr::Lit(name)) = call.args.first().cloned()
                    && let Lit::Str(name) = &name.lit
                    && self.deep.contains(&name.value().as_str())
                    && let Some(value) = call.args.last_mut()
                {
                    *value = parse_quote!(&::runtime::__private::deep(#name, #value)?);
                }
            }
            _ => {}
        }
    }

    fn visit_arm_mut(&mut self, arm: &mut Arm) {
        visit_mut::visit_arm_mut(self, arm);
        let is_success = arm.body.to_token_stream().to_string().starts_with("Err");
        let is_number = !matches!(arm.pat, Pat::Wild(_) | Pat::Ident(_) | Pat::TupleStruct(_));
        if !is_success
            && is_number
            && let Some(takes) = self.takes.take()
        {
            arm.pat = takes;
        }
    }
}

/// The address of an operation is below a server of its own.
struct OwnServer<'a>(&'a str);

impl VisitMut for OwnServer<'_> {
    fn visit_macro_mut(&mut self, called: &mut syn::Macro) {
        let parser = Punctuated::<Expr, Token![,]>::parse_terminated;
        let Ok(mut arguments) = called.parse_body_with(parser) else {
            return;
        };
        let name = self.0;
        for argument in &mut arguments {
            if argument.to_token_stream().to_string().replace(' ', "") == "self.baseurl" {
                *argument = parse_quote!(self.base_of(#name));
            }
        }
        called.tokens = arguments.into_token_stream();
    }
}

/// `ResponseValue<T>` becomes `ResponseValue<Option<T>>`.
struct Optional;

impl VisitMut for Optional {
    fn visit_path_segment_mut(&mut self, segment: &mut syn::PathSegment) {
        if segment.ident == "ResponseValue" {
            if let syn::PathArguments::AngleBracketed(arguments) = &mut segment.arguments
                && let Some(syn::GenericArgument::Type(ty)) = arguments.args.first_mut()
            {
                *ty = parse_quote!(Option<#ty>);
            }
            return;
        }
        visit_mut::visit_path_segment_mut(self, segment);
    }
}
