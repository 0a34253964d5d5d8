//! `demo`: a guided first run. Real commands on bundled samples, and every result checked against what was promised.

mod guide;
mod samples;
mod story;
mod transcript;

use custodia::Result;

use crate::args::{DemoArgs, Global};
use crate::ui::Ui;

use guide::Guide;

pub(super) fn run(global: &Global, args: &DemoArgs, _ui: &Ui) -> Result<u8> {
    let sources = samples::write(&args.directory)?;
    let mut guide = Guide::new(global, &args.directory.join("archive"));
    story::tell(&mut guide, &args.directory, &sources)?;
    guide.end()?;
    Ok(0)
}
