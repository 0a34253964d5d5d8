//! What a command printed, read as a person or a program reads it.

use serde_json::Value;

/// The output of one command.
pub(super) struct Transcript {
    text: String,
    /// The JSON lines of the output; none if it was printed for people.
    lines: Vec<Value>,
}

impl Transcript {
    pub(super) fn new(text: String, json: bool) -> Self {
        let lines =
            if json { text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect() } else { vec![] };
        Self { text, lines }
    }

    /// Whether the output has this text in it.
    pub(super) fn has(&self, text: &str) -> bool {
        self.text.contains(text)
    }

    /// The first number that the output gives for a noun in the plural: `items` reads 3 out of `3 items` and out of
    /// `3 new items`, out of a line with `items` and 3 in columns, and out of `"items":3`.
    pub(super) fn count(&self, noun: &str) -> Option<u64> {
        if !self.lines.is_empty() {
            return self.lines.iter().find_map(|line| line.get(noun)?.as_u64());
        }
        let singular = noun.strip_suffix('s').unwrap_or(noun);
        self.text.lines().find_map(|line| {
            let words = line.split_whitespace().map(|word| word.trim_matches(['(', ')', ',', ':', ';']));
            let words: Vec<&str> = words.filter(|word| *word != "new").collect();
            match *words {
                [word, number] if word == noun => number.parse().ok(),
                _ => words.windows(2).find_map(|pair| match *pair {
                    [number, word] if word == noun || word == singular => number.parse().ok(),
                    _ => None,
                }),
            }
        })
    }

    /// The item of the first hit of a search.
    pub(super) fn first_item(&self) -> Option<String> {
        if !self.lines.is_empty() {
            return self.lines.iter().find_map(|line| Some(line.get("item")?.as_str()?.to_owned()));
        }
        let hit = self.text.lines().skip_while(|line| !line.is_empty()).nth(1)?;
        hit.split_whitespace().next().map(str::to_owned)
    }
}

#[cfg(test)]
mod tests {
    use super::Transcript;

    #[test]
    fn counts_and_items_are_read_from_both_forms() {
        let people =
            Transcript::new("1 message, 3 items, 20 bytes\n\n17  2019-03-01T12:00:00Z  Lunch\n".to_owned(), false);
        let programs =
            Transcript::new("{\"messages\":1,\"items\":3}\n{\"type\":\"hit\",\"item\":\"17\"}\n".to_owned(), true);
        for transcript in [people, programs] {
            assert_eq!(transcript.count("messages"), Some(1));
            assert_eq!(transcript.count("items"), Some(3));
            assert_eq!(transcript.count("holds"), None);
            assert_eq!(transcript.first_item().as_deref(), Some("17"));
        }
        let columns = Transcript::new("messages   29\nitems   62\n".to_owned(), false);
        assert_eq!((columns.count("messages"), columns.count("items")), (Some(29), Some(62)));
    }
}
