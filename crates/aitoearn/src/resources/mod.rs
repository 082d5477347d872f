//! The resources of a client and their requests.
//!
//! A resource, such as [`Accounts`], is a handle that its method of [`Client`] returns; its
//! methods return requests, such as [`ListAccounts`], for what is optional.
//
// Written by hand are the methods that are judgement and not only calls: flows, uploads, waits,
// relays, and requests with rules of their own. The others are in `crate::generated`.

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

pub use crate::{
    by_operation::OperationRequest,
    custom::CustomRequest,
    generated::*,
    relay_response::{RelayResponse, RelayStream},
    request::Sending,
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
