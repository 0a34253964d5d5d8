//! The words of a query over attributes.

/// A word, and where it begins: characters from the start of the query, from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) text: String,
    pub(super) quoted: bool,
    pub(super) at: usize,
}

impl Token {
    /// Whether it is the keyword `word`, which must be in lower case.
    pub(super) fn is(&self, word: &str) -> bool {
        !self.quoted && self.text.to_lowercase() == word
    }
}

/// Cuts a query into words; quoted ones lose their quotes.
pub(super) fn tokens(text: &str) -> Result<Vec<Token>, String> {
    let mut characters = text.chars().enumerate().peekable();
    let mut tokens = Vec::new();
    while let Some((at, c)) = characters.next() {
        let at = at + 1;
        if c.is_whitespace() {
            continue;
        }
        if c == '\'' || c == '"' {
            let mut text = String::new();
            let closed = characters.by_ref().map(|(_, c)| c).any(|next| {
                if next != c {
                    text.push(next);
                }
                next == c
            });
            if !closed {
                return Err(format!("the quote at character {at} is not closed"));
            }
            tokens.push(Token { text, quoted: true, at });
            continue;
        }
        let mut text = c.to_string();
        let symbol = |c: char| matches!(c, '=' | '!');
        while let Some((_, next)) = characters.next_if(|(_, next)| {
            let apart = matches!(c, '(' | ')') || matches!(next, '(' | ')' | '\'' | '"') || next.is_whitespace();
            !apart && symbol(c) == symbol(*next)
        }) {
            text.push(next);
        }
        tokens.push(Token { text, quoted: false, at });
    }
    Ok(tokens)
}
