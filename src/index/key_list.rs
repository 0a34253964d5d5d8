//! All keys of a message as one value of the index: a value for each would be made, handed over and freed one by one, some
//! thirty for each message.

use std::borrow::Cow;

use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

/// Stands behind each key of a list. No key contains it.
const KEY_END: char = '\u{1F}';

/// Adds a key to a list.
pub(super) fn push_key(list: &mut String, key: &str) {
    list.push_str(key);
    list.push(KEY_END);
}

/// A value as it may stand in a key.
pub(super) fn in_key(value: &str) -> Cow<'_, str> {
    if value.contains(KEY_END) { value.replace(KEY_END, " ").into() } else { value.into() }
}

/// Divides a list into its keys.
#[derive(Debug, Clone, Default)]
pub(super) struct KeyTokenizer {
    token: Token,
}

impl Tokenizer for KeyTokenizer {
    type TokenStream<'a> = Keys<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Keys<'a> {
        self.token.reset();
        self.token.position = 0;
        Keys { rest: text, token: &mut self.token }
    }
}

/// The keys of one list.
pub(super) struct Keys<'a> {
    rest: &'a str,
    token: &'a mut Token,
}

impl TokenStream for Keys<'_> {
    fn advance(&mut self) -> bool {
        let Some((key, rest)) = self.rest.split_once(KEY_END) else { return false };
        self.token.text.clear();
        self.token.text.push_str(key);
        self.rest = rest;
        true
    }

    fn token(&self) -> &Token {
        self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        self.token
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_list_has_the_keys_that_were_added(values in prop::collection::vec(".*", 0..20)) {
            let keys: Vec<String> = values.iter().map(|value| in_key(value).into_owned()).collect();
            let mut list = String::new();
            for key in &keys {
                push_key(&mut list, key);
            }
            let mut tokenizer = KeyTokenizer::default();
            let mut stream = tokenizer.token_stream(&list);
            let mut found = Vec::new();
            while stream.advance() {
                found.push(stream.token().text.clone());
            }
            prop_assert_eq!(found, keys);
        }
    }
}
