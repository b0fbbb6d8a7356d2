//! A module is named after what it does. A drawer called `utils` collects what nobody wanted to name.

use syn::visit::{self, Visit};

use crate::finding::Finding;
use crate::workspace::Source;

const DRAWERS: [&str; 7] = ["util", "utils", "helper", "helpers", "common", "manager", "misc"];

/// Finds files, folders and inline modules with a name that says nothing.
pub(crate) fn check(sources: &[Source]) -> Vec<Finding> {
    let code = sources.iter().filter(|source| source.is_rust() || source.is_web());
    code.flat_map(|source| by_path(source).into_iter().chain(inline(source))).collect()
}

fn by_path(source: &Source) -> Option<Finding> {
    let stems = source.path.split('/').map(|part| part.split('.').next().unwrap_or_default());
    stems.into_iter().find(|stem| DRAWERS.contains(stem)).map(|stem| finding(source, 0, stem))
}

fn inline(source: &Source) -> Vec<Finding> {
    let mut names = Names { source, findings: Vec::new() };
    if source.is_rust()
        && let Ok(file) = syn::parse_file(&source.text)
    {
        names.visit_file(&file);
    }
    names.findings
}

/// Walks a file and looks at the modules with a body; those without one are files of their own.
struct Names<'a> {
    source: &'a Source,
    findings: Vec<Finding>,
}

impl<'ast> Visit<'ast> for Names<'_> {
    fn visit_item_mod(&mut self, module: &'ast syn::ItemMod) {
        let name = module.ident.to_string();
        if module.content.is_some() && DRAWERS.contains(&name.as_str()) {
            let line = module.ident.span().start().line;
            self.findings.push(finding(self.source, line, &name));
        }
        visit::visit_item_mod(self, module);
    }
}

fn finding(source: &Source, line: usize, name: &str) -> Finding {
    Finding {
        file: source.path.clone(),
        line,
        rule: "module-name",
        what: format!("`{name}` says nothing about what is inside"),
        advice: "name it after what it does, or move each piece to where it is used".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, text: &str) -> usize {
        check(&[Source::new(path, text)]).len()
    }

    #[test]
    fn files_and_folders_with_a_drawers_name_are_found() {
        for path in ["crates/a/src/utils.rs", "crates/a/tests/it/common/mod.rs", "web/src/lib/helpers.ts"] {
            assert_eq!(found(path, ""), 1, "{path}");
        }
    }

    #[test]
    fn an_inline_module_with_a_drawers_name_is_found() {
        assert_eq!(found("crates/a/src/lib.rs", "mod inner {\n    pub mod manager { }\n}"), 1);
    }

    #[test]
    fn speaking_names_pass() {
        assert_eq!(found("crates/a/src/dialect.rs", "mod commonly_seen { }"), 0);
        assert_eq!(found("docs/common.md", "mod utils { }"), 0);
    }
}
