//! Documents that leave the archive: what is written out for people and for other programs.

mod csv_file;
pub mod html;

pub use csv_file::CsvFile;
