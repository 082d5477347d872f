//! Compares two OpenAPI documents and says what breaks, for whom and why.
//!
//! ```
//! use spec_diff::{Document, Options, compare};
//!
//! let old = r#"{"openapi":"3.0.3","paths":{"/pets":{"get":{"responses":{"200":{"content":
//!     {"application/json":{"schema":{"type":"object","required":["name"],
//!     "properties":{"name":{"type":"string"}}}}}}}}}}}"#;
//! let new = old.replace(r#""required":["name"],"#, "");
//!
//! let old = Document::parse(old.as_bytes(), "old.json")?;
//! let new = Document::parse(new.as_bytes(), "new.json")?;
//! let report = compare(&old, &new, &Options::default());
//!
//! assert!(report.verdict().is_breaking());
//! assert_eq!(report.findings()[0].id(), "response-property-became-optional");
//! # Ok::<(), spec_diff::Error>(())
//! ```
//!
//! Both documents may be OpenAPI 3.0, 3.1 or 3.2, or Swagger 2.0, in JSON or YAML. A change of a component is one finding
//! with all operations that it affects. What is sent and what is received are judged separately. Documents are taken as
//! untrusted: nothing is fetched, other files come from a closure of yours ([`Document::parse_with`]), nothing in them
//! makes this crate panic, and no control character of theirs reaches an output of [`render`].

#![forbid(unsafe_code)]
#![deny(missing_docs)]

mod brief;
mod bundle;
mod compare;
mod content;
mod context;
mod document;
mod error;
pub mod escape;
mod files;
mod finding;
mod inclusion;
mod json;
mod level;
mod life;
mod number;
mod options;
mod place;
mod policy;
mod read;
mod refs;
pub mod render;
mod report;
mod rules;
mod tree;
mod upgrade;

pub use context::{PARTS_OF_FILES, SCHEMAS_OF_FILES};
pub use document::Document;
pub use error::{Error, Position};
pub use files::Folder;
pub use finding::{Finding, Location, Operation, Witness, fingerprint};
pub use json::to_json;
pub use level::{Direction, Level};
pub use options::Options;
pub use policy::{Acknowledgement, Policy};
pub use report::{Report, Verdict, compare};
pub use rules::{Example, Rule, explain, rules};
