//! Text in columns.

use kerbwatt_hub::{Answer, ColumnKind, PatternTable, Value};

use crate::number;

/// An answer as an aligned table: a heading, then its rows; figures to the right.
pub(crate) fn of(answer: &Answer) -> String {
    let heading = answer.columns.iter().map(|column| match column.unit.filter(|unit| !unit.is_empty()) {
        Some(unit) if column.name.ends_with(&unit.to_lowercase()) => column.name.clone(),
        Some(unit) => format!("{} ({unit})", column.name),
        None => column.name.clone(),
    });
    let mut cells: Vec<Vec<String>> = vec![heading.collect()];
    cells.extend(answer.rows.iter().map(|row| row.iter().map(cell).collect()));
    let is_figure: Vec<bool> = answer.columns.iter().map(|column| column.kind == ColumnKind::Metric).collect();
    aligned(&cells, &is_figure)
}

/// A pattern's table, aligned; figures to the right.
pub(crate) fn of_pattern(table: &PatternTable) -> String {
    let mut cells: Vec<Vec<String>> = vec![table.columns.iter().map(|name| (*name).to_owned()).collect()];
    cells.extend(table.rows.iter().map(|row| row.iter().map(cell).collect()));
    let is_text = |at: usize| table.rows.iter().any(|row| matches!(row.get(at), Some(Value::Text(_))));
    let is_figure: Vec<bool> = (0..table.columns.len()).map(|at| !is_text(at)).collect();
    aligned(&cells, &is_figure)
}

/// Zero and nothing stay apart: no figure is a dash.
fn cell(value: &Value) -> String {
    match value {
        Value::Null => "–".to_owned(),
        Value::Integer(_) | Value::Number(_) => number::decimal(value.number().unwrap_or_default(), 3),
        Value::Text(text) => text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect(),
    }
}

/// Rows in columns, those of figures to the right.
pub(crate) fn aligned(rows: &[Vec<String>], to_the_right: &[bool]) -> String {
    let width =
        |at: usize| rows.iter().filter_map(|row| row.get(at)).map(|cell| cell.chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..to_the_right.len()).map(width).collect();
    let mut text = String::new();
    for row in rows {
        let mut line = String::new();
        for ((cell, width), right) in row.iter().zip(&widths).zip(to_the_right) {
            let padding = " ".repeat(width - cell.chars().count());
            let (before, after) = if *right { (padding.as_str(), "") } else { ("", padding.as_str()) };
            line.push_str(&format!("{before}{cell}{after}  "));
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stand_left_and_figures_right() {
        let rows = [["month", "sessions"], ["2018-06", "5"], ["é", "1,200"]].map(|row| row.map(str::to_owned).to_vec());
        assert_eq!(aligned(&rows, &[false, true]), "month    sessions\n2018-06         5\né           1,200\n");
    }

    #[test]
    fn no_figure_is_not_zero() {
        assert_eq!((cell(&Value::Null), cell(&Value::Integer(0))), ("–".to_owned(), "0".to_owned()));
    }
}
