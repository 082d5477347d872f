//! One fact that is kept, and one change that is not.

use serde_json::Value;

/// Something that the description said once and does not deny today.
#[derive(Debug, Clone, PartialEq)]
pub struct Fact {
    /// What kind of thing is no longer described.
    pub cause: Cause,
    /// Whose description lacks it.
    pub owner: Owner,
    /// JSON pointer into upstream's document: the place that the fact adds to.
    pub pointer: String,
    /// What is added there; see [`Cause`].
    pub value: Value,
    /// The day on which a document without it was taken.
    pub since: String,
    /// The version of the document that described it last.
    pub described: String,
    /// Why it is kept.
    pub reason: String,
}

/// Where a fact belongs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Owner {
    /// An operation, by upstream's operationId.
    Operation(String),
    /// A named schema of the document.
    Component(String),
}

impl Fact {
    /// How many things the fact is: a list of names is as many.
    pub fn size(&self) -> usize {
        match (self.cause, self.value.as_array()) {
            (Cause::Required | Cause::Optional | Cause::Codes, Some(names)) => names.len(),
            _ => 1,
        }
    }
}

impl Owner {
    /// The operationId, or the name of the schema.
    pub fn name(&self) -> &str {
        match self {
            Self::Operation(name) | Self::Component(name) => name,
        }
    }
}

/// What kind of thing a description lost, in the order in which they are added again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cause {
    /// A named schema that is gone from the document; the value is the schema.
    Schemas,
    /// A response that pointed at a named schema and is written out inline, thinner; the value is the reference.
    References,
    /// The media type of a response; the value is the media type object.
    MediaTypes,
    /// The schema of a response, or the type of a value; the value is what to add to the schema.
    Types,
    /// A choice between schemas (`oneOf`, `anyOf`, `allOf`); the value has the keyword.
    Choices,
    /// An object that may hold anything; the value is the open schema.
    Open,
    /// A property of a response; the value is its schema.
    Fields,
    /// The names of properties that are always there; the value is the list of those.
    Required,
    /// The names of properties that only a schema requires which no response points at any more;
    /// the value is the list of those.
    Optional,
    /// Values of an `enum`; the value is the list of those.
    Values,
    /// `format`; the value has the keyword.
    Formats,
    /// Bounds such as `minimum`, and `nullable`; the value has the keywords.
    Bounds,
    /// The words of a schema that is still there; the value is the description.
    Words,
    /// An example of a response; the value is the example object.
    Examples,
    /// Result codes of an operation; the value is a list of objects with `code` and `name`.
    Codes,
    /// An optional parameter (by its name below `parameters`), property of a body, or body that a caller could send; the value is the
    /// whole of it. It stays callable for a release, deprecated.
    Requests,
}

impl Cause {
    /// Every cause, in order.
    pub const ALL: [Self; 16] = [
        Self::Schemas,
        Self::References,
        Self::MediaTypes,
        Self::Types,
        Self::Choices,
        Self::Open,
        Self::Fields,
        Self::Required,
        Self::Optional,
        Self::Values,
        Self::Formats,
        Self::Bounds,
        Self::Words,
        Self::Examples,
        Self::Codes,
        Self::Requests,
    ];

    /// The word in the file.
    pub fn word(self) -> &'static str {
        match self {
            Self::Schemas => "schemas",
            Self::References => "references",
            Self::MediaTypes => "media-types",
            Self::Types => "types",
            Self::Choices => "choices",
            Self::Open => "open",
            Self::Fields => "fields",
            Self::Required => "required",
            Self::Optional => "optional",
            Self::Values => "values",
            Self::Formats => "formats",
            Self::Bounds => "bounds",
            Self::Words => "words",
            Self::Examples => "examples",
            Self::Codes => "codes",
            Self::Requests => "requests",
        }
    }

    /// What happened to the description, for a report: "fields no longer mentioned".
    pub fn title(self) -> &'static str {
        match self {
            Self::Schemas => "named schemas no longer in the document",
            Self::References => "responses that no longer point at their named schema",
            Self::MediaTypes => "media types of responses no longer listed",
            Self::Types => "types no longer given",
            Self::Choices => "choices between schemas written out as one",
            Self::Open => "open values described by what one sample held",
            Self::Fields => "fields no longer mentioned",
            Self::Required => "`required` no longer listed",
            Self::Optional => "requirements that no response states",
            Self::Values => "values of lists no longer listed",
            Self::Formats => "formats no longer given",
            Self::Bounds => "bounds no longer given",
            Self::Words => "descriptions no longer given",
            Self::Examples => "examples of responses no longer given",
            Self::Codes => "result codes no longer listed",
            Self::Requests => "optional inputs no longer listed: deprecated, still callable",
        }
    }
}

impl Cause {
    /// Why a fact of this kind is kept, as a first draft for the file.
    pub(super) fn reason(self) -> &'static str {
        match self {
            Self::Schemas => {
                "The document no longer has the schema; what pointed at it shows part of it."
            }
            Self::References => {
                "Written out inline with part of the fields; the named schema has them all."
            }
            Self::MediaTypes => {
                "No longer listed; nothing says that the service stopped sending it."
            }
            Self::Types => "No longer described; nothing says that it is another type.",
            Self::Choices => "One recorded value is written out in place of the choice.",
            Self::Open => {
                "One recorded value is written out in place of an open one; the Rust type stays. Use `--forget` to take the description."
            }
            Self::Fields => {
                "No longer mentioned; nothing says that the service stopped sending it."
            }
            Self::Required => "The list is gone; nothing says that the fields may be absent.",
            Self::Optional => "Only a schema that no response points at requires them.",
            Self::Values => "No longer listed; nothing says that the service stopped sending them.",
            Self::Formats | Self::Bounds => "No longer given; nothing says that it changed.",
            Self::Words => "No longer described in words.",
            Self::Examples => {
                "No longer shown; nothing says that the service stopped answering so."
            }
            Self::Codes => {
                "No longer listed; nothing says that the service stopped answering them."
            }
            Self::Requests => "No longer listed; stays callable for a release.",
        }
    }
}

/// Something that a new document says otherwise: never kept, always a person's decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// What kind of change it is.
    pub kind: ChangeKind,
    /// The operation it concerns, by its name in Rust.
    pub operation: String,
    /// JSON pointer: into the older document for what is gone, else into the newer one.
    pub pointer: String,
    /// What was described.
    pub was: String,
    /// What is described now.
    pub is: String,
}

impl Change {
    /// What `--accept` and `acknowledged.toml` call it: the kind, the operation and the last steps
    /// of the pointer, such as `removed:works_link_info`.
    pub fn id(&self) -> String {
        let steps: Vec<String> = self
            .pointer
            .split('/')
            .skip(1)
            .map(crate::spec::unescape)
            .filter(|step| {
                !matches!(
                    step.as_str(),
                    "properties" | "schema" | "content" | "application/json" | "schemas"
                )
            })
            .collect();
        let at = steps
            .iter()
            .position(|step| {
                matches!(
                    step.as_str(),
                    "responses" | "requestBody" | "parameters" | "components"
                )
            })
            .map_or_else(Vec::new, |at| steps[at + 1..].to_vec());
        let mut id = format!("{}:{}", self.kind.word(), self.operation);
        if !at.is_empty() {
            id.push(':');
            id.push_str(&at.join("."));
        }
        id
    }
}

/// The kinds of [`Change`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ChangeKind {
    /// An operation, a required parameter or a required property of a body is gone.
    Removed,
    /// A value has another type.
    Type,
    /// A field of a response is in another place now.
    Moved,
    /// A caller must send what was optional, or what is new.
    BecameRequired,
    /// A caller may no longer send a value.
    ValueRefused,
}

impl ChangeKind {
    /// The word in an id.
    pub fn word(self) -> &'static str {
        match self {
            Self::Removed => "removed",
            Self::Type => "type",
            Self::Moved => "moved",
            Self::BecameRequired => "required",
            Self::ValueRefused => "refused",
        }
    }
}
