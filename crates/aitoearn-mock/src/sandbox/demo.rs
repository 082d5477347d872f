//! What a sandbox for people begins with: accounts whose ids can be typed.

use super::catalogue;
use super::state::State;

/// Platform, the account's id on it, and the name that people see.
const ACCOUNTS: &[(&str, &str, &str)] = &[
    ("youtube", "1", "Paper & Maps"),
    ("youtube", "2", "Paper & Maps, shorts"),
    ("tiktok", "1", "papermaps"),
    ("tiktok", "2", "mapfolds"),
    ("instagram", "1", "paper.maps"),
    ("facebook", "1", "Paper & Maps"),
    ("threads", "1", "paper.maps"),
    ("twitter", "1", "papermaps"),
    ("linkedin", "1", "Paper & Maps Ltd"),
    ("pinterest", "1", "Folded things"),
    ("bilibili", "1", "折纸地图"),
    ("douyin", "1", "折纸地图"),
    ("KWAI", "1", "折纸地图"),
    ("xhs", "1", "折纸地图"),
    ("wxSph", "1", "折纸地图"),
    ("wxGzh", "1", "折纸地图"),
];

/// Connects them all, in the default group.
pub(crate) fn accounts(state: &mut State) {
    let group = state.accounts.default_group.clone();
    for (platform, uid, name) in ACCOUNTS {
        if let Some(platform) = catalogue::platform(platform) {
            state.connect(platform, uid, name, &group);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::clock::Clock;

    #[test]
    fn every_platform_has_one_and_no_id_changes() {
        let mut state = State::new(Clock::default(), String::new(), String::new());
        accounts(&mut state);
        let ids: Vec<&str> = state
            .accounts
            .list
            .iter()
            .map(|it| it.id.as_str())
            .collect();
        assert_eq!(ids.len(), ACCOUNTS.len());
        for platform in &catalogue::PLATFORMS {
            let id = format!("{}_1", platform.id);
            assert!(ids.contains(&id.as_str()), "{id}");
        }
    }
}
