use super::*;

#[test]
fn readers_are_put_where_a_server_may_be_loose() {
    let target = Target {
        runtime: "crate".to_owned(),
        source: String::new(),
        command: "make it".to_owned(),
    };
    let told = |mut field: Field| {
        read_tolerantly(&mut field, &target);
        field.to_token_stream().to_string().replace(' ', "")
    };
    for (field, reader) in [
        (parse_quote!(a: i64), "tolerant::int\""),
        (
            parse_quote!(a: ::std::option::Option<i64>),
            "default,deserialize_with=\"crate::tolerant::int_opt\"",
        ),
        (
            parse_quote!(#[serde(default)] a: ::std::vec::Vec<String>),
            "tolerant::null_default",
        ),
    ] {
        let code = told(field);
        assert!(code.contains(reader), "{code}");
    }
    // A name is what the document says, whatever words of ours it holds.
    let named = told(parse_quote!(#[serde(rename = "::std::vec::flatten, default")] a: bool));
    assert_eq!(
        named,
        "#[serde(rename=\"::std::vec::flatten,default\")]a:bool"
    );
    // What is inside of a newtype is never absent, and serde refuses a default for it.
    let mut newtype: syn::ItemStruct = parse_quote!(
        struct A(::std::option::Option<i64>);
    );
    for field in &mut newtype.fields {
        let code = told(field.clone());
        assert!(code.starts_with("#[serde(deserialize_with="), "{code}");
    }
    // A list that has to be there may not be null.
    assert!(!told(parse_quote!(a: ::std::vec::Vec<String>)).contains("tolerant"));
}
