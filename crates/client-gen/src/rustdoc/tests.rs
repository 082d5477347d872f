use super::*;

#[track_caller]
fn becomes(description: &str, wanted: &str) {
    let once = text(description);
    assert_eq!(once, wanted);
    assert_eq!(text(&once), once, "a second time changes something");
    assert_eq!(alive(&once), None);
}

#[test]
fn what_is_on_the_list_stays() {
    for same in [
        "Words, *many* of them, **bold** ones and `code`.",
        "- one\n- two\n  - nested\n- three",
        "1. one\n2. two",
        "> quoted\n> words",
        "See [the guide](https://docs.example/x?y=1#z) and <https://docs.example>.",
        "[mail](mailto:a@b.example)",
        "A snake_case_word",
    ] {
        becomes(same, same);
    }
}

#[test]
fn code_is_marked_as_text_wherever_it_is() {
    becomes(
        "a\n\n```rust,should_panic\nrun();\n```",
        "a\n\n```text\nrun();\n```",
    );
    becomes("~~~\nrun();\n~~~", "```text\nrun();\n```");
    becomes("a\n\n    run();", "a\n\n```text\nrun();\n```");
    becomes(
        "- a\n\n      run();\n- b",
        "- a\n\n  ```text\n  run();\n  ```\n- b",
    );
    becomes("> ```\n> run();\n> ```", "> ```text\n> run();\n> ```");
    becomes("- > ```\n  > run();", "- > ```text\n  > run();\n  > ```");
    becomes(
        "````\n```rust\nrun();\n```\n````",
        "````text\n```rust\nrun();\n```\n````",
    );
    becomes("```\nnever closed", "```text\nnever closed\n```");
}

#[test]
fn the_rest_is_words() {
    for (description, wanted) in [
        ("<b onclick=x>bold</b>", "\\<b onclick=x\\>bold\\</b\\>"),
        ("<!-- hidden -->", "\\<!-- hidden --\\>"),
        (
            "[Vec], [`x`] and [y][std::io]",
            "\\[Vec\\], \\[`x`\\] and \\[y\\]\\[std::io\\]",
        ),
        ("[a](javascript:alert) ![i](https://x.example/i.png)", "a i"),
        ("[a][b]\n\n[b]: https://x.example", "a"),
        ("x[^1] y[^2]\n\n[^1]: note", "x^1 y\\[^2\\]"),
        (
            "<ftp://x.example> <javascript:alert(1)>",
            "ftp://x.example javascript:alert(1)",
        ),
        ("# Title\n\nand\n---", "**Title**\n\n**and**"),
        ("a | b\n--|--\n1 | 2", "a \\| b\n\\--\\|--\n1 \\| 2"),
        ("- [ ] to do", "- \\[ \\] to do"),
        (
            "a\u{202e}b\u{0}\u{1b}[2J",
            "a\\\\u{202e}b\\\\u{0}\\\\u{1b}\\[2J",
        ),
        ("a&#x202e;b &lt;i&gt; &copy;", "a\\\\u{202e}b \\<i\\> ©"),
        ("a\rb\r\nc\u{2028}d", "a\nb\nc\nd"),
        ("&#32;&#32;&#32;&#32;run();", "run();"),
        ("a&#10;- b", "a - b"),
        (
            "See https://a.example/x_y_z. And https://",
            "See <https://a.example/x_y_z>. And https\\://",
        ),
        ("", ""),
    ] {
        becomes(description, wanted);
    }
}

#[test]
fn depth_has_an_end() {
    let deep = "> ".repeat(5000) + "```\n" + &"- ".repeat(5000) + "run();";
    assert_eq!(alive(&text(&deep)), None);
    let brackets = "[".repeat(20_000) + &"*_".repeat(20_000);
    assert_eq!(alive(&text(&brackets)), None);
}

#[test]
fn a_line_is_a_line_and_a_sentence_follows_where_it_can() {
    assert_eq!(line("Gets `it`\nnow"), "Gets `it` now");
    assert_eq!(line("- Gets"), "\\- Gets");
    assert_eq!(line("    run();"), "run();");
    assert_eq!(in_item("a\n\nb"), "a\n  \n  b");
    let item = format!("- `x`: {}", in_item("```text\na\n```"));
    assert_eq!(item, "- `x`: \n\n  ```text\n  a\n  ```");
    assert_eq!(alive(&item), None);
    assert_eq!(with_sentence("A word", "1 to 3."), "A word. 1 to 3.");
    assert_eq!(with_sentence("- a", "1 to 3."), "- a.\n\n1 to 3.");
    assert_eq!(
        with_sentence("```text\na\n```", "1 to 3."),
        "```text\na\n```\n\n1 to 3."
    );
}

#[test]
fn what_is_alive_is_found() {
    for text in [
        "```\nx\n```",
        "    x",
        "```rust\nx\n```",
        "<b>",
        "[Vec]",
        "[a](file:///x)",
        "![a](https://x.example)",
        "a\u{202e}",
    ] {
        assert!(alive(text).is_some(), "{text}");
    }
}
