//! The text of HTML, in one pass and without a tree.
//!
//! Everything that is text is kept, shown or hidden by styles: hidden text is a way to hide something from
//! search. Left out are `script`, `style` and comments, but for those that Outlook shows. A parser that builds a tree (html2text) was
//! rejected: it costs many times the parsing of the rest of the mail, and its tree is as deep as the sender likes.

use std::collections::HashSet;

pub use super::html_reader::read;
use super::telephone_link::ShownNumbers;

/// Text of `html`: tags removed, entities decoded, blocks on lines of their own, white space collapsed. Telephone numbers
/// that links alone show stand on lines of their own at the end, where they part no phrase.
pub fn text(html: &str) -> String {
    read(html).shown()
}

/// The same, and behind it what the text does not show.
pub fn searched_text(html: &str) -> String {
    let html = read(html);
    let shown = html.shown();
    if html.unshown.is_empty() {
        return shown;
    }
    let mut seen = SeenTargets::default();
    seen.add(&shown);
    let unshown = html.unshown(&mut seen);
    let mut text = shown.clone();
    for line in unshown {
        push_line(&mut text, line);
    }
    text
}

/// What HTML says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HtmlText {
    pub(super) text: String,
    /// Telephone numbers to which links lead.
    pub(super) numbers: Vec<String>,
    /// Other targets of links, texts that stand for pictures, and what only some programs show; lines as they read otherwise.
    pub(super) unshown: Vec<String>,
}

impl HtmlText {
    /// As [`text`].
    pub fn shown(&self) -> String {
        let mut shown = self.text.clone();
        if !self.numbers.is_empty() {
            for number in ShownNumbers::of(&self.text).missing(&self.numbers) {
                push_line(&mut shown, &number);
            }
        }
        shown
    }

    /// The telephone numbers that only links have.
    pub fn numbers(&self) -> &[String] {
        &self.numbers
    }

    /// Whether there may be something that it does not show.
    pub fn has_unshown(&self) -> bool {
        !self.unshown.is_empty()
    }

    /// What only some programs show, lines as they read otherwise, the other targets of links, and the texts that stand for
    /// pictures, all that is not in `seen` yet. A target is followed by
    /// itself without escapes (RFC 3986 2.1): links that are checked by a service on the way have theirs inside.
    pub fn unshown<'t>(&'t self, seen: &mut SeenTargets<'t>) -> Vec<&'t str> {
        self.unshown.iter().map(String::as_str).filter(|line| seen.0.insert(without_slash(line))).collect()
    }
}

/// Targets, and all else that stands alone between blanks or brackets, or on a line.
#[derive(Debug, Default)]
pub struct SeenTargets<'t>(HashSet<&'t str>);

impl<'t> SeenTargets<'t> {
    /// Adds those of a text.
    pub fn add(&mut self, text: &'t str) {
        let is_around = |c: char| c.is_whitespace() || matches!(c, '<' | '>' | '(' | ')' | '[' | ']' | '"' | '\'');
        self.0.extend(text.split(is_around).map(without_slash));
        self.0.extend(text.lines().map(str::trim));
    }
}

/// A target as it may be written as well.
fn without_slash(target: &str) -> &str {
    let target = target.strip_prefix("mailto:").unwrap_or(target);
    target.trim_end_matches(['.', ',', ';', ':', '!', '?']).trim_end_matches('/')
}

fn push_line(text: &mut String, line: &str) {
    if !text.is_empty() {
        text.push('\n');
    }
    text.push_str(line);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_kept_and_markup_is_not() {
        for (html, expected) in [
            ("<p>one</p><p>two</p>", "one\ntwo"),
            ("b<b>o</b>ld  <i>and</i>\n more", "bold and more"),
            ("<td>a</td><td>b</td>", "a b"),
            ("<details><summary>a</summary>b</details>c<button>d</button>e<ruby>f<rt>g</rt>h</ruby>", "a\nb\nc d efh"),
            ("<style>p{}</style><script>if (a<b) x</script >text<title>t</title>", "text"),
            ("<STYLE>x</STYLE>a<!-- not <b>this</b> -->b", "ab"),
            ("a &lt; b &amp;&nbsp;c &#65;&#x42; &unknown; &", "a < b & c AB &unknown; &"),
            ("<a href=\"x>y\">link</a>", "link"),
            ("1 < 2 and 3 > 2 <", "1 < 2 and 3 > 2 <"),
            ("<span style=\"display:none\">hidden</span>", "hidden"),
            ("<script>never closed", "never closed"),
            ("<!-- never closed", "<!-- never closed"),
            ("<p attr=\"open>text", "text"),
            ("a<br>b<br/>c", "a\nb\nc"),
            ("<p>Call <a href=\"tel:+491711234567\">us</a> now</p><p>x</p>", "Call us now\nx\n+491711234567"),
            ("<a href=\"tel:+491711234567\">0171 1234567</a>", "0171 1234567\n+491711234567"),
            ("<a href=\"tel:+491711234567\">+49 171 1234567</a>", "+49 171 1234567"),
            ("<![if !vml]>x<![endif]>", "x"),
            ("&#xD800;&#1114112;", "\u{fffd}\u{fffd}"),
            ("", ""),
        ] {
            assert_eq!(text(html), expected, "{html}");
        }
    }

    #[test]
    fn what_is_not_shown_is_said_once() {
        for (html, expected) in [
            ("<a href=\"https://x.example/a?b=1&amp;c=2\">here</a>", &["https://x.example/a?b=1&c=2"][..]),
            ("<a href='HTTPS://x.example/'>https://x.example</a>", &["HTTPS://x.example/"]),
            ("<a href='https://x.example/'>https://x.example.</a>", &[]),
            ("<a href='https://x.example'>a</a> <a href='https://x.example/'>b</a>", &["https://x.example"]),
            ("<a href=\"mailto:ann@x.example\">ann@x.example</a>", &[]),
            (
                "<a href=\"mailto:ann@x.example?subject=hi%20you\">Ann</a>",
                &["mailto:ann@x.example?subject=hi%20you", "mailto:ann@x.example?subject=hi you"],
            ),
            (
                "<a href=\"https://safe.example/?url=https%3A%2F%2Fx.example%2Fa&amp;data=1\">here</a>",
                &[
                    "https://safe.example/?url=https%3A%2F%2Fx.example%2Fa&data=1",
                    "https://safe.example/?url=https://x.example/a&data=1",
                ],
            ),
            ("<a href=\"#top\">up</a> <a href=\"javascript:go()\">x</a><img src=\"cid:1\"><a href>x</a>", &[]),
            ("<img alt=\"The  new &lt;plan&gt;\" src=x> <img alt=''>", &["The new <plan>"]),
            ("<area alt=north href=n.html>", &["n.html", "north"]),
            ("<a href=\"tel:+491711234567\">us</a>", &[]),
            ("<title>The &amp;\n plan</title>x", &["The & plan"]),
            (
                "<input value='Agree &amp; go'><input type=hidden value=token><input placeholder=name>",
                &["Agree & go", "name"],
            ),
            ("a<!--[if mso]><xml><w:View>Normal</w:View></xml><p>for <b>Outlook</b></p><![endif]-->", &["for Outlook"]),
            ("<!--[if !mso]><!-->all<!--<![endif]--><!-- not this --><!--[if mso]> -->", &[]),
            ("<ruby>\u{6f22}<rp>(</rp><rt>kan</rt><rp>)</rp>\u{5b57}<rt>ji</ruby>", &["(", "kan", ")", "ji"]),
            ("<a href=\"sms:+491711234567?body=hi\">us</a>", &["sms:+491711234567?body=hi"]),
        ] {
            let read = read(html);
            let (shown, mut seen) = (read.shown(), SeenTargets::default());
            seen.add(&shown);
            assert_eq!(read.unshown(&mut seen), expected, "{html}");
        }
        assert_eq!(
            searched_text("<p>a <a href=\"tel:+491711234567\">b</a> <a href=http://c.example>c</a>"),
            "a b c\n+491711234567\nhttp://c.example"
        );
    }

    #[test]
    fn lines_that_read_otherwise_are_searched_so_too() {
        for (html, expected) in [
            (
                "pay in <del>thirty</del><ins>sixty</ins> days",
                "pay in thirtysixty days|pay in thirty sixty days|pay in sixty days|pay in thirty days",
            ),
            ("colo<del>u</del>r", "colour|colo u r|color"),
            ("<s>one<p>two</s> three", "one\ntwo three| three"),
            ("<ins>new</ins> plan", "new plan"),
            ("as agreed<sup>12</sup>, in m<sup>2</sup>.", "as agreed12, in m2.|as agreed 12, in m 2."),
            ("as agreed <sup>12</sup>", "as agreed 12"),
            ("<span>Name</span><span>Bob</span><p><b>W</b>elcome<i>!</i>", "NameBob\nWelcome!|Name Bob"),
            ("<b>a</b> <b>b</b><b>, c</b>", "a b, c"),
            ("</del></del><ins>a<ins>b</ins></ins>", "ab|a b"),
        ] {
            let read = read(html);
            let all = std::iter::once(read.text.as_str()).chain(read.unshown.iter().map(String::as_str));
            assert_eq!(all.collect::<Vec<_>>().join("|"), expected, "{html}");
        }
    }

    #[test]
    fn hostile_markup_is_linear() {
        for piece in [
            "<a href='x:%41",
            "<img alt='&",
            "<img alt=x><a href=y:z>",
            "<",
            "<a \"",
            "<!--",
            "<script>",
            "<a>",
            "&",
            "&a",
            "<p '",
            "</",
            "<style>\"<",
            "a<sup>",
            "<del>a<ins>b",
            "<!--[if mso]>a<![endif]-->",
            "<rt>a",
        ] {
            let html = piece.repeat(2_000_000 / piece.len());
            assert!(searched_text(&html).len() <= html.len() * 2, "{piece}");
        }
    }
}
