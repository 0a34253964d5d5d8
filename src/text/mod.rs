//! Bytes and markup to text, pure: character sets, HTML, RTF.

pub mod charset;
pub mod code_page;
pub mod html;
pub mod rtf;

pub use charset::decode_text;
