//! `init`

use custodia::Result;
use custodia::archive::{Archive, CreateOptions};
use serde_json::json;

use super::session;
use crate::args::{Global, InitArgs};
use crate::ui::{Ui, counted};

pub(super) fn run(global: &Global, args: &InitArgs, ui: &Ui) -> Result<u8> {
    let directory = args.directory.as_ref().unwrap_or(&global.archive);
    let options = CreateOptions {
        name: args.name.clone(),
        min_residence_days: args.min_residence,
        timezone: args.timezone.clone(),
        dual_control: args.dual_control,
    };
    let archive = Archive::create(directory, &options, session(global, "init"))?;
    let info = archive.info();
    if ui.json {
        ui.json(&json!({
            "type": "archive", "id": info.id, "name": info.name, "directory": directory.display().to_string(),
            "created_at": info.created_at, "min_residence_days": info.min_residence_days,
            "timezone": archive.timezone()?, "dual_control": archive.dual_control()?,
        }))?;
        return Ok(0);
    }
    ui.line(&format!("Created archive `{}` in {}", info.name, directory.display()))?;
    ui.line(&match info.min_residence_days {
        0 => "Items may be disposed of as soon as they are captured: there is no minimum residence.".to_owned(),
        days => format!("No item is disposed of within {} after its capture.", counted(u64::from(days), "day")),
    })?;
    if archive.dual_control()? {
        ui.line("Releases of holds and dispositions need the consent of a second person.")?;
    }
    ui.line(&format!("Local times in chat exports are taken to be in {}.", archive.timezone()?))?;
    ui.hint(&format!(
        "add people with `custodia --archive {0} mailbox add ann@firm.example`, then `custodia --archive {0} import PATH`",
        directory.display()
    ));
    Ok(0)
}
