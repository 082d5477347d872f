//! The operations, by what they work on: one file each.

mod account_groups;
mod accounts;
mod assets;
mod auth;
mod generation;
mod images;
mod platforms;
mod publish;
mod relay;
mod video;
mod volcengine;
mod works;

pub use self::{
    account_groups::{AccountGroups, CreateAccountGroup, UpdateAccountGroup},
    accounts::{Accounts, ListAccounts, OptionValues},
    assets::{Assets, SignUpload},
    auth::{Auth, StartAuth},
    images::{EditImage, GenerateImage, Images},
    platforms::Platforms,
    publish::{
        CancelTask, Cancellation, CreateFlow, FlowItem, FlowPart, ListPublishRecords,
        ListRecordsInState, MediaSource, Publish, PublishRecords, PublishTasks, PublishTime,
    },
    relay::{ChatCompletions, GeminiContents, Messages, Relay, RelayEditImage, RelayGenerateImage},
    video::{GenerateVideo, ListVideos, Video},
    volcengine::{CreateVolcengineVideo, Volcengine},
    works::{GetWork, GetWorkAnalytics, GetWorkByLink, ListWorks, Works},
};

pub(crate) use self::publish::{Content, MediaKind, Medium, Place, add_options};

use crate::Client;

/// The resources. Each is a cheap handle that may be kept.
impl Client {
    /// Connecting social accounts to AiToEarn.
    pub fn auth(&self) -> Auth {
        Auth::new(self.clone())
    }

    /// The connected social accounts.
    pub fn accounts(&self) -> Accounts {
        Accounts::new(self.clone())
    }

    /// The groups that accounts are sorted into.
    pub fn account_groups(&self) -> AccountGroups {
        AccountGroups::new(self.clone())
    }

    /// Publishing to social platforms.
    pub fn publish(&self) -> Publish {
        Publish::new(self.clone())
    }

    /// What is on the platforms, and how it does there.
    pub fn works(&self) -> Works {
        Works::new(self.clone())
    }

    /// The platforms that the service knows, and what each of them can do.
    pub fn platforms(&self) -> Platforms {
        Platforms::new(self.clone())
    }

    /// Uploaded files.
    pub fn assets(&self) -> Assets {
        Assets::new(self.clone())
    }

    /// Generation of videos.
    pub fn video(&self) -> Video {
        Video::new(self.clone())
    }

    /// Generation of images.
    pub fn images(&self) -> Images {
        Images::new(self.clone())
    }

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
            client: $crate::Client,
        }

        impl $name {
            pub(crate) fn new(client: $crate::Client) -> Self {
                Self { client }
            }
        }
    };
}
use resource;
