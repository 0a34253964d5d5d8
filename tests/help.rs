//! The help of every command is about that command, however it is asked for.
#![cfg(feature = "cli")]

mod support;

use support::TestArchive;

/// The words of a help up to its usage.
fn about(help: &str) -> String {
    help.split("Usage: ").next().unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Names of the commands that a help lists, each with what it says of them.
fn listed(help: &str) -> Vec<(String, String)> {
    let mut commands: Vec<(String, String)> = Vec::new();
    let list = help.split_once("\nCommands:\n").map_or("", |(_, list)| list.split("\n\n").next().unwrap_or_default());
    for line in list.lines() {
        let named = line.strip_prefix("  ").filter(|line| !line.starts_with(' ')).and_then(|line| line.split_once(' '));
        if let Some((name, about)) = named {
            commands.push((name.to_owned(), about.trim().to_owned()));
        } else {
            let (_, about) = commands.last_mut().expect("a continued line has a beginning");
            about.push(' ');
            about.push_str(line.trim());
        }
    }
    commands.retain(|(name, _)| name != "help");
    commands
}

#[test]
fn each_command_says_what_the_list_says_of_it() {
    let archive = TestArchive::absent();
    let mut waiting: Vec<Vec<String>> = vec![Vec::new()];
    let mut seen = 0;
    while let Some(path) = waiting.pop() {
        let help = |before: &[&str], behind: &[&str]| {
            let path = path.iter().map(String::as_str);
            let arguments: Vec<&str> = before.iter().copied().chain(path).chain(behind.iter().copied()).collect();
            let outcome = archive.run(&arguments);
            assert_eq!(outcome.code, 0, "{arguments:?}: {}", outcome.stderr);
            outcome.text()
        };
        let (long, short) = (help(&[], &["--help"]), help(&[], &["-h"]));
        assert_eq!(about(&help(&["help"], &[])), about(&long));
        for (name, said) in listed(&short) {
            let command: Vec<String> = path.iter().cloned().chain([name]).collect();
            let arguments: Vec<&str> = command.iter().map(String::as_str).chain(["-h"]).collect();
            assert_eq!(about(&archive.run(&arguments).text()), said, "{command:?}");
            waiting.push(command);
        }
        seen += 1;
    }
    assert!(seen > 80, "only {seen} commands were found");
}
