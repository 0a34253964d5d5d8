//! Exports of personal `WeChat`, as the tools write them that people hold: there is no official export.
//!
//! | tool | file |
//! |---|---|
//! | `MemoTrace` (`WeChatMsg`) | CSV with `StrContent`, `IsSender` and 5 to 12 columns |
//! | `PyWxDump`, `WeClone`, `WeFlow` | CSV with `MsgSvrID`, `type_name`, `is_sender` |
//! | `WeFlow`, `echotrace` | JSON with `session` and `messages` |
//! | chatlog | JSON array |
//! | `ChatLab` | JSON with `chatlab`, `meta` and `messages`, or JSON lines with `_type` |
//!
//! None of them names the account that they were made from in every record. Where its own messages carry no id, their
//! sender is called [`OWNER`].

mod app;
mod call;
mod chatlab;
mod chatlog;
mod columns;
mod content;
mod csv_file;
mod forwarded;
mod json;
mod message;
mod row;
mod sort;
mod system;
#[cfg(test)]
mod tests;
mod weflow;
mod when;

use super::draft::Delivery;
use super::json::keys;
use super::{Converter, Opening, Start};
use crate::connector::input::Input;
use crate::connector::{As, Format, Options};

/// What reads exports of personal `WeChat`.
pub(super) const CONVERTER: Converter =
    Converter { format: Format::Wechat, read_as: As::Wechat, recognises, bundles: |_| false, open };

/// Who made the records.
const SOURCE: &str = "wechat-export";
/// The platform.
const PLATFORM: &str = "wechat";
/// What the owner of the account is called where an export does not name them.
const OWNER: &str = "account owner";

fn recognises(start: &Start<'_>) -> bool {
    let head = start.head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start.head);
    match head.trim_ascii_start().first() {
        Some(b'{' | b'[' | b'#') => recognises_json(head.trim_ascii_start()),
        Some(_) => {
            let line = head.split(|&byte| byte == b'\n').next().unwrap_or_default();
            row::RowReader::new().fields(line).is_some_and(|row| columns::Columns::of(&row.fields).is_some())
        }
        None => false,
    }
}

fn recognises_json(head: &[u8]) -> bool {
    let head =
        if head.starts_with(b"#") { head.get(memchr::memchr(b'{', head).unwrap_or(0)..).unwrap_or(head) } else { head };
    let keys = keys(head);
    let has = |depth, name| keys.contains(&(depth, name));
    let is_wechat = || chatlab::named_platform(head).is_none_or(chatlab::is_wechat);
    (has(1, "chatlab") && (has(1, "meta") || has(1, "messages") || has(1, "_type")) && is_wechat())
        || (!has(1, "platform")
            && (has(1, "weflow")
                || (has(1, "session") && has(1, "messages") && has(2, "wxid"))
                || (has(1, "messages") && has(2, "senderUsername") && has(2, "createTime"))
                || (has(1, "talker") && (has(1, "isSelf") || has(1, "isChatRoom")) && has(1, "type"))))
}

fn open(input: Input, options: &Options) -> Opening {
    let source = input.content.file()?;
    let mut head = vec![0; source.len().min(256) as usize];
    source.read_exact_at(0, &mut head).map_err(|error| format!("cannot read it: {error}"))?;
    let delivery = Delivery::new(input.origin, input.beside);
    let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&head).trim_ascii_start();
    if text.starts_with(b"{") || text.starts_with(b"[") || text.starts_with(b"#") {
        Ok(Box::new(json::JsonMessages::open(source, delivery, options.timezone.clone())?))
    } else {
        Ok(Box::new(csv_file::CsvMessages::open(source, delivery, options.timezone.clone())?))
    }
}
