//! The id of each post, made of what it says: a plan that is run again finds its posts.

use std::collections::HashMap;

use sha2::{Digest as _, Sha256};

use crate::post::{Draft, Finding};

/// An id for each draft, or why it has none.
///
/// A draft with an `id` of its own goes by that alone. Of those that say exactly the same,
/// the first, the second and so on are different posts, wherever in the plan they stand.
pub(super) fn flow_ids<'a>(
    drafts: impl Iterator<Item = &'a Draft>,
) -> Vec<Result<String, Finding>> {
    let mut seen: HashMap<[u8; 32], u64> = HashMap::new();
    let ids = drafts.map(|draft| {
        let key = key_of(draft);
        let count = seen.entry(key).or_insert(0);
        *count += 1;
        match &draft.id {
            Some(id) if *count > 1 => Err(Finding::new(
                "id",
                format!("`{id}` is the id of another row, too"),
            )),
            Some(_) => Ok(written(&key)),
            None => Ok(numbered(&key, *count)),
        }
    });
    ids.collect()
}

/// The id of a single draft: that of the only row of a plan.
pub(crate) fn flow_id(draft: &Draft) -> String {
    let key = key_of(draft);
    match draft.id {
        Some(_) => written(&key),
        None => numbered(&key, 1),
    }
}

/// The id of the first, the second and so on of those that say the same.
fn numbered(key: &[u8; 32], count: u64) -> String {
    let numbered = Sha256::new()
        .chain_update(key)
        .chain_update(count.to_be_bytes());
    written(&numbered.finalize().into())
}

fn key_of(draft: &Draft) -> [u8; 32] {
    let what = match &draft.id {
        Some(id) => format!("aitoearn plan, id:{id}"),
        // A map of strings and a list of them: nothing in it cannot be written.
        None => format!(
            "aitoearn plan, row:{}",
            serde_json::to_string(draft).unwrap_or_default()
        ),
    };
    Sha256::digest(what).into()
}

/// In the form of a UUID (version 8, of one's own making), as the library's ids are.
fn written(hash: &[u8; 32]) -> String {
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash[..16]);
    bytes[6] = bytes[6] & 0x0f | 0x80;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    [
        &hex[..8],
        &hex[8..12],
        &hex[12..16],
        &hex[16..20],
        &hex[20..],
    ]
    .join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(title: &str, id: Option<&str>) -> Draft {
        Draft {
            to: vec!["x_1".to_owned()],
            title: Some(title.to_owned()),
            id: id.map(str::to_owned),
            ..Draft::default()
        }
    }

    fn ids(drafts: &[Draft]) -> Vec<String> {
        flow_ids(drafts.iter())
            .into_iter()
            .map(|id| id.expect("unique"))
            .collect()
    }

    #[test]
    fn ids_follow_what_is_said_and_not_where() {
        let (a, b) = (draft("A", None), draft("B", None));
        let first = ids(&[a.clone(), b.clone(), a.clone()]);
        let second = ids(&[draft("new", None), a.clone(), a, b]);
        assert_eq!(first[0], second[1]);
        assert_eq!(first[2], second[2]);
        assert_eq!(first[1], second[3]);
        assert_ne!(first[0], first[2]);
    }

    #[test]
    fn one_alone_is_a_plan_of_one() {
        for draft in [draft("A", None), draft("A", Some("monday"))] {
            assert_eq!(flow_id(&draft), ids(std::slice::from_ref(&draft))[0]);
        }
    }

    #[test]
    fn an_id_of_its_own_counts_alone() {
        let one = ids(&[draft("A", Some("monday"))]);
        assert_eq!(one, ids(&[draft("A, mended", Some("monday"))]));
        assert_ne!(one, ids(&[draft("A", Some("tuesday"))]));
        let twice = [draft("A", Some("monday")), draft("B", Some("monday"))];
        assert!(flow_ids(twice.iter())[1].is_err());
    }

    /// Ids that change between versions would publish everything again.
    #[test]
    fn ids_stay_between_versions() {
        assert_eq!(
            ids(&[draft("A", None)])[0],
            "bd0e0c6d-b9de-8d3b-8bc5-a33da4405c55"
        );
        assert_eq!(
            ids(&[draft("A", Some("monday"))])[0],
            "286bca1f-7aa4-8be9-b3d4-7bc6a7ff1757"
        );
    }
}
