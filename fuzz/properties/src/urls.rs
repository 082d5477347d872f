//! URLs, queries and headers made of what users say.

use aitoearn::{Client, Error, Method, RetryPolicy};
use aitoearn_api::{
    Failure,
    types::{Platform, WorksGetParams, WorksLinkInfoParams},
};
use percent_encoding::percent_decode_str;
use tokio::runtime::{Builder, Runtime};

use crate::server::{Request, Server};

struct World {
    runtime: Runtime,
    server: Server,
    client: Client,
}

thread_local! {
    static WORLD: World = World::new();
}

impl World {
    fn new() -> Self {
        let server = Server::start();
        let client = Client::builder()
            .base_url(&server.base_url)
            .api_key("the-key")
            .retry(RetryPolicy::none())
            .build()
            .expect("a client of a loopback server");
        Self {
            // Its one thread is this one, so a panic in it is a panic here.
            runtime: Builder::new_current_thread()
                .enable_all()
                .build()
                .expect("a runtime"),
            server,
            client,
        }
    }
}

/// The first byte says what to call, the rest is four texts with NULs between them: two for the
/// path, two for the query. One segment stays one segment, a text arrives as it was given, nothing
/// becomes a header, and what cannot be sent is refused.
pub fn urls(input: &[u8]) {
    let Some((&which, texts)) = input.split_first() else {
        return;
    };
    let Ok(texts) = std::str::from_utf8(texts) else {
        return;
    };
    let mut texts = texts.splitn(4, '\0');
    let mut next = || texts.next().unwrap_or_default();
    let texts = [next(), next(), next(), next()];
    WORLD.with(|world| match which % 4 {
        0 => segments(world, texts),
        1 => fixed_end(world, texts),
        2 => query(world, texts),
        _ => custom(world, texts),
    });
}

/// Two arguments in the path, and an option in the query.
fn segments(world: &World, [first, second, key, value]: [&str; 4]) {
    let mut context = world.client.api().context().for_call();
    context.query = vec![(key.to_owned(), value.to_owned())];
    let api = world.client.api().with_context(context);
    let outcome = world.runtime.block_on(async {
        let account = first.into();
        let result = api.accounts_option_values(&account, second).await;
        aitoearn_api::open(result, api.context()).await
    });
    let is_sent = settled(outcome.err());
    let expected = [
        "api",
        "v2",
        "channels",
        "accounts",
        first,
        "publish-options",
        second,
        "values",
    ];
    check(world, is_sent, &expected, &[(key, value)]);
}

/// An argument with a fixed text behind it in its segment.
fn fixed_end(world: &World, [model, _, key, value]: [&str; 4]) {
    let mut context = world.client.api().context().for_call();
    context.query = vec![(key.to_owned(), value.to_owned())];
    let api = world.client.api().with_context(context);
    let body = serde_json::json!({ "model": model, "contents": [] });
    let Ok(body) = serde_json::from_value(body) else {
        return;
    };
    let outcome = world.runtime.block_on(async {
        let result = api.relay_gemini_generate(model, &body).await;
        aitoearn_api::open_stream(result, api.context()).await
    });
    let is_sent = settled(outcome.err());
    let template = aitoearn_api::operations::by_name("relay_gemini_generate").expect("it exists");
    let path = template.path.trim_start_matches('/');
    let expected: Vec<String> = path
        .split('/')
        .map(|segment| segment.replace("{model}", model))
        .collect();
    let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
    if model.is_empty() {
        assert!(!is_sent, "an empty argument was sent");
    } else {
        // Dots are no step with a text behind them.
        assert!(is_sent, "{model:?} was refused");
        check(world, is_sent, &expected, &[(key, value)]);
    }
}

/// Declared parameters of a query.
fn query(world: &World, [platform, work, link, account]: [&str; 4]) {
    let api = world.client.api();
    let api = api.with_context(api.context().for_call());
    let platform_value = Platform::from(platform);
    let (is_sent, expected, pairs) = if work.is_empty() {
        let outcome = world.runtime.block_on(async {
            let mut params = WorksLinkInfoParams::default();
            params.account_id = Some(account.into());
            let result = api.works_link_info(link, &platform_value, &params).await;
            aitoearn_api::open(result, api.context()).await
        });
        let pairs = vec![
            ("accountId", account),
            ("link", link),
            ("platform", platform),
        ];
        let expected = vec!["api", "v2", "channels", "works", "link-info"];
        (settled(outcome.err()), expected, pairs)
    } else {
        let outcome = world.runtime.block_on(async {
            let mut params = WorksGetParams::default();
            params.account_id = Some(account.into());
            let result = api.works_get(&platform_value, work, &params).await;
            aitoearn_api::open(result, api.context()).await
        });
        let expected = vec!["api", "v2", "channels", "works", platform, work];
        (
            settled(outcome.err()),
            expected,
            vec![("accountId", account)],
        )
    };
    check(world, is_sent, &expected, &pairs);
}

/// What has no method: the path is the caller's, the rest ours.
fn custom(world: &World, [path, id, key, value]: [&str; 4]) {
    let request = world
        .client
        .request(Method::Get, format!("/{path}"))
        .query(key, value)
        .header("x-note", value);
    let request = if id.is_empty() {
        request
    } else {
        request.request_id(id)
    };
    let outcome = world.runtime.block_on(request.send::<()>());
    let is_sent = match outcome {
        Ok(()) => true,
        Err(Error::InvalidInput(error)) => {
            assert!(!error.to_string().is_empty());
            false
        }
        Err(error) => panic!("{error}"),
    };
    let requests = world.server.take();
    assert_eq!(requests.len(), usize::from(is_sent));
    let Some(request) = requests.first() else {
        return;
    };
    let sent = request.target.split('?').next().unwrap_or_default();
    assert_eq!(decoded(sent), decoded(&format!("/{path}")));
    assert_eq!(sent.split('/').count(), path.split('/').count() + 1);
    assert_eq!(pairs(request), [(key.to_owned(), value.to_owned())]);
    headers(request, &["accept-encoding", "accept-language", "x-note"]);
    assert_eq!(header(request, "x-note"), [value.trim_matches([' ', '\t'])]);
    assert!(id.is_empty() || header(request, "x-request-id") == [id]);
}

/// Whether it was sent; if not, for a reason that can be read.
fn settled(failure: Option<Failure>) -> bool {
    match failure {
        // The answer has no data, and most calls want some.
        None | Some(Failure::Decode(_)) => true,
        Some(Failure::Invalid(reason)) => {
            assert!(!reason.is_empty());
            false
        }
        Some(failure) => panic!("{failure}"),
    }
}

fn check(world: &World, is_sent: bool, segments: &[&str], expected: &[(&str, &str)]) {
    let requests = world.server.take();
    assert_eq!(requests.len(), usize::from(is_sent));
    let no_segment = |text: &&str| matches!(*text, "" | "." | "..");
    assert_eq!(is_sent, !segments.iter().any(no_segment), "{segments:?}");
    let Some(request) = requests.first() else {
        return;
    };
    let path = request.target.split('?').next().unwrap_or_default();
    let sent: Vec<String> = path.split('/').skip(1).map(decoded).collect();
    assert_eq!(sent, segments);
    let expected: Vec<_> = expected
        .iter()
        .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
        .collect();
    assert_eq!(pairs(request), expected);
    headers(request, &["content-type", "content-length"]);
}

fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

/// The pairs of the query, as a form is read.
fn pairs(request: &Request) -> Vec<(String, String)> {
    let (_, query) = request.target.split_once('?').unwrap_or_default();
    query
        .split('&')
        .map(|pair| {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            let plain = |text: &str| decoded(&text.replace('+', " "));
            (plain(key), plain(value))
        })
        .collect()
}

fn header<'r>(request: &'r Request, name: &str) -> Vec<&'r str> {
    let all = request.headers.iter();
    all.filter(|(known, _)| known == name)
        .map(|(_, value)| value.as_str())
        .collect()
}

/// No header but ours, each once, and the key as it is.
fn headers(request: &Request, more: &[&str]) {
    const OURS: [&str; 8] = [
        "accept",
        "accept-encoding",
        "authorization",
        "host",
        "user-agent",
        "x-api-key",
        "x-goog-api-key",
        "x-request-id",
    ];
    for (name, _) in &request.headers {
        assert!(
            OURS.contains(&name.as_str()) || more.contains(&name.as_str()),
            "{name}"
        );
        assert_eq!(header(request, name).len(), 1, "{name}");
    }
    let key = ["x-api-key", "x-goog-api-key"]
        .map(|name| header(request, name))
        .concat();
    assert_eq!(key, ["the-key"]);
}
