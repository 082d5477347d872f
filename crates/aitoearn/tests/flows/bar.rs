//! Progress on a bar. A hidden one draws nothing and counts all the same.

use aitoearn::flow::UploadSource;
use aitoearn_mock::{Fault, operations};
use indicatif::ProgressBar;

use crate::{quick, sandbox};

#[tokio::test]
async fn an_upload_fills_a_bar() {
    let (_sandbox, client) = sandbox();
    let bar = ProgressBar::hidden();
    let source = UploadSource::bytes("a.png", vec![0; 200_000]);
    let upload = client.assets().upload(source).show_on(&bar);
    upload.await.expect("uploaded");
    assert_eq!((bar.position(), bar.length()), (200_000, Some(200_000)));
    assert_eq!(bar.message(), "waiting for the service");
}

#[tokio::test]
async fn a_wait_tells_a_bar_what_it_finds() {
    let (sandbox, client) = sandbox();
    let models = client.video().models().await.expect("models");
    let generating = client.video().generate(&models[0].name, "A paper boat");
    let wait = generating.start().await.expect("started").policy(quick());
    sandbox
        .faults()
        .next(&operations::VIDEO_GET, Fault::bad_gateway());

    let bar = ProgressBar::hidden();
    let mut told = Vec::new();
    let ending = wait.show_on(&bar, |task| {
        // The message of the look before: that one failed for a passing reason.
        told.push(bar.message());
        task.status.clone()
    });
    ending.await.expect("a video");
    assert!(told[0].ends_with("; trying again"), "{told:?}");
    assert_eq!(bar.message(), "InProgress", "the last state before the end");
}
