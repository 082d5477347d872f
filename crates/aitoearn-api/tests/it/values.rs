//! The values that hold what the service may write in more than one way.

use std::collections::{BTreeMap, HashMap};
use std::time::{Duration, SystemTime};

use aitoearn_api::types::{AccountStatus, Platform};
use aitoearn_api::{Category, Code, Decimal, RetryAdvice, Timestamp, tolerant};
use serde::Deserialize;
use serde_json::{from_str, json, to_string};

#[test]
fn an_open_enum_keeps_what_it_does_not_know() {
    let known: Platform = from_str(r#""KWAI""#).unwrap();
    assert!(matches!(known, Platform::Kwai) && known.is_known());
    // Platform ids are case-sensitive.
    let unknown: Platform = from_str(r#""kwai""#).unwrap();
    assert!(matches!(&unknown, Platform::Unknown(text) if text == "kwai"));
    assert!(!unknown.is_known());
    assert_eq!(to_string(&[known, unknown]).unwrap(), r#"["KWAI","kwai"]"#);
    for wrong in ["3", "null", "[]", "{}", "true"] {
        from_str::<Platform>(wrong).unwrap_err();
    }
}

#[test]
fn an_unknown_that_became_known_is_the_same_value() {
    let built = Platform::Unknown("tiktok".to_owned());
    assert_eq!(built, Platform::Tiktok);
    assert!(built.is_known());
    assert_eq!(HashMap::from([(built, 1)]).get(&Platform::Tiktok), Some(&1));
    for parsed in [
        Platform::from("tiktok"),
        Platform::from("tiktok".to_owned()),
        "tiktok".parse().unwrap(),
    ] {
        assert!(matches!(parsed, Platform::Tiktok));
    }
    let built = AccountStatus::Unknown(1);
    assert_eq!(
        (built, built.name()),
        (AccountStatus::Usable, Some("Usable"))
    );
}

#[test]
fn open_enums_are_map_keys_and_text() {
    let map: BTreeMap<Platform, i32> = from_str(r#"{"tiktok":1,"new":2}"#).unwrap();
    assert_eq!(map[&Platform::Tiktok], 1);
    assert_eq!(to_string(&map).unwrap(), r#"{"new":2,"tiktok":1}"#);
    assert_eq!(format!("{:>8}", Platform::Kwai), "    KWAI");
    assert!(Platform::KNOWN.iter().all(Platform::is_known));
    assert!(Platform::KNOWN.contains(&"youtube".into()));
}

#[test]
fn open_integers_take_whole_numbers_in_any_form() {
    for (text, status) in [
        ("1", AccountStatus::Usable),
        ("1.0", AccountStatus::Usable),
        ("0", AccountStatus::Offline),
        ("-7", AccountStatus::Unknown(-7)),
        ("1099511627776", AccountStatus::Unknown(1 << 40)),
    ] {
        let read: AccountStatus = from_str(text).unwrap();
        assert_eq!(read, status);
        assert_eq!(to_string(&read).unwrap(), status.value().to_string());
    }
    assert_eq!(AccountStatus::Usable.to_string(), "Usable (1)");
    assert_eq!(AccountStatus::from(7).to_string(), "7");
    assert_eq!(AccountStatus::from(7).name(), None);
    for wrong in ["1.5", "\"1\"", "null", "1e300", "9223372036854775808"] {
        from_str::<AccountStatus>(wrong).unwrap_err();
    }
}

#[test]
fn codes_say_what_they_mean() {
    let code = Code::CHANNEL_AUTH_SESSION_INVALID;
    assert_eq!(code, Code::from(15039));
    assert_eq!(code.to_string(), "ChannelAuthSessionInvalid (15039)");
    assert_eq!(code.category(), Category::Auth);
    assert_eq!(code.retry(), RetryAdvice::AfterReauth);
    assert_eq!(code.advice(), "Start a new authorization.");
    assert_eq!(from_str::<Code>("15039.0").unwrap(), code);
    assert_eq!("15039".parse(), Ok(code));
    assert_eq!(to_string(&code).unwrap(), "15039");
    from_str::<Code>("\"15039\"").unwrap_err();
}

#[test]
fn unknown_codes_are_placed_by_range() {
    for (code, category, retry) in [
        (418, Category::Validation, RetryAdvice::No),
        (599, Category::Internal, RetryAdvice::Yes),
        (10_120, Category::Storage, RetryAdvice::No),
        (12_399, Category::Ai, RetryAdvice::No),
        (14_001, Category::Quota, RetryAdvice::No),
        (15_999, Category::Unknown, RetryAdvice::No),
        (15_097, Category::Platform, RetryAdvice::No),
        (-1, Category::Unknown, RetryAdvice::No),
        (i64::MAX, Category::Unknown, RetryAdvice::No),
    ] {
        let code = Code::new(code);
        assert_eq!(code.name(), None);
        assert_eq!(code.to_string(), code.get().to_string());
        assert_eq!((code.category(), code.retry()), (category, retry), "{code}");
        assert!(code.meaning().ends_with('.') && code.advice().ends_with('.'));
    }
}

#[test]
fn a_timestamp_keeps_its_text() {
    for text in [
        r#""2026-05-18T09:45:00.000Z""#,
        r#""2025-01-01 00:00:00""#,
        r#""""#,
        r#""soon""#,
    ] {
        let moment: Timestamp = from_str(text).unwrap();
        assert_eq!(to_string(&moment).unwrap(), text);
    }
    assert_eq!(
        from_str::<Timestamp>("1735689600000").unwrap().as_str(),
        "1735689600000"
    );
    assert_eq!(from_str::<Timestamp>("-5").unwrap().as_str(), "-5");
    let with_fraction: Timestamp = from_str("1735689600000.0").unwrap();
    assert_eq!(with_fraction.as_str(), "1735689600000");
    for wrong in ["null", "[]", "{}", "true"] {
        from_str::<Timestamp>(wrong).unwrap_err();
    }
}

#[test]
fn a_timestamp_is_a_moment_if_it_can_be() {
    let expected = SystemTime::UNIX_EPOCH + Duration::from_secs(1_735_689_600);
    for text in [
        "2025-01-01T00:00:00.000Z",
        "2025-01-01T08:00:00+08:00",
        "2025-01-01 00:00:00",
        "2025-01-01T00:00:00",
        "2025-01-01",
        "2025-01-01 05:30+05:30",
        "2024-12-31T16:00:00.000000000-0800",
        "2025-01-01t03:00:00+03",
        " 2025-01-01T00:00:00Z ",
    ] {
        let moment: Timestamp = text.parse().unwrap();
        assert_eq!(moment.to_system_time(), Some(expected), "{text}");
    }
    // What is too late to be counted is late.
    let year_9999 = SystemTime::UNIX_EPOCH + Duration::from_secs(253_370_764_800);
    for text in [
        "9999-12-31T23:59:59.999Z",
        "9999-12-31T23:59:59",
        "9999-12-31",
        "9999-12-31T23:59:59-12:00",
        "253402300799999",
    ] {
        let moment: Timestamp = serde_json::from_value(json!(text)).unwrap();
        assert!(moment.to_system_time() > Some(year_9999), "{text}");
    }
    for text in [
        "",
        "soon",
        "2025-13-01T00:00:00Z",
        "2025-01-01T25:00:00Z",
        "99999999999999999",
        // What is not understood is not dropped.
        "2025-01-01T00:00:00[Asia/Shanghai]",
        "2025-01-01T08:00:00+08:00[Asia/Shanghai]",
        "2025-01-01T08:00:00[+08:00]",
        "2025-01-01T00:00:00[u-ca=hebrew]",
        "2025-01-01T00:00:00 UTC",
        "2025-01-01T00:00:00Zulu",
        "2025-01-01T00:00:00+8",
        "2025-01-01T00:00:00+08:00:30",
        "2025-01-01T00:00:00,5",
        "2025-01-01T12:00 PM",
        "2025-01-01T12",
        "2025-W01-3T12:00",
        "20250101T000000Z",
        "2025-01-01T",
        "20250101",
        "00:00:00",
    ] {
        text.parse::<Timestamp>().unwrap_err();
        let read: Timestamp = serde_json::from_value(json!(text)).unwrap();
        assert_eq!(read.to_system_time(), None, "{text}");
    }
}

#[test]
fn a_number_may_count_seconds_or_milliseconds() {
    for text in [
        "1767225600",
        "1767225600000",
        "-1",
        "0",
        "1767225600.5",
        " 1767225600 ",
        "1e12",
    ] {
        let error = text.parse::<Timestamp>().unwrap_err();
        assert!(error.to_string().contains("SystemTime"), "{text}: {error}");
    }
    // What an answer holds in milliseconds is read; what may be seconds is not.
    let read = |number: i64| serde_json::from_value::<Timestamp>(json!(number)).unwrap();
    let expected = SystemTime::UNIX_EPOCH + Duration::from_secs(1_767_225_600);
    assert_eq!(read(1_767_225_600_000).to_system_time(), Some(expected));
    for number in [1_767_225_600, 0, -1_767_225_600, 99_999_999_999] {
        assert_eq!(read(number).to_system_time(), None, "{number}");
    }
}

#[test]
fn a_system_time_is_written_as_the_service_writes_it() {
    let moment = SystemTime::UNIX_EPOCH + Duration::from_micros(1_735_689_600_123_999);
    let written = Timestamp::from(moment);
    assert_eq!(written.as_str(), "2025-01-01T00:00:00.123Z");
    let early = SystemTime::UNIX_EPOCH - Duration::from_millis(1);
    assert_eq!(Timestamp::from(early).as_str(), "1969-12-31T23:59:59.999Z");
    let late = SystemTime::UNIX_EPOCH + Duration::from_secs(1 << 40);
    assert!(Timestamp::from(late).as_str().starts_with("9999-12-"));
}

#[test]
fn a_decimal_stays_as_it_was() {
    for text in [
        "27.5",
        "3",
        "0.1",
        "-0.25",
        "18446744073709551615",
        r#""0.0012""#,
        r#""1.50""#,
        r#""free""#,
        r#""""#,
    ] {
        let amount: Decimal = from_str(text).unwrap();
        assert_eq!(to_string(&amount).unwrap(), text);
        assert_eq!(amount.as_str(), text.trim_matches('"'));
    }
    assert_eq!(from_str::<Decimal>("27.5").unwrap().to_f64(), Some(27.5));
    assert_eq!(
        from_str::<Decimal>(r#""1.50""#).unwrap().to_f64(),
        Some(1.5)
    );
    for no_number in [r#""free""#, r#""""#, r#""NaN""#, r#""inf""#] {
        assert_eq!(from_str::<Decimal>(no_number).unwrap().to_f64(), None);
    }
    for wrong in ["null", "[]", "true"] {
        from_str::<Decimal>(wrong).unwrap_err();
    }
}

#[derive(Debug, PartialEq, Deserialize)]
struct Counts {
    #[serde(deserialize_with = "tolerant::int")]
    one: i64,
    #[serde(default, deserialize_with = "tolerant::int_opt")]
    maybe: Option<i64>,
    #[serde(default, deserialize_with = "tolerant::int_vec")]
    many: Vec<i64>,
    #[serde(default, deserialize_with = "tolerant::null_default")]
    names: Vec<String>,
}

#[test]
fn tolerant_readers_take_every_form_of_an_integer() {
    for one in ["3", "3.0", "\"3\"", "3e0"] {
        let counts: Counts = from_str(&format!(r#"{{"one":{one}}}"#)).unwrap();
        assert_eq!((counts.one, counts.maybe), (3, None), "{one}");
    }
    let counts: Counts =
        from_str(r#"{"one":-9223372036854775808,"maybe":"-4","many":[1,"2",3.0],"names":["a"]}"#)
            .unwrap();
    assert_eq!(counts.one, i64::MIN);
    assert_eq!(
        (counts.maybe, counts.many.as_slice()),
        (Some(-4), &[1, 2, 3][..])
    );
    let nulls: Counts =
        from_str(r#"{"one":9007199254740992.0,"maybe":null,"many":null,"names":null}"#).unwrap();
    assert_eq!((nulls.one, nulls.maybe), (1 << 53, None));
    assert!(nulls.many.is_empty() && nulls.names.is_empty());
}

#[test]
fn tolerant_readers_change_nothing_to_make_it_fit() {
    for wrong in [
        "3.5",
        "\"3.0\"",
        "\"\"",
        "\" 3\"",
        "\"three\"",
        "null",
        "true",
        "[]",
        "9223372036854775808",
        "9007199254740994.0",
        "1e300",
    ] {
        from_str::<Counts>(&format!(r#"{{"one":{wrong}}}"#)).unwrap_err();
    }
    from_str::<Counts>(r#"{"one":1,"maybe":""}"#).unwrap_err();
    from_str::<Counts>(r#"{"one":1,"many":[null]}"#).unwrap_err();
    from_str::<Counts>(r#"{"one":1,"names":{}}"#).unwrap_err();
}

#[cfg(feature = "schemars")]
#[test]
fn schemas_leave_the_lists_open() {
    let mut generator = schemars::SchemaGenerator::default();
    let text = generator.root_schema_for::<Platform>();
    assert_eq!(text.get("type"), Some(&json!("string")));
    assert_eq!(text.get("enum"), None);
    let number = generator.root_schema_for::<AccountStatus>();
    assert_eq!(number.get("examples"), Some(&json!([0, 1])));
}
