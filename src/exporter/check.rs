//! An export checked against the list of its files.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use rayon::prelude::*;
use sha2::{Digest as _, Sha256};
use walkdir::WalkDir;

use super::directory::{FileSum, MANIFEST};
use super::file_name::is_file_name;
use crate::model::FileDigest;
use crate::{Error, Result};

/// Files that are read at a time, on all cores.
const WINDOW: usize = 512;

/// Most bytes of a line of the list.
const LONGEST_LINE: u64 = 1 << 16;

/// Something of an export is not as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileProblem {
    /// The path of the file in the export, as the list or the file system has it.
    pub path: String,
    /// What is wrong with it.
    pub detail: String,
}

/// What was checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedFiles {
    /// Files that are listed.
    pub files: u64,
    /// Bytes of those that are there.
    pub bytes: u64,
}

/// Reads every file of the export in `root` and compares it with the list; `visit` gets each problem. What is there and not
/// listed is one, but for the list itself and `others`.
///
/// # Errors
/// There is no list, or it or the directory cannot be read.
pub fn check_files(root: &Path, others: &[&str], visit: &mut dyn FnMut(FileProblem)) -> Result<CheckedFiles> {
    let manifest = root.join(MANIFEST);
    let failed = || Error::io("read", &manifest);
    let mut list = BufReader::new(File::open(&manifest).map_err(failed())?);
    let mut checked = CheckedFiles { files: 0, bytes: 0 };
    let mut listed: HashSet<String> = HashSet::new();
    let (mut window, mut line) = (Vec::with_capacity(WINDOW), Vec::new());
    loop {
        line.clear();
        let more = (&mut list).take(LONGEST_LINE).read_until(b'\n', &mut line).map_err(failed())? > 0;
        if more {
            match entry(&line) {
                Some((sha256, path)) if listed.insert(path.to_owned()) => window.push((sha256, path.to_owned())),
                Some((_, path)) => visit(problem(path, "is listed twice")),
                None => visit(problem(MANIFEST, "has a line that is no digest and path of a file of an export")),
            }
        }
        if window.len() == WINDOW || !more {
            let sums: Vec<_> = window.par_iter().map(|(sha256, path)| (*sha256, file_sum(root, path))).collect();
            for (sha256, sum) in sums {
                match sum {
                    Ok(sum) if sum.sha256 == sha256 => checked.bytes += sum.bytes,
                    Ok(sum) => {
                        checked.bytes += sum.bytes;
                        visit(problem(&sum.path, "was changed: its SHA-256 is not the one that is listed"));
                    }
                    Err(problem) => visit(problem),
                }
            }
            window.clear();
        }
        if !more {
            break;
        }
    }
    checked.files = listed.len() as u64;
    find_unlisted(root, |path| listed.contains(path) || path == MANIFEST || others.contains(&path), visit)?;
    Ok(checked)
}

fn problem(path: &str, detail: &str) -> FileProblem {
    FileProblem { path: path.to_owned(), detail: detail.to_owned() }
}

/// The digest and path in a line of the list.
fn entry(line: &[u8]) -> Option<(FileDigest, &str)> {
    let line = std::str::from_utf8(line).ok()?.strip_suffix('\n')?;
    let (sha256, path) = line.split_once("  ")?;
    let is_inside = path.split('/').all(is_file_name);
    Some((sha256.parse().ok()?, path)).filter(|_| is_inside)
}

/// What a file is now.
///
/// # Errors
/// It is no file, or cannot be read.
pub fn file_sum(root: &Path, path: &str) -> Result<FileSum, FileProblem> {
    let unreadable = |error: std::io::Error| problem(path, &format!("cannot be read: {error}"));
    let at = root.join(path);
    let is_file = fs::symlink_metadata(&at).map_err(unreadable)?.is_file();
    if !is_file {
        return Err(problem(path, "is no file"));
    }
    let mut file = File::open(&at).map_err(unreadable)?;
    let (mut hash, mut bytes, mut buffer) = (Sha256::new(), 0, vec![0; 1 << 16]);
    loop {
        let read = file.read(&mut buffer).map_err(unreadable)?;
        if read == 0 {
            break;
        }
        hash.update(buffer.get(..read).unwrap_or_default());
        bytes += read as u64;
    }
    Ok(FileSum { path: path.to_owned(), bytes, sha256: FileDigest(hash.finalize().into()) })
}

fn find_unlisted(root: &Path, is_known: impl Fn(&str) -> bool, visit: &mut dyn FnMut(FileProblem)) -> Result<()> {
    for entry in WalkDir::new(root).min_depth(1).sort_by_file_name() {
        let entry = entry.map_err(|error| Error::io("list", root)(error.into()))?;
        let inside = entry.path().strip_prefix(root).unwrap_or(entry.path());
        let names: Vec<_> = inside.components().map(|name| name.as_os_str().to_string_lossy()).collect();
        let path = names.join("/");
        let is_expected = entry.file_type().is_dir() || entry.file_type().is_file() && is_known(&path);
        if !is_expected {
            visit(problem(&path, "is not in the list of files"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;
    use crate::exporter::ExportDirectory;

    fn problems(root: &Path) -> Vec<(String, String)> {
        let mut problems = Vec::new();
        check_files(root, &["about.json"], &mut |problem| problems.push((problem.path, problem.detail))).unwrap();
        problems
    }

    fn sample() -> tempfile::TempDir {
        let root = tempfile::tempdir().unwrap();
        let mut export = ExportDirectory::begin(root.path()).unwrap();
        for n in 0..3 {
            let mut file = export.file(&format!("inbox/{n}.eml")).unwrap();
            writeln!(file, "mail {n}").unwrap();
            export.add(file).unwrap();
        }
        export.finish().unwrap();
        fs::write(root.path().join("about.json"), "{}").unwrap();
        root
    }

    #[test]
    fn what_is_as_it_was_has_no_problem() {
        let root = sample();
        let checked = check_files(root.path(), &["about.json"], &mut |problem| panic!("{problem:?}")).unwrap();
        assert_eq!(checked, CheckedFiles { files: 3, bytes: 21 });
    }

    #[test]
    fn every_change_is_found() {
        type Change = fn(&Path);
        let changes: [(&str, &str, Change); 5] = [
            ("inbox/1.eml", "was changed: its SHA-256 is not the one that is listed", |root| {
                fs::write(root.join("inbox/1.eml"), "mail 2\n").unwrap();
            }),
            ("inbox/1.eml", "cannot be read: No such file or directory (os error 2)", |root| {
                fs::remove_file(root.join("inbox/1.eml")).unwrap();
            }),
            ("inbox/9.eml", "is not in the list of files", |root| fs::write(root.join("inbox/9.eml"), "x").unwrap()),
            ("inbox/0.eml", "is listed twice", |root| {
                let list = fs::read_to_string(root.join(MANIFEST)).unwrap();
                let first = list.lines().next().unwrap();
                fs::write(root.join(MANIFEST), format!("{list}{first}\n")).unwrap();
            }),
            (MANIFEST, "has a line that is no digest and path of a file of an export", |root| {
                let list = fs::read_to_string(root.join(MANIFEST)).unwrap();
                fs::write(root.join(MANIFEST), format!("{list}{}  ../../etc/passwd\n", "0".repeat(64))).unwrap();
            }),
        ];
        for (path, detail, change) in changes {
            let root = sample();
            change(root.path());
            assert_eq!(problems(root.path()), [(path.to_owned(), detail.to_owned())]);
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_no_file_of_an_export() {
        let root = sample();
        fs::remove_file(root.path().join("inbox/1.eml")).unwrap();
        std::os::unix::fs::symlink(root.path().join("inbox/0.eml"), root.path().join("inbox/1.eml")).unwrap();
        let found = problems(root.path());
        assert_eq!(
            found.first().map(|(path, detail)| (path.as_str(), detail.as_str())),
            Some(("inbox/1.eml", "is no file"))
        );
    }
}
