//! Assets for Volcengine's videos: groups, assets, and validations of real people.

pub(crate) mod assets;
pub(crate) mod groups;
pub(crate) mod validations;
