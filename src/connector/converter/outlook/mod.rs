//! Outlook: messages (`.msg`) and data files (`.pst`), whose items are MAPI properties and no mail.
//!
//! [`mail`] rebuilds a mail of an item; the same item gives the same bytes on every machine. With transport headers
//! their lines stand as they are, but for those that describe the MIME structure; without, the fields come from the
//! properties. `X-Custodia-Rebuilt` says that the mail was made here and of what. All properties are beside it, in
//! `properties.json`; a `.msg` file is attached whole as well.
//!
//! Sources of the rules: MS-OXPROPS for properties, MS-OXMSG for `.msg`, MS-PST for `.pst`, MS-OXRTFEX for
//! HTML and text inside of RTF.

mod body;
mod compound;
mod dump;
mod fields;
mod item;
mod mail;
mod mailbox;
mod msg;
mod names;
mod part;
mod property;
mod pst;
mod pst_cipher;
mod pst_file;
mod pst_folders;
mod pst_heap;
mod pst_item;
mod pst_table;
#[cfg(test)]
mod tests;
mod value;

pub(super) use msg::CONVERTER as MSG;
pub use msg::outlook_mail;
pub(super) use pst::CONVERTER as PST;
