//! The methods that are judgement and not only calls: flows, uploads, waits, relays, and requests
//! with rules of their own. The other methods of the same resources are in `crate::generated`.

mod account_groups;
mod accounts;
mod assets;
mod auth;
mod generation;
mod images;
mod publish;
mod relay;
mod video;
mod volcengine;
mod works;

pub use self::{
    accounts::OptionValues,
    assets::SignUpload,
    images::{EditImage, GenerateImage},
    publish::{CancelTask, Cancellation, CreateFlow, FlowItem, FlowPart, MediaSource, PublishTime},
    relay::{ChatCompletions, GeminiContents, Messages, Relay, RelayEditImage, RelayGenerateImage},
    video::GenerateVideo,
    volcengine::CreateVolcengineVideo,
    works::ListWorks,
};

pub(crate) use self::{
    publish::{Content, MediaKind, Medium, Place, add_options, all_without_empty, without_empty},
    relay::Relayed,
};

use crate::Client;

impl Client {
    /// Language and image models in the formats of their providers.
    pub fn relay(&self) -> Relay {
        Relay::new(self.clone())
    }
}

/// A handle that holds nothing but a client.
macro_rules! resource {
    ($(#[$docs:meta])* $name:ident) => {
        $(#[$docs])*
        #[derive(Debug, Clone)]
        pub struct $name {
            pub(crate) client: $crate::Client,
        }

        impl $name {
            pub(crate) fn new(client: $crate::Client) -> Self {
                Self { client }
            }
        }
    };
}
pub(crate) use resource;
