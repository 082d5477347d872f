//! JSON that is small to write and large to hold.

/// A value that is written again and again, or one that is as large as it may be.
pub(crate) struct Shape {
    pub(crate) name: &'static str,
    /// Makes one of about this many bytes.
    pub(crate) make: fn(usize) -> String,
}

/// All of them.
pub(crate) const SHAPES: &[Shape] = &[
    Shape {
        name: "zeros",
        make: |size| list("0", size),
    },
    Shape {
        name: "nulls",
        make: |size| list("null", size),
    },
    Shape {
        name: "fractions",
        make: |size| list("0.5", size),
    },
    Shape {
        name: "empty texts",
        make: |size| list("\"\"", size),
    },
    Shape {
        name: "short texts",
        make: |size| list("\"a\"", size),
    },
    Shape {
        name: "empty lists",
        make: |size| list("[]", size),
    },
    Shape {
        name: "lists of one",
        make: |size| list("[0]", size),
    },
    Shape {
        name: "lists of lists",
        make: |size| list("[[[[[[]]]]]]", size),
    },
    Shape {
        name: "empty objects",
        make: |size| list("{}", size),
    },
    Shape {
        name: "objects with an empty key",
        make: |size| list("{\"\":0}", size),
    },
    Shape {
        name: "objects of objects",
        make: |size| list("{\"a\":{\"a\":{\"a\":{}}}}", size),
    },
    Shape {
        name: "choices",
        make: |size| list("{\"index\":0,\"delta\":{\"content\":\"a\"}}", size),
    },
    Shape {
        name: "parts",
        make: |size| list("{\"content\":{\"parts\":[{\"text\":\"a\"}]}}", size),
    },
    Shape {
        name: "blocks",
        make: |size| list("{\"type\":\"text\",\"text\":\"a\"}", size),
    },
    Shape {
        name: "one object of many fields",
        make: |size| {
            let fields = (0..size / 12).map(|n| format!("\"{n:07}\":0"));
            format!("{{{}}}", fields.collect::<Vec<_>>().join(","))
        },
    },
    Shape {
        name: "the same field again",
        make: |size| format!("{{{}}}", ["\"a\":0"].repeat(size / 6).join(",")),
    },
    Shape {
        name: "a nest of lists",
        make: |size| format!("{}{}", "[".repeat(size / 2), "]".repeat(size / 2)),
    },
    Shape {
        name: "a nest of objects",
        make: |size| format!("{}0{}", "{\"\":".repeat(size / 5), "}".repeat(size / 5)),
    },
    Shape {
        name: "a long text",
        make: |size| text("x", size),
    },
    Shape {
        name: "a text of escapes",
        make: |size| text("\\n", size),
    },
    Shape {
        name: "a text of long escapes",
        make: |size| text("\\u0041", size),
    },
    Shape {
        name: "a text with escapes here and there",
        make: |size| text(&format!("\\t{}", "x".repeat(500)), size),
    },
    Shape {
        name: "a text of quotes",
        make: |size| text("\\\"", size),
    },
    Shape {
        name: "a text of soft hyphens",
        make: |size| text("\u{ad}", size),
    },
    Shape {
        name: "a text of marks",
        make: |size| text("\u{300}", size),
    },
    Shape {
        name: "a text of another language",
        make: |size| text("世", size),
    },
    Shape {
        name: "a long key",
        make: |size| format!("{{{}:0}}", text("k", size)),
    },
    Shape {
        name: "a long key of escapes",
        make: |size| format!("{{{}:0}}", text("\\u006b", size)),
    },
    Shape {
        name: "a long number",
        make: |size| "7".repeat(size),
    },
    Shape {
        name: "a long fraction",
        make: |size| format!("0.{}", "7".repeat(size)),
    },
    Shape {
        name: "white space",
        make: |size| format!("[{}]", " ".repeat(size)),
    },
];

fn list(item: &str, size: usize) -> String {
    format!("[{}]", [item].repeat(size / (item.len() + 1)).join(","))
}

fn text(part: &str, size: usize) -> String {
    format!("\"{}\"", part.repeat(size / part.len()))
}
