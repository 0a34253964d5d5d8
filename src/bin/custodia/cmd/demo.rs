//! `demo`

use custodia::{Error, Result};

use crate::args::{DemoArgs, Global};
use crate::ui::Ui;

pub(super) fn run(_global: &Global, args: &DemoArgs, _ui: &Ui) -> Result<u8> {
    Err(Error::NotFound { what: "demo", id: args.directory.display().to_string() })
}
