//! The paths that code names, groups written out: `crate::{store, index::Index}` is two.

use crate::source::is_word;

/// A path as it is written, one segment each; a glob ends with `*`.
pub(crate) type CodePath = Vec<String>;

/// A word or a mark of the code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Token {
    Word(String),
    /// `::`
    Colons,
    Other(char),
}

/// The tokens of `code`, which has no comments and literals.
pub(crate) fn tokens(code: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut chars = code.chars().peekable();
    while let Some(c) = chars.next() {
        if is_word(c) {
            let mut word = String::from(c);
            while let Some(next) = chars.next_if(|c| is_word(*c)) {
                word.push(next);
            }
            tokens.push(Token::Word(word));
        } else if c == ':' && chars.next_if_eq(&':').is_some() {
            tokens.push(Token::Colons);
        } else if !c.is_whitespace() {
            tokens.push(Token::Other(c));
        }
    }
    tokens
}

/// Every path of two segments or more.
pub(crate) fn paths(tokens: &[Token]) -> Vec<CodePath> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let before = found.len();
        let end = read(tokens, at, &[], &mut found);
        let short = found.drain(before..).filter(|path| path.len() > 1).collect::<Vec<_>>();
        found.extend(short);
        at = end.max(at + 1);
    }
    found
}

/// Reads one path or group at `at`, `prefix` before it; returns where it ends.
fn read(tokens: &[Token], mut at: usize, prefix: &[String], found: &mut Vec<CodePath>) -> usize {
    let mut path = prefix.to_vec();
    if tokens.get(at) == Some(&Token::Colons) && prefix.is_empty() {
        at += 1;
    }
    loop {
        match tokens.get(at) {
            Some(Token::Word(word)) => path.push(word.clone()),
            Some(Token::Other('*')) if !path.is_empty() => path.push("*".to_owned()),
            Some(Token::Other('{')) if !path.is_empty() => return group(tokens, at + 1, &path, found),
            _ => return at,
        }
        at += 1;
        if tokens.get(at) != Some(&Token::Colons) {
            found.push(path);
            return at;
        }
        at += 1;
        if !matches!(tokens.get(at), Some(Token::Word(_) | Token::Other('*' | '{'))) {
            found.push(path);
            return at;
        }
    }
}

fn group(tokens: &[Token], mut at: usize, prefix: &[String], found: &mut Vec<CodePath>) -> usize {
    loop {
        match tokens.get(at) {
            None => return at,
            Some(Token::Other('}')) => return at + 1,
            Some(Token::Word(_) | Token::Other('{')) => at = read(tokens, at, prefix, found).max(at + 1),
            Some(_) => at += 1,
        }
    }
}

/// `path` from the root of its crate, as seen in `module`; `None` if it begins elsewhere.
pub(crate) fn absolute(path: &[String], module: &[String]) -> Option<CodePath> {
    let (first, rest) = path.split_first()?;
    let mut base = match first.as_str() {
        "crate" => Vec::new(),
        "self" => module.to_vec(),
        "super" => module.get(..module.len().checked_sub(1)?)?.to_vec(),
        _ => return None,
    };
    let mut rest = rest;
    while let Some((next, after)) = rest.split_first()
        && next == "super"
    {
        base.pop();
        rest = after;
    }
    base.extend(rest.iter().cloned());
    Some(base)
}
