//! The little HTML that WhatsApp-Chat-Exporter writes into texts of its own.

/// The text of HTML: line breaks as such, no other tags, and the five named characters.
pub(super) fn plain(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        let (before, tag) = rest.split_at(at);
        text.push_str(before);
        let Some(end) = tag.find('>') else {
            rest = tag;
            break;
        };
        let name = tag.get(1..end).unwrap_or_default().trim_end_matches(['/', ' ']);
        if name.eq_ignore_ascii_case("br") {
            text.push('\n');
        }
        rest = tag.get(end + 1..).unwrap_or_default();
    }
    text.push_str(rest);
    // The ampersand last: `&amp;lt;` is the text `&lt;`.
    [("&lt;", "<"), ("&gt;", ">"), ("&#34;", "\""), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")]
        .into_iter()
        .fold(text, |text, (name, letter)| text.replace(name, letter))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_becomes_text() {
        for (html, expected) in [
            ("one<br>two<BR/>three", "one\ntwo\nthree"),
            ("see <a href=\"x.vcf\">Ann &amp; Bob</a>", "see Ann & Bob"),
            ("&amp;lt; 3 < 4", "&lt; 3 < 4"),
            ("", ""),
        ] {
            assert_eq!(plain(html), expected);
        }
    }
}
