//! The server over HTTP: on loopback only, for those who know the token.

use std::convert::Infallible;
use std::net::Ipv4Addr;
use std::sync::Arc;

use bytes::Bytes;
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use rmcp::transport::streamable_http_server::session::local::LocalSessionManager;
use rmcp::transport::streamable_http_server::{StreamableHttpServerConfig, StreamableHttpService};
use sha2::{Digest as _, Sha256};
use tokio::net::TcpListener;
use tower_service::Service as _;

use crate::context::App;
use crate::failure::{Exit, Failure, Outcome};

use super::server::Server;

/// The token's variable.
const VARIABLE: &str = "AITOEARN_MCP_TOKEN";
/// A token with fewer characters can be guessed.
const SHORTEST: usize = 16;
const PATH: &str = "/mcp";

type Service = StreamableHttpService<Server, LocalSessionManager>;
type Answer = Response<BoxBody<Bytes, Infallible>>;

/// Serves until Ctrl-C; every client has a session of its own.
pub(super) async fn serve(
    app: &App,
    port: u16,
    make: impl Fn() -> Server + Send + Sync + 'static,
) -> Outcome<Exit> {
    let cannot = |error| Failure::io(format!("port {port} cannot be served"), &error);
    let given = std::env::var(VARIABLE).ok().filter(|it| !it.is_empty());
    let token = match &given {
        Some(token) if token.len() < SHORTEST => {
            return Err(Failure::usage(format!(
                "{VARIABLE} has fewer than {SHORTEST} characters, which can be guessed"
            )));
        }
        Some(token) => token.clone(),
        None => random()?,
    };
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await;
    let listener = listener.map_err(cannot)?;
    let address = listener.local_addr().map_err(cannot)?;
    app.out.note(&format!("Serving http://{address}{PATH}"));
    if given.is_none() {
        app.out.note(&format!("Token: {token}"));
    }
    // No page of a browser has business here: whatever names an origin is refused, and so is
    // another name for this machine.
    let config = StreamableHttpServerConfig::default().enforce_origin_validation();
    let service = Service::new(move || Ok(make()), Arc::default(), config);
    let token: [u8; 32] = Sha256::digest(&token).into();
    loop {
        let Ok((socket, _)) = listener.accept().await else {
            // One client's trouble, or a short lack of descriptors.
            tokio::task::yield_now().await;
            continue;
        };
        let service = service.clone();
        tokio::spawn(async move {
            let service = service_fn(move |request| answer(service.clone(), token, request));
            // An error is a connection that broke, and the client knows.
            let _ = hyper::server::conn::http1::Builder::new()
                .serve_connection(TokioIo::new(socket), service)
                .await;
        });
    }
}

async fn answer(
    mut service: Service,
    token: [u8; 32],
    request: Request<Incoming>,
) -> Result<Answer, Infallible> {
    if !is_known(&request, token) {
        let mut refusal = refusal(StatusCode::UNAUTHORIZED, "The token is missing or wrong.\n");
        let how = hyper::header::HeaderValue::from_static("Bearer");
        refusal.headers_mut().insert(WWW_AUTHENTICATE, how);
        return Ok(refusal);
    }
    if request.uri().path() != PATH {
        return Ok(refusal(StatusCode::NOT_FOUND, "There is only /mcp.\n"));
    }
    service.call(request).await
}

/// Compares hashes: how long it takes says nothing about the token.
fn is_known(request: &Request<Incoming>, token: [u8; 32]) -> bool {
    let given = request.headers().get(AUTHORIZATION);
    let given = given.and_then(|it| it.as_bytes().strip_prefix(b"Bearer "));
    given.is_some_and(|given| <[u8; 32]>::from(Sha256::digest(given)) == token)
}

fn refusal(status: StatusCode, text: &'static str) -> Answer {
    let mut answer = Response::new(Full::from(text).boxed());
    *answer.status_mut() = status;
    answer
}

/// A token that nobody can guess.
fn random() -> Outcome<String> {
    let mut bytes = [0; 24];
    getrandom::fill(&mut bytes).map_err(|error| {
        Failure::new(Exit::Failed, format!("no token can be made: {error}"))
            .advise(format!("Set {VARIABLE} to one of your own."))
    })?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}
