//! A lint that must stay silent is expected, with its reason (`expect` tells when it is no longer needed); it is
//! never just allowed.

use proc_macro2::{Delimiter, Group, Span, TokenStream, TokenTree};

use crate::finding::Finding;
use crate::workspace::Source;

/// Finds every attribute that allows a lint, also inside `cfg_attr` and inside macros.
pub(crate) fn check(sources: &[Source]) -> Vec<Finding> {
    sources.iter().filter(|source| source.is_rust()).flat_map(in_file).collect()
}

fn in_file(source: &Source) -> Vec<Finding> {
    // A file that is not Rust is reported by the function sizes already.
    let tokens: TokenStream = source.text.parse().unwrap_or_default();
    let mut spans = Vec::new();
    walk(tokens, &mut spans);
    spans.into_iter().map(|span| finding(source, span)).collect()
}

/// Looks for `#[…]` and `#![…]` at every depth.
fn walk(tokens: TokenStream, found: &mut Vec<Span>) {
    let mut after_hash = false;
    for token in tokens {
        if let TokenTree::Group(group) = &token {
            if after_hash && group.delimiter() == Delimiter::Bracket {
                find_allow(group, found);
            }
            walk(group.stream(), found);
        }
        after_hash = match &token {
            TokenTree::Punct(mark) => mark.as_char() == '#' || (after_hash && mark.as_char() == '!'),
            _ => false,
        };
    }
}

/// Looks for `allow(…)` in one attribute.
fn find_allow(attribute: &Group, found: &mut Vec<Span>) {
    let mut last = None;
    for token in attribute.stream() {
        if let TokenTree::Group(group) = &token {
            found.extend(last.take());
            find_allow(group, found);
        }
        last = match token {
            TokenTree::Ident(name) if name == "allow" => Some(name.span()),
            _ => None,
        };
    }
}

fn finding(source: &Source, span: Span) -> Finding {
    Finding {
        file: source.path.clone(),
        line: span.start().line,
        rule: "allow-attribute",
        what: "a lint is allowed".to_owned(),
        advice: "mend the code, or write #[expect(the_lint, reason = \"…\")]".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<usize> {
        check(&[Source::new("a.rs", text)]).into_iter().map(|finding| finding.line).collect()
    }

    #[test]
    fn every_form_of_allowing_is_found() {
        assert_eq!(lines("#[allow(dead_code)]\nfn a() {}"), [1]);
        assert_eq!(lines("//! Doc.\n#![allow(dead_code)]"), [2]);
        assert_eq!(lines("\n\n#[cfg_attr(test, allow(dead_code))]\nfn a() {}"), [3]);
        assert_eq!(lines("macro_rules! m { () => { #[allow(x)] fn a() {} } }"), [1]);
    }

    #[test]
    fn expecting_and_speaking_about_it_are_fine() {
        assert!(lines("#[expect(dead_code, reason = \"later\")]\nfn a() {}").is_empty());
        assert!(lines("// #[allow(dead_code)]\nfn a() { say(\"#[allow(x)]\"); allow(b) }").is_empty());
    }
}
