//! What reading a success costs: its data, and nothing for the envelope but its two texts.

use aitoearn_api::{Code, Envelope, Timestamp, types::Platform};
use allocation_counter::measure;
use serde::de::DeserializeOwned;
use serde_json::Value;

fn allocations<T: DeserializeOwned>(body: &str) -> u64 {
    let mut value = None;
    let counted = measure(|| value = serde_json::from_str::<T>(body).ok());
    assert!(value.is_some());
    counted.count_total
}

#[test]
fn an_envelope_adds_two_allocations_to_its_data() {
    let list = format!(
        "[{}]",
        vec![r#""2025-01-01T00:00:00.000Z""#; 1000].join(",")
    );
    let envelope =
        format!(r#"{{"data":{list},"code":0,"message":"ok","requestId":"r1","new":{list}}}"#);
    let data = allocations::<Vec<Timestamp>>(&list);
    assert_eq!(allocations::<Envelope<Vec<Timestamp>>>(&envelope), data + 2);
    // The way not taken.
    assert!(allocations::<Value>(&envelope) > 2 * data);
}

#[test]
fn known_values_of_open_enums_are_free() {
    assert_eq!(allocations::<Platform>(r#""tiktok""#), 0);
    assert_eq!(allocations::<Platform>(r#""tomorrow""#), 1);
    assert_eq!(allocations::<Code>("12600"), 0);
}
