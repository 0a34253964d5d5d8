//! The rows of a keyword list, each as a query of its own.

use super::ast::{Node, Query};

impl Query {
    /// The rows of the keyword list `a(c:s)b(c:c)(conditions)`, each with the conditions, in the order of the text: what
    /// hits per row are counted by. A query without `(c:s)` is its own only row.
    ///
    /// ```
    /// use custodia::model::UtcTime;
    /// use custodia::query::{Context, parse};
    ///
    /// let context = Context::search(UtcTime::parse("2024-05-15").unwrap());
    /// let query = parse("budget(c:s)profit loss(c:c)(kind=email)", &context).unwrap().query;
    /// let rows: Vec<String> = query.rows().iter().map(ToString::to_string).collect();
    /// assert_eq!(rows, ["budget AND kind:email", "profit AND loss AND kind:email"]);
    /// ```
    pub fn rows(&self) -> Vec<Self> {
        let (rows, conditions) = self.root.rows_and_conditions();
        let Some(rows) = rows else { return vec![self.clone()] };
        let with_conditions = |row: &Node| {
            let mut parts = match row {
                Node::And(parts) => parts.clone(),
                row => vec![row.clone()],
            };
            parts.extend_from_slice(conditions);
            match <[Node; 1]>::try_from(parts) {
                Ok([only]) => Self { root: only },
                Err(parts) => Self { root: Node::And(parts) },
            }
        };
        rows.iter().map(with_conditions).collect()
    }
}

impl Node {
    /// The rows at this root, if it has any, and the conditions that apply to each.
    pub(super) fn rows_and_conditions(&self) -> (Option<&[Self]>, &[Self]) {
        match self {
            Self::Rows(rows) => (Some(rows), &[]),
            Self::And(parts) => match parts.split_first() {
                Some((Self::Rows(rows), conditions)) => (Some(rows), conditions),
                _ => (None, &[]),
            },
            _ => (None, &[]),
        }
    }
}
