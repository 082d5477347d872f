//! The kinds of trouble, and what may come of each.

use aitoearn::Error;

use crate::operations::Twice;

/// What goes wrong with one attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Nothing goes wrong.
    None,
    /// Nobody listens.
    Refused,
    /// Done, and the connection is reset before a word of the answer.
    ResetBeforeHead,
    /// Done, and the connection is reset inside the answer.
    ResetInAnswer,
    /// Not done: the connection is reset once the request has arrived.
    ResetUndone,
    /// Done, and a gateway lost the answer.
    BadGateway,
    /// Done, and a gateway did not wait for the answer.
    GatewayTimeout,
    /// Done, and something in between says 500.
    ServerError,
    /// Done, and a page of a gateway comes under 200.
    Page,
    /// Done, and nothing comes.
    Silence,
    /// Not done: too many calls, by HTTP 429.
    TooMany,
    /// Not done: too many calls, by a code under HTTP 200.
    TooManyByCode,
    /// Not done: a gateway has nobody to hand the call to.
    Unavailable,
    /// Not done: the service refuses.
    Refusal,
}

impl Fault {
    /// Whether the service does what it is told in spite of it.
    pub(crate) fn is_done(self) -> bool {
        match self {
            Self::None
            | Self::ResetBeforeHead
            | Self::ResetInAnswer
            | Self::BadGateway
            | Self::GatewayTimeout
            | Self::ServerError
            | Self::Page
            | Self::Silence => true,
            Self::Refused
            | Self::ResetUndone
            | Self::TooMany
            | Self::TooManyByCode
            | Self::Unavailable
            | Self::Refusal => false,
        }
    }
}

/// How a call ends for its caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Ending {
    Fine,
    Ambiguous,
    Api,
    Connect,
    Decode,
    Http,
    Timeout,
    Transport,
    Other,
}

impl Ending {
    pub(crate) fn of(outcome: &Result<(), Error>) -> Self {
        match outcome {
            Ok(()) => Self::Fine,
            Err(Error::Ambiguous(_)) => Self::Ambiguous,
            Err(Error::Api(_)) => Self::Api,
            Err(Error::Connect(_)) => Self::Connect,
            Err(Error::Decode(_)) => Self::Decode,
            Err(Error::Http(_)) => Self::Http,
            Err(Error::Timeout(_)) => Self::Timeout,
            Err(Error::Transport(_)) => Self::Transport,
            Err(_) => Self::Other,
        }
    }
}

/// What must come of a call.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Expected {
    pub(crate) ending: Ending,
    pub(crate) attempts: usize,
    pub(crate) effects: usize,
}

/// What goes wrong with the attempts of one call, the last again and again.
pub(crate) struct Scenario {
    pub(crate) faults: &'static [Fault],
    again: Expected,
    same: Expected,
}

impl Scenario {
    pub(crate) fn expected(&self, twice: Twice) -> Expected {
        match twice {
            Twice::Again => self.again,
            Twice::Same => self.same,
            // Where no repetition succeeds, an attempt may still have done it.
            Twice::Named => match (self.again.ending, self.same.ending) {
                (_, Ending::Fine) => self.same,
                (ending, _) => Expected {
                    ending,
                    ..self.same
                },
            },
        }
    }

    pub(crate) fn name(&self) -> String {
        format!("{:?}", self.faults)
    }
}

/// What goes wrong; then the ending, the attempts and the effects of what happens again when it is
/// sent again, and of what stays the same.
macro_rules! scenarios {
    ($([$($fault:ident),+]: $e1:ident $a1:literal $n1:literal, $e2:ident $a2:literal $n2:literal;)+) => {
        &[$(Scenario {
            faults: &[$(Fault::$fault),+],
            again: Expected { ending: Ending::$e1, attempts: $a1, effects: $n1 },
            same: Expected { ending: Ending::$e2, attempts: $a2, effects: $n2 },
        }),+]
    };
}

/// The expectations, reasoned out and not computed. Three attempts is what a client makes at most.
#[rustfmt::skip]
pub(crate) const SCENARIOS: &[Scenario] = scenarios! {
    // All is well.
    [None]:                             Fine      1 1, Fine      1 1;
    // Nothing can have left: as often as for a read, and never ambiguous.
    [Refused]:                          Connect   3 0, Connect   3 0;
    // It left, and no answer came: once, and unknown.
    [ResetBeforeHead]:                  Ambiguous 1 1, Transport 3 1;
    [ResetBeforeHead, None]:            Ambiguous 1 1, Fine      2 1;
    [ResetUndone]:                      Ambiguous 1 0, Transport 3 0;
    [ResetUndone, None]:                Ambiguous 1 0, Fine      2 1;
    [ResetInAnswer]:                    Ambiguous 1 1, Transport 3 1;
    [ResetInAnswer, None]:              Ambiguous 1 1, Fine      2 1;
    [Silence]:                          Ambiguous 1 1, Timeout   3 1;
    [Silence, None]:                    Ambiguous 1 1, Fine      2 1;
    // Somebody answered who is not the service.
    [BadGateway]:                       Ambiguous 1 1, Http      3 1;
    [BadGateway, None]:                 Ambiguous 1 1, Fine      2 1;
    [GatewayTimeout]:                   Ambiguous 1 1, Http      3 1;
    [GatewayTimeout, None]:             Ambiguous 1 1, Fine      2 1;
    [ServerError]:                      Ambiguous 1 1, Http      3 1;
    [Page]:                             Ambiguous 1 1, Decode    1 1;
    // Refused before anything was done: again, and known.
    [TooMany]:                          Http      3 0, Http      3 0;
    [TooMany, None]:                    Fine      2 1, Fine      2 1;
    [TooManyByCode]:                    Api       3 0, Api       3 0;
    [TooManyByCode, None]:              Fine      2 1, Fine      2 1;
    [Unavailable]:                      Http      3 0, Http      3 0;
    [Unavailable, Unavailable, None]:   Fine      3 1, Fine      3 1;
    // Refused for good.
    [Refusal]:                          Api       1 0, Api       1 0;
    // First one, then the other: what is known of the first attempt does not help the second.
    [TooMany, ResetBeforeHead, None]:   Ambiguous 2 1, Fine      3 1;
    [Unavailable, BadGateway, None]:    Ambiguous 2 1, Fine      3 1;
    [TooManyByCode, Silence, None]:     Ambiguous 2 1, Fine      3 1;
    [Unavailable, Refusal]:             Api       2 0, Api       2 0;
    [BadGateway, Refusal]:              Ambiguous 1 1, Api       2 1;
};
