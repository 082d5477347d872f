//! What takes several calls, and what is read bit by bit.

use std::{convert::Infallible, sync::Arc, time::Duration};

use aitoearn::flow::{Job, Look, PollPolicy, UploadSource, Wait};
use aitoearn::stream::{DeltaStream, EventStream, StreamEvent};
use aitoearn::types::Platform;
use aitoearn::{Client, Error, FlowItem, Method, PublishTime, RetryPolicy};
use aitoearn_tests::requests::{MEDIA, PROMPT};
use aitoearn_tests::server::{Act, Heard, Server};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{
    canaries::{Findings, KEY},
    hostile::{MANNERS, Manner, World, operation},
    operations::client_of,
};

/// Once with each manner of the service.
pub(crate) async fn all(world: &Arc<World>, findings: &Findings) {
    for manner in MANNERS.iter().filter(|manner| manner.name != "silence") {
        let client = &client_of(manner, world).await;
        let look = &Looker { findings, manner };
        tokio::join!(
            connect(client, look),
            generate(client, look),
            relays(client, look),
            lists(client, look),
            upload(client, look),
            publish(client, look),
            look.request("a custom request", custom(client)),
        );
    }
    failed_jobs(world, findings).await;
    input(world, findings).await;
}

/// Looks at what comes of the calls to one service.
struct Looker<'a> {
    findings: &'a Findings,
    manner: &'static Manner,
}

impl Looker<'_> {
    fn what(&self, what: &str) -> String {
        format!("{what}, {}", self.manner.name)
    }

    async fn request<T>(&self, what: &str, answer: impl Future<Output = Result<T, Error>>) {
        if let Err(error) = answer.await {
            self.findings.of_call(&self.what(what), &error);
        }
    }

    /// A wait, which is looked at before, within and after.
    async fn wait<J: Job>(&self, what: &str, wait: Result<Wait<J>, Error>) {
        let what = &self.what(what);
        let wait = match wait {
            Ok(wait) => wait.policy(quick()),
            Err(error) => return self.findings.of_call(what, &error),
        };
        self.findings.debug(what, &wait);
        let mut updates = wait.updates();
        self.findings.debug(what, &updates);
        while let Some(update) = updates.next().await {
            if let Err(error) = update {
                self.findings.error(what, &error);
            }
        }
    }

    async fn events<E: StreamEvent>(&self, what: &str, events: Result<EventStream<E>, Error>) {
        let what = &self.what(what);
        match events {
            Err(error) => self.findings.of_call(what, &error),
            Ok(mut events) => {
                self.findings.debug(what, &events);
                while let Some(event) = events.next().await {
                    if let Err(error) = event {
                        self.findings.of_call(what, &error);
                    }
                }
                self.findings.debug(what, &events);
            }
        }
    }

    async fn deltas(&self, what: &str, deltas: Result<DeltaStream, Error>) {
        let what = &self.what(what);
        match deltas {
            Err(error) => self.findings.of_call(what, &error),
            Ok(mut deltas) => {
                self.findings.debug(what, &deltas);
                while let Some(piece) = deltas.next().await {
                    if let Err(error) = piece {
                        self.findings.of_call(what, &error);
                    }
                }
            }
        }
    }
}

/// Looks at once, three times at most.
fn quick() -> PollPolicy {
    PollPolicy::every(Duration::from_millis(1))
        .shortest(Duration::ZERO)
        .deadline(Duration::from_millis(20))
        .tolerate(1)
}

async fn connect(client: &Client, look: &Looker<'_>) {
    let connect = client.auth().connect(Platform::Tiktok).redirect_uri(MEDIA);
    look.findings.debug("a connection", &connect);
    match connect.await {
        Err(error) => {
            look.findings.error(&look.what("connect"), &error);
            look.findings.look(&look.what("connect"), error.advice());
        }
        Ok(connecting) => {
            look.findings.debug(&look.what("connecting"), &connecting);
            look.wait("connect", Ok(connecting.wait())).await;
        }
    }
}

async fn generate(client: &Client, look: &Looker<'_>) {
    let video = client.video().generate("m", PROMPT).images([MEDIA]);
    look.wait("a video", video.start().await).await;
    let video = client.video().volcengine().create("m").text(PROMPT);
    look.wait("a video of Volcengine", video.start().await)
        .await;
    let images = client.images().generate_async("m", PROMPT);
    look.wait("images", images.start().await).await;
    let images = client.images().edit_async("m", PROMPT, [MEDIA]);
    look.wait("edited images", images.start().await).await;
}

async fn publish(client: &Client, look: &Looker<'_>) {
    let what = &look.what("a flow")[..];
    let flow = || {
        let flow = client.publish().flow().title(PROMPT).body(PROMPT);
        let item = FlowItem::tiktok("tiktok_1").body(PROMPT).image(MEDIA);
        flow.image(MEDIA).item(item).at(PublishTime::Now)
    };
    for flow in [flow(), flow().unchecked()] {
        look.findings.debug(what, &flow);
        match flow.await {
            Err(error) => {
                look.findings.error(what, &error);
                look.findings.look(what, error.advice());
            }
            Ok(created) => {
                look.findings.debug(what, &created);
                match created.wait().policy(quick()).await {
                    Err(error) => look.findings.error(what, &error),
                    Ok(outcome) => {
                        look.findings.debug(what, &outcome);
                        look.findings.look(what, &outcome.to_string());
                    }
                }
            }
        }
    }
}

async fn relays(client: &Client, look: &Looker<'_>) {
    let relay = client.relay();
    let chat = || relay.chat_completions("m").system(PROMPT).user(PROMPT);
    look.events("a chat", chat().events().await).await;
    look.deltas("a chat", chat().deltas().await).await;
    let messages = || relay.messages("m").system(PROMPT).user(PROMPT);
    look.events("messages", messages().events().await).await;
    look.deltas("messages", messages().deltas().await).await;
    let gemini = || relay.gemini_stream("m").user(PROMPT);
    look.events("contents", gemini().events().await).await;
    look.deltas("contents", gemini().deltas().await).await;
}

async fn lists(client: &Client, look: &Looker<'_>) {
    let mut works = client.works().list(Platform::Youtube, "youtube_1").stream();
    look.findings.debug(&look.what("a list of works"), &works);
    while let Some(item) = works.next().await {
        look.request("a list of works", async { item }).await;
    }
    let mut videos = client.video().list().stream();
    look.findings.debug(&look.what("a list of videos"), &videos);
    while let Some(item) = videos.next().await {
        look.request("a list of videos", async { item }).await;
    }
}

async fn upload(client: &Client, look: &Looker<'_>) {
    let source = UploadSource::bytes("boat.png", PROMPT_AS_A_FILE.as_bytes());
    look.findings.debug("a source", &source);
    let upload = client.assets().upload(source);
    look.findings.debug("an upload", &upload);
    if let Err(error) = upload.await {
        look.findings.error(&look.what("an upload"), &error);
        look.findings.look(&look.what("an upload"), error.advice());
    }
}

/// What is uploaded does get to the storage, so it is no canary.
const PROMPT_AS_A_FILE: &str = "not really a picture";

async fn custom(client: &Client) -> Result<Value, Error> {
    let request = client.request(Method::Post, "/api/tomorrow");
    let request = request.query("url", MEDIA).header("x-note", PROMPT);
    request.json(&json!({ "prompt": PROMPT })).send().await
}

/// Jobs that end badly, for which the service has a reason to give.
async fn failed_jobs(world: &Arc<World>, findings: &Findings) {
    fn answer(world: &World, heard: &Heard) -> Act {
        let mut body = world.plain_success(heard);
        let said = format!("{KEY} may not read {}", world.signed());
        if heard.method == "GET" {
            let task = match body.get_mut("data") {
                Some(task) => task,
                None => &mut body,
            };
            // In the words of each kind of job.
            match operation(heard) {
                "publish_flow_get" => task["tasks"][0]["status"] = json!(-1),
                "publish_record_get" => {
                    task["status"] = json!(-1);
                    task["errorMsg"] = json!(said);
                    task["errorData"] = json!({ "type": "auth", "code": "", "message": said });
                }
                _ => {
                    task["status"] = json!("failed");
                    task["error"] = json!({ "code": KEY, "message": said });
                    task["errorMessage"] = json!(said);
                }
            }
        }
        Act::json(&body.to_string())
    }
    static FAILED: Manner = Manner {
        name: "a failed job",
        answer,
    };
    let client = &client_of(&FAILED, world).await;
    let manner = &FAILED;
    let look = &Looker { findings, manner };
    generate(client, look).await;
    connect(client, look).await;
    publish(client, look).await;
}

/// Arguments that are refused before anything is sent, and settings.
async fn input(world: &Arc<World>, findings: &Findings) {
    let manner = &MANNERS[0];
    let client = &client_of(manner, world).await;
    let look = &Looker { findings, manner };
    let bad = &format!("{PROMPT}\n{MEDIA}\n{KEY}")[..];
    let relay = client.relay();
    look.request("a bad model", relay.messages("").user(PROMPT).into_future())
        .await;
    look.request("a bad id", client.video().get(bad).into_future())
        .await;
    look.request("a bad id", client.accounts().get(bad).into_future())
        .await;
    let list = || client.accounts().list();
    look.request("a bad header", list().header("x-note", bad).into_future())
        .await;
    look.request("a bad header", list().header(bad, "x").into_future())
        .await;
    look.request("a bad request id", list().request_id(bad).into_future())
        .await;
    let edit = client.images().edit("m", PROMPT, [bad]);
    look.request("a bad address", edit.into_future()).await;
    let custom = client.request(Method::Get, bad);
    look.request("a bad path", custom.send::<Value>()).await;
    let connect = client.auth().start(Platform::Tiktok).redirect_uri(bad);
    look.request("a bad address", connect.into_future()).await;

    for builder in [
        Client::builder()
            .api_key(bad)
            .base_url("https://aitoearn.example"),
        Client::builder().api_key(KEY).base_url(bad),
        Client::builder()
            .api_key(KEY)
            .base_url(format!("https://{KEY}@aitoearn.example")),
        Client::builder()
            .api_key(KEY)
            .base_url(format!("https://aitoearn.example/?key={KEY}")),
        Client::builder()
            .api_key(KEY)
            .base_url(format!("http://{KEY}.example")),
        Client::builder()
            .api_key(KEY)
            .user_agent(bad)
            .base_url("https://aitoearn.example"),
    ] {
        findings.debug("a builder", &builder);
        match builder.build() {
            Ok(client) => findings.debug("a client", &client),
            Err(error) => findings.of_call("a setting", &error),
        }
    }
    let refused = Client::builder()
        .api_key(KEY)
        .base_url("http://127.0.0.1:1");
    let refused = refused.retry(RetryPolicy::none()).build().expect("valid");
    let call = refused.accounts().list().query("url", MEDIA);
    look.request("nobody there", call.into_future()).await;
}

/// Uploads to storages that misbehave, each with a word for everybody.
pub(crate) async fn storages(world: &Arc<World>, findings: &Findings) -> Vec<Server> {
    let manners: [fn(&str) -> Act; 5] = [
        |said| Act::answer(403, "content-type: application/xml\r\n", said),
        |said| Act::answer(302, &format!("location: {said}\r\n"), said),
        |said| Act::answer(500, &format!("x-note: {said}\r\n"), said),
        |_| Act::Reset(Vec::new()),
        |said| Act::Close(said.as_bytes().to_vec()),
    ];
    let mut servers = Vec::new();
    for manner in manners {
        let elsewhere = world.elsewhere.clone();
        let storage = Server::start(move |heard| {
            let host = heard.header("host");
            manner(&format!("{elsewhere}/?at=http://{host}{}", heard.target))
        })
        .await;
        let there = Arc::new(World::new(world.elsewhere.clone(), storage.url()));
        let client = client_of(&MANNERS[0], &there).await;
        let manner = &MANNERS[0];
        upload(&client, &Looker { findings, manner }).await;
        servers.push(storage);
    }
    // Nobody there, and an address that HTTP cannot carry.
    for storage in ["http://127.0.0.1:1", "http://127.0.0.1:1/a b"] {
        let there = Arc::new(World::new(world.elsewhere.clone(), storage.to_owned()));
        let client = client_of(&MANNERS[0], &there).await;
        let manner = &MANNERS[0];
        upload(&client, &Looker { findings, manner }).await;
    }
    servers
}

/// Panics of code that the client calls: they pass through it, and say nothing of it.
pub(crate) async fn panics(world: &Arc<World>, findings: &Findings) {
    let client = client_of(&MANNERS[0], world).await;
    let source = UploadSource::bytes("boat.png", vec![0; 200_000]);
    let upload = client.assets().upload(source);
    let upload = upload.on_progress(|_| panic!("a hook of the caller gave up"));
    findings.error("a panic", &upload.await.expect_err("it panicked"));

    let wait = client.wait_for(Panics);
    let join = tokio::spawn(wait.into_future()).await;
    findings.error("a panic", &join.expect_err("it panicked"));
}

/// Something to wait for that gives up with the answer in its hands.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Panics;

impl Job for Panics {
    const KIND: &'static str = "panics";
    type State = ();
    type Output = ();
    type Failure = Infallible;

    fn policy(&self) -> PollPolicy {
        quick()
    }

    async fn look(&self, client: &Client) -> Result<Look<Self>, Error> {
        let answer = client.platforms().list().send_with_meta().await;
        panic!(
            "a job of the caller gave up: {:?}",
            answer.map(|it| it.call)
        );
    }
}
