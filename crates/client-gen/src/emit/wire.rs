//! Names on the wire, where the document that progenitor read has another one for them.

use std::collections::BTreeMap;

use quote::ToTokens as _;
use syn::punctuated::Punctuated;
use syn::visit_mut::{self, VisitMut};
use syn::{Expr, ExprCall, ExprMethodCall, File, ItemStruct, Lit, LitStr, Token, parse_quote};

use super::methods;
use crate::passes::fields::{wire_of_methods, wire_of_type};
use crate::serde_words::forget;
use crate::spec::Spec;

/// Makes every method send its parameters under their names on the wire.
pub(super) fn name_parameters(client: &mut File, spec: &Spec) {
    let renamed = wire_of_methods(spec);
    for method in methods(client) {
        if let Some(renamed) = renamed.get(method.sig.ident.to_string().as_str()) {
            Parameters(renamed).visit_block_mut(&mut method.block);
        }
    }
}

/// Argument to name on the wire.
struct Parameters<'a>(&'a BTreeMap<&'a str, &'a str>);

impl Parameters<'_> {
    /// Renames the first argument of a call.
    fn rename(&self, arguments: &mut Punctuated<Expr, Token![,]>) {
        if let Some(Expr::Lit(literal)) = arguments.first_mut()
            && let Lit::Str(text) = &mut literal.lit
            && let Some(wire) = self.0.get(text.value().as_str())
        {
            *text = LitStr::new(wire, text.span());
        }
    }
}

impl VisitMut for Parameters<'_> {
    fn visit_expr_call_mut(&mut self, call: &mut ExprCall) {
        visit_mut::visit_expr_call_mut(self, call);
        let called = call.func.to_token_stream().to_string().replace(' ', "");
        if called.ends_with("QueryParam::new") {
            self.rename(&mut call.args);
        }
    }

    fn visit_expr_method_call_mut(&mut self, call: &mut ExprMethodCall) {
        visit_mut::visit_expr_method_call_mut(self, call);
        if call.method == "append" {
            self.rename(&mut call.args);
        }
    }
}

/// Makes serde read and write the fields of a type under their names on the wire.
pub(super) fn name_fields(item: &mut ItemStruct, spec: &Spec) {
    let Some(wire) = wire_of_type(spec, &item.ident.to_string()) else {
        return;
    };
    for field in &mut item.fields {
        // A keyword has an underscore behind it.
        let name = field.ident.as_ref().map(ToString::to_string);
        let name = name.unwrap_or_default();
        let told = wire
            .get(&name)
            .or_else(|| wire.get(name.strip_suffix('_')?));
        if let Some(told) = told.and_then(serde_json::Value::as_str) {
            forget(field, &["rename"]);
            field.attrs.push(parse_quote!(#[serde(rename = #told)]));
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::testing::spec;

    #[test]
    fn what_goes_on_the_wire_is_what_the_document_says() {
        let parameters = json!([
            { "name": "born_lt", "in": "query", "x-wire": "born<" }, { "name": "x_id2", "in": "header", "x-wire": "X-\"Id" },
        ]);
        let spec = spec(
            json!({ "/x": { "get": { "operationId": "x", "parameters": parameters } } }),
            json!({ "Pet": { "x-wire": { "a_b2": "a-b", "type": "Type" } } }),
        );
        let mut client: File = parse_quote! {
            impl Client { async fn x(&self) {
                let r = c.query(&QueryParam::new("born_lt", &born_lt)).query(&QueryParam::new("born", &born));
                header_map.append("x_id2", v);
                f("born_lt");
            } }
        };
        name_parameters(&mut client, &spec);
        let code = client.to_token_stream().to_string();
        for words in [
            "(\"born<\" , & born_lt)",
            "append (\"X-\\\"Id\" , v)",
            "f (\"born_lt\")",
        ] {
            assert!(code.contains(words), "{words}: {code}");
        }
        let mut pet: ItemStruct = parse_quote! {
            struct Pet { #[serde(default)] a_b2: u8, #[serde(rename = "type", default)] type_: u8, a_b: u8 }
        };
        name_fields(&mut pet, &spec);
        let code = pet.to_token_stream().to_string().replace(' ', "");
        assert_eq!(
            code,
            "structPet{#[serde(default)]#[serde(rename=\"a-b\")]a_b2:u8,\
             #[serde(default)]#[serde(rename=\"Type\")]type_:u8,a_b:u8}"
        );
    }
}
