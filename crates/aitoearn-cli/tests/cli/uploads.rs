//! `upload`: what was uploaded is not uploaded again.

use aitoearn_mock::Sandbox;

use crate::support::{Folder, json, ran};

#[test]
fn uploading_resumes_by_its_record() {
    let folder = Folder::new();
    let sandbox = Sandbox::builder().demo_accounts().start().unwrap();
    let upload = |files: &[&str]| {
        let words = [&["upload", "--json", "--record", "record"], files].concat();
        ran(&mut folder.against(&sandbox, &words))
    };
    let signed = || {
        let seen = sandbox.seen();
        let is_sign = |it: &&aitoearn_mock::Seen| it.operation == Some("assets_upload_sign");
        seen.iter().filter(is_sign).count()
    };
    // One of three cannot be read: the others are done.
    let first = upload(&["clip.mp4", "missing.mp4", "cover.png"]);
    assert_eq!(first.code, 2, "{}", first.err);
    assert_eq!((json(&first.out).len(), signed()), (2, 2));
    folder.write("missing.mp4", b"now it is there");
    let second = upload(&["clip.mp4", "missing.mp4", "cover.png"]);
    assert_eq!(second.code, 0, "{}", second.err);
    let ids = |text: &str| -> Vec<_> { json(text).iter().map(|it| it["id"].clone()).collect() };
    assert_eq!(signed(), 3);
    assert_eq!(ids(&second.out)[0], ids(&first.out)[0]);
    // Other bytes are another file, and a line that a killed run left is no obstacle.
    folder.write("cover.png", [1; 500]);
    let torn = folder.read("record") + "{\"sha256\":\"0";
    folder.write("record", torn);
    assert_eq!(upload(&["clip.mp4", "cover.png"]).code, 0);
    assert_eq!(signed(), 4);
    assert_eq!(upload(&["cover.png"]).code, 0);
    assert_eq!(signed(), 4);
    assert_eq!(folder.read("record").lines().count(), 4);
    // What is not a record is left as it is.
    folder.write("record", "my notes\n");
    let wrong = upload(&["clip.mp4"]);
    assert_eq!(
        (wrong.code, folder.read("record").as_str()),
        (2, "my notes\n")
    );
    assert!(wrong.err.contains("line 1"), "{}", wrong.err);
}
