//! From upstream's document to the one that progenitor reads.
//!
//! Each pass is one file and one function over the document. Their order
//! matters and is written down once, in [`lower`]: references are settled
//! before anything is named, unions are told apart before their branches are
//! hoisted, and names are given before limits move into the docs.

mod all_of;
mod answers;
mod dedupe;
mod directions;
mod docs;
mod enums;
mod envelope;
pub(crate) mod fields;
mod forms;
mod hoist;
mod holes;
mod limits;
mod media;
mod merge;
mod operations;
mod params;
mod plain;
mod plain_params;
mod raw;
mod refs;
mod servers;
mod tolerant;
mod unions;

pub(crate) use self::tolerant::CHECKS;

use std::collections::BTreeMap;

use crate::names::Names;
use crate::problem::Result;
use crate::report::Report;
use crate::spec::Spec;

/// What the passes share besides the document.
#[derive(Debug)]
pub struct Context<'a> {
    /// What things are called.
    pub names: &'a Names,
    /// What was done.
    pub report: &'a mut Report,
}

/// The places that `[types]` in `names.toml` can name, each with where it is in the document.
pub fn places(spec: &Spec, names: &Names) -> Result<BTreeMap<String, String>> {
    let mut spec = spec.clone();
    let mut report = Report::default();
    shape(
        &mut spec,
        &mut Context {
            names,
            report: &mut report,
        },
    )?;
    let schemas = spec.schemas().into_iter().flatten();
    Ok(schemas
        .filter_map(|(key, schema)| Some((key.clone(), schema["x-at"].as_str()?.to_owned())))
        .collect())
}

/// Runs every pass.
pub fn lower(spec: &mut Spec, context: &mut Context<'_>) -> Result<()> {
    shape(spec, context)?;
    dedupe::run(spec, context)?;
    enums::run(spec, context)?;
    tolerant::run(spec, context);
    docs::run(spec, context)?;
    fields::run(spec, context)?;
    envelope::seal(spec);
    context.names.check_all_used()
}

/// The passes up to where every type has a component of its own.
fn shape(spec: &mut Spec, context: &mut Context<'_>) -> Result<()> {
    // The order of keys says nothing. Names and their order follow from it all the same, so
    // upstream may write its document in another one and nothing of ours changes.
    spec.doc.sort_all_objects();
    refs::run(spec, context)?;
    plain::run(spec, context);
    all_of::run(spec, context)?;
    refs::settle(spec, context);
    servers::run(spec, context);
    answers::run(spec, context)?;
    media::bodies(spec, context)?;
    holes::run(spec, context)?;
    refs::drop_unreached(spec);
    plain_params::run(spec, context);
    operations::run(spec, context)?;
    envelope::run(spec, context)?;
    raw::run(spec, context)?;
    params::run(spec, context)?;
    unions::run(spec, context)?;
    // Again: a choice between an object and null is a nullable object now.
    refs::move_nullable_to_users(spec);
    directions::run(spec, context);
    hoist::run(spec, context);
    Ok(())
}
