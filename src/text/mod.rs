//! Bytes and markup to text, and what stands in texts, pure: character sets, HTML, RTF, scripts, digits, telephone
//! numbers.

pub mod charset;
pub mod code_page;
pub mod digit;
pub mod html;
mod html_attribute;
mod html_line;
mod html_reader;
pub mod ignorable;
pub mod phone;
pub mod rtf;
pub mod script;
mod shifted;
mod telephone_link;

pub use charset::decode_text;
pub use telephone_link::ShownNumbers;
