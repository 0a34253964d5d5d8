//! The tokens of a query.

use super::property::Property;

/// A token and where it starts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    /// What.
    pub(super) kind: TokenKind,
    /// Byte offset into the query.
    pub(super) offset: usize,
}

/// What a token is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum TokenKind {
    /// `(`
    Open,
    /// `)`
    Close,
    /// `AND`
    And,
    /// `OR`
    Or,
    /// `NOT`
    Not,
    /// `NEAR`, `ONEAR`, with the distance if one is written.
    Near {
        /// `ONEAR`.
        ordered: bool,
        /// The number in parentheses.
        distance: Option<u32>,
    },
    /// `-` or `+` directly before its operand.
    Sign {
        /// `-`.
        negative: bool,
    },
    /// `(c:s)`
    Row,
    /// `(c:c)`
    Conditions,
    /// A word or a phrase.
    Text(RawText),
    /// A property and its operator, with the value or, if that is a group, before its `Open`.
    Restriction {
        /// Which property.
        property: Property,
        /// The operator.
        comparison: Comparison,
        /// The value; `None` before a group.
        value: Option<RawText>,
    },
}

/// A word, a phrase or a value, not yet checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RawText {
    /// Without quotes.
    pub(super) text: String,
    /// Whether it was quoted.
    pub(super) quoted: bool,
    /// Byte offset into the query, of the quote if there is one.
    pub(super) offset: usize,
}

/// The operator between a property and its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    /// `:` and `=`
    Equal,
    /// `<>`
    NotEqual,
    /// `<`
    Less,
    /// `>`
    Greater,
    /// `<=`
    LessOrEqual,
    /// `>=`
    GreaterOrEqual,
}

impl Comparison {
    /// Each operator as written; a longer one before its beginning.
    const SPELLINGS: [(&'static str, Self); 7] = [
        ("<>", Self::NotEqual),
        ("<=", Self::LessOrEqual),
        (">=", Self::GreaterOrEqual),
        (":", Self::Equal),
        ("=", Self::Equal),
        ("<", Self::Less),
        (">", Self::Greater),
    ];

    /// The operator that a text begins with, and what follows it.
    pub(super) fn split(text: &str) -> Option<(Self, &str)> {
        Self::SPELLINGS
            .into_iter()
            .find_map(|(spelling, comparison)| text.strip_prefix(spelling).map(|rest| (comparison, rest)))
    }

    /// Whether it compares by size: neither equal nor unequal.
    pub(super) fn is_ordering(self) -> bool {
        !matches!(self, Self::Equal | Self::NotEqual)
    }

    /// As written, `:` for equality.
    pub(super) fn spelling(self) -> &'static str {
        match self {
            Self::Equal => ":",
            Self::NotEqual => "<>",
            Self::Less => "<",
            Self::Greater => ">",
            Self::LessOrEqual => "<=",
            Self::GreaterOrEqual => ">=",
        }
    }
}
