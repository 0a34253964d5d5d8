//! The demo runs to its end on any machine: every command of it does what its text says, held items survive, and
//! nothing outside of its directory is touched.

use std::path::Path;

use assert_cmd::Command;
use serde_json::Value;

/// The binary in an empty home, at a fixed time.
fn custodia(home: &Path) -> Command {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin!("custodia"));
    command.env_clear().env("HOME", home).env("CUSTODIA_TEST_CLOCK", "2026-01-15T12:00:00Z").current_dir(home);
    command
}

fn json_lines(bytes: &[u8]) -> Vec<Value> {
    let text = std::str::from_utf8(bytes).expect("output is UTF-8");
    text.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}"))).collect()
}

fn names(directory: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(directory).expect("the directory is there");
    let mut names: Vec<String> = entries
        .map(|entry| entry.expect("it can be read").file_name().into_string().expect("names are UTF-8"))
        .collect();
    names.sort();
    names
}

#[test]
fn tells_its_story_to_people() {
    let home = tempfile::tempdir().unwrap();
    let output = custodia(home.path()).arg("demo").output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0), "{text}\n{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    for telling in [
        "$ custodia init custodia-demo/archive --min-residence 0\n",
        "$ export CUSTODIA_ARCHIVE=custodia-demo/archive\n",
        "39 offered = 38 stored + 0 duplicate + 1 quarantined + 0 rejected\n",
        "39 offered = 0 stored + 39 duplicate + 0 quarantined + 0 rejected\n",
        "\u{ab}Off the record\u{bb}: do not sign before the 18th.",
        "w \u{ab}\u{141}odzi\u{bb}, b\u{119}dzie",
        "\u{ab}\u{62a5}\u{4ef7}\u{bb}",
        "\u{ab}\u{6821}\u{6b63}\u{7d50}\u{679c}\u{bb}",
        "\u{ab}\u{acac}\u{c801}\u{bb}",
        "Event       deleted wa-103\n",
        "Call        outgoing answered, 412 seconds\n",
        "89 items = 27 eligible + 6 kept + 56 held\n",
        "27 items disposed of; 10 messages destroyed, which no other item needed\n",
        "was disposed of on 2026-01-15T12:00:00Z under `Three years`\nerror: no item `",
        "error: the plan is stale",
        ": 0 problems\n",
        "results checked, all as expected.\n",
    ] {
        assert!(text.contains(telling), "`{telling}` is missing in\n{text}");
    }
    assert_eq!(names(home.path()), ["custodia-demo"]);
    assert_eq!(names(&home.path().join("custodia-demo")), ["archive", "handed-over", "plan.json", "sources"]);
}

#[test]
fn tells_its_story_to_programs() {
    let home = tempfile::tempdir().unwrap();
    let output = custodia(home.path()).args(["--json", "demo", "elsewhere/demo"]).output().unwrap();
    let lines = json_lines(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{lines:?}\n{}", String::from_utf8_lossy(&output.stderr));
    let steps = lines.iter().filter(|line| line["type"] == "step").count();
    let last = lines.last().unwrap();
    assert_eq!((&last["type"], &last["steps"]), (&"summary".into(), &steps.into()));
    let errors: Vec<&Value> = lines.iter().filter(|line| line["type"] == "error").map(|line| &line["code"]).collect();
    assert_eq!(errors, [&Value::from(1), &Value::from(21)]);
}

#[test]
fn hits_name_recipients_in_the_order_of_the_message() {
    let home = tempfile::tempdir().unwrap();
    custodia(home.path()).arg("demo").assert().code(0);
    let search = ["--archive", "custodia-demo/archive", "--json", "search", "subject:\"heron costs less\""];
    let run = custodia(home.path()).args(search).assert().code(0);
    let to = json_lines(&run.get_output().stdout)[1]["to"].clone();
    let names: Vec<&str> = to.as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
    assert_eq!(names.len(), 7, "{names:?}");
    assert!(
        names[0].starts_with("Everyone") && names[1].starts_with("Grace") && names[2].starts_with("Tom"),
        "{names:?}"
    );
}

#[test]
fn takes_no_directory_that_is_there() {
    let home = tempfile::tempdir().unwrap();
    custodia(home.path()).args(["demo", "here"]).assert().code(0);
    let before = names(&home.path().join("here"));
    let again = custodia(home.path()).args(["demo", "here"]).assert().code(1).stdout("");
    let error = String::from_utf8_lossy(&again.get_output().stderr).into_owned();
    assert!(error.contains("demo directory `here` exists already") && error.contains("hint: "), "{error}");
    assert_eq!(names(&home.path().join("here")), before);
}

#[test]
fn every_sample_is_taken_and_only_the_parcel_is_quarantined() {
    let home = tempfile::tempdir().unwrap();
    custodia(home.path()).arg("demo").assert().code(0);
    custodia(home.path()).args(["init", "fresh"]).assert().code(0);
    let mut files = Vec::new();
    for folder in ["mail", "chats"] {
        let below = format!("custodia-demo/sources/{folder}");
        files.extend(names(&home.path().join(&below)).into_iter().map(|name| format!("{below}/{name}")));
    }
    assert_eq!(files.len(), 16);
    let people = ["emma.clarke", "tom.okafor", "piotr.zielinski", "li.na", "haruka.sato", "minjun.kim"];
    for (n, person) in people.iter().enumerate() {
        let (address, phone) =
            (format!("{person}@brightmere.example"), format!("+44770090010{}", [1, 6, 2, 3, 4, 5][n]));
        let add = ["--archive", "fresh", "mailbox", "add", &address, "--phone", &phone];
        custodia(home.path()).args(add).assert().code(0);
    }
    for file in files {
        let run = custodia(home.path()).args(["--archive", "fresh", "--json", "import", &file]).assert().code(0);
        let lines = json_lines(&run.get_output().stdout);
        let summary = lines.last().unwrap();
        let quarantined = u64::from(file.ends_with("12-parcel.eml"));
        assert_eq!((&summary["rejected"], &summary["quarantined"]), (&0.into(), &quarantined.into()), "{file}");
        assert_eq!(summary["offered"], summary["stored"].as_u64().unwrap() + quarantined, "{file}");
        assert_eq!(summary["partially_indexed"], 0, "{file}");
    }
}
