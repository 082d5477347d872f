//! One post, checked and published.
