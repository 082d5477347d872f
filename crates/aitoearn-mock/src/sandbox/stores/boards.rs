//! The Pinterest boards that were made here.

/// All boards: account, id, name.
#[derive(Debug, Default)]
pub(crate) struct Boards {
    pub(crate) list: Vec<(String, String, String)>,
}
