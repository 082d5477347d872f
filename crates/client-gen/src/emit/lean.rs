//! What progenitor's methods do at every call and need not.
//!
//! They send the document's version in a header that no service asked for, copy the headers of each
//! answer, and copy the base URL with each copy of the client. And each of them holds the whole way
//! to the network, which every crate that calls it would compile anew, once for each operation.

use quote::ToTokens;
use syn::visit_mut::{self, VisitMut};
use syn::{Block, Expr, Field, File, Item, ItemImpl, Pat, Stmt, parse_quote};

/// Makes the methods of `client.rs` leaner. Runs before the names of our modules are put in.
pub(crate) fn lean(client: &mut File) {
    Lean.visit_file_mut(client);
    let methods = client.items.iter_mut().find_map(|item| match item {
        Item::Impl(block) if block.trait_.is_none() => Some(block),
        _ => None,
    });
    methods.into_iter().for_each(add_exchange);
}

/// What all methods have in common, compiled once because nothing of it shows in its type. The status
/// comes beside the response, which no method has to borrow then: a future keeps a place for what was
/// borrowed.
fn add_exchange(block: &mut ItemImpl) {
    block.items.push(parse_quote! {
        fn exchange<'a>(
            &'a self,
            mut request: ::reqwest::Request,
            operation_id: &'static str,
        ) -> ::runtime::__private::Pending<'a, Result<(u16, ::reqwest::Response), Error<()>>> {
            Box::pin(async move {
                let info = OperationInfo { operation_id };
                self.pre(&mut request, &info).await?;
                // Nothing is done after it: `post` is not asked, and `result` is not kept for it.
                let response = self.exec(request, &info).await?;
                Ok((response.status().as_u16(), response))
            })
        }
    });
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
        if let Some(at) = block.stmts.iter().position(is_info) {
            share_exchange(&mut block.stmts, at);
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

/// `let info = OperationInfo { operation_id: "name" };`
fn is_info(stmt: &Stmt) -> bool {
    text(stmt).starts_with("letinfo=OperationInfo{")
}

/// Puts one call in the place of the five statements from `at` that send the request.
fn share_exchange(stmts: &mut Vec<Stmt>, at: usize) {
    const SENDING: [&str; 4] = [
        "self.pre(&mutrequest,&info).await?;",
        "letresult=self.exec(request,&info).await;",
        "self.post(&result,&info).await?;",
        "letresponse=result?;",
    ];
    let name = match &stmts[at] {
        Stmt::Local(info) => info.init.as_ref().and_then(|init| match &*init.expr {
            Expr::Struct(info) => info.fields.first().map(|field| field.expr.clone()),
            _ => None,
        }),
        _ => None,
    };
    let sends = stmts.iter().skip(at + 1).map(text);
    if let (Some(name), true) = (name, sends.take(SENDING.len()).eq(SENDING)) {
        // `result` is free: progenitor has made sure that no parameter has this name.
        let exchange = parse_quote!(let (result, response) = self.exchange(request, #name).await?;);
        stmts.splice(at..=at + SENDING.len(), [exchange]);
        stmts.iter_mut().for_each(unchanged_request);
        for stmt in stmts.iter_mut().skip(at) {
            KnownStatus.visit_stmt_mut(stmt);
        }
    }
}

/// The request is no longer changed where it is made.
fn unchanged_request(stmt: &mut Stmt) {
    if let Stmt::Local(local) = stmt
        && let Pat::Ident(name) = &mut local.pat
        && name.ident == "request"
    {
        name.mutability = None;
        local.attrs.clear();
    }
}

/// Asks for the status that came beside the response.
struct KnownStatus;

impl VisitMut for KnownStatus {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        visit_mut::visit_expr_mut(self, expr);
        if text(expr) == "response.status().as_u16()" {
            *expr = parse_quote!(result);
        }
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
    fn sending_is_one_call() {
        let with = |post: &str| {
            let code = format!(
                "impl Client {{ async fn f(&self) {{ let mut request = c.get(u).build()?; \
                 let info = OperationInfo {{ operation_id: \"f\" }}; \
                 self.pre(&mut request, &info).await?; \
                 let result = self.exec(request, &info).await; {post} \
                 let response = result?; \
                 match response.status().as_u16() {{ _ => g(response) }} }} }}"
            );
            leaner(syn::parse_str(&code).expect("Rust"))
        };
        let one = with("self.post(&result, &info).await?;");
        assert!(one.contains(
            "asyncfnf(&self){letrequest=c.get(u).build()?;\
             let(result,response)=self.exchange(request,\"f\").await?;\
             matchresult{_=>g(response)}}"
        ));
        // Another way to send is left as it is.
        let other = with("");
        assert!(other.contains("letinfo=OperationInfo{operation_id:\"f\"};"));
        assert!(other.contains("matchresponse.status()"));
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
