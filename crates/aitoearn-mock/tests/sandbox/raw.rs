//! The raw server does what it is told, byte for byte.

use std::time::Duration;

use aitoearn_mock::{Act, Cue, RawServer, Then};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::Instant;

const SECOND: Duration = Duration::from_secs(1);
const GET: &[u8] = b"GET /a?b=c HTTP/1.1\r\nHost: x\r\nX-Note: yes\r\n\r\n";

fn start(acts: impl IntoIterator<Item = Act>) -> RawServer {
    RawServer::start(acts).expect("loopback")
}

async fn connect(server: &RawServer) -> TcpStream {
    TcpStream::connect(server.address()).await.expect("listens")
}

/// Everything that comes until the connection ends, and how it ends.
async fn all(stream: &mut TcpStream) -> (String, Option<std::io::ErrorKind>) {
    let mut bytes = Vec::new();
    let end = stream.read_to_end(&mut bytes).await;
    let text = String::from_utf8_lossy(&bytes).into_owned();
    (text, end.err().map(|error| error.kind()))
}

/// What a request gets from a server that plays this.
async fn answer(act: Act) -> (String, Option<std::io::ErrorKind>) {
    let server = start([act]);
    let mut stream = connect(&server).await;
    stream.write_all(GET).await.expect("sent");
    all(&mut stream).await
}

#[tokio::test]
async fn answers_are_framed_as_ordered() {
    let body = Act::answer(200, "käse");
    let head = "HTTP/1.1 200 Any\r\n";
    for (act, expected) in [
        (body.clone(), format!("{head}content-length: 5\r\n\r\nkäse")),
        (
            body.clone().header("a", "b").length(9),
            format!("{head}a: b\r\ncontent-length: 9\r\n\r\nkäse"),
        ),
        (body.clone().until_close(), format!("{head}\r\nkäse")),
        (
            body.clone().bom(),
            format!("{head}content-length: 8\r\n\r\n\u{feff}käse"),
        ),
        (
            body.clone().repeated(2),
            format!("{head}content-length: 10\r\n\r\nkäsekäse"),
        ),
        (
            body.clone().half(),
            format!("{head}content-length: 5\r\n\r\nk\u{fffd}"),
        ),
        (
            body.clone().chunked(),
            format!("{head}transfer-encoding: chunked\r\n\r\n5\r\nkäse\r\n0\r\n\r\n"),
        ),
        (
            body.clone().chunked().repeated(2).half(),
            format!("{head}transfer-encoding: chunked\r\n\r\n5\r\nkäse\r\n"),
        ),
        (
            body.headers(2, 3),
            format!("{head}x-filler-0: xxx\r\nx-filler-1: xxx\r\ncontent-length: 5\r\n\r\nkäse"),
        ),
        (
            Act::redirect(307, "http://x/"),
            "HTTP/1.1 307 Any\r\nlocation: http://x/\r\ncontent-length: 0\r\n\r\n".to_owned(),
        ),
        (Act::raw("anything"), "anything".to_owned()),
        (Act::cut(), String::new()),
    ] {
        let (text, error) = answer(act.clone().then(Then::Close)).await;
        assert_eq!((text, error), (expected, None), "{act:?}");
    }
}

#[tokio::test]
async fn a_reset_is_one() {
    let reset = Some(std::io::ErrorKind::ConnectionReset);
    assert_eq!(answer(Act::reset()).await, (String::new(), reset));

    let server = start([Act::reset().at(Cue::Connected), Act::cut()]);
    let mut first = connect(&server).await;
    assert_eq!(all(&mut first).await, (String::new(), reset));
    assert_eq!(server.received(), [b""]);
    let mut second = connect(&server).await;
    second.write_all(GET).await.expect("sent");
    assert_eq!(all(&mut second).await, (String::new(), None));
    assert_eq!((server.connections(), server.hits()), (2, 1));
}

#[tokio::test(start_paused = true)]
async fn drips_take_the_time_of_the_clock_of_the_test() {
    let begun = Instant::now();
    let (text, _) = answer(Act::raw("").then(Then::Close)).await;
    assert_eq!((text.len(), begun.elapsed()), (0, Duration::ZERO));
    // 39 bytes of head, 4 of body.
    let (text, _) = answer(Act::answer(200, "body").drip(1, SECOND).then(Then::Close)).await;
    assert_eq!(text.len(), 43);
    assert_eq!(begun.elapsed().as_secs(), 43);
    let (text, _) = answer(
        Act::answer(200, "body")
            .drip_body(3, SECOND)
            .then(Then::Close),
    )
    .await;
    assert_eq!((text.len(), begun.elapsed().as_secs()), (43, 45));

    let server = start([Act::answer(200, "käse").split_utf8(SECOND)]);
    let mut stream = connect(&server).await;
    stream.write_all(GET).await.expect("sent");
    let mut pieces = Vec::new();
    let mut buffer = [0; 100];
    while pieces.iter().map(Vec::len).sum::<usize>() < 44 {
        let count = stream.read(&mut buffer).await.expect("more");
        pieces.push(buffer[..count].to_vec());
    }
    assert_eq!(pieces[1..], [b"k\xc3".to_vec(), b"\xa4se".to_vec()]);
}

#[tokio::test]
async fn requests_are_kept_as_they_came() {
    let server = start([
        Act::answer(200, "1"),
        Act::answer(200, "2").then(Then::Close),
    ]);
    let mut stream = connect(&server).await;
    stream.write_all(GET).await.expect("sent");
    stream.read_exact(&mut [0; 40]).await.expect("the first");
    let post = b"POST /b HTTP/1.1\r\ncontent-length: 3\r\n\r\nabc";
    stream.write_all(post).await.expect("sent");
    assert!(all(&mut stream).await.0.ends_with("\r\n\r\n2"));

    assert_eq!(server.received(), [[GET, post].concat()]);
    let requests = server.requests();
    assert_eq!((requests.len(), server.hits()), (2, 2));
    assert_eq!(
        (requests[0].method(), requests[0].target()),
        ("GET", "/a?b=c")
    );
    assert_eq!(requests[0].header("x-note"), Some("yes"));
    assert_eq!(requests[0].header("x-other"), None);
    assert_eq!((&*requests[1].body, requests[1].body_len), (&b"abc"[..], 3));
    assert_eq!(format!("{:?}", requests[0]), "GET /a with 0 bytes");
    assert_eq!(server.sent(), 2 * 40);
}

#[tokio::test]
async fn an_act_may_begin_inside_a_request() {
    let upload = b"PUT /u HTTP/1.1\r\ncontent-length: 10\r\n\r\n";
    let server = start([
        Act::answer(413, "").at(Cue::Head),
        Act::reset().at(Cue::Body(4)),
    ]);
    let mut stream = connect(&server).await;
    stream.write_all(upload).await.expect("sent");
    stream.read_exact(&mut [0; 39]).await.expect("at once");
    // The rest of the request is still read, and is not the next one.
    stream.write_all(b"0123456789").await.expect("sent");
    stream.write_all(upload).await.expect("sent");
    stream.write_all(b"0123").await.expect("sent");
    let (_, error) = all(&mut stream).await;
    assert_eq!(error, Some(std::io::ErrorKind::ConnectionReset));
    let sizes: Vec<_> = server.requests().iter().map(|it| it.body_len).collect();
    assert_eq!(sizes, [10, 4]);
}

#[tokio::test]
async fn chunks_of_a_request_end_where_they_end() {
    let server = start([Act::answer(200, "")]);
    let mut stream = connect(&server).await;
    let head = b"PUT /u HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n";
    for body in [&b"3\r\nabc\r\n0\r\n\r\n"[..], b"0\r\n\r\n"] {
        stream.write_all(head).await.expect("sent");
        for byte in body {
            stream.write_u8(*byte).await.expect("sent");
        }
        stream.read_exact(&mut [0; 39]).await.expect("an answer");
        assert_eq!(server.requests().last().expect("one").body, body);
    }
}

#[tokio::test]
async fn the_end_of_a_connection_is_noticed() {
    for act in [
        Act::silent(),
        Act::json("{}").drip(1, 3600 * SECOND),
        Act::answer(200, "x").until_close().repeated(u64::MAX),
    ] {
        let server = start([act]);
        let mut stream = connect(&server).await;
        stream.write_all(GET).await.expect("sent");
        server.until(|server| server.hits() == 1).await;
        assert_eq!(server.open(), 1);
        drop(stream);
        server.until(|server| server.open() == 0).await;
    }
    // It takes its connections with it.
    let server = start([Act::silent()]);
    let mut stream = connect(&server).await;
    server.until(|server| server.connections() == 1).await;
    drop(server);
    assert_eq!(all(&mut stream).await.0, "");
}

#[tokio::test]
async fn what_is_not_read_is_not_sent() {
    let act = Act::answer(200, vec![0; 1 << 16]).repeated(u64::MAX);
    let server = start([act.until_close()]);
    let mut stream = connect(&server).await;
    stream.write_all(GET).await.expect("sent");
    let mut last = 0;
    loop {
        server.until(|server| server.sent() > 0).await;
        tokio::time::sleep(Duration::from_millis(50)).await;
        if server.sent() == last {
            break;
        }
        last = server.sent();
    }
    assert!(last < 1 << 26, "{last} bytes are on their way");
}

#[tokio::test]
async fn an_act_may_depend_on_the_request() {
    let server = RawServer::choose(|number, request| match request {
        Some(request) if request.target().starts_with("/a") => Act::answer(200, "a"),
        _ => Act::answer(404, number.to_string()).then(Then::Close),
    })
    .expect("loopback");
    let mut stream = connect(&server).await;
    stream.write_all(GET).await.expect("sent");
    stream.read_exact(&mut [0; 40]).await.expect("an answer");
    stream
        .write_all(b"GET /b HTTP/1.1\r\n\r\n")
        .await
        .expect("sent");
    assert!(all(&mut stream).await.0.ends_with("\r\n\r\n1"));
}
