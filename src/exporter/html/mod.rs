//! Reports as one HTML file each: no network, no scripts, readable on screen in light and dark, and on paper.
//!
//! A [`Page`] is written from top to bottom and keeps nothing, so its length costs no memory. Every text is escaped by
//! the page; whoever writes one never writes markup.

mod bars;
mod chart;
mod columns;
mod escape;
mod page;

pub use chart::{Chart, ChartRow};
pub use escape::{escape, grouped};
pub use page::{Entry, Page, Piece};
