//! Places that were shared.

use serde_json::{Value, json};

use super::body::{Proof, starts_with_mark};
use super::glyphs::is_mark;
use super::markers::Markers;

const MAP: &str = "https://maps.google.com/?q=";
const NAMED: &str = "https://foursquare.com/v/";

/// The place that a text shares: its address, and its coordinates where it gives them.
pub(super) fn read(text: &str, proof: Proof) -> Option<Value> {
    if let Some(at) = text.find(MAP) {
        let (word, address) = text.split_at_checked(at)?;
        let word = word.trim_end_matches(|c: char| is_mark(c) || c.is_whitespace()).trim_end_matches([':', '\u{ff1a}']);
        let marked = proof == Proof::Wording || starts_with_mark(text);
        // A place with a name has its name and address in lines of their own.
        let named = proof == Proof::Wording && text.lines().count() > 1 && text.lines().count() <= 4;
        if marked && (Markers::get().is_location(word) || named) {
            return Some(coordinates(address.split_whitespace().next()?));
        }
    }
    let address = text.get(text.find(NAMED)?..)?;
    let alone = !address.contains(char::is_whitespace) && text.lines().count() <= 4;
    alone.then(|| json!({ "url": address }))
}

fn coordinates(url: &str) -> Value {
    let pair = url.strip_prefix(MAP).and_then(|pair| pair.split_once(','));
    let number = |text: &str| text.parse::<f64>().ok().filter(|number| number.abs() <= 180.0);
    match pair.and_then(|(latitude, longitude)| Some((number(latitude)?, number(longitude)?))) {
        Some((latitude, longitude)) => json!({ "latitude": latitude, "longitude": longitude, "url": url }),
        None => json!({ "url": url }),
    }
}
