//! The forms in which external ids are compared.

use crate::model::Participant;
use crate::people::clean::{folded, without_spreadsheet_quotes};
use crate::people::other_writing;
use crate::people::phone::{NoPhone, Region, account_number, parse_phone};

const NUMBER: &str = "number:";
const ID: &str = "id:";

/// The key of an external id, and why it is doubtful, if it is.
///
/// # Errors
/// It is damaged.
pub(super) fn key(id: &str, region: Option<Region>) -> Result<(String, Doubt), NoPhone> {
    match parse_phone(id, region) {
        Ok(number) if number.in_plan => Ok((number_key(&number.digits), Doubt::None)),
        Ok(number) => Ok((number_key(&number.digits), Doubt::NotInPlan)),
        Err(why @ (NoPhone::Rounded | NoPhone::Hidden)) => Err(why),
        Err(NoPhone::Other) => Ok((id_key(id), Doubt::None)),
        Err(why @ (NoPhone::National | NoPhone::Ambiguous)) => Ok((id_key(id), Doubt::NoNumber(why))),
    }
}

/// What is doubtful about an external id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Doubt {
    None,
    /// It looks like a number and is taken as an id, letter by letter.
    NoNumber(NoPhone),
    /// Its country does not give out such numbers.
    NotInPlan,
}

/// The key of a number, of its digits without plus.
pub fn number_key(digits: &str) -> String {
    format!("{NUMBER}{digits}")
}

/// The key of an id that is no number.
pub fn id_key(id: &str) -> String {
    let folded = folded(id);
    format!("{ID}{}", without_spreadsheet_quotes(&folded))
}

/// The digits of a key that is a number's.
pub fn number_of_key(key: &str) -> Option<&str> {
    key.strip_prefix(NUMBER)
}

/// The keys of a participant, those that say most first.
pub(super) fn exact_keys(participant: &Participant) -> impl Iterator<Item = String> {
    let number = participant.number.as_deref().map(number_key);
    let address = real_address(participant);
    let other = address.and_then(other_writing).map(|other| id_key(&other));
    let addresses = address.map(id_key).into_iter().chain(other);
    number.into_iter().chain(keys_of_id(participant)).chain(addresses).chain(key_of_name(participant))
}

/// The keys of a participant that are not those of the number and the address: of the platform's id, and of the display
/// name of somebody of whom nothing else is known.
pub fn id_keys(participant: &Participant) -> impl Iterator<Item = String> {
    keys_of_id(participant).chain(key_of_name(participant))
}

fn keys_of_id(participant: &Participant) -> impl Iterator<Item = String> + use<> {
    let id = participant.id.as_deref();
    let number = id.and_then(account_number).map(|number| number_key(&number));
    number.into_iter().chain(id.map(id_key))
}

fn key_of_name(participant: &Participant) -> Option<String> {
    let Participant { name, number, id, .. } = participant;
    let only_name = number.is_none() && id.is_none() && real_address(participant).is_none();
    (only_name && !name.trim().is_empty()).then(|| id_key(name))
}

fn real_address(participant: &Participant) -> Option<&str> {
    Some(participant.address.as_str()).filter(|address| is_real(address))
}

/// The address that a key is which is no number's; `None` if it is no address.
pub fn address_of_key(key: &str) -> Option<&str> {
    key.strip_prefix(ID).filter(|id| id.contains('@'))
}

/// Whether an address can exist: RFC 2606 2 keeps `.invalid` for those that cannot.
fn is_real(address: &str) -> bool {
    address.contains('@') && !address.trim_end_matches('>').to_ascii_lowercase().ends_with(".invalid")
}
