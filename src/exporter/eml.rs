//! A file for each item with the bytes that arrived.

use super::{Content, ExportDirectory, ExportedItem, Exporter};
use crate::Result;

/// Writes `MAILBOX/FOLDER/ITEM.eml`.
pub(super) struct Eml;

impl Exporter for Eml {
    fn item(
        &mut self,
        item: &ExportedItem<'_>,
        content: &mut dyn Content,
        directory: &mut ExportDirectory,
    ) -> Result<String> {
        let mut file = directory.file(&format!("{}/{}.eml", item.place, item.item))?;
        content.write_raw(&mut file)?;
        Ok(directory.add(file)?.path)
    }

    fn finish(&mut self, _: &mut ExportDirectory) -> Result<()> {
        Ok(())
    }
}
