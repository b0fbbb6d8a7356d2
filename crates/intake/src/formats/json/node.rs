//! A JSON value with its keys in the order of the file, and its scalars as text.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

/// A value.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Node {
    Null,
    /// A text, a number in its shortest form, `true` or `false`.
    Scalar(String),
    List(Vec<Node>),
    Object(Vec<(String, Node)>),
}

impl Node {
    /// What a path of keys leads to; of a list its first item.
    pub(super) fn at(&self, path: &[&str]) -> Option<&Node> {
        let node = match self {
            Self::List(items) => items.first()?,
            other => other,
        };
        match (node, path) {
            (node, []) => Some(node),
            (Self::Object(fields), [key, rest @ ..]) => fields.iter().find(|(name, _)| name == key)?.1.at(rest),
            _ => None,
        }
    }

    /// The scalar that a path of keys leads to; none where it is empty.
    pub(super) fn text(&self, path: &[&str]) -> Option<&str> {
        match self.at(path)? {
            Self::Scalar(text) if !text.trim().is_empty() => Some(text),
            _ => None,
        }
    }

    /// The number that a path of keys leads to, also where it is written as text.
    pub(super) fn number(&self, path: &[&str]) -> Option<f64> {
        self.text(path)?.trim().parse().ok().filter(|number: &f64| number.is_finite())
    }

    /// The items of the list under a key; nothing where there is none.
    pub(super) fn items(&self, key: &str) -> &[Node] {
        let Self::Object(fields) = self else { return &[] };
        match fields.iter().find(|(name, _)| name == key) {
            Some((_, Self::List(items))) => items,
            _ => &[],
        }
    }
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NodeVisitor)
    }
}

struct NodeVisitor;

impl<'de> Visitor<'de> for NodeVisitor {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Node, E> {
        Ok(Node::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Node, E> {
        Ok(Node::Scalar(value.to_string()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Node, E> {
        Ok(Node::Scalar(value.to_string()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Node, E> {
        Ok(Node::Scalar(value.to_string()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Node, E> {
        Ok(Node::Scalar(value.to_string()))
    }

    fn visit_str<E>(self, value: &str) -> Result<Node, E> {
        Ok(Node::Scalar(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Node, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Node::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Node, A::Error> {
        let mut fields = Vec::new();
        while let Some(field) = entries.next_entry()? {
            fields.push(field);
        }
        Ok(Node::Object(fields))
    }
}
