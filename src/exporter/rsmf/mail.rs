//! The mail that an RSMF file is.

use std::io::{self, Read, Seek as _, Write};

use data_encoding::BASE64;
use mail_builder::headers::Header as _;
use mail_builder::headers::text::Text;
use sha2::{Digest as _, Sha256};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::manifest::Slice;
use super::spool::Spool;
use super::{ExportDirectory, Result};
use crate::Error;

/// Between the parts of a mail: no line of base64 begins so.
const BOUNDARY: &str = "--custodia-rsmf";

/// Bytes that a line of base64 stands for (RFC 2045 6.8).
const LINE: usize = 57;

/// Files above this size need the long form of zip.
const LARGE: u64 = 1 << 31;

/// Writes a file of an export.
pub(super) fn write_mail(path: &str, slice: &Slice, spool: &mut Spool, directory: &mut ExportDirectory) -> Result<()> {
    let failed = || Error::io("write", path);
    let manifest = serde_json::to_vec_pretty(&slice.manifest).map_err(|error| failed()(error.into()))?;
    let mut packed = directory.spool()?;
    pack(&mut packed, &manifest, slice, spool).map_err(failed())?;
    packed.rewind().map_err(failed())?;
    let mut file = directory.file(path)?;
    let mut write = || {
        write_header(&mut file, slice, &manifest)?;
        write!(
            file,
            "--{BOUNDARY}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        )?;
        write_base64(&mut file, text(slice).as_bytes())?;
        write!(
            file,
            "--{BOUNDARY}\r\nContent-Type: application/octet-stream; name=rsmf.zip\r\n\
             Content-Disposition: attachment; filename=rsmf.zip\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        )?;
        write_base64(&mut file, &packed)?;
        write!(file, "--{BOUNDARY}--\r\n")
    };
    write().map_err(failed())?;
    directory.add(file).map(drop)
}

/// The same bytes for the same content, whenever it is written.
fn pack(out: &mut std::fs::File, manifest: &[u8], slice: &Slice, spool: &mut Spool) -> io::Result<()> {
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644);
    let mut zip = ZipWriter::new(io::BufWriter::with_capacity(1 << 16, out));
    zip.start_file("rsmf_manifest.json", options)?;
    zip.write_all(manifest)?;
    for (name, extent) in &slice.files {
        zip.start_file(name, options.large_file(extent.len > LARGE))?;
        io::copy(&mut spool.read(*extent).map_err(io::Error::other)?, &mut zip)?;
    }
    zip.finish()?.flush()
}

fn write_header(out: &mut impl Write, slice: &Slice, manifest: &[u8]) -> io::Result<()> {
    let day = slice.last.to_chrono();
    let to =
        if slice.addresses.is_empty() { "undisclosed-recipients:;".to_owned() } else { slice.addresses.join(", ") };
    encoded(out, "From", &slice.mailbox)?;
    folded(out, "To", &to)?;
    field(out, "Date", &day.to_rfc2822())?;
    encoded(out, "Subject", &format!("{} {}", slice.title, slice.first.to_chrono().format("%Y-%m-%d")))?;
    let id = data_encoding::HEXLOWER.encode(Sha256::digest(manifest).get(..16).unwrap_or_default());
    field(out, "Message-ID", &format!("<{id}@rsmf.custodia.invalid>"))?;
    field(out, "X-RSMF-Version", "2.0.0")?;
    field(out, "X-RSMF-Generator", concat!("Custodia ", env!("CARGO_PKG_VERSION")))?;
    field(out, "X-RSMF-BeginDate", &slice.first.to_string())?;
    field(out, "X-RSMF-EndDate", &slice.last.to_string())?;
    field(out, "X-RSMF-EventCount", &slice.events.to_string())?;
    field(out, "X-RSMF-AttachmentCount", &slice.files.len().to_string())?;
    encoded(out, "X-RSMF-Application", &slice.platform)?;
    encoded(out, "X-RSMF-Custodian", &slice.mailbox)?;
    let people: Vec<String> = slice.people.iter().map(|name| name.replace(',', " ")).collect();
    encoded(out, "X-RSMF-Participants", &people.join(", "))?;
    field(out, "MIME-Version", "1.0")?;
    field(out, "Content-Type", &format!("multipart/mixed; boundary=\"{BOUNDARY}\""))?;
    out.write_all(b"\r\n")
}

/// A field whose value is known to be ASCII and short.
fn field(out: &mut impl Write, name: &str, value: &str) -> io::Result<()> {
    write!(out, "{name}: {value}\r\n")
}

/// A list on as many lines as it takes (RFC 5322 2.2.3).
fn folded(out: &mut impl Write, name: &str, value: &str) -> io::Result<()> {
    write!(out, "{name}: {}\r\n", value.replace(", ", ",\r\n "))
}

/// A text of people (RFC 2047). Nothing in it begins another line.
fn encoded(out: &mut impl Write, name: &str, value: &str) -> io::Result<()> {
    let value: String = value.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let mut line = format!("{name}: ").into_bytes();
    let used = line.len();
    Text::new(value).write_header(&mut line, used);
    out.write_all(&line)
}

/// The text that is searched on a review platform.
fn text(slice: &Slice) -> String {
    format!("{}\r\n\r\n{}\r\n", slice.people.join("\r\n"), slice.transcript.replace('\n', "\r\n"))
}

fn write_base64(out: &mut impl Write, mut bytes: impl Read) -> io::Result<()> {
    let mut buffer = Vec::with_capacity(LINE * 512);
    loop {
        buffer.clear();
        (&mut bytes).take(LINE as u64 * 512).read_to_end(&mut buffer)?;
        if buffer.is_empty() {
            return Ok(());
        }
        for line in buffer.chunks(LINE) {
            out.write_all(BASE64.encode(line).as_bytes())?;
            out.write_all(b"\r\n")?;
        }
    }
}
