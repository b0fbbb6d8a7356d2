//! Words by which a row says that it is a total of others.

/// In lower case.
const WORDS: [&str; 24] = [
    "total général",
    "total general",
    "totaux",
    "total",
    "totals",
    "totale",
    "totaal",
    "grand total",
    "sub-total",
    "subtotal",
    "sub total",
    "sous-total",
    "sous total",
    "sum",
    "sums",
    "somme",
    "summe",
    "gesamt",
    "gesamtsumme",
    "gesamtergebnis",
    "insgesamt",
    "zwischensumme",
    "endsumme",
    "overall total",
];

/// Whether a cell says total: `Some(true)` where it says nothing else, `Some(false)` where more follows, such as `Total (25 rows)`.
pub(crate) fn says_total(cell: &str) -> Option<bool> {
    // Asked of every row of every file: nothing is made for it, and most ids are no words by their second letter.
    let [first, second, ..] = cell.as_bytes() else { return None };
    if !second.is_ascii_alphabetic() {
        return None;
    }
    let begins_alike = |word: &&&str| word.as_bytes().first().is_some_and(|own| own.eq_ignore_ascii_case(first));
    let rest_of = |word: &&str| {
        let is_word = cell.get(..word.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(word));
        cell.get(word.len()..).filter(|_| is_word)
    };
    let rest = WORDS.iter().filter(begins_alike).filter_map(rest_of).min_by_key(|rest| rest.len())?;
    if rest.chars().all(|c| c.is_whitespace() || matches!(c, ':' | '=' | '.')) {
        return Some(true);
    }
    rest.starts_with([' ', ':', '=', '(']).then_some(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn totals_are_told_in_three_languages_and_ids_that_begin_alike_are_none() {
        for alone in
            ["Total", "TOTALS:", "Grand Total", "Sum", "Summe", "Gesamt", "Gesamtsumme", "Total général", "Sous-total"]
        {
            assert_eq!(says_total(alone), Some(true), "{alone}");
        }
        for more in ["Total (25 rows)", "Total: 25", "Summe kWh", "Total kWh", "Total général : 12"] {
            assert_eq!(says_total(more), Some(false), "{more}");
        }
        for none in
            ["", "Totals1", "TOTAL-17", "Summerhill", "Sumner Rd", "Gesamtschule 1", "E1", "50884", "Stotal", "totally"]
        {
            assert_eq!(says_total(none), None, "{none}");
        }
    }
}
