//! The sandbox's own table against the client's: two hands wrote them.

use std::collections::BTreeSet;

use aitoearn_api::operations;
use aitoearn_mock::Sandbox;

#[test]
fn the_sandbox_serves_every_operation_of_the_client_and_no_other() {
    let ours: BTreeSet<_> = Sandbox::routes().collect();
    let theirs: BTreeSet<_> = operations::ALL
        .iter()
        .map(|operation| (operation.method.as_str(), operation.path, operation.name))
        .collect();
    let missing: Vec<_> = theirs.difference(&ours).collect();
    let unknown: Vec<_> = ours.difference(&theirs).collect();
    assert!(
        missing.is_empty() && unknown.is_empty(),
        "missing: {missing:#?}; routes of no operation, to delete from `src/sandbox/routes/`: {unknown:#?}"
    );
}
