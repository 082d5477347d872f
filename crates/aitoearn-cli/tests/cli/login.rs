//! Profiles: the key that `login` keeps goes to its server and nowhere else.

use std::io::Write as _;
use std::process::Stdio;

use aitoearn_mock::Sandbox;

use crate::support::{Folder, Ran, ran};

fn login(folder: &Folder, key: &str, arguments: &[&str]) -> Ran {
    let mut child = folder
        .command(&[&["login"], arguments].concat())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(key.as_bytes())
        .unwrap();
    let output = child.wait_with_output().unwrap();
    Ran {
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
        code: output.status.code().unwrap(),
    }
}

#[test]
fn a_key_is_kept_used_and_forgotten() {
    let folder = Folder::new();
    let sandbox = Sandbox::builder().demo_accounts().start().unwrap();
    let (url, key) = (sandbox.base_url(), sandbox.api_key());

    let run = login(&folder, "ai_wrong", &["--base-url", url]);
    assert_eq!(run.code, 3, "{}", run.err);
    assert!(!folder.path("config/keys.toml").exists());

    let run = login(&folder, &format!("{key}\n"), &["--base-url", url]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.err.contains("keys.toml"), "{}", run.err);
    assert!(!folder.read("config/profiles.toml").contains(key));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = |name| folder.path(name).metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!((mode("config"), mode("config/keys.toml")), (0o700, 0o600));
    }

    let run = ran(&mut folder.command(&["whoami", "--table"]));
    assert!(
        run.out.contains("the profile `default`"),
        "{}{}",
        run.out,
        run.err
    );
    // The environment wins.
    let run = ran(folder
        .command(&["whoami"])
        .env("AITOEARN_API_KEY", "ai_wrong"));
    assert_eq!(run.code, 3, "{}", run.err);

    assert_eq!(ran(&mut folder.command(&["logout"])).code, 0);
    assert!(!folder.read("config/keys.toml").contains(key));
    let run = ran(&mut folder.command(&["accounts"]));
    assert_eq!(run.code, 2, "{}", run.err);
    assert_eq!(ran(&mut folder.command(&["logout"])).code, 2);
}

#[test]
fn a_kept_key_goes_to_no_other_server() {
    let folder = Folder::new();
    let (own, other) = (Sandbox::start().unwrap(), Sandbox::start().unwrap());
    let run = login(
        &folder,
        own.api_key(),
        &["--base-url", own.base_url(), "--profile", "shop"],
    );
    assert_eq!(run.code, 0, "{}", run.err);

    for arguments in [&["platforms"][..], &["accounts"]] {
        let _ = ran(&mut folder.command(&[arguments, &["--base-url", other.base_url()]].concat()));
        let _ = ran(folder
            .command(arguments)
            .env("AITOEARN_BASE_URL", other.base_url()));
    }
    let run = ran(&mut folder.command(&[
        "accounts",
        "--profile",
        "shop",
        "--base-url",
        other.base_url(),
    ]));
    assert_eq!(run.code, 2);
    assert!(run.err.contains("another server"), "{}", run.err);
    assert!(!other.seen().is_empty());
    assert!(
        other
            .seen()
            .iter()
            .all(|it| it.header("x-api-key").is_none())
    );
}
