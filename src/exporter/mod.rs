//! Documents that leave the archive: what is written out for people and for other programs.

mod check;
mod csv_file;
mod dat;
mod directory;
mod eml;
mod exported_item;
mod file_name;
mod format;
pub mod html;
mod item_json;
mod item_table;
mod letter;
mod mbox;
mod rsmf;

pub use check::{CheckedFiles, FileProblem, check_files, file_sum};
pub use csv_file::CsvFile;
pub use directory::{ExportDirectory, ExportFile, FileSum, MANIFEST, sync_all, write_document};
pub use exported_item::{Content, ExportedItem};
pub use file_name::{file_name, folder_name};
pub use format::{ExportFormat, Exporter};
pub use item_table::{ITEM_TABLE, ItemTable};
pub use letter::Letter;
