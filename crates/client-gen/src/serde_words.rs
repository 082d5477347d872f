//! What generated code says to serde in its attributes, word by word.

use syn::punctuated::Punctuated;
use syn::{Attribute, Expr, ExprLit, Field, Lit, Meta, Token, parse_quote};

/// The words of an attribute; none of an attribute that is not serde's. Names from the document are
/// in there as well.
pub(crate) fn words(attribute: &Attribute) -> Punctuated<Meta, Token![,]> {
    match &attribute.meta {
        Meta::List(list) if list.path.is_ident("serde") => list
            .parse_args_with(Punctuated::parse_terminated)
            .unwrap_or_default(),
        _ => Punctuated::new(),
    }
}

/// Whether any of the attributes has a word.
pub(crate) fn has(attributes: &[Attribute], word: &str) -> bool {
    let mut words = attributes.iter().flat_map(words);
    words.any(|it| it.path().is_ident(word))
}

/// The name of a field on the wire.
pub(crate) fn wire_name(field: &Field) -> Option<String> {
    let renamed = field.attrs.iter().flat_map(words).find_map(|word| {
        let Meta::NameValue(pair) = word else {
            return None;
        };
        match pair.value {
            Expr::Lit(ExprLit {
                lit: Lit::Str(text),
                ..
            }) if pair.path.is_ident("rename") => Some(text.value()),
            _ => None,
        }
    });
    let name = field.ident.as_ref()?.to_string();
    Some(renamed.unwrap_or_else(|| name.trim_start_matches("r#").to_owned()))
}

/// Takes words away from a field.
pub(crate) fn forget(field: &mut Field, gone: &[&str]) {
    field.attrs.retain_mut(|attribute| {
        if !attribute.path().is_ident("serde") {
            return true;
        }
        let is_gone = |word: &Meta| gone.iter().any(|name| word.path().is_ident(name));
        let left = words(attribute).into_iter().filter(|word| !is_gone(word));
        let left: Vec<Meta> = left.collect();
        *attribute = parse_quote!(#[serde(#(#left),*)]);
        !left.is_empty()
    });
}

#[cfg(test)]
mod tests {
    use quote::ToTokens as _;

    use super::*;

    #[test]
    fn words_are_read_and_taken_away_one_by_one() {
        let mut field: Field = parse_quote! {
            #[doc = "rename = \"x\""]
            #[serde(rename = "a, default", default)]
            #[serde(skip_serializing_if = "f")]
            pub type_: u8
        };
        assert_eq!(wire_name(&field).as_deref(), Some("a, default"));
        assert!(has(&field.attrs, "default") && !has(&field.attrs, "flatten"));
        forget(&mut field, &["rename", "skip_serializing_if"]);
        let code = field.to_token_stream().to_string().replace(' ', "");
        assert!(code.ends_with("#[serde(default)]pubtype_:u8"), "{code}");
        assert_eq!(wire_name(&field).as_deref(), Some("type_"));
    }
}
