//! Answers as CSV (RFC 4180): the same figures as in JSON, digit for digit.

use kerbwatt_hub::{Answer, PatternTable, Value};

/// A table as CSV.
#[derive(Default)]
pub(crate) struct Csv(String);

impl Csv {
    /// An answer: column names, then its rows.
    pub(crate) fn of(answer: &Answer) -> Self {
        let mut csv = Self::default();
        csv.row(answer.columns.iter().map(|column| Value::Text(column.name.clone())).collect::<Vec<_>>().iter());
        for row in &answer.rows {
            csv.row(row.iter());
        }
        csv
    }

    /// A pattern's table: column names, then its rows.
    pub(crate) fn of_table(table: &PatternTable) -> Self {
        let mut csv = Self::default();
        csv.row(table.columns.iter().map(|name| Value::Text((*name).to_owned())).collect::<Vec<_>>().iter());
        for row in &table.rows {
            csv.row(row.iter());
        }
        csv
    }

    /// Adds a row.
    pub(crate) fn row<'a>(&mut self, cells: impl Iterator<Item = &'a Value>) {
        for (at, cell) in cells.enumerate() {
            if at > 0 {
                self.0.push(',');
            }
            self.cell(cell);
        }
        self.0.push_str("\r\n");
    }

    /// The text.
    pub(crate) fn into_text(self) -> String {
        self.0
    }

    fn cell(&mut self, value: &Value) {
        match value {
            Value::Null => {}
            Value::Text(text) => self.0.push_str(&csv_cell(text)),
            // The digits of JSON, so that both forms of an answer say the same. Infinite is null there and empty here.
            Value::Integer(_) | Value::Number(_) => {
                let json = serde_json::to_string(value).unwrap_or_default();
                self.0.push_str(if json == "null" { "" } else { &json });
            }
        }
    }
}

/// A text as a cell: quoted where needed, and marked as text where a spreadsheet would run it as a formula.
#[must_use]
pub fn csv_cell(text: &str) -> String {
    csv_cell_among(text, ',')
}

/// What divides cells or rows for one program or another, whatever divides them here.
const DIVIDERS: [char; 6] = [',', ';', '\t', '|', '\r', '\n'];

/// The same in a table whose cells another character divides. Who opens it may take yet another one for the divider: what follows
/// such a one within the cell begins a cell of its own then, quoted or not, and is marked as text too.
#[must_use]
pub fn csv_cell_among(text: &str, delimiter: char) -> String {
    let guarded = guarded(text);
    if text.contains(['"', delimiter]) || (text.contains(DIVIDERS) && !is_number(text)) {
        format!("\"{}\"", guarded.replace('"', "\"\""))
    } else {
        guarded
    }
}

/// A text with a mark before whatever a spreadsheet would run as a formula.
fn guarded(text: &str) -> String {
    let may_run = |text: &str| text.starts_with(['=', '+', '-', '@', '\t', '\r']) && !is_number(text);
    let mut guarded = if may_run(text) { "'".to_owned() } else { String::new() };
    for (at, part) in text.split_inclusive(DIVIDERS).enumerate() {
        if at > 0 && may_run(part.trim_end_matches(DIVIDERS).trim_start_matches('"')) {
            guarded.push('\'');
        }
        guarded.push_str(part);
    }
    guarded
}

/// Whether a text is digits and at most one decimal point or comma, with or without a minus: a number for a spreadsheet, and
/// nothing to run.
fn is_number(text: &str) -> bool {
    let number = text.strip_prefix('-').unwrap_or(text);
    let (whole, part) = number.split_once(['.', ',']).unwrap_or((number, "0"));
    let are_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    are_digits(whole) && are_digits(part)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(cells: &[Value]) -> String {
        let mut csv = Csv::default();
        csv.row(cells.iter());
        csv.into_text()
    }

    #[test]
    fn quotes_commas_and_line_ends_within_a_cell_are_quoted() {
        let text = |text: &str| Value::Text(text.to_owned());
        assert_eq!(
            line(&[text("a,b"), text("say \"so\""), text("two\nlines")]),
            "\"a,b\",\"say \"\"so\"\"\",\"two\nlines\"\r\n"
        );
    }

    #[test]
    fn a_text_that_a_spreadsheet_would_run_is_guarded_and_a_number_is_not() {
        for text in ["=1+1", "+44", "-x", "@me"] {
            assert_eq!(line(&[Value::Text(text.to_owned())]), format!("'{text}\r\n"));
        }
        assert_eq!(line(&[Value::Text("\tx".to_owned())]), "\"'\tx\"\r\n");
        assert_eq!(line(&[Value::Text("=A1,B1".to_owned())]), "\"'=A1,B1\"\r\n");
        assert_eq!(line(&[Value::Number(-1.5), Value::Integer(-3)]), "-1.5,-3\r\n");
    }

    #[test]
    fn a_cell_is_quoted_where_it_holds_what_divides_its_table() {
        assert_eq!((csv_cell_among("0,512", ';').as_str(), csv_cell_among("a;b", ';').as_str()), ("0,512", "\"a;b\""));
        assert_eq!((csv_cell_among("-3,5", ';').as_str(), csv_cell_among("=A1", '\t').as_str()), ("-3,5", "'=A1"));
    }

    #[test]
    fn a_formula_behind_what_divides_cells_elsewhere_is_guarded_too() {
        for divider in [",", ";", "\t", "|", "\n", "\r"] {
            for (own, quote) in [(',', ""), (';', ""), ('\t', "\"")] {
                let cell = csv_cell_among(&format!("x{divider}{quote}=HYPERLINK(1)"), own);
                let bare = cell.trim_matches('"').replace("\"\"", "\"");
                assert_eq!(bare, format!("x{divider}'{quote}=HYPERLINK(1)"));
                assert!(cell.starts_with('"'), "{cell}");
            }
        }
        // A number is none, and a plain text stays as it is.
        assert_eq!(csv_cell_among("High Street, -3; 4-5", ';'), "\"High Street, -3; 4-5\"");
        assert_eq!(csv_cell_among("4,-5", ';'), "\"4,-5\"");
    }

    #[test]
    fn a_negative_number_stays_one_and_a_sum_does_not_pass_for_one() {
        for number in ["-3.5", "-12", "-0.125"] {
            assert_eq!(csv_cell(number), number);
        }
        assert_eq!(csv_cell("-3,5"), "\"-3,5\"");
        for text in ["-", "-3.", "-.5", "-3-2", "-1.2.3", "-2+3", "-3e5", "+3.5", "-1,000,000"] {
            assert!(csv_cell(text).trim_start_matches('"').starts_with('\''), "{text}");
        }
    }

    #[test]
    fn figures_have_all_their_digits_and_a_missing_one_is_empty() {
        let third = 1.0 / 3.0;
        assert_eq!(line(&[Value::Number(third), Value::Null, Value::Number(2.0)]), "0.3333333333333333,,2.0\r\n");
        assert_eq!(serde_json::to_string(&Value::Number(third)).ok().as_deref(), Some("0.3333333333333333"));
    }
}
