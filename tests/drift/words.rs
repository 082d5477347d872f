//! Two inventories, and what became of each thing, in words.

use std::collections::BTreeMap;
use std::fmt::Write as _;

/// One line for each thing that is gone, another one, or new.
pub(crate) fn changes(old: &str, new: &str) -> String {
    let (old, new) = (things(old), things(new));
    let mut text = String::new();
    for (name, was) in &old {
        match new.get(name) {
            None => {
                let _ = writeln!(text, "  removed: {name}{was}");
            }
            Some(is) if is != was => {
                let _ = writeln!(text, "  changed: {name}{was}\n       now: {name}{is}");
            }
            Some(_) => {}
        }
    }
    for (name, is) in new.iter().filter(|(name, _)| !old.contains_key(*name)) {
        let _ = writeln!(text, "  added:   {name}{is}");
    }
    text
}

/// Name to the rest of the line; an indented line belongs to the one above that is not.
fn things(inventory: &str) -> BTreeMap<String, String> {
    let mut things = BTreeMap::new();
    let mut above = "";
    for line in inventory.lines().filter(|line| !line.trim().is_empty()) {
        let own = line.trim_start();
        // A path has colons, too: what follows a name is a bracket, a sign or a colon and a space.
        let end = ["(", ": ", " = ", " × "]
            .iter()
            .filter_map(|sign| own.find(sign))
            .min()
            .unwrap_or(own.len());
        let (name, rest) = own.split_at(end);
        let mut name = if own.len() == line.len() {
            above = name;
            name.to_owned()
        } else {
            format!("{above}, {name}")
        };
        // The same twice is told apart by its place.
        while things.contains_key(&name) {
            name.push(' ');
        }
        things.insert(name, rest.to_owned());
    }
    things
}

#[test]
fn what_changed_is_said_in_words() {
    let old = "fn a::f(x: u8)\nfn a::g()\nstruct S\n  x: u8\n  y: u8\n";
    let new = "fn a::f(x: u16)\nfn a::h()\nstruct S\n  y: u8\n";
    assert_eq!(
        changes(old, new),
        "  changed: fn a::f(x: u8)\n       now: fn a::f(x: u16)\n  removed: fn a::g()\n  \
         removed: struct S, x: u8\n  added:   fn a::h()\n"
    );
    assert_eq!(changes(old, old), "");
}
