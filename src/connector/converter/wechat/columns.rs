//! Columns of the CSV files, and the message of a row.

use serde_json::{Map, Value};

use super::message::{Message, chat, person};
use super::row::Row;
use super::sort::Sort;
use super::when::When;
use crate::message::converted::Person;

/// Which tool's columns a file has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tool {
    /// `MemoTrace`, and what has some of its columns.
    MemoTrace,
    /// `PyWxDump`, `WeClone`, `WeFlow`.
    PyWxDump,
}

/// The columns of a file.
#[derive(Debug)]
pub(super) struct Columns {
    tool: Tool,
    names: Vec<String>,
}

/// Columns without which a file is none of a tool's.
const MEMO_TRACE: [&str; 4] = ["StrContent", "Type", "CreateTime", "IsSender"];
const PY_WX_DUMP: [&str; 5] = ["MsgSvrID", "type_name", "is_sender", "talker", "CreateTime"];
/// Columns of `MemoTrace` that a mail says in full.
const FIVE: [&str; 5] = ["StrTalker", "StrContent", "Type", "CreateTime", "IsSender"];

impl Columns {
    /// Those of a header; `None` if it is of no tool that is known.
    pub(super) fn of(header: &[String]) -> Option<Self> {
        let names: Vec<String> =
            header.iter().map(|name| name.trim().trim_start_matches('\u{feff}').to_owned()).collect();
        let has = |known: &[&str]| known.iter().all(|known| names.iter().any(|name| name == known));
        let tool = match (has(&MEMO_TRACE), has(&PY_WX_DUMP)) {
            (true, _) => Tool::MemoTrace,
            (_, true) => Tool::PyWxDump,
            _ => return None,
        };
        Some(Self { tool, names })
    }

    /// The message of a row.
    ///
    /// # Errors
    /// Values are missing: a text for people.
    pub(super) fn message(&self, row: &Row) -> Result<Message, String> {
        let fields = &row.fields;
        if fields.len() < self.names.len() {
            return Err(format!(
                "{} values where the header names {}: the file is cut or was edited; export it again",
                fields.len(),
                self.names.len()
            ));
        }
        let mut message = match self.tool {
            Tool::MemoTrace => self.memo_trace(fields),
            Tool::PyWxDump => self.py_wx_dump(fields),
        };
        if row.gb18030 {
            message.facts.push(("/charset", "gb18030".into()));
        }
        Ok(message)
    }

    /// A value by the name of its column; empty if there is no such column.
    fn value<'a>(&self, fields: &'a [String], name: &str) -> &'a str {
        let at = self.names.iter().position(|known| known == name);
        at.and_then(|at| fields.get(at)).map_or("", |value| value.trim_matches([' ', '\t']))
    }

    fn memo_trace(&self, fields: &[String]) -> Message {
        let value = |name| self.value(fields, name);
        let code = |name| value(name).parse().unwrap_or_default();
        let mut message = Message::new(
            Sort::of_code(code("Type"), code("SubType")),
            When::read(first(value("CreateTime"), value("StrTime"))),
            content(self.raw(fields, "StrContent")),
        );
        message.own = flag(value("IsSender"));
        message.chat = match value("TalkerId") {
            // The number of the chat in one computer's database.
            "" => chat(value("StrTalker"), ""),
            talker => chat(&format!("talker-{talker}"), ""),
        };
        message.peer = person(value("StrTalker"), "");
        let unnamed = fields.get(self.names.len()).map_or("", |value| value.trim());
        let sender = first(value("Sender"), if unnamed.starts_with("wxid_") { unnamed } else { "" });
        message.sender = person(sender, first(value("NickName"), value("Remark")));
        if message.own == Some(false) && message.sender == Person::default() && !message.is_group() {
            message.sender = message.peer.clone();
        }
        if !value("CreateTime").is_empty() && !value("StrTime").is_empty() {
            message.facts.push(("/sent_local", value("StrTime").into()));
        }
        let said = message.sort == Sort::Text && self.names.iter().all(|name| FIVE.contains(&name.as_str()));
        if !said || fields.len() > self.names.len() {
            message.whole = Some(self.whole(fields, &["StrContent"], message.sort));
        }
        message
    }

    fn py_wx_dump(&self, fields: &[String]) -> Message {
        let value = |name| self.value(fields, name);
        let sort = Sort::of_word(value("type_name"));
        let raw = first(self.raw(fields, "msg"), self.raw(fields, "content"));
        let (text, inner_path) = unwrap(raw);
        let mut message = Message::new(sort, When::read(value("CreateTime")), content(&text));
        Some(value("MsgSvrID")).filter(|id| *id != "0").unwrap_or_default().clone_into(&mut message.native_id);
        message.own = flag(value("is_sender"));
        let talker = Some(value("talker")).filter(|talker| *talker != "我").unwrap_or_default();
        let room = value("room_name");
        message.chat = match (room, message.own) {
            ("", Some(false)) => chat(talker, ""),
            _ => chat(room, ""),
        };
        message.sender = if talker.ends_with("@chatroom") { Person::default() } else { person(talker, "") };
        if !message.is_group() {
            message.peer = person(first(room, if message.own == Some(false) { talker } else { "" }), "");
        }
        message.paths = [value("src").to_owned(), inner_path].into_iter().filter(|path| is_path(path)).collect();
        if sort != Sort::Text || fields.len() > self.names.len() {
            message.whole = Some(self.whole(fields, &["msg", "content"], sort));
        }
        message
    }

    /// A value with its blanks.
    fn raw<'a>(&self, fields: &'a [String], name: &str) -> &'a str {
        let at = self.names.iter().position(|known| known == name);
        at.and_then(|at| fields.get(at)).map_or("", String::as_str)
    }

    /// The row as JSON, without the number that some tools give to it in one export, and without what is the whole text.
    fn whole(&self, fields: &[String], texts: &[&str], sort: Sort) -> String {
        let mut object = Map::new();
        for (name, value) in self.names.iter().zip(fields) {
            let number = self.tool == Tool::PyWxDump && name == "id";
            let said = sort == Sort::Text && texts.contains(&name.as_str());
            if !number && !said {
                object.insert(name.clone(), value.as_str().into());
            }
        }
        let unnamed: Vec<Value> = fields.iter().skip(self.names.len()).map(|value| value.as_str().into()).collect();
        if !unnamed.is_empty() {
            object.insert("unnamed".to_owned(), unnamed.into());
        }
        Value::Object(object).to_string()
    }
}

/// The first that is not empty.
pub(super) fn first<'a>(one: &'a str, other: &'a str) -> &'a str {
    if one.is_empty() { other } else { one }
}

fn flag(text: &str) -> Option<bool> {
    match text {
        "1" | "1.0" | "true" | "True" | "TRUE" => Some(true),
        "0" | "0.0" | "false" | "False" | "FALSE" => Some(false),
        _ => None,
    }
}

fn content(text: &str) -> String {
    text.replace("\r\n", "\n")
}

/// Whether a value is the path of a file, and no address in the web or JSON.
fn is_path(text: &str) -> bool {
    !text.trim().is_empty() && !text.contains("://") && !text.starts_with('{') && !text.contains('\n')
}

/// Older files have text and path as JSON in one column.
fn unwrap(text: &str) -> (String, String) {
    let inner =
        Some(text).filter(|text| text.starts_with('{')).and_then(|text| serde_json::from_str::<Value>(text).ok());
    match inner {
        Some(inner) if inner.get("msg").is_some() || inner.get("src").is_some() => {
            use crate::connector::converter::json::shown;
            (shown(&inner, "msg"), shown(&inner, "src"))
        }
        _ => (text.to_owned(), String::new()),
    }
}
