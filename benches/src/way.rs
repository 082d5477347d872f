//! One call, made in each of the ways that are compared.

use std::str::FromStr;

use aitoearn_api::{ApiKey, Context, open};

use crate::{KEY, hand};

/// Who makes the call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// Hand-written code on reqwest and serde.
    Hand,
    /// `aitoearn-api`: the generated method, and [`open`].
    Api,
    /// `aitoearn`: what people use.
    Sdk,
}

impl Way {
    /// All of them, what the others are compared with first.
    pub const ALL: [Self; 3] = [Self::Hand, Self::Api, Self::Sdk];

    /// As the programs and the budget call it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Hand => "hand",
            Self::Api => "api",
            Self::Sdk => "sdk",
        }
    }
}

impl FromStr for Way {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|way| way.name() == name)
            .ok_or_else(|| format!("`{name}` is none of hand, api, sdk"))
    }
}

/// A client that lists the accounts.
// There are one or two of them, and a box would be one more step for that way alone.
#[allow(clippy::large_enum_variant)]
#[derive(Debug, Clone)]
pub enum Caller {
    /// See [`Way::Hand`].
    Hand(hand::Client),
    /// See [`Way::Api`].
    Api(aitoearn_api::Client),
    /// See [`Way::Sdk`].
    Sdk(aitoearn::Client),
}

impl Caller {
    /// A client of the server at `base`.
    ///
    /// # Errors
    ///
    /// If it cannot be built.
    pub fn new(way: Way, base: &str) -> Result<Self, Box<dyn std::error::Error>> {
        Ok(match way {
            Way::Hand => Self::Hand(hand::Client::new(base, KEY)?),
            Way::Api => {
                let mut context = Context::new(Some(ApiKey::new(KEY)?));
                context.timeout = Some(std::time::Duration::from_secs(30));
                Self::Api(aitoearn_api::Client::new(base, context)?)
            }
            Way::Sdk => {
                let client = aitoearn::Client::builder().base_url(base).api_key(KEY);
                // The others have no limit.
                Self::Sdk(client.max_connections(100_000).build()?)
            }
        })
    }

    /// Lists the accounts: how many there are, or the service's code.
    ///
    /// # Errors
    ///
    /// Any other outcome, in words.
    pub async fn call(&self) -> Result<Outcome, String> {
        match self {
            Self::Hand(client) => match client.accounts().await {
                Ok(list) => Ok(Outcome::Accounts(list.list.len())),
                Err(hand::Error::Refused { code, .. }) => Ok(Outcome::Refused(code)),
                Err(error) => Err(error.to_string()),
            },
            Self::Api(client) => {
                // One context for each call, so that calls at the same time do not mix.
                let client = client.with_context(client.context().for_call());
                let reply = client.accounts_list(&Default::default()).await;
                match open(reply, client.context()).await {
                    Ok(answer) => Ok(Outcome::Accounts(answer.data.list.len())),
                    Err(failure) => match failure.code() {
                        Some(code) => Ok(Outcome::Refused(code.get())),
                        None => Err(failure.to_string()),
                    },
                }
            }
            Self::Sdk(client) => match client.accounts().list().await {
                Ok(list) => Ok(Outcome::Accounts(list.list.len())),
                Err(error) => match error.code() {
                    Some(code) => Ok(Outcome::Refused(code.get())),
                    None => Err(error.to_string()),
                },
            },
        }
    }
}

/// How a call ended that ended as it should.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// So many accounts came.
    Accounts(usize),
    /// The service said no.
    Refused(i64),
}

impl Outcome {
    /// Whether this is what comes of the answer of this name.
    pub fn fits(self, answer: &str) -> bool {
        match answer {
            "small" => self == Self::Accounts(10),
            "large" => self == Self::Accounts(1000),
            _ => self == Self::Refused(12600),
        }
    }
}
