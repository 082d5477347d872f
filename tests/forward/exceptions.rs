//! The changes that a newer server may make and that today's client does not read.

/// One of them.
#[derive(Debug)]
pub(crate) struct Exception {
    /// Name of the operation.
    pub(crate) operation: &'static str,
    /// JSON pointer into the data, `*` in place of an index.
    pub(crate) place: &'static str,
    /// The kind of change.
    pub(crate) kind: &'static str,
    /// Why the client does not read it.
    #[expect(dead_code, reason = "for who reads the list")]
    pub(crate) reason: &'static str,
}

/// None. Who adds one says why, and what users of the old client are to do.
pub(crate) const EXCEPTIONS: &[Exception] = &[];

impl Exception {
    pub(crate) fn covers(&self, operation: &str, place: &str, kind: &str) -> bool {
        let (mut here, mut there) = (place.split('/'), self.place.split('/'));
        let same = loop {
            match (here.next(), there.next()) {
                (None, None) => break true,
                (Some(_), Some("*")) => {}
                (here, there) if here == there => {}
                _ => break false,
            }
        };
        same && self.operation == operation && self.kind == kind
    }
}

pub(crate) fn is_one(operation: &str, place: &str, kind: &str) -> bool {
    let mut exceptions = EXCEPTIONS.iter();
    exceptions.any(|exception| exception.covers(operation, place, kind))
}
