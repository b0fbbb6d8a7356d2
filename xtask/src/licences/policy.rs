//! Which licences are good enough, and the few exceptions with the reason for each.

use spdx::{Expression, LicenseItem, LicenseReq, ParseMode};

use super::Package;

/// Permissive licences: they ask for a notice at most.
const PERMISSIVE: [&str; 13] = [
    "0BSD",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "MIT-0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// Exceptions to a licence's terms (`Apache-2.0 WITH …`) that only give more.
const GENEROUS: [&str; 1] = ["LLVM-exception"];

/// One package that may carry one further licence.
struct Exception {
    package: &'static str,
    licence: &'static str,
    reason: &'static str,
}

/// Every exception is a debt: say what the package is used for and why nothing permissive does it.
const EXCEPTIONS: [Exception; 2] = [
    Exception {
        package: "@fontsource-variable/inter",
        licence: "OFL-1.1",
        reason: "the typeface; the Open Font License lets a font be embedded and given on with a program",
    },
    Exception {
        package: "option-ext",
        licence: "MPL-2.0",
        reason: "deltalake-core needs it (through dirs, to read ~ in a path); we use it unchanged, \
                 and the MPL binds only changes to its own files",
    },
];

/// Nothing when the licence is permissive, the reason when the package is an exception, and otherwise what is wrong.
pub(super) fn judge(package: &Package) -> Result<Option<&'static str>, String> {
    let stated = package.licence.as_deref().ok_or("states no licence")?;
    let expression = Expression::parse_mode(stated, ParseMode::LAX)
        .map_err(|error| format!("`{stated}` is no SPDX expression ({})", error.reason))?;
    if expression.evaluate(is_permissive) {
        return Ok(None);
    }
    let name = package.name.split(' ').next().unwrap_or_default();
    let exception = EXCEPTIONS.iter().find(|exception| {
        exception.package == name
            && expression.evaluate(|term| is_permissive(term) || id(term) == Some(exception.licence))
    });
    match exception {
        Some(exception) => Ok(Some(exception.reason)),
        None => Err(format!("`{stated}` is not among the permissive licences")),
    }
}

fn is_permissive(term: &LicenseReq) -> bool {
    let generous = term.exception.is_none_or(|more| GENEROUS.contains(&more.name));
    generous && id(term).is_some_and(|id| PERMISSIVE.contains(&id))
}

fn id(term: &LicenseReq) -> Option<&'static str> {
    match &term.license {
        LicenseItem::Spdx { id, .. } => Some(id.name),
        LicenseItem::Other { .. } => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(name: &str, licence: Option<&str>) -> Result<Option<&'static str>, String> {
        let licence = licence.map(String::from);
        judge(&Package { name: format!("{name} 1.0.0"), licence, lock: "Cargo.lock".into() })
    }

    #[test]
    fn permissive_licences_pass_in_every_spelling() {
        for licence in [
            "MIT",
            "MIT OR Apache-2.0",
            "MIT/Apache-2.0",
            "Apache-2.0 WITH LLVM-exception",
            "(MIT OR Apache-2.0) AND Unicode-3.0",
            "MPL-2.0 OR MIT",
        ] {
            assert_eq!(judged("a", Some(licence)), Ok(None), "{licence}");
        }
    }

    #[test]
    fn other_licences_fail() {
        for licence in ["GPL-3.0-only", "MIT AND GPL-2.0-only", "MPL-2.0", "OFL-1.1", "LicenseRef-own", "see file"] {
            assert!(judged("a", Some(licence)).is_err(), "{licence}");
        }
    }

    #[test]
    fn a_package_without_a_licence_fails() {
        assert!(judged("a", None).is_err());
    }

    #[test]
    fn an_exception_is_for_one_package_and_one_licence() {
        assert!(matches!(judged("option-ext", Some("MPL-2.0")), Ok(Some(_))));
        assert!(matches!(judged("@fontsource-variable/inter", Some("OFL-1.1")), Ok(Some(_))));
        assert!(judged("@fontsource-variable/inter", Some("GPL-3.0-only")).is_err());
    }

    #[test]
    fn every_listed_licence_exists() {
        for licence in PERMISSIVE {
            assert!(spdx::license_id(licence).is_some(), "{licence}");
        }
        for exception in GENEROUS {
            assert!(spdx::exception_id(exception).is_some(), "{exception}");
        }
    }
}
