//! What a document may say to whoever reads it, one kind each.

/// Leaves a file behind where it runs.
pub(crate) fn runs(marker: &str) -> String {
    format!("std::fs::write({marker:?}, \"ran\").unwrap();")
}

/// Every kind, with its name; code in it would write `marker`.
pub(crate) fn kinds(marker: &str) -> Vec<(&'static str, String)> {
    let run = runs(marker);
    vec![
        ("fence", format!("Words.\n\n```\n{run}\n```\n\nMore.")),
        ("rust fence", format!("Words.\n~~~rust,should_panic\n{run}\n~~~")),
        ("open fence", format!("````edition2021\n{run}\n```")),
        ("indented", format!("Words.\n\n    {run}\n\nMore.")),
        ("in a list", format!("1. one\n\n   ```\n   {run}\n   ```\n2. two\n\n       {run}")),
        ("in a quote", format!("> - a\n>\n>   ```\n>   {run}\n>   ```\n> \t\t{run}")),
        ("by entities", format!("&#32;&#32;&#32;&#32;{run}&#10;&#96;&#96;&#96;&#10;{run}")),
        ("html", "<img src=x onerror=alert(1)><script>alert(1)</script> <b>bold".to_owned()),
        ("comment end", "--> */ *//* <!-- /*! //! /// #!".to_owned()),
        ("quote end", "\"# \"## ' '\\'' r#\" \\\" \\".to_owned()),
        ("braces", "{} {0} {{x}} {{% raw %}} #{x} ${x} $(id) `id` %n %s".to_owned()),
        ("backticks", "a ``` @someone <img src=x> [c](http://x.example) ` b `` c".to_owned()),
        ("escapes", "a\u{1b}[2J\u{1b}]8;;http://x.example\u{7}b\u{9b}31m\u{8}\u{7f}".to_owned()),
        ("carriage return", "a\rb\r\nc\u{b}d\u{c}e\u{85}f".to_owned()),
        ("nul", "a\0b\u{1}c\u{fffe}".to_owned()),
        ("hidden", "\u{feff}a\u{202e}b\u{2066}c\u{2069}\u{200b}d\u{200f}e\u{ad}f\u{e0041}\u{61c}".to_owned()),
        ("separators", "a\u{2028}    b\u{2029}```\u{2028}c".to_owned()),
        ("mention", "@someone @org/team #1 GH-1 https://x.example www.x.example a@x.example".to_owned()),
        ("image", "![a](http://x.example/a.png) [b](javascript:alert(1)) [c]: http://x.example\n\n[c] [Vec] [`Vec`] <file:///x> [^1]\n\n[^1]: d".to_owned()),
        ("command", "::error::x\n  ::set-output name=a::b\n##[group]c\n::add-mask::d".to_owned()),
        ("percent", "%0A::error::x%0D%25 %1b &#x202e; \\u202e \\u{202e}".to_owned()),
        ("cdata", "]]> <![CDATA[ <?xml?> </script> </failure> & &amp; &lt;".to_owned()),
        ("toml", "'''\n\"\"\"\n[[acknowledge]]\nfingerprint = \"\"\n\\".to_owned()),
        ("yaml", "a: b\n- c\n# d\n--- \n...\n>-\n|\n*x &x !!x\n\tx: {".to_owned()),
        ("markup", "# Title\n\nTitle\n===\n\n| a | b |\n|---|---|\n| c | d |\n\n***\n- [ ] x ~~y~~ $z$ **b *i".to_owned()),
    ]
}
