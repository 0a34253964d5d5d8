//! `demo`

use custodia::Result;

use crate::args::{DemoArgs, Global};
use crate::ui::Ui;

pub(super) fn run(_global: &Global, _args: &DemoArgs, _ui: &Ui) -> Result<u8> {
    Ok(0)
}
