//! Any objects, flattened: `{"location":{"id":1}}` has a column `location.id`.

use std::borrow::Cow;
use std::collections::HashMap;

use super::node::Node;
use super::walk::Walk;
use super::{Text, read};
use crate::refusal::Refusal;

/// Columns that a table may have.
const MOST_COLUMNS: usize = 1000;
/// Objects of a list within an object that get columns, numbered from 0.
const NUMBERED: usize = 4;

/// The columns of objects: all keys, in the order in which they are first seen.
pub(super) struct Columns(HashMap<String, usize>);

impl Columns {
    /// Those of a first row and all that follow it.
    pub(super) fn of(first: &Node, others: &mut Walk<'_, '_>) -> Result<Self, Refusal> {
        let mut columns = Self(HashMap::new());
        columns.learn(first)?;
        let mut number = 1;
        while let Some(row) = others.next()? {
            columns.learn(&read(row, number)?)?;
            number += 1;
        }
        Ok(columns)
    }

    fn learn(&mut self, row: &Node) -> Result<(), Refusal> {
        let columns = &mut self.0;
        visit(row, &mut String::new(), &mut |name, _| {
            if !columns.contains_key(name) {
                columns.insert(name.to_owned(), columns.len());
            }
        });
        if columns.len() > MOST_COLUMNS {
            return Err(Refusal::TooLarge { what: format!("a JSON table of more than {MOST_COLUMNS} columns") });
        }
        Ok(())
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        let mut names = vec![""; self.0.len()];
        self.0.iter().for_each(|(name, at)| names[*at] = name);
        names.into_iter()
    }

    /// Writes a row.
    pub(super) fn row(&self, node: &Node, text: &mut Text) -> Result<(), Refusal> {
        let mut cells = vec![Cow::Borrowed(""); self.0.len()];
        visit(node, &mut String::new(), &mut |name, value| {
            if let Some(at) = self.0.get(name) {
                cells[*at] = value;
            }
        });
        text.row(cells.iter().map(AsRef::as_ref))
    }
}

/// Visits each scalar with its path. A list of scalars is one, with blanks between.
fn visit<'n>(node: &'n Node, path: &mut String, each: &mut dyn FnMut(&str, Cow<'n, str>)) {
    match node {
        Node::Null => each(path, Cow::Borrowed("")),
        Node::Scalar(text) => each(path, Cow::Borrowed(text)),
        Node::Object(fields) => fields.iter().for_each(|(key, value)| below(value, key, path, each)),
        Node::List(items) if items.iter().all(|item| matches!(item, Node::Scalar(_) | Node::Null)) => {
            let words: Vec<&str> = items.iter().filter_map(|item| item.text(&[])).collect();
            each(path, words.join(" ").into());
        }
        Node::List(items) => {
            let numbered = items.iter().take(NUMBERED).enumerate();
            numbered.for_each(|(at, item)| below(item, &at.to_string(), path, each));
        }
    }
}

fn below<'n>(node: &'n Node, key: &str, path: &mut String, each: &mut dyn FnMut(&str, Cow<'n, str>)) {
    let length = path.len();
    if length > 0 {
        path.push('.');
    }
    path.push_str(key);
    visit(node, path, each);
    path.truncate(length);
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use crate::formats::json::to_text;

    #[test]
    fn keys_become_columns_in_the_order_they_are_seen() {
        let text = r#"[{"id":50914,"kwh":7.250,"location":{"id":"L1","tags":["a","b"]}},
            {"id":"x,y","late":null,"location":{"id":"L\n2"},"legs":[{"kw":1},{"kw":2}]}]"#;
        assert_eq!(
            to_text(text).unwrap(),
            "id,kwh,location.id,location.tags,late,legs.0.kw,legs.1.kw\n\
             50914,7.25,L1,a b,,,\n\"x,y\",,L 2,,,1,2\n"
        );
    }

    #[test]
    fn a_dictionary_is_no_table() {
        let entries: Vec<String> = (0..1001).map(|at| format!(r#""k{at}":{at}"#)).collect();
        let refusal = to_text(&format!("[{{{}}}]", entries.join(","))).unwrap_err();
        assert_eq!(refusal.code(), "too_large");
    }

    #[test]
    fn what_is_nested_too_deeply_is_refused() {
        let text = format!("[{{\"a\":{}{}}}]", "[".repeat(100_000), "]".repeat(100_000));
        assert_eq!(to_text(&text).unwrap_err().code(), "damaged_file");
    }
}
