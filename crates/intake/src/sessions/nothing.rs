//! Words that stand for nothing.

/// In any cell.
const NOTHING: [&str; 6] = ["", "na", "n/a", "null", "<na>", "<null>"];
const LONGEST_NOTHING: usize = "<null>".len();

/// In that of a driver, beside these: what programs write where nobody was known. An id of one letter or digit may be somebody's.
const NOBODY: [&str; 15] = [
    "-",
    "--",
    "---",
    "?",
    "none",
    "nil",
    "nan",
    "nobody",
    "unknown",
    "undefined",
    "anonymous",
    "anon",
    "(null)",
    "(none)",
    "#n/a",
];
const LONGEST_NOBODY: usize = "anonymous".len();

/// Whether a text, without blanks around it, says that there is nothing.
pub(super) fn is_nothing(text: &str) -> bool {
    text.len() <= LONGEST_NOTHING && NOTHING.iter().any(|nothing| nothing.eq_ignore_ascii_case(text))
}

/// Whether the cell of a driver, without blanks around it, names none: all sessions of nobody are not one driver's.
pub(super) fn is_nobody(text: &str) -> bool {
    text.len() <= LONGEST_NOBODY && (is_nothing(text) || NOBODY.iter().any(|nobody| nobody.eq_ignore_ascii_case(text)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_for_nothing_name_nobody_and_ids_do() {
        for text in
            ["", "NULL", "n/a", "N/A", "-", "unknown", "Unknown", "none", "None", "nan", "undefined", "ANONYMOUS"]
        {
            assert!(is_nobody(text), "{text}");
        }
        for text in ["0", "1", "A", "nana", "Nullius", "04A2B3C4", "unknown-7", "anonymous1"] {
            assert!(!is_nobody(text), "{text}");
        }
        assert!(!is_nothing("none") && !is_nothing("-"), "a charge point may be called so");
    }
}
