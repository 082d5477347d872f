//! The operations, by what they work on: one file each.

mod accounts;
mod auth;
mod platforms;

pub use self::{
    accounts::{Accounts, ListAccounts},
    auth::{Auth, StartAuth},
    platforms::Platforms,
};

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

    /// The platforms that the service knows, and what each of them can do.
    pub fn platforms(&self) -> Platforms {
        Platforms::new(self.clone())
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
