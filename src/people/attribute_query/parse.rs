//! From words to a query over attributes.

use super::token::{Token, tokens};
use super::{Comparison, Node};

/// Levels of parentheses and `not` that are read; more is no query that a person wrote.
const DEEPEST: usize = 50;

pub(super) fn parse(text: &str) -> Result<Node, String> {
    let tokens = tokens(text)?;
    if tokens.is_empty() {
        return Err("the query over attributes is empty".to_owned());
    }
    let mut parser = Parser { rest: &tokens, depth: 0 };
    let node = parser.or()?;
    match parser.rest.first() {
        None => Ok(node),
        Some(_) => Err(parser.expected("`AND` or `OR`")),
    }
}

struct Parser<'t> {
    rest: &'t [Token],
    depth: usize,
}

impl Parser<'_> {
    fn or(&mut self) -> Result<Node, String> {
        let mut any = vec![self.and()?];
        while self.take(&["or", "-or"]) {
            any.push(self.and()?);
        }
        Ok(if any.len() == 1 { any.remove(0) } else { Node::Or(any) })
    }

    fn and(&mut self) -> Result<Node, String> {
        let mut all = vec![self.one()?];
        while self.take(&["and", "-and"]) {
            all.push(self.one()?);
        }
        Ok(if all.len() == 1 { all.remove(0) } else { Node::And(all) })
    }

    fn one(&mut self) -> Result<Node, String> {
        if self.depth == DEEPEST {
            return Err(format!("the query over attributes has more than {DEEPEST} levels"));
        }
        self.depth += 1;
        let node = if self.take(&["not", "-not"]) {
            Node::Not(Box::new(self.one()?))
        } else if self.take(&["("]) {
            let inner = self.or()?;
            if !self.take(&[")"]) {
                return Err(self.expected("`)`"));
            }
            inner
        } else {
            self.comparison()?
        };
        self.depth -= 1;
        Ok(node)
    }

    fn comparison(&mut self) -> Result<Node, String> {
        let attribute = self.word("an attribute")?;
        let (comparison, negated) = self.operator()?;
        let value = self.word("a value")?;
        let value = match value.as_str() {
            "$true" => "true".to_owned(),
            "$false" => "false".to_owned(),
            _ => value,
        };
        let node = Node::Compare { attribute, comparison, value };
        Ok(if negated { Node::Not(Box::new(node)) } else { node })
    }

    /// The comparison, and whether it is turned round.
    fn operator(&mut self) -> Result<(Comparison, bool), String> {
        let negated = self.take(&["not"]);
        for (word, comparison, opposite) in [
            ("equals", Comparison::Equals, false),
            ("=", Comparison::Equals, false),
            ("-eq", Comparison::Equals, false),
            ("!=", Comparison::Equals, true),
            ("-ne", Comparison::Equals, true),
            ("-like", Comparison::Like, false),
            ("-notlike", Comparison::Like, true),
            ("-lt", Comparison::Less, false),
            ("-gt", Comparison::Greater, false),
        ] {
            if self.take(&[word]) {
                return Ok((comparison, opposite != negated));
            }
        }
        if self.take(&["starts"]) && self.take(&["with"]) {
            return Ok((Comparison::StartsWith, negated));
        }
        Err(self.expected("an operator, such as `equals`, `not equals`, `starts with`, `-eq`, `-ne` or `-like`,"))
    }

    /// The next word in lower case.
    fn word(&mut self, what: &str) -> Result<String, String> {
        const KEYWORDS: [&str; 8] = ["(", ")", "and", "or", "not", "-and", "-or", "-not"];
        match self.rest.split_first() {
            Some((token, rest)) if !KEYWORDS.iter().any(|keyword| token.is(keyword)) => {
                self.rest = rest;
                Ok(token.text.to_lowercase())
            }
            _ => Err(self.expected(what)),
        }
    }

    fn take(&mut self, words: &[&str]) -> bool {
        match self.rest.split_first() {
            Some((token, rest)) if words.iter().any(|word| token.is(word)) => {
                self.rest = rest;
                true
            }
            _ => false,
        }
    }

    fn expected(&self, what: &str) -> String {
        match self.rest.first() {
            Some(token) => format!("{what} is expected at character {}, before `{}`", token.at, token.text),
            None => format!("{what} is expected at the end of the query over attributes"),
        }
    }
}
