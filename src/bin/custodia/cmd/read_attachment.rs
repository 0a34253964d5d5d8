//! `read-attachment`: what the program calls itself for, in a process of its own.

use std::io::BufReader;

use custodia::Result;
use custodia::archive::read_attachment;

use crate::ui::Ui;

pub(super) fn run(ui: &Ui) -> Result<u8> {
    let mut input = BufReader::new(std::io::stdin());
    ui.with_output(&mut |output| read_attachment(&mut input, output))?;
    Ok(0)
}
