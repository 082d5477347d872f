//! What progenitor's methods do at every call and need not.
//!
//! They send the document's version in a header that no service asked for, copy the headers of each
//! answer, and copy the base URL with each copy of the client.

use quote::ToTokens;
use syn::visit_mut::{self, VisitMut};
use syn::{Block, Expr, Field, File, Stmt, parse_quote};

/// Makes the methods of `client.rs` leaner. Runs before the names of our modules are put in.
pub(crate) fn lean(client: &mut File) {
    Lean.visit_file_mut(client);
}

struct Lean;

impl VisitMut for Lean {
    /// A client is copied for each call that has options of its own.
    fn visit_field_mut(&mut self, field: &mut Field) {
        if field.ident.as_ref().is_some_and(|name| name == "baseurl") {
            field.ty = parse_quote!(std::sync::Arc<str>);
        }
    }

    fn visit_block_mut(&mut self, block: &mut Block) {
        let sends_version = |stmt: &Stmt| {
            let text = text(stmt);
            text.starts_with("header_map.append(") && text.contains("\"api-version\"")
        };
        if block.stmts.iter().any(sends_version) {
            block.stmts.retain(|stmt| !sends_version(stmt));
            // Room for one header: there is no other.
            let is_map = |stmt: &Stmt| {
                text(stmt).starts_with("letmutheader_map=") && text(stmt).contains("(1usize)")
            };
            if block.stmts.iter().any(is_map) {
                block.stmts.retain(|stmt| !is_map(stmt));
                NoHeaders.visit_block_mut(block);
            }
        }
        visit_mut::visit_block_mut(self, block);
    }

    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        visit_mut::visit_expr_mut(self, expr);
        let leaner = match text(expr).as_str() {
            "baseurl.to_string()" => parse_quote!(baseurl.into()),
            "self.baseurl.as_str()" => parse_quote!(&self.baseurl),
            "ResponseValue::from_response(response)" => {
                parse_quote!(::runtime::__private::read(response, &self.inner))
            }
            _ => return,
        };
        *expr = leaner;
    }
}

/// Takes the call `.headers(header_map)` out of a chain.
struct NoHeaders;

impl VisitMut for NoHeaders {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        visit_mut::visit_expr_mut(self, expr);
        if let Expr::MethodCall(call) = expr
            && call.method == "headers"
            && call.args.iter().map(text).eq(["header_map"])
        {
            *expr = (*call.receiver).clone();
        }
    }
}

fn text(tokens: &impl ToTokens) -> String {
    tokens.to_token_stream().to_string().replace(' ', "")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leaner(mut file: File) -> String {
        lean(&mut file);
        text(&file)
    }

    #[test]
    fn the_version_header_goes_and_others_stay() {
        let with = |size: &str, append: &str| {
            let code = format!(
                "fn f() {{ let mut header_map = HeaderMap::with_capacity({size}); \
                 header_map.append(HeaderName::from_static(\"api-version\"), v); {append} \
                 let r = c.get(u).headers(header_map).build()?; }}"
            );
            leaner(syn::parse_str(&code).expect("Rust"))
        };
        assert_eq!(with("1usize", ""), "fnf(){letr=c.get(u).build()?;}");
        let two = with("2usize", "header_map.append(\"x\", x);");
        assert!(two.contains("append(\"x\",x)") && two.contains(".headers(header_map)"));
        assert!(!two.contains("api-version"));
    }

    #[test]
    fn copies_share() {
        let code = leaner(parse_quote! {
            struct Client { baseurl: String, client: Http }
            fn new() -> Self { Self { baseurl: baseurl.to_string(), client } }
            async fn f(&self) { ResponseValue::from_response(response).await }
        });
        assert_eq!(
            code,
            "structClient{baseurl:std::sync::Arc<str>,client:Http}\
             fnnew()->Self{Self{baseurl:baseurl.into(),client}}\
             asyncfnf(&self){::runtime::__private::read(response,&self.inner).await}"
        );
    }
}
