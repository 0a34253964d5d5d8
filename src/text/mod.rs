//! Bytes and markup to text, and what stands in texts, pure: character sets, HTML, RTF, scripts, telephone numbers.

pub mod charset;
pub mod code_page;
pub mod html;
pub mod phone;
pub mod rtf;
pub mod script;

pub use charset::decode_text;
