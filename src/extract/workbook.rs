//! Spreadsheets of Excel: cell by cell, hidden sheets included, empty cells passed over.

use std::io::Cursor;

use calamine::{Data, DataRef, ExcelDateTime, Reader as _, Xls, Xlsb, Xlsx};

use super::Reading;

/// Reads a workbook in a zip file; `is_binary`: in the binary form (`.xlsb`).
pub(super) fn read_package(bytes: &[u8], is_binary: bool, reading: &mut Reading) {
    if is_binary {
        read_binary(bytes, reading).unwrap_or_else(|error| reading.damaged(&error));
    } else {
        read_xml(bytes, reading).unwrap_or_else(|error| reading.damaged(&error));
    }
}

/// Reads a workbook of Excel before 2007.
pub(super) fn read_old(bytes: &[u8], reading: &mut Reading) {
    let mut book = match Xls::new(Cursor::new(bytes)) {
        Ok(book) => book,
        Err(calamine::XlsError::Password) => return reading.note("encrypted", "it is encrypted with a password"),
        Err(error) => return reading.damaged(&error),
    };
    for name in book.sheet_names() {
        reading.text.push(&name);
        let range = match book.worksheet_range(&name) {
            Ok(range) => range,
            Err(error) => {
                reading.damaged(&error);
                continue;
            }
        };
        let mut row = None;
        for (at, _, value) in range.used_cells() {
            cell(&mut row, u32::try_from(at).unwrap_or(u32::MAX), &value_text(value), reading);
        }
    }
}

fn read_xml(bytes: &[u8], reading: &mut Reading) -> Result<(), calamine::XlsxError> {
    let mut book = Xlsx::new(Cursor::new(bytes))?;
    for name in book.sheet_names() {
        reading.text.push(&name);
        let mut cells = match book.worksheet_cells_reader(&name) {
            Ok(cells) => cells,
            // A sheet of a chart has no cells.
            Err(calamine::XlsxError::NotAWorksheet(_)) => continue,
            Err(error) => {
                reading.damaged(&error);
                continue;
            }
        };
        let mut row = None;
        while !reading.text.is_full()
            && let Some(found) = cells.next_cell()?
        {
            cell(&mut row, found.get_position().0, &reference_text(found.get_value()), reading);
        }
    }
    Ok(())
}

fn read_binary(bytes: &[u8], reading: &mut Reading) -> Result<(), calamine::XlsbError> {
    let mut book = Xlsb::new(Cursor::new(bytes))?;
    for name in book.sheet_names() {
        reading.text.push(&name);
        let mut cells = book.worksheet_cells_reader(&name)?;
        let mut row = None;
        while !reading.text.is_full()
            && let Some(found) = cells.next_cell()?
        {
            cell(&mut row, found.get_position().0, &reference_text(found.get_value()), reading);
        }
    }
    Ok(())
}

/// Appends a cell: rows on lines of their own, tabs between cells.
fn cell(row: &mut Option<u32>, at: u32, text: &str, reading: &mut Reading) {
    if text.is_empty() {
        return;
    }
    if row.replace(at) == Some(at) {
        reading.text.gap("\t");
    } else {
        reading.text.line();
    }
    reading.text.append(text);
}

fn reference_text(value: &DataRef<'_>) -> String {
    match value {
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number.to_string(),
        DataRef::Bool(value) => truth(*value),
        DataRef::DateTime(date) => date_text(date),
        DataRef::Error(_) | DataRef::Empty => String::new(),
    }
}

fn value_text(value: &Data) -> String {
    match value {
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => text.clone(),
        Data::Int(number) => number.to_string(),
        Data::Float(number) => number.to_string(),
        Data::Bool(value) => truth(*value),
        Data::DateTime(date) => date_text(date),
        Data::Error(_) | Data::Empty => String::new(),
    }
}

fn truth(value: bool) -> String {
    if value { "TRUE" } else { "FALSE" }.to_owned()
}

/// A date as in ISO 8601, with the time if there is one; a duration as its number of days.
fn date_text(date: &ExcelDateTime) -> String {
    if !date.is_datetime() {
        return date.as_f64().to_string();
    }
    let (year, month, day, hour, minute, second, _) = date.to_ymd_hms_milli();
    if (hour, minute, second) == (0, 0, 0) {
        format!("{year:04}-{month:02}-{day:02}")
    } else {
        format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")
    }
}
