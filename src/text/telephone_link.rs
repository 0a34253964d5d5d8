//! Telephone numbers that only a link shows: `<a href="tel:+49-171-1234567">call us</a>` (RFC 3966).

use std::collections::HashSet;

use super::html_attribute::{attribute, without_escapes};
use super::phone::{Form, number, numbers};

/// Schemes of links to a telephone; RFC 5724 has the second.
const SCHEMES: [&str; 3] = ["tel:", "sms:", "callto:"];

/// The number that the tag of a link leads to, as it is written there.
pub(super) fn linked_number(tag: &str) -> Option<String> {
    let target = attribute(tag, "href")?;
    let scheme = SCHEMES
        .iter()
        .find(|scheme| target.get(..scheme.len()).is_some_and(|beginning| beginning.eq_ignore_ascii_case(scheme)))?;
    let written = decoded(target.get(scheme.len()..)?);
    // Of the parameters, `ext` alone is part of a number; a query follows the number of a text message.
    let (whole, _) = written.split_once('?').unwrap_or((&written, ""));
    let mut parts = whole.split(';');
    let digits = parts.next()?;
    let extension = parts.find(|part| part.to_ascii_lowercase().starts_with("ext="));
    let number = extension.map_or_else(|| digits.to_owned(), |extension| format!("{digits};{extension}"));
    let is_number = numbers(&number).next().is_some();
    is_number.then_some(number)
}

/// The numbers that stand in texts.
#[derive(Debug, Default)]
pub struct ShownNumbers(HashSet<(Form, String)>);

impl ShownNumbers {
    /// Those of one text.
    pub fn of(text: &str) -> Self {
        let mut shown = Self::default();
        shown.add(text);
        shown
    }

    /// Adds those of another text.
    pub fn add(&mut self, text: &str) {
        self.0.extend(numbers(text).flat_map(|number| number.kept().collect::<Vec<_>>()));
    }

    /// Those of `links` that are not among them, each once; now they are.
    pub fn missing(&mut self, links: &[String]) -> Vec<String> {
        let is_missing = |link: &&String| {
            let forms = number(link).map(|number| number.kept().collect::<Vec<_>>()).unwrap_or_default();
            let is_new = forms.iter().any(|form| !self.0.contains(form));
            self.0.extend(forms);
            is_new
        };
        links.iter().filter(is_missing).cloned().collect()
    }
}

/// A link without escapes (RFC 3986 2.1) and without references to the plus sign.
fn decoded(link: &str) -> String {
    let link = link.replace("&#43;", "+").replace("&#x2b;", "+").replace("&#x2B;", "+").replace("&plus;", "+");
    without_escapes(&link)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_to_a_telephone_has_its_number() {
        for (tag, expected) in [
            ("<a href=\"tel:+49-171-1234567\">", Some("+49-171-1234567")),
            ("<A class=x HREF = 'TEL:%2B49%20171%201234567'>", Some("+49 171 1234567")),
            ("<a href=tel:01711234567>", Some("01711234567")),
            ("<a href=\"tel:&#43;491711234567;phone-context=x;ext=12\">", Some("+491711234567;ext=12")),
            ("<a href=\"sms:+491711234567?body=hi%20you\">", Some("+491711234567")),
            ("<a data-href=\"tel:1\" href=\"tel:+491711234567\">", Some("+491711234567")),
            ("<a href=\"https://firm.example/tel:+491711234567\">", None),
            ("<a href=\"tel:911\">", None),
            ("<a href=\"tel:%zz%\">", None),
            ("<a href", None),
            ("<a href=", None),
            ("<a>", None),
        ] {
            assert_eq!(linked_number(tag).as_deref(), expected, "{tag}");
        }
    }

    #[test]
    fn what_the_text_shows_is_not_repeated() {
        let links = ["+491711234567", "+49-171-1234567", "+491711234568"].map(str::to_owned).to_vec();
        assert_eq!(ShownNumbers::of("no number").missing(&links), ["+491711234567", "+491711234568"]);
        assert_eq!(ShownNumbers::of("+49 (0)171 1234567").missing(&links), ["+491711234568"]);
    }
}
