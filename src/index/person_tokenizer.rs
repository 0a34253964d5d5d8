//! The tokenizer of people, who come again and again: what a person was divided into is kept for the next time.

use std::collections::HashMap;
use std::sync::Arc;

use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

use super::tokenizer::{Shape, TextStream, TextTokenizer};

/// People whose tokens are kept at once.
const KEPT: usize = 2_048;

/// Longest person that is kept, in bytes; hostile ones are divided anew each time.
const KEPT_BYTES: usize = 256;

/// A token and its place.
type Placed = (String, usize);

/// The tokenizer of people.
#[derive(Debug, Clone)]
pub(super) struct PersonTokenizer {
    whole: TextTokenizer,
    known: HashMap<String, Arc<[Placed]>>,
    token: Token,
}

impl PersonTokenizer {
    pub(super) fn new() -> Self {
        Self { whole: TextTokenizer::new(Shape::Person), known: HashMap::new(), token: Token::default() }
    }

    fn known(&mut self, person: &str) -> Arc<[Placed]> {
        if let Some(tokens) = self.known.get(person) {
            return Arc::clone(tokens);
        }
        let mut tokens = Vec::new();
        let mut stream = self.whole.token_stream(person);
        while stream.advance() {
            let token = stream.token_mut();
            tokens.push((std::mem::take(&mut token.text), token.position));
        }
        let tokens: Arc<[Placed]> = tokens.into();
        if self.known.len() >= KEPT {
            self.known.clear();
        }
        self.known.insert(person.to_owned(), Arc::clone(&tokens));
        tokens
    }
}

impl Tokenizer for PersonTokenizer {
    type TokenStream<'a> = PersonStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> PersonStream<'a> {
        if text.len() > KEPT_BYTES {
            return PersonStream::Whole(Box::new(self.whole.token_stream(text)));
        }
        let tokens = self.known(text);
        self.token.reset();
        PersonStream::Known { tokens, next: 0, token: &mut self.token }
    }
}

/// The tokens of one person.
pub(super) enum PersonStream<'a> {
    Whole(Box<TextStream<'a>>),
    Known { tokens: Arc<[Placed]>, next: usize, token: &'a mut Token },
}

impl TokenStream for PersonStream<'_> {
    fn advance(&mut self) -> bool {
        match self {
            Self::Whole(stream) => stream.advance(),
            Self::Known { tokens, next, token } => {
                let Some((text, position)) = tokens.get(*next) else { return false };
                token.text.clear();
                token.text.push_str(text);
                token.position = *position;
                *next += 1;
                true
            }
        }
    }

    fn token(&self) -> &Token {
        match self {
            Self::Whole(stream) => stream.token(),
            Self::Known { token, .. } => token,
        }
    }

    fn token_mut(&mut self) -> &mut Token {
        match self {
            Self::Whole(stream) => stream.token_mut(),
            Self::Known { token, .. } => token,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn tokens(stream: &mut dyn TokenStream) -> Vec<Placed> {
        let mut found = Vec::new();
        while stream.advance() {
            found.push((stream.token().text.clone(), stream.token().position));
        }
        found
    }

    proptest! {
        #[test]
        fn a_person_has_the_same_tokens_each_time(people in prop::collection::vec("[a-z +0-9@.]{0,40}\u{1F}[a-z@+0-9 ]{0,300}", 1..5)) {
            let (mut kept, mut anew) = (PersonTokenizer::new(), TextTokenizer::new(Shape::Person));
            for person in people.iter().chain(&people) {
                prop_assert_eq!(tokens(&mut kept.token_stream(person)), tokens(&mut anew.token_stream(person)));
            }
        }
    }
}
