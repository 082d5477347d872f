//! The tests of the whole workspace; there is nothing to use here.
