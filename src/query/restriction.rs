//! Types the value of a property.

use crate::Result;

use super::ast::{ItemField, Node, Place, TextMatch, TokenField};
use super::code;
use super::context::Context;
use super::date;
use super::kind;
use super::property::Property;
use super::refusal::{ValueRefusal, excerpt};
use super::run::Operand;
use super::size;
use super::text::{Completes, identifier, text_match, wildcard_position};
use super::token::{Comparison, RawText};
use super::warning::Warning;

/// A property, an operator and a value.
pub(super) fn restriction(
    property: Property,
    comparison: Comparison,
    value: &RawText,
    offset: usize,
    context: &Context,
    warnings: &mut Vec<Warning>,
) -> Result<Operand> {
    let node = match property {
        Property::Date(date) => {
            date::interval(value, comparison, context, warnings).map(|interval| Node::Date { property: date, interval })
        }
        Property::Size => size::interval(value, comparison).map(Node::Size),
        _ if comparison.is_ordering() => Err(operator_type(property, comparison.spelling())),
        Property::Text(_) | Property::People(_) => words_value(property, value),
        _ if property.is_closed() && !value.quoted && value.text.contains("..") => Err(operator_type(property, "..")),
        Property::HasAttachment => boolean(property, value).map(Node::HasAttachment),
        Property::IsRead => boolean(property, value).map(Node::IsRead),
        Property::Token(field) => token(field, value, warnings),
        Property::Item(field) => item(field, value, context),
    };
    let node = node.map_err(|refusal| refusal.at(value.offset))?;
    Ok(if comparison == Comparison::NotEqual {
        Operand::other(Node::Not(Box::new(node)), offset)
    } else {
        let is_range = matches!(property, Property::Date(_) | Property::Size) && value.text.contains("..");
        let ordering = comparison.is_ordering() || is_range;
        Operand { property: Some(property), ordering, ..Operand::other(node, offset) }
    })
}

/// Whether a property and operator can stand before a group.
pub(super) fn group_property(property: Property, comparison: Comparison) -> Result<(), ValueRefusal> {
    let name = property.name();
    if !property.is_words() {
        let message = format!("a group after `{name}` is not possible; it works for text and people");
        let hint = format!("repeat the property: `({name}:a OR {name}:b)`");
        return Err(ValueRefusal::new(code::E_OPERATOR_TYPE, message, hint));
    }
    if comparison != Comparison::Equal {
        let message = format!("`{}` does not take a group", comparison.spelling());
        return Err(ValueRefusal::new(code::E_OPERATOR_TYPE, message, format!("write `NOT {name}:( .. )`")));
    }
    Ok(())
}

/// A word or phrase, of a property or anywhere.
pub(super) fn words(scope: Option<Property>, raw: &RawText) -> Result<Node, ValueRefusal> {
    match scope {
        Some(property) if !raw.quoted && raw.text.contains("..") => Err(operator_type(property, "..")),
        Some(Property::People(field)) => {
            let completes = if raw.text.contains(['@', '.']) { Completes::Value } else { Completes::Word };
            Ok(Node::People { field, text: text_match(raw, completes)? })
        }
        Some(Property::Text(field)) => Ok(Node::Text { field, text: text_match(raw, Completes::Word)? }),
        _ => Ok(Node::Anywhere(text_match(raw, Completes::Word)?)),
    }
}

/// A value of a text or people property; `*` alone means any value.
fn words_value(property: Property, value: &RawText) -> Result<Node, ValueRefusal> {
    if !value.quoted && value.text == "*" {
        return match property {
            Property::Text(field) => Ok(Node::HasText(field)),
            Property::People(field) => Ok(Node::HasPeople(field)),
            _ => Err(wildcard_position()),
        };
    }
    words(Some(property), value)
}

fn boolean(property: Property, value: &RawText) -> Result<bool, ValueRefusal> {
    match value.text.to_ascii_lowercase().as_str() {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => {
            let message = format!("`{}` is neither true nor false", excerpt(&value.text));
            let name = property.name();
            Err(ValueRefusal::new(code::E_BOOL_VALUE, message, format!("write `{name}:true` or `{name}:false`")))
        }
    }
}

fn token(field: TokenField, value: &RawText, warnings: &mut Vec<Warning>) -> Result<Node, ValueRefusal> {
    let stripped = |text: &str| RawText { text: text.to_owned(), ..value.clone() };
    let (text, prefix) = match field {
        TokenField::Kind => return kind::kind(value, warnings),
        TokenField::Importance => return kind::importance(value),
        TokenField::Event => return kind::event(value),
        TokenField::MessageId | TokenField::ThreadId => {
            identifier(&stripped(value.text.trim_start_matches('<').trim_end_matches('>')))?
        }
        TokenField::FileType => identifier(&stripped(value.text.trim_start_matches('.')))?,
        TokenField::Platform | TokenField::Hash => identifier(&stripped(&value.text.to_lowercase()))?,
        TokenField::Conversation | TokenField::ItemClass => identifier(value)?,
    };
    if field == TokenField::Hash {
        check_hash(&text, prefix)?;
    }
    Ok(Node::Token { field, value: text, prefix })
}

/// Where an item is, or what it carries.
fn item(field: ItemField, value: &RawText, context: &Context) -> Result<Node, ValueRefusal> {
    let name = Property::Item(field).name();
    if !context.allow_item_properties {
        let message = format!("`{name}` cannot decide over holds and rules: which items it means may change");
        let hint = "say it beside the query: mailboxes, folders, or the custodians of a case";
        return Err(ValueRefusal::new(code::E_PROPERTY_UNSUPPORTED, message, hint));
    }
    let (text, prefix) = match field {
        ItemField::Label if !value.quoted && value.text == "*" => (String::new(), true),
        _ => identifier(value)?,
    };
    if prefix && field != ItemField::Label {
        return Err(wildcard_position());
    }
    if field == ItemField::Folder && !text.bytes().all(|byte| byte.is_ascii_digit()) {
        let message = format!("`{}` is not the number of a folder", excerpt(&text));
        let hint = "`custodia mailbox show` lists the numbers; to name a path use `--folder`";
        return Err(ValueRefusal::new(code::E_NUMBER_VALUE, message, hint));
    }
    Ok(Node::Item { field, value: TextMatch { text, quoted: value.quoted, prefix, place: Place(value.offset) } })
}

/// A digest is 64 hexadecimal digits.
fn check_hash(text: &str, prefix: bool) -> Result<(), ValueRefusal> {
    let fits = if prefix { text.len() <= 64 } else { text.len() == 64 };
    if fits && text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Ok(());
    }
    let hint = "write all 64 hexadecimal digits, or the first of them and `*`";
    Err(ValueRefusal::new(code::E_HASH_VALUE, format!("`{}` is not a digest", excerpt(text)), hint))
}

fn operator_type(property: Property, operator: &str) -> ValueRefusal {
    let name = property.name();
    let message = format!("`{operator}` does not work on `{name}`; only dates and sizes have an order");
    let hint = if operator == ".." {
        format!("put the value in quotes if the dots are text: {name}:\"a..b\"")
    } else {
        format!("write `{name}:value` or `NOT {name}:value`")
    };
    ValueRefusal::new(code::E_OPERATOR_TYPE, message, hint)
}
