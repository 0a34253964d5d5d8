//! The messages of a CSV file.

use std::sync::Arc;

use super::columns::Columns;
use super::row::{Next, RowReader, next_row};
use crate::connector::SourceEvent;
use crate::connector::converter::draft::Delivery;
use crate::connector::converter::line_reader::LineReader;
use crate::connector::input::{Reader, reader};
use crate::message::RawSource;
use crate::model::TimeZone;

/// A CSV file behind its header.
pub(super) struct CsvMessages {
    lines: LineReader,
    rows: RowReader,
    columns: Columns,
    delivery: Delivery,
    zone: TimeZone,
}

impl CsvMessages {
    /// Reads the header.
    ///
    /// # Errors
    /// It is of no tool that is known: a text for people.
    pub(super) fn open(source: Arc<dyn RawSource>, delivery: Delivery, zone: TimeZone) -> Result<Self, String> {
        let (mut lines, mut rows) = (LineReader::new(reader(source)), RowReader::new());
        let header = match next_row(&mut lines, &mut rows).map_err(|error| format!("cannot read it: {error}"))? {
            Next::Row(_, _, row) => row.fields,
            _ => Vec::new(),
        };
        let columns = Columns::of(&header).ok_or(
            "no export of WeChat that is known: its first line names neither `StrContent`, `Type`, `CreateTime`, \
             `IsSender` nor `MsgSvrID`, `type_name`, `is_sender`, `talker`, `CreateTime`",
        )?;
        Ok(Self { lines, rows, columns, delivery, zone })
    }
}

impl Reader for CsvMessages {
    fn bytes_done(&self) -> u64 {
        self.lines.bytes_done
    }
}

impl Iterator for CsvMessages {
    type Item = SourceEvent;

    fn next(&mut self) -> Option<SourceEvent> {
        if self.delivery.has_ended() {
            return None;
        }
        Some(match next_row(&mut self.lines, &mut self.rows) {
            Ok(Next::Row(line, bytes, row)) => {
                let made = self.columns.message(&row).map(|message| message.draft(&self.zone));
                self.delivery.event(&line.to_string(), bytes, made)
            }
            Ok(Next::Rejected(line, bytes, reason)) => self.delivery.rejected(&line.to_string(), bytes, reason),
            Ok(Next::End) => self.delivery.closed(),
            Err(error) => self.delivery.failed(&error),
        })
    }
}
