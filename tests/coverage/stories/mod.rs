//! What a program does with the service, so that each operation is called at least once, with all
//! that it can be told.

mod accounts;
mod generation;
mod publishing;
mod relays;
mod volcengine;
mod works;

use aitoearn::Client;
use aitoearn_mock::Sandbox;

/// A video, where the service can fetch it.
const VIDEO: &str = "https://cdn.example.com/media/breakfast.mp4";
/// An image, where the service can fetch it.
const IMAGE: &str = "https://cdn.example.com/media/breakfast.jpg";

/// All of them.
pub(crate) async fn tell(client: &Client, sandbox: &Sandbox) {
    accounts::tell(client, sandbox).await;
    publishing::tell(client, sandbox).await;
    works::tell(client, sandbox).await;
    generation::tell(client, sandbox).await;
    volcengine::tell(client, sandbox).await;
    relays::tell(client).await;
}
