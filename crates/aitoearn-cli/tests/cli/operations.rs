//! `op`: every operation by its name, also those that answer in a model provider's format.

use aitoearn_mock::Sandbox;

use crate::support::{Folder, json, ran};

#[test]
fn operations_are_listed_with_what_they_do() {
    let folder = Folder::new();
    let run = ran(&mut folder.command(&["op", "--json"]));
    let all = json(&run.out);
    let silent = all.iter().filter(|it| it["summary"] == "").count();
    assert_eq!((run.code, silent), (0, 0));
    let help = ran(&mut folder.command(&["op", "accounts_get", "--help"]));
    assert!(help.out.contains("accountId"), "{}", help.out);
    assert!(
        help.out
            .contains("GET /api/v2/channels/accounts/{accountId}"),
        "{}",
        help.out
    );
}

#[test]
fn parameters_of_the_path_are_checked_before_anything_is_sent() {
    let folder = Folder::new();
    let sandbox = Sandbox::builder().demo_accounts().start().unwrap();
    for wrong in ["", ".", ".."] {
        let run = ran(&mut folder.against(&sandbox, &["op", "accounts_get", wrong]));
        assert_eq!(run.code, 2, "{}", run.err);
        assert!(run.err.contains("accountId"), "{}", run.err);
    }
    assert!(sandbox.seen().is_empty());
    let run = ran(&mut folder.against(&sandbox, &["op", "accounts_get", "youtube_1"]));
    assert_eq!(json(&run.out)[0]["id"], "youtube_1");
    let run = ran(&mut folder.against(&sandbox, &["op", "accounts_get", "a/../b"]));
    assert_eq!(run.code, 3, "{}", run.err);
}

#[test]
fn a_model_providers_response_is_printed_whole_or_event_by_event() {
    let folder = Folder::new();
    let sandbox = Sandbox::builder().demo_accounts().start().unwrap();
    folder.write(
        "chat.json",
        r#"{"model": "gpt-5.6-terra", "messages": [{"role": "user", "content": "Why do maps fold?"}]}"#,
    );
    let whole = ran(&mut folder.against(
        &sandbox,
        &["op", "relay_chat_completions", "--input", "chat.json"],
    ));
    assert_eq!(whole.code, 0, "{}", whole.err);
    let whole = json(&whole.out);
    assert_eq!(whole.len(), 1);
    assert!(whole[0]["choices"][0]["message"]["content"].is_string());

    folder.write(
        "stream.json",
        r#"{"model": "gpt-5.6-terra", "stream": true, "messages": [{"role": "user", "content": "Hi"}]}"#,
    );
    let events = ran(&mut folder.against(
        &sandbox,
        &["op", "relay_chat_completions", "--input", "stream.json"],
    ));
    assert_eq!(events.code, 0, "{}", events.err);
    let events = json(&events.out);
    assert!(events.len() > 1);
    assert!(events.iter().all(|it| it["choices"].is_array()));
}

#[test]
fn an_image_is_waited_for_again() {
    let folder = Folder::new();
    let sandbox = Sandbox::builder().demo_accounts().start().unwrap();
    let image = |words: &[&str]| {
        let run = ran(&mut folder.against(&sandbox, &[&["image", "--json"], words].concat()));
        assert_eq!(run.code, 0, "{}", run.err);
        json(&run.out)
    };
    image(&["A map", "--yes"]);
    let begun = sandbox
        .seen()
        .iter()
        .rev()
        .find(|it| it.operation == Some("image_task_get"))
        .and_then(|it| it.path.rsplit('/').next().map(str::to_owned))
        .unwrap();
    let before = sandbox.seen().len();
    assert_eq!(image(&["--resume", &begun]).len(), 1);
    // It only polls: nothing begins anew, and nothing is paid twice.
    assert!(sandbox.seen()[before..].iter().all(|it| it.method == "GET"));
    let both = ran(&mut folder.against(&sandbox, &["image", "A map", "--resume", &begun]));
    assert_eq!(both.code, 2);
}
