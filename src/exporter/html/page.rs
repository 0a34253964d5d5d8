//! The frame of a report and what stands in it.

use std::io::Write;

use super::chart::Chart;
use super::{bars, columns, escape, grouped};
use crate::{Error, Result};

const STYLE: &str = include_str!("page.css");

/// A piece of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece<'a> {
    /// As it is.
    Text(&'a str),
    /// Highlighted.
    Mark(&'a str),
}

/// One thing of a list: a hit, an item.
#[derive(Debug, Clone, Copy)]
pub struct Entry<'a> {
    /// Its number or id.
    pub id: &'a str,
    /// Its title.
    pub title: &'a str,
    /// Short facts, in a line under the title.
    pub facts: &'a [String],
    /// Its text.
    pub text: &'a [Piece<'a>],
}

/// A page being written.
pub struct Page<'w> {
    out: &'w mut dyn Write,
}

impl<'w> Page<'w> {
    /// Begins a page. `lead` is a sentence under the title.
    ///
    /// # Errors
    /// `out` cannot be written.
    pub fn begin(out: &'w mut dyn Write, title: &str, lead: &str) -> Result<Self> {
        let mut page = Self { out };
        // The policy keeps the browser from loading or running anything, whatever a message says.
        page.put(&format!(
            "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n<meta http-equiv=\
             \"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n<meta \
             name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"referrer\" \
             content=\"no-referrer\">\n<title>{title}</title>\n<style>\n{STYLE}</style></head>\n<body><main>\n<header>\
             <h1>{title}</h1>",
            title = escape(title)
        ))?;
        if !lead.is_empty() {
            page.put(&format!("<p class=\"lead\">{}</p>", escape(lead)))?;
        }
        page.put("</header>\n")?;
        Ok(page)
    }

    /// A heading.
    ///
    /// # Errors
    /// The page cannot be written; so with all below.
    pub fn heading(&mut self, text: &str) -> Result<()> {
        self.put(&format!("<h2>{}</h2>\n", escape(text)))
    }

    /// A paragraph.
    ///
    /// # Errors
    /// See [`Page::heading`].
    pub fn paragraph(&mut self, text: &str) -> Result<()> {
        self.put(&format!("<p>{}</p>\n", escape(text)))
    }

    /// A paragraph that must not be missed.
    ///
    /// # Errors
    /// See [`Page::heading`].
    pub fn note(&mut self, text: &str) -> Result<()> {
        self.put(&format!("<p class=\"note\">{}</p>\n", escape(text)))
    }

    /// A text as it was typed: a query, a command.
    ///
    /// # Errors
    /// See [`Page::heading`].
    pub fn code(&mut self, text: &str) -> Result<()> {
        self.put(&format!("<pre><code>{}</code></pre>\n", escape(text)))
    }

    /// Large numbers side by side, with what they count.
    ///
    /// # Errors
    /// See [`Page::heading`].
    pub fn figures(&mut self, figures: &[(&str, u64)]) -> Result<()> {
        let figures = figures
            .iter()
            .map(|(name, number)| format!("<div><dd>{}</dd><dt>{}</dt></div>", grouped(*number), escape(name)));
        self.put(&format!("<dl class=\"figures\">{}</dl>\n", figures.collect::<String>()))
    }

    /// Names and what they stand for, one line each.
    ///
    /// # Errors
    /// See [`Page::heading`].
    pub fn facts(&mut self, facts: &[(&str, String)]) -> Result<()> {
        let rows = facts.iter().map(|(name, value)| format!("<dt>{}</dt><dd>{}</dd>", escape(name), escape(value)));
        self.put(&format!("<dl class=\"facts\">{}</dl>\n", rows.collect::<String>()))
    }

    /// Counts over time: columns in the order of the rows.
    ///
    /// # Errors
    /// See [`Page::heading`].
    pub fn columns(&mut self, chart: &Chart) -> Result<()> {
        self.put(&columns::columns(chart))
    }

    /// Counts by name: bars in the order of the rows.
    ///
    /// # Errors
    /// See [`Page::heading`].
    pub fn bars(&mut self, chart: &Chart) -> Result<()> {
        self.put(&bars::bars(chart))
    }

    /// A table; cells of the columns from `numbers` on are numbers, aligned to the right.
    ///
    /// # Errors
    /// See [`Page::heading`]; or `rows` gave an error.
    pub fn table(
        &mut self,
        heads: &[&str],
        numbers: usize,
        rows: impl IntoIterator<Item = Result<Vec<String>>>,
    ) -> Result<()> {
        let cell = |tag: &str, n: usize, text: &str| {
            let class = if n >= numbers { " class=\"n\"" } else { "" };
            format!("<{tag}{class}>{}</{tag}>", escape(text))
        };
        let heads: String = heads.iter().enumerate().map(|(n, head)| cell("th", n, head)).collect();
        self.put(&format!("<div class=\"wide\"><table><thead><tr>{heads}</tr></thead><tbody>\n"))?;
        for row in rows {
            let cells: String = row?.iter().enumerate().map(|(n, text)| cell("td", n, text)).collect();
            self.put(&format!("<tr>{cells}</tr>\n"))?;
        }
        self.put("</tbody></table></div>\n")
    }

    /// One thing of a list.
    ///
    /// # Errors
    /// See [`Page::heading`].
    pub fn entry(&mut self, entry: &Entry<'_>) -> Result<()> {
        let facts = entry.facts.iter().filter(|fact| !fact.is_empty());
        let facts: Vec<String> = facts.map(|fact| format!("<li><bdi>{}</bdi></li>", escape(fact))).collect();
        let text: String = entry.text.iter().map(piece).collect();
        let text = if text.is_empty() { text } else { format!("<p><bdi>{text}</bdi></p>") };
        self.put(&format!(
            "<article><h3><b>{}</b> <bdi>{}</bdi></h3><ul>{facts}</ul>{text}</article>\n",
            escape(entry.id),
            escape(entry.title),
            facts = facts.concat()
        ))
    }

    /// Ends the page. `foot` says where it comes from.
    ///
    /// # Errors
    /// See [`Page::heading`].
    pub fn finish(mut self, foot: &str) -> Result<()> {
        self.put(&format!("<footer>{}</footer>\n</main></body></html>\n", escape(foot)))?;
        self.out.flush().map_err(Error::io("write", "the report"))
    }

    fn put(&mut self, html: &str) -> Result<()> {
        self.out.write_all(html.as_bytes()).map_err(Error::io("write", "the report"))
    }
}

fn piece(piece: &Piece<'_>) -> String {
    match piece {
        Piece::Text(text) => escape(text),
        Piece::Mark(text) => format!("<mark>{}</mark>", escape(text)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exporter::html::ChartRow;

    /// A page with `hostile` in every place that takes a text.
    fn page(hostile: &str) -> String {
        let mut out = Vec::new();
        let chart = Chart {
            title: hostile.to_owned(),
            series: vec![hostile.to_owned(), hostile.to_owned()],
            rows: vec![ChartRow { label: hostile.to_owned(), values: vec![1, 2] }],
        };
        let facts = [hostile.to_owned()];
        let text = [Piece::Text(hostile), Piece::Mark(hostile)];
        let mut page = Page::begin(&mut out, hostile, hostile).unwrap();
        page.heading(hostile).unwrap();
        page.paragraph(hostile).unwrap();
        page.note(hostile).unwrap();
        page.code(hostile).unwrap();
        page.figures(&[(hostile, 3)]).unwrap();
        page.facts(&[(hostile, hostile.to_owned())]).unwrap();
        page.columns(&chart).unwrap();
        page.bars(&chart).unwrap();
        page.table(&[hostile], 1, [Ok(vec![hostile.to_owned()])]).unwrap();
        page.entry(&Entry { id: hostile, title: hostile, facts: &facts, text: &text }).unwrap();
        page.finish(hostile).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn no_text_becomes_markup_anywhere() {
        let hostile = "<img src=x onerror=\"alert(1)\">&'\u{202e}";
        let written = page(hostile);
        let plain = page("plain");
        assert_eq!(written.matches('<').count(), plain.matches('<').count());
        assert_eq!(written.matches('"').count(), plain.matches('"').count());
        assert!(!written.contains("<img") && !written.contains('\u{202e}'));
        assert_eq!(written.matches("&lt;img").count(), plain.matches("plain").count());
    }

    #[test]
    fn a_page_loads_nothing() {
        let page = page("x");
        assert!(page.contains("default-src 'none'"));
        for word in ["http://", "https://", "<script", "@import", "url(", "<link"] {
            assert!(!page.contains(word), "{word}");
        }
    }
}
