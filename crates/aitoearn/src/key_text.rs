//! A key as people paste it: with what is around it in a file of settings.

/// The key without the quotes, the variable's name or the word `Bearer` around it.
pub(crate) fn unwrapped(text: &str) -> &str {
    let mut text = text.trim();
    text = text.strip_prefix("export ").unwrap_or(text).trim_start();
    if let Some((name, value)) = text.split_once(['=', ':'])
        && is_variable(name)
    {
        text = value.trim();
    }
    text = text.strip_suffix([';', ',']).unwrap_or(text).trim_end();
    for quote in ['"', '\'', '`'] {
        let inner = text.strip_prefix(quote);
        text = inner
            .and_then(|it| it.strip_suffix(quote))
            .unwrap_or(text)
            .trim();
    }
    match text.split_once(' ') {
        Some((scheme, key)) if scheme.eq_ignore_ascii_case("bearer") => key.trim_start(),
        _ => text,
    }
}

/// Whether this is what a key is called, and not the beginning of one.
fn is_variable(name: &str) -> bool {
    let name = name.trim().trim_matches(['"', '\'']).to_ascii_uppercase();
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    let words = ["API_KEY", "API-KEY", "APIKEY", "AUTHORIZATION", "TOKEN"];
    name.chars().all(is_name) && words.iter().any(|word| name.ends_with(word))
}

#[cfg(test)]
mod tests {
    use super::unwrapped;

    #[test]
    fn what_is_around_a_key_in_a_file_is_no_part_of_it() {
        for pasted in [
            "ak_0123",
            "  ak_0123\n",
            "\"ak_0123\"",
            "'ak_0123'",
            "AITOEARN_API_KEY=ak_0123",
            "export AITOEARN_API_KEY=\"ak_0123\"",
            "AITOEARN_API_KEY: 'ak_0123'",
            "\"AITOEARN_API_KEY\": \"ak_0123\",",
            "X-Api-Key: ak_0123",
            "Authorization: Bearer ak_0123",
            "bearer  ak_0123",
            "API_KEY=ak_0123;",
        ] {
            assert_eq!(unwrapped(pasted), "ak_0123", "{pasted}");
        }
        for odd in ["ab=cd==", "a:b", "\"half", "two words", "", "\"\"", "=="] {
            let expected = odd.trim_matches('"');
            let expected = if odd == "\"half" { odd } else { expected };
            assert_eq!(unwrapped(odd), expected, "{odd}");
        }
    }
}
