//! The dependencies that a Cargo.toml names, with the line of each: enough of TOML for that, and quick to compile.

/// When a dependency is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// In the shipped code, or to build it.
    Shipped,
    /// In tests only.
    Test,
}

/// One dependency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Dependency {
    /// The package's own name, also where it is renamed.
    pub(crate) package: String,
    /// When it is used.
    pub(crate) kind: Kind,
    /// Line in the manifest, from 1.
    pub(crate) line: usize,
}

/// Reads all dependencies of a manifest, those for one platform included.
pub(crate) fn dependencies(text: &str) -> Vec<Dependency> {
    let mut section = Section::Other;
    let mut found = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let line = line.trim();
        if let Some(header) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            section = Section::from_header(header);
            if let Section::One(kind, package) = &section {
                found.push(Dependency { package: package.clone(), kind: *kind, line: index + 1 });
            }
        } else if let (Section::Many(kind), Some(package)) = (&section, package_of(line)) {
            found.push(Dependency { package, kind: *kind, line: index + 1 });
        }
    }
    found
}

/// Where in the manifest a line stands.
enum Section {
    /// `[dependencies]`: every line is a dependency.
    Many(Kind),
    /// `[dependencies.name]`: the section is one dependency.
    One(Kind, String),
    Other,
}

impl Section {
    fn from_header(header: &str) -> Self {
        let tables =
            [("dev-dependencies", Kind::Test), ("build-dependencies", Kind::Shipped), ("dependencies", Kind::Shipped)];
        for (table, kind) in tables {
            if header == table || header.ends_with(&format!(".{table}")) {
                return Self::Many(kind);
            }
            if let Some(name) = header.strip_prefix(&format!("{table}.")) {
                return Self::One(kind, name.to_owned());
            }
        }
        Self::Other
    }
}

/// The package of a line such as `name.workspace = true` or `name = { package = "other" }`.
fn package_of(line: &str) -> Option<String> {
    let (key, value) = line.split_once('=')?;
    let key = key.split('.').next().unwrap_or_default().trim();
    let is_name = !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'));
    let renamed = value.split_once("package = \"").and_then(|(_, rest)| rest.split('"').next());
    is_name.then(|| renamed.unwrap_or(key).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<(String, Kind, usize)> {
        dependencies(text).into_iter().map(|d| (d.package, d.kind, d.line)).collect()
    }

    #[test]
    fn every_way_to_write_a_dependency_is_read() {
        let text = "[package]\nname = \"a\"\n[dependencies]\nb.workspace = true\nc = { package = \"d\" }\n\
                    # e = \"1\"\n[dev-dependencies]\nf = \"1\"\n[target.'cfg(unix)'.dependencies]\ng = \"1\"\n\
                    [dependencies.h]\nversion = \"1\"\n";
        let expected = [
            ("b", Kind::Shipped, 4),
            ("d", Kind::Shipped, 5),
            ("f", Kind::Test, 8),
            ("g", Kind::Shipped, 10),
            ("h", Kind::Shipped, 11),
        ];
        assert_eq!(names(text), expected.map(|(name, kind, line)| (name.to_owned(), kind, line)));
    }
}
