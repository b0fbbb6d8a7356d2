//! A Rust function fits on a screen: none over 80 lines, and at least nine in ten under 40. Tests may be longer.

use syn::visit::{self, Visit};
use syn::{Attribute, Block, ImplItemFn, Item, ItemFn, ItemMod, Signature, TraitItemFn};

use crate::finding::{Finding, Report};
use crate::workspace::Source;

const LIMIT: usize = 80;
const SHORT: usize = 40;
/// Share of functions, in percent, that must be shorter than [`SHORT`].
const SHORT_SHARE: usize = 90;

/// Checks every function outside tests and adds the figures to the summary.
pub(crate) fn check(sources: &[Source], report: &mut Report) {
    let mut functions = Vec::new();
    for source in sources.iter().filter(|s| s.is_rust() && !s.is_test() && !s.is_generated()) {
        match measure(source) {
            Ok(found) => functions.extend(found),
            Err(error) => report.failures.push(unreadable(source, &error)),
        }
    }
    report.failures.extend(functions.iter().filter(|f| f.lines > LIMIT).map(too_long));
    report.failures.extend(too_few_short(&functions));
    report.summary.push(figures(&functions));
}

/// One function of the code.
#[derive(Debug, Clone)]
struct Function {
    file: String,
    name: String,
    line: usize,
    /// Lines from `fn` (documentation and attributes do not count) to the closing brace.
    lines: usize,
}

fn measure(source: &Source) -> syn::Result<Vec<Function>> {
    let file = syn::parse_file(&source.text)?;
    let mut ruler = Ruler { file: &source.path, functions: Vec::new() };
    ruler.visit_file(&file);
    Ok(ruler.functions)
}

/// Walks a file and measures what is no test.
struct Ruler<'a> {
    file: &'a str,
    functions: Vec<Function>,
}

impl Ruler<'_> {
    fn add(&mut self, signature: &Signature, block: &Block) {
        let line = signature.fn_token.span.start().line;
        let lines = block.brace_token.span.close().end().line + 1 - line;
        let name = signature.ident.to_string();
        self.functions.push(Function { file: self.file.to_owned(), name, line, lines });
    }
}

impl<'ast> Visit<'ast> for Ruler<'_> {
    fn visit_item_fn(&mut self, function: &'ast ItemFn) {
        if !is_test(&function.attrs) {
            self.add(&function.sig, &function.block);
            visit::visit_item_fn(self, function);
        }
    }

    fn visit_impl_item_fn(&mut self, function: &'ast ImplItemFn) {
        if !is_test(&function.attrs) {
            self.add(&function.sig, &function.block);
            visit::visit_impl_item_fn(self, function);
        }
    }

    fn visit_trait_item_fn(&mut self, function: &'ast TraitItemFn) {
        if let Some(block) = &function.default {
            self.add(&function.sig, block);
        }
        visit::visit_trait_item_fn(self, function);
    }

    fn visit_item_mod(&mut self, module: &'ast ItemMod) {
        if !is_test(&module.attrs) {
            visit::visit_item_mod(self, module);
        }
    }

    fn visit_item(&mut self, item: &'ast Item) {
        let attributes = match item {
            Item::Impl(item) => &item.attrs[..],
            Item::Trait(item) => &item.attrs[..],
            _ => &[],
        };
        if !is_test(attributes) {
            visit::visit_item(self, item);
        }
    }
}

/// Whether the attributes say `#[test]`, `#[tokio::test]` or `#[cfg(test)]`.
fn is_test(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let path = attribute.path();
        let names_test = path.segments.last().is_some_and(|last| last.ident == "test");
        let cfg_test = path.is_ident("cfg")
            && attribute.parse_args::<syn::Path>().is_ok_and(|condition| condition.is_ident("test"));
        names_test || cfg_test
    })
}

fn too_long(function: &Function) -> Finding {
    let Function { file, name, line, lines } = function;
    Finding {
        file: file.clone(),
        line: *line,
        rule: "function-size",
        what: format!("`{name}` has {lines} lines, at most {LIMIT}"),
        advice: format!(
            "give its steps names of their own; most functions are under 15 lines, nine in ten under {SHORT}"
        ),
    }
}

fn too_few_short(functions: &[Function]) -> Option<Finding> {
    let longest = functions.iter().max_by_key(|function| function.lines)?;
    let share = short_share(functions);
    (share < SHORT_SHARE).then(|| Finding {
        file: longest.file.clone(),
        line: longest.line,
        rule: "function-size",
        what: format!(
            "only {share}% of all functions are under {SHORT} lines, {SHORT_SHARE}% must be; this is the longest"
        ),
        advice: "split the longest functions first".to_owned(),
    })
}

/// Percent of functions under [`SHORT`] lines, rounded down; 100 where there are none.
fn short_share(functions: &[Function]) -> usize {
    let short = functions.iter().filter(|function| function.lines < SHORT).count();
    (short * 100).checked_div(functions.len()).unwrap_or(100)
}

fn figures(functions: &[Function]) -> String {
    let longest = functions.iter().map(|function| function.lines).max().unwrap_or_default();
    let (count, share) = (functions.len(), short_share(functions));
    format!("functions: {count}, {share}% under {SHORT} lines, longest {longest}")
}

fn unreadable(source: &Source, error: &syn::Error) -> Finding {
    Finding {
        file: source.path.clone(),
        line: error.span().start().line,
        rule: "function-size",
        what: format!("this is no Rust that can be read: {error}"),
        advice: "make it compile".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A function of exactly `lines` lines.
    fn function(name: &str, lines: usize) -> String {
        format!("fn {name}() {{\n{}}}\n", "    step();\n".repeat(lines - 2))
    }

    fn report(text: String) -> Report {
        let mut report = Report::default();
        check(&[Source::new("a.rs", text)], &mut report);
        report
    }

    fn many_short() -> String {
        (0..20).map(|n| function(&format!("short_{n}"), 5)).collect()
    }

    #[test]
    fn a_function_of_81_lines_fails_at_its_line() {
        let report = report(many_short() + &function("long", 81));
        assert_eq!(report.failures.len(), 1);
        assert_eq!((report.failures[0].line, report.failures[0].rule), (101, "function-size"));
    }

    #[test]
    fn a_function_of_80_lines_passes() {
        assert!(!report(many_short() + &function("long", 80)).has_failures());
    }

    #[test]
    fn methods_and_default_methods_count_too() {
        for head in ["impl A", "trait B"] {
            let text = format!("{}{head} {{\n{}}}\n", many_short(), function("long", 81));
            assert_eq!(report(text).failures.len(), 1, "{head}");
        }
    }

    #[test]
    fn too_many_functions_of_40_lines_fail() {
        let eight_in_ten = (0..8).map(|n| function(&format!("s{n}"), 39)).collect::<String>();
        let text = eight_in_ten + &function("a", 40) + &function("b", 40);
        assert_eq!(report(text).failures.len(), 1);
    }

    #[test]
    fn documentation_and_attributes_do_not_count() {
        let text = many_short() + &"/// Word.\n".repeat(60) + "#[must_use]\n" + &function("documented", 30);
        assert!(!report(text).has_failures());
    }

    #[test]
    fn tests_may_be_long() {
        let long = function("long", 200);
        for head in ["#[cfg(test)]\nmod tests {\n", "mod inner {\n#[test]\n", "mod inner {\n#[tokio::test]\n"] {
            let report = report(format!("{head}{long}}}\n"));
            assert!(!report.has_failures(), "{head}");
        }
    }

    #[test]
    fn what_is_compiled_only_outside_tests_still_counts() {
        let text = format!("{}#[cfg(not(test))]\n{}", many_short(), function("long", 90));
        assert!(report(text).has_failures());
    }
}
