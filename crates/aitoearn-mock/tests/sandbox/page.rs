//! The page for people, the description, and calls from web pages.

#![allow(clippy::unwrap_used)] // a test that cannot continue stops

use aitoearn_mock::Sandbox;
use reqwest::{Client, Method, Response};
use serde_json::Value;

struct Page {
    sandbox: Sandbox,
    http: Client,
}

impl Page {
    fn new() -> Self {
        Self {
            sandbox: Sandbox::builder().demo_accounts().page().start().unwrap(),
            http: Client::builder().no_proxy().build().unwrap(),
        }
    }

    fn address(&self, path: &str) -> String {
        format!("{}{path}", self.sandbox.base_url())
    }

    async fn get(&self, path: &str) -> Response {
        self.http.get(self.address(path)).send().await.unwrap()
    }

    async fn post(&self, path: &str, form: &str) -> (u16, String) {
        let request = self
            .http
            .post(self.address(path))
            .header("content-type", "application/x-www-form-urlencoded");
        let answer = request.body(form.to_owned()).send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    }

    fn newest(&self) -> String {
        self.sandbox.seen().pop().unwrap().to_string()
    }
}

/// The text of every `<pre><code>`.
fn lines_of_curl(page: &str) -> Vec<String> {
    let mut parts = page.split("<pre><code>").skip(1);
    let mut lines = Vec::new();
    while let Some((line, _)) = parts.next().and_then(|part| part.split_once("</code>")) {
        let line = line
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&quot;", "\"")
            .replace("&#39;", "'");
        lines.push(line.replace("&amp;", "&"));
    }
    lines
}

/// The arguments as a shell reads them: quotes begin and end anywhere.
fn arguments(line: &str) -> Vec<String> {
    let (mut all, mut one, mut is_quoted) = (Vec::new(), String::new(), false);
    let mut characters = line.chars();
    while let Some(c) = characters.next() {
        match c {
            '\'' => is_quoted = !is_quoted,
            '\\' if !is_quoted => one.extend(characters.next()),
            ' ' if !is_quoted => all.push(std::mem::take(&mut one)),
            c => one.push(c),
        }
    }
    all.push(one);
    all
}

#[tokio::test]
async fn every_operation_has_a_line_of_curl_that_the_sandbox_understands() {
    let page = Page::new();
    let html = page.get("/").await.text().await.unwrap();
    let lines = lines_of_curl(&html);
    // The first call, and one for each operation.
    assert_eq!(lines.len(), 1 + Sandbox::routes().count());
    let (mut reached, mut refused) = (Vec::new(), Vec::new());
    for line in &lines {
        let arguments = arguments(line);
        let after = |flag: &str| {
            let at = arguments.iter().position(|it| it == flag)?;
            arguments.get(at + 1).cloned()
        };
        let url = arguments.last().unwrap();
        assert!(!url.contains(['{', '[']), "curl would read it: {line}");
        let method = after("-X").unwrap_or_else(|| "GET".to_owned());
        let mut request = page
            .http
            .request(Method::from_bytes(method.as_bytes()).unwrap(), url);
        for header in arguments
            .iter()
            .skip_while(|it| *it != "-H")
            .filter(|it| it.contains(": "))
        {
            if let Some((name, value)) = header.split_once(": ")
                && !header.starts_with('{')
            {
                request = request.header(name, value);
            }
        }
        if let Some(body) = after("-d") {
            request = request.body(body);
        }
        request.send().await.unwrap();
        let seen = page.sandbox.seen().pop().unwrap();
        let operation = seen.operation.unwrap_or_else(|| panic!("{line}\n{seen}"));
        // Ids that only a person can fill in are left.
        let is_whole = !line.contains("GROUP_ID")
            && !url.split(['/', '?', '=', '&']).any(|part| {
                part.len() > 1 && part.chars().all(|c| c.is_ascii_uppercase() || c == '_')
            });
        if is_whole && !seen.is_success() {
            refused.push(format!("{line}\n{seen}"));
        }
        assert_ne!(seen.code, Some(401), "{line}\n{seen}");
        reached.push(operation);
    }
    assert!(refused.is_empty(), "{}", refused.join("\n\n"));
    reached.sort_unstable();
    reached.dedup();
    assert_eq!(reached.len(), Sandbox::routes().count());
}

#[tokio::test]
async fn the_page_needs_nothing_from_elsewhere_and_escapes_what_it_was_sent() {
    let page = Page::new();
    page.get("/api/v2/%3Cb%3E?x=<script>").await;
    let answer = page.get("/").await;
    let policy = answer.headers()["content-security-policy"]
        .to_str()
        .unwrap()
        .to_owned();
    assert!(policy.starts_with("default-src 'none'"), "{policy}");
    let html = answer.text().await.unwrap();
    for part in [
        "<html lang=\"en\">",
        "<h1>AiToEarn sandbox</h1>",
        "id=\"operations\"",
        "href=\"/openapi.json\"",
        "tiktok_2",
    ] {
        assert!(html.contains(part), "{part}");
    }
    for part in ["<script", "<b>", "src=", "<link"] {
        assert!(!html.contains(part), "{part}");
    }
}

#[tokio::test]
async fn the_description_has_the_corrections_and_leads_back_here() {
    let page = Page::new();
    let answer = page.get("/openapi.json").await;
    assert!(
        answer.headers()["content-type"]
            .to_str()
            .unwrap()
            .starts_with("application/json")
    );
    let document: Value = answer.json().await.unwrap();
    assert_eq!(document["servers"][0]["url"], "/");
    let routes = Sandbox::routes().count();
    let described = document["paths"].as_object().unwrap().values();
    let described: usize = described.map(|path| path.as_object().unwrap().len()).sum();
    assert_eq!(described, routes);
    assert!(!document.to_string().contains("x-rust-type"));
    // Without the page there is the service's own site, which has neither.
    let plain = Sandbox::start().unwrap();
    let site = page
        .http
        .get(format!("{}/openapi.json", plain.base_url()))
        .send()
        .await
        .unwrap();
    assert!(
        site.headers()["content-type"]
            .to_str()
            .unwrap()
            .starts_with("text/html")
    );
}

#[tokio::test]
async fn a_form_without_an_answer_says_what_it_lacks() {
    let page = Page::new();
    page.sandbox.sessions().hold();
    let start = page
        .http
        .get(page.address("/api/v2/channels/accounts/auth/tiktok"))
        .header("x-api-key", page.sandbox.api_key());
    let started: Value = start.send().await.unwrap().json().await.unwrap();
    let url = started["data"]["url"].as_str().unwrap();
    let path = url.strip_prefix(page.sandbox.base_url()).unwrap();

    assert!(
        page.get(path)
            .await
            .text()
            .await
            .unwrap()
            .contains("<button>approve</button>")
    );
    assert!(
        page.newest().ends_with(": the page of an authorization"),
        "{}",
        page.newest()
    );
    for form in ["", "answer=", "answer=maybe", "yes"] {
        let (status, text) = page.post(path, form).await;
        assert_eq!(status, 400, "{form}");
        assert!(
            text.contains("send answer=approve or answer=refuse"),
            "{text}"
        );
    }
    assert!(
        page.newest().contains("without answer=approve"),
        "{}",
        page.newest()
    );
    assert_eq!(page.post(path, "answer=approve").await.0, 200);
    assert_eq!(page.post(path, "answer=refuse").await.0, 409);
    let (status, text) = page.post("/authorize/nobody", "answer=approve").await;
    assert!(
        status == 404 && text.contains("no such authorization"),
        "{status} {text}"
    );
    assert!(
        page.newest().contains("unknown or over"),
        "{}",
        page.newest()
    );
    let (status, text) = page.post("/sandbox/session", "session=x").await;
    assert!(
        status == 400 && text.contains("answer=approve"),
        "{status} {text}"
    );
    assert_eq!(page.post("/sandbox/sessions", "").await.0, 404);
}

#[tokio::test]
async fn pages_of_this_machine_may_call_and_others_may_not() {
    let page = Page::new();
    let list = "/api/v2/channels/accounts";
    let ask = async |origin: &str, method: Method| {
        let request = page
            .http
            .request(method, page.address(list))
            .header("origin", origin)
            .header("access-control-request-method", "DELETE")
            .header("access-control-request-headers", "x-api-key,content-type")
            .header("x-api-key", page.sandbox.api_key());
        request.send().await.unwrap()
    };
    for origin in [
        "http://localhost:5173",
        "http://127.0.0.1:9",
        "https://app.localhost",
    ] {
        let preflight = ask(origin, Method::OPTIONS).await;
        assert_eq!(preflight.status(), 204, "{origin}");
        let headers = preflight.headers();
        assert_eq!(headers["access-control-allow-origin"], origin);
        assert_eq!(
            headers["access-control-allow-headers"],
            "x-api-key,content-type"
        );
        assert!(
            headers["access-control-allow-methods"]
                .to_str()
                .unwrap()
                .contains("DELETE")
        );
        let answer = ask(origin, Method::GET).await;
        assert_eq!(answer.headers()["access-control-allow-origin"], origin);
        assert_eq!(answer.headers()["vary"], "Origin");
    }
    for origin in [
        "https://shop.example",
        "http://localhost.shop.example",
        "null",
    ] {
        let preflight = ask(origin, Method::OPTIONS).await;
        assert_eq!(preflight.status(), 403, "{origin}");
        assert!(
            page.newest().contains("only pages of this machine"),
            "{}",
            page.newest()
        );
        for answer in [preflight, ask(origin, Method::GET).await] {
            assert!(
                !answer.headers().contains_key("access-control-allow-origin"),
                "{origin}"
            );
        }
    }
    // Without an origin it is no preflight, and the service has no such method.
    let plain = page
        .http
        .request(Method::OPTIONS, page.address(list))
        .send()
        .await
        .unwrap();
    let plain: Value = plain.json().await.unwrap();
    assert_eq!(plain["code"], 404);
}
