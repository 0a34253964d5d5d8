//! Contact cards and products as lines of text.

use serde_json::Value;

use crate::connector::converter::json::{Members, readable};

/// A contact that was sent: name, numbers, and whatever else it says.
pub(super) fn contact(value: &Value) -> String {
    let Some(mut card) = Members::of(value.clone()) else { return readable(value) };
    let mut lines = Vec::new();
    if let Some(mut name) = card.object("name") {
        let formatted = name.text("formatted_name");
        let parts = ["prefix", "first_name", "middle_name", "last_name", "suffix"].map(|part| name.text(part));
        let joined = parts.iter().filter(|part| !part.is_empty()).map(String::as_str).collect::<Vec<_>>().join(" ");
        lines.push(if formatted.is_empty() { joined } else { formatted });
        card.give_back("name", name);
    }
    for phone in card.list("phones").unwrap_or_default() {
        lines.push(values(&phone, &["phone", "wa_id"]));
    }
    for address in card.list("emails").unwrap_or_default() {
        lines.push(values(&address, &["email"]));
    }
    lines.push(readable(&card.into_value()));
    lines.retain(|line| !line.is_empty());
    lines.join("\n")
}

/// The values of some members side by side, each once, and those of the others below one another.
fn values(value: &Value, names: &[&str]) -> String {
    let Some(mut members) = Members::of(value.clone()) else { return readable(value) };
    let mut words: Vec<String> = Vec::new();
    for word in names.iter().map(|name| members.text(name)) {
        if !word.is_empty() && !words.contains(&word) {
            words.push(word);
        }
    }
    members.text("type");
    let rest = readable(&members.into_value());
    let line = words.join(" ");
    if rest.is_empty() { line } else { format!("{line}\n{rest}") }
}

/// A line of an order: `3 x BOLT at 30 EUR`.
pub(super) fn product(value: &Value) -> String {
    let Some(mut item) = Members::of(value.clone()) else { return readable(value) };
    let [id, quantity, price, currency] =
        ["product_retailer_id", "quantity", "item_price", "currency"].map(|name| item.text(name));
    let mut line = format!("{quantity} x {id}");
    if !price.is_empty() {
        line = format!("{line} at {price} {currency}");
    }
    let rest = readable(&item.into_value());
    if rest.is_empty() { line } else { format!("{line}\n{rest}") }
}
