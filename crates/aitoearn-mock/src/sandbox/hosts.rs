//! Which names the sandbox answers to.
//!
//! A web page can have its own name resolve to 127.0.0.1 and then call the
//! sandbox as its own origin. The `Host` header still holds the page's name.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::answer::Answer;
use super::request::Incoming;

/// Loopback names and addresses, and the names that were allowed.
#[derive(Debug, Default)]
pub(crate) struct Hosts {
    allowed: Vec<String>,
}

impl Hosts {
    pub(crate) fn new(allowed: Vec<String>) -> Self {
        Self { allowed }
    }

    /// The refusal of a request that was meant for another host.
    pub(crate) fn refusal(&self, request: &Incoming) -> Option<Answer> {
        let mut named = request.headers.get_all("host").iter();
        let host = named.next().and_then(|host| host.to_str().ok());
        let served = named.next().is_none()
            && host.is_some_and(|host| self.serves(host))
            && request
                .authority
                .as_deref()
                .is_none_or(|host| self.serves(host));
        (!served).then(|| {
            Answer::new(
                421,
                "text/plain; charset=utf-8",
                "This sandbox answers to loopback names only (127.0.0.1, localhost, [::1]), \
                 and the Host of this request is none.\n\
                 To serve another name, start it with --host NAME or Sandbox::builder().host(NAME).\n",
            )
        })
    }

    /// Whether `host`, with or without a port, is one of ours.
    pub(crate) fn serves(&self, host: &str) -> bool {
        let (name, port) = match host.rsplit_once(':') {
            Some((name, port)) if !port.contains(']') => (name, port),
            _ => (host, "0"),
        };
        if port.parse::<u16>().is_err() {
            return false;
        }
        if let Some(inner) = name.strip_prefix('[') {
            let address = inner.strip_suffix(']').map(str::parse::<Ipv6Addr>);
            return matches!(address, Some(Ok(address)) if address.is_loopback());
        }
        if let Ok(address) = name.parse::<Ipv4Addr>() {
            return address.is_loopback();
        }
        let name = name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase();
        name == "localhost"
            || name.ends_with(".localhost")
            || self
                .allowed
                .iter()
                .any(|allowed| allowed.eq_ignore_ascii_case(&name))
    }
}
