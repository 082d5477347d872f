//! Enough of `macro_rules!` to see what our macros make: no hygiene, no backtracking.

use std::collections::BTreeMap;

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

/// What a call makes of its input, by the first arm that takes it.
pub(crate) fn expand(rules: &TokenStream, input: TokenStream) -> Option<TokenStream> {
    let rules: Vec<TokenTree> = rules.clone().into_iter().collect();
    let input: Vec<TokenTree> = input.into_iter().collect();
    let groups = rules.iter().filter_map(|token| match token {
        TokenTree::Group(group) => Some(group),
        _ => None,
    });
    let groups: Vec<&Group> = groups.collect();
    groups.chunks_exact(2).find_map(|arm| {
        let (end, bound) = take(&pattern(arm[0].stream()), &input, 0)?;
        (end == input.len()).then(|| fill(arm[1].stream(), &bound))
    })
}

enum Pattern {
    Token(String),
    Group(Delimiter, Vec<Pattern>),
    Variable(String, String),
    Repeat(Vec<Pattern>, Option<String>, char),
}

#[derive(Clone)]
enum Bound {
    One(TokenStream),
    Many(Vec<Bindings>),
}

type Bindings = BTreeMap<String, Bound>;

fn is_punct(token: Option<&TokenTree>, wanted: char) -> bool {
    matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == wanted)
}

/// The separator and the operator behind `$( … )`, and where they end.
fn repetition(tokens: &[TokenTree], at: usize) -> (Option<String>, char, usize) {
    let operator = |at: usize| match tokens.get(at) {
        Some(TokenTree::Punct(punct)) if "*+?".contains(punct.as_char()) => Some(punct.as_char()),
        _ => None,
    };
    if let Some(found) = operator(at) {
        return (None, found, at + 1);
    }
    let separator = tokens.get(at).map(ToString::to_string);
    (separator, operator(at + 1).unwrap_or('*'), at + 2)
}

fn pattern(tokens: TokenStream) -> Vec<Pattern> {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        at += 1;
        match (token, tokens.get(at)) {
            (TokenTree::Punct(punct), Some(TokenTree::Ident(name))) if punct.as_char() == '$' => {
                let kind = tokens.get(at + 2).map(ToString::to_string);
                found.push(Pattern::Variable(
                    name.to_string(),
                    kind.unwrap_or_default(),
                ));
                at += 3;
            }
            (TokenTree::Punct(punct), Some(TokenTree::Group(group))) if punct.as_char() == '$' => {
                let (separator, operator, end) = repetition(&tokens, at + 1);
                found.push(Pattern::Repeat(
                    pattern(group.stream()),
                    separator,
                    operator,
                ));
                at = end;
            }
            (TokenTree::Group(group), _) => {
                found.push(Pattern::Group(group.delimiter(), pattern(group.stream())));
            }
            (token, _) => found.push(Pattern::Token(token.to_string())),
        }
    }
    found
}

/// Matches from `at` on; where the match ends, and what the variables stand for.
fn take(patterns: &[Pattern], input: &[TokenTree], mut at: usize) -> Option<(usize, Bindings)> {
    let mut bound = Bindings::new();
    for (index, pattern) in patterns.iter().enumerate() {
        match pattern {
            Pattern::Token(text) => {
                if input.get(at)?.to_string() != *text {
                    return None;
                }
                at += 1;
            }
            Pattern::Group(delimiter, inner) => {
                let TokenTree::Group(group) = input.get(at)? else {
                    return None;
                };
                let tokens: Vec<TokenTree> = group.stream().into_iter().collect();
                let (end, more) = take(inner, &tokens, 0)?;
                if group.delimiter() != *delimiter || end != tokens.len() {
                    return None;
                }
                bound.extend(more);
                at += 1;
            }
            Pattern::Variable(name, kind) => {
                let end = match kind.as_str() {
                    "ident" if !matches!(input.get(at), Some(TokenTree::Ident(_))) => return None,
                    "ident" | "literal" | "tt" | "block" | "lifetime" => at + 1,
                    _ => until(patterns.get(index + 1), input, at),
                };
                if (end == at && kind != "vis") || end > input.len() {
                    return None;
                }
                let tokens = input[at..end].iter().cloned().collect();
                bound.insert(name.clone(), Bound::One(tokens));
                at = end;
            }
            Pattern::Repeat(inner, separator, operator) => {
                let mut all = Vec::new();
                let mut start = at;
                while start < input.len()
                    && let Some((end, more)) = take(inner, input, start)
                    && end > start
                {
                    all.push(more);
                    at = end;
                    start = end;
                    if *operator == '?' {
                        break;
                    }
                    if let Some(separator) = separator {
                        if input.get(end).map(ToString::to_string).as_ref() != Some(separator) {
                            break;
                        }
                        start = end + 1;
                    }
                }
                for name in names(inner) {
                    bound.insert(name, Bound::Many(all.clone()));
                }
            }
        }
    }
    Some((at, bound))
}

/// Where a type or an expression ends: before what the pattern wants next, outside of `<…>`.
fn until(next: Option<&Pattern>, input: &[TokenTree], at: usize) -> usize {
    let mut depth = 0;
    for index in at..input.len() {
        let is_arrow = index > at
            && (is_punct(input.get(index - 1), '-') || is_punct(input.get(index - 1), '='));
        let ends = match next {
            Some(Pattern::Token(text)) => input[index].to_string() == *text,
            Some(_) => is_punct(input.get(index), ','),
            None => false,
        };
        if depth == 0 && ends {
            return index;
        }
        if is_punct(input.get(index), '<') {
            depth += 1;
        } else if is_punct(input.get(index), '>') && !is_arrow {
            depth -= 1;
        }
    }
    input.len()
}

fn names(patterns: &[Pattern]) -> Vec<String> {
    let mut found = Vec::new();
    for pattern in patterns {
        match pattern {
            Pattern::Token(_) => {}
            Pattern::Variable(name, _) => found.push(name.clone()),
            Pattern::Group(_, inner) | Pattern::Repeat(inner, ..) => found.extend(names(inner)),
        }
    }
    found
}

fn fill(body: TokenStream, bound: &Bindings) -> TokenStream {
    let tokens: Vec<TokenTree> = body.into_iter().collect();
    let mut out = TokenStream::new();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        at += 1;
        match (token, tokens.get(at)) {
            (TokenTree::Punct(punct), Some(TokenTree::Ident(name))) if punct.as_char() == '$' => {
                match bound.get(&name.to_string()) {
                    Some(Bound::One(tokens)) => out.extend(tokens.clone()),
                    // `$crate`, or a variable of a macro inside.
                    _ => out.extend([TokenTree::Ident(name.clone())]),
                }
                at += 1;
            }
            (TokenTree::Punct(punct), Some(TokenTree::Group(group))) if punct.as_char() == '$' => {
                let (separator, _, end) = repetition(&tokens, at + 1);
                let text = group.stream().to_string();
                let is_used = |name: &&String| {
                    text.contains(&format!("${name}")) || text.contains(&format!("$ {name}"))
                };
                let rounds = bound.iter().find_map(|(name, value)| match value {
                    Bound::Many(rounds) if is_used(&name) => Some(rounds),
                    _ => None,
                });
                for (index, round) in rounds.into_iter().flatten().enumerate() {
                    if let Some(separator) = separator.as_ref().filter(|_| index > 0) {
                        out.extend(separator.parse::<TokenStream>().unwrap_or_default());
                    }
                    let mut all = bound.clone();
                    all.extend(round.clone());
                    out.extend(fill(group.stream(), &all));
                }
                at = end;
            }
            (TokenTree::Group(group), _) => {
                let filled = Group::new(group.delimiter(), fill(group.stream(), bound));
                out.extend([TokenTree::Group(filled)]);
            }
            (token, _) => out.extend([token.clone()]),
        }
    }
    out
}

#[test]
fn what_our_macros_are_made_of_is_expanded() {
    let expanded = |rules: &str, input: &str| {
        let expanded = expand(&rules.parse().unwrap(), input.parse().unwrap());
        expanded.map(|tokens| tokens.to_string().split_whitespace().collect::<String>())
    };
    let rules = "([$($g:tt)*] $name:ty => $out:ty) => { impl<$($g)*> $name { fn f() -> $crate::R<$out>; } };";
    assert_eq!(
        expanded(rules, "[T: Send] Request<T, U> => Vec<T>").as_deref(),
        Some("impl<T:Send>Request<T,U>{fnf()->crate::R<Vec<T>>;}")
    );
    let rules =
        "($(#[$m:meta])* $n:ident $(, $w:ident)?) => { $(#[$m])* struct $n; $(fn $w();)? };";
    assert_eq!(
        expanded(rules, "#[a] #[b = 1] X, ok").as_deref(),
        Some("#[a]#[b=1]structX;fnok();")
    );
    assert_eq!(expanded(rules, "X").as_deref(), Some("structX;"));
    assert_eq!(expanded("(a) => {};", "b"), None);
}
