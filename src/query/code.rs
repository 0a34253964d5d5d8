//! The stable codes of refusals (`E_`) and warnings (`W_`) of the search language.

/// The query has neither keywords nor conditions.
pub const E_EMPTY: &str = "E_EMPTY";
/// The query has more than [`super::MAX_CHARACTERS`] characters.
pub const E_TOO_LONG: &str = "E_TOO_LONG";
/// Parentheses, NOT or NEAR chains are nested deeper than [`super::MAX_NESTING`].
pub const E_TOO_DEEP: &str = "E_TOO_DEEP";
/// There are more than [`super::MAX_ROWS`] keyword rows.
pub const E_TOO_MANY_ROWS: &str = "E_TOO_MANY_ROWS";
/// An operator lacks an operand.
pub const E_MISSING_OPERAND: &str = "E_MISSING_OPERAND";
/// `()`.
pub const E_EMPTY_GROUP: &str = "E_EMPTY_GROUP";
/// A parenthesis that is not closed, or not opened.
pub const E_UNBALANCED_PAREN: &str = "E_UNBALANCED_PAREN";
/// A quote that is not closed.
pub const E_UNBALANCED_QUOTE: &str = "E_UNBALANCED_QUOTE";
/// A quote inside an unquoted value.
pub const E_QUOTE_POSITION: &str = "E_QUOTE_POSITION";
/// A sign `+` or `-` that does not stand directly before its operand.
pub const E_DETACHED_SIGN: &str = "E_DETACHED_SIGN";
/// An operator of KeyQL that has no place in a legal search.
pub const E_OPERATOR_UNSUPPORTED: &str = "E_OPERATOR_UNSUPPORTED";
/// Something other than parenthesised conditions after `(c:c)`.
pub const E_CONDITION: &str = "E_CONDITION";
/// An operand of NEAR or ONEAR that is no free text.
pub const E_NEAR_OPERAND: &str = "E_NEAR_OPERAND";
/// The distance of NEAR or ONEAR is no number in range.
pub const E_NEAR_DISTANCE: &str = "E_NEAR_DISTANCE";
/// A property that the search language does not have.
pub const E_UNKNOWN_PROPERTY: &str = "E_UNKNOWN_PROPERTY";
/// A property of KeyQL for which the archive holds no data.
pub const E_PROPERTY_UNSUPPORTED: &str = "E_PROPERTY_UNSUPPORTED";
/// A blank between a property, its operator and its value.
pub const E_PROPERTY_SPACE: &str = "E_PROPERTY_SPACE";
/// A property inside `property:( .. )`.
pub const E_GROUP_PROPERTY: &str = "E_GROUP_PROPERTY";
/// An operator that the type of the property does not have.
pub const E_OPERATOR_TYPE: &str = "E_OPERATOR_TYPE";
/// An empty phrase or value.
pub const E_EMPTY_VALUE: &str = "E_EMPTY_VALUE";
/// A word or phrase without letter or digit.
pub const E_NO_WORD: &str = "E_NO_WORD";
/// `*` anywhere but at the end.
pub const E_WILDCARD_POSITION: &str = "E_WILDCARD_POSITION";
/// A prefix of fewer than [`super::MIN_PREFIX`] characters.
pub const E_PREFIX_TOO_SHORT: &str = "E_PREFIX_TOO_SHORT";
/// Not a date.
pub const E_DATE_VALUE: &str = "E_DATE_VALUE";
/// A relative date where only absolute ones are allowed.
pub const E_RELATIVE_DATE: &str = "E_RELATIVE_DATE";
/// Not a size.
pub const E_NUMBER_VALUE: &str = "E_NUMBER_VALUE";
/// A range that ends before it starts.
pub const E_RANGE_ORDER: &str = "E_RANGE_ORDER";
/// Neither true nor false.
pub const E_BOOL_VALUE: &str = "E_BOOL_VALUE";
/// Not in the closed set of the property's values.
pub const E_ENUM_VALUE: &str = "E_ENUM_VALUE";
/// Not a digest.
pub const E_HASH_VALUE: &str = "E_HASH_VALUE";

/// AND and OR meet without parentheses; AND binds tighter.
pub const W_MIXED_AND_OR: &str = "W_MIXED_AND_OR";
/// `and`, `or`, `not`, `near` in lower or mixed case is an ordinary word.
pub const W_LOWERCASE_OPERATOR: &str = "W_LOWERCASE_OPERATOR";
/// Comparisons of one property without an operator between them are joined by OR.
pub const W_IMPLICIT_OR_RANGE: &str = "W_IMPLICIT_OR_RANGE";
/// Typographic punctuation was read as ASCII.
pub const W_SMART_PUNCTUATION: &str = "W_SMART_PUNCTUATION";
/// A character that cannot be seen stands in the query.
pub const W_INVISIBLE_CHARACTER: &str = "W_INVISIBLE_CHARACTER";
/// A `?` inside a word, which is no wildcard.
pub const W_QUESTION_MARK: &str = "W_QUESTION_MARK";
/// A telephone number without quotes whose groups are searched as words.
pub const W_NUMBER_IN_PARTS: &str = "W_NUMBER_IN_PARTS";
/// Lenient mode: an empty query matches every message in scope.
pub const W_EMPTY: &str = "W_EMPTY";
/// Lenient mode: a blank beside an operator makes words of a property and its value.
pub const W_PROPERTY_SPACE: &str = "W_PROPERTY_SPACE";
/// Lenient mode: a date was read as month, day and year.
pub const W_DATE_FORMAT: &str = "W_DATE_FORMAT";
/// Lenient mode: `WORDS(a,b)` was read as `(a OR b)`.
pub const W_WORDS: &str = "W_WORDS";
/// A value that is legal but that no message of this archive has.
pub const W_MATCHES_NOTHING: &str = "W_MATCHES_NOTHING";
