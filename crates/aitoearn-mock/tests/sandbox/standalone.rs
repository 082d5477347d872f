//! The sandbox as a program.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Command, Stdio};

fn program() -> Command {
    Command::new(env!("CARGO_BIN_EXE_aitoearn-mock"))
}

#[tokio::test]
async fn it_says_where_it_is_logs_each_request_and_ends_on_an_interrupt() {
    let mut child = program()
        .args(["--port", "0"])
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program");
    let mut lines = BufReader::new(child.stdout.take().expect("its output"))
        .lines()
        .map(|line| line.expect("text"));
    let mut after = |label: &str| {
        let line = lines
            .find(|line| line.trim_start().starts_with(label))
            .expect("a line");
        line.trim_start()[label.len()..].trim().to_owned()
    };
    let (base_url, key) = (after("base URL"), after("API key"));
    after("Ctrl-C");
    let http = reqwest::Client::builder()
        .no_proxy()
        .build()
        .expect("a client");
    let answer = http
        .get(format!("{base_url}/api/v2/channels/accounts"))
        .header("X-Api-Key", &key)
        .send()
        .await;
    assert_eq!(answer.expect("an answer").status(), 200);
    assert_eq!(
        after("GET"),
        "/api/v2/channels/accounts -> 200 code 0 accounts_list"
    );
    let page = http.get(format!("{base_url}/")).send().await;
    let page = page.expect("a page").text().await.expect("text");
    assert!(page.contains("youtube_1"), "it begins with demo accounts");

    #[cfg(unix)]
    {
        let interrupted = Command::new("kill")
            .args(["-INT", &child.id().to_string()])
            .status()
            .expect("kill");
        assert!(interrupted.success());
        assert_eq!(after("1 requests"), "answered, bye.");
        assert!(child.wait().expect("its end").success());
    }
    #[cfg(not(unix))]
    child.kill().expect("its end");
}

#[test]
fn it_explains_itself_and_its_complaints() {
    let run = |args: &[&str]| {
        let mut child = program()
            .args(args)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program");
        let mut text = String::new();
        child
            .stdout
            .take()
            .expect("its output")
            .read_to_string(&mut text)
            .expect("text");
        child
            .stderr
            .take()
            .expect("its errors")
            .read_to_string(&mut text)
            .expect("text");
        (child.wait().expect("its end").code(), text)
    };
    let (code, text) = run(&["--help"]);
    assert_eq!(code, Some(0));
    assert!(text.contains("--port"), "{text}");
    let version = format!("aitoearn-mock {}\n", env!("CARGO_PKG_VERSION"));
    assert_eq!(run(&["--version"]), (Some(0), version));
    for (args, complaint) in [
        (&["--port", "x"][..], "`x` is no port"),
        (&["--port=70000"], "`70000` is no port"),
        (&["--port"], "--port needs a number"),
        (&["--host"], "--host needs a name"),
        (&["--host", "192.0.2.7"], "`192.0.2.7` is an address"),
        (&["--fast"], "unknown argument `--fast`"),
    ] {
        let (code, text) = run(args);
        assert_eq!(code, Some(2), "{args:?}");
        assert!(text.starts_with(complaint), "{text}");
    }
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = taken.local_addr().expect("its address").port().to_string();
    let (code, text) = run(&["--port", &port]);
    assert_eq!(code, Some(1));
    assert!(
        text.starts_with(&format!("cannot serve on port {port}")),
        "{text}"
    );
}
