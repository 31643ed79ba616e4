//! What a call of the program asks of the disk, in order, as `strace` sees it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::{Bench, Call, call};

/// One thing asked of the disk. Paths are absolute.
#[derive(Debug)]
pub enum Step {
    /// A file, where there is none of this name.
    Make(PathBuf),
    MakeFolder(PathBuf),
    /// Bytes at a place, or at the end.
    Write(PathBuf, Option<u64>, Vec<u8>),
    /// The file gets this length.
    Cut(PathBuf, u64),
    Rename(PathBuf, PathBuf),
    /// Each of two names gets what the other stood for.
    Exchange(PathBuf, PathBuf),
    /// A second name of a file.
    Link(PathBuf, PathBuf),
    Remove(PathBuf),
    /// A file's content, or a folder's names, are to outlive a power loss.
    Sync(PathBuf),
}

/// System calls that change files, and those that move the place of the next write.
const CALLS: &str = "trace=openat,open,creat,write,pwrite64,writev,pwritev,pwritev2,ftruncate,truncate,fallocate,rename,renameat,renameat2,unlink,unlinkat,rmdir,link,linkat,symlink,symlinkat,mkdir,mkdirat,fsync,fdatasync,sync_file_range,lseek,read,copy_file_range,sendfile,ioctl";

/// Whether this machine lets a program be traced.
pub fn can_trace() -> bool {
    let probe = Command::new("strace")
        .args(["-f", "--seccomp-bpf", "-o", "/dev/null", "true"])
        .output();
    let can = probe.is_ok_and(|output| output.status.success());
    if !can {
        println!("skipped: no strace here, or no leave to use it");
    }
    can
}

/// Runs the program with these arguments; what it asked of the disk below `root`.
pub fn record(bench: &Bench, root: &Path, arguments: &[&str]) -> (Call, Vec<Step>) {
    let log = tempfile::NamedTempFile::new().unwrap();
    let outer = [
        "strace",
        "-f",
        "--seccomp-bpf",
        "-y",
        "-xx",
        "-s",
        "1000000000",
        "-e",
        CALLS,
        "-o",
        log.path().to_str().unwrap(),
    ];
    let output = bench.command_inside(&outer).args(arguments).output();
    let call = call(output.unwrap());
    let text = std::fs::read_to_string(log.path()).unwrap();
    (call, steps(&text, root))
}

fn steps(text: &str, root: &Path) -> Vec<Step> {
    let mut reader = Reader {
        places: BTreeMap::new(),
        steps: Vec::new(),
    };
    // A call that another thread's line cuts in two is told when it ends.
    let mut open: BTreeMap<&str, String> = BTreeMap::new();
    for line in text.lines() {
        let (thread, told) = line.split_once(' ').unwrap();
        let told = told.trim_start();
        if let Some(start) = told.strip_suffix(" <unfinished ...>") {
            open.insert(thread, start.to_owned());
        } else if let Some((_, end)) = told
            .strip_prefix("<... ")
            .and_then(|told| told.split_once(" resumed>"))
        {
            let start = open.remove(thread).unwrap_or_default();
            reader.call(&format!("{start}{end}"));
        } else {
            reader.call(told);
        }
    }
    let is_below = |step: &Step| match step {
        Step::Make(path)
        | Step::MakeFolder(path)
        | Step::Write(path, ..)
        | Step::Cut(path, _)
        | Step::Remove(path)
        | Step::Sync(path) => path.starts_with(root),
        Step::Rename(from, to) | Step::Exchange(from, to) | Step::Link(from, to) => {
            assert_eq!(from.starts_with(root), to.starts_with(root), "{step:?}");
            to.starts_with(root)
        }
    };
    reader.steps.into_iter().filter(is_below).collect()
}

struct Reader {
    /// Where the next write through a descriptor goes; none for the end.
    places: BTreeMap<u32, Option<u64>>,
    steps: Vec<Step>,
}

impl Reader {
    /// One call, as `name(arguments) = result`; calls that failed change nothing.
    fn call(&mut self, told: &str) {
        let Some((head, result)) = told.rsplit_once(" = ") else {
            return;
        };
        let Some((name, arguments)) = head.split_once('(') else {
            return;
        };
        if result.starts_with('-') || result.starts_with('?') {
            return;
        }
        let result = Descriptor::of(result);
        let arguments: Vec<&str> = arguments
            .trim_end()
            .trim_end_matches(')')
            .split(", ")
            .collect();
        let number = |at: usize| arguments[at].parse::<u64>().unwrap();
        match name {
            "openat" | "open" | "creat" => self.open(name, &arguments, &result),
            "lseek" => {
                let file = Descriptor::of(arguments[0]);
                self.places
                    .insert(file.number, Some(u64::from(result.number)));
            }
            "read" => {
                let file = Descriptor::of(arguments[0]);
                if let Some(Some(place)) = self.places.get_mut(&file.number) {
                    *place += u64::from(result.number);
                }
            }
            "write" => {
                let file = Descriptor::of(arguments[0]);
                let mut bytes = bytes(arguments[1]);
                bytes.truncate(result.number as usize);
                let place = self.places.entry(file.number).or_default();
                let at = *place;
                *place = at.map(|at| at + bytes.len() as u64);
                self.steps.push(Step::Write(file.path, at, bytes));
            }
            "pwrite64" => {
                let mut bytes = bytes(arguments[1]);
                bytes.truncate(result.number as usize);
                let path = Descriptor::of(arguments[0]).path;
                self.steps.push(Step::Write(path, Some(number(3)), bytes));
            }
            "ftruncate" => {
                let path = Descriptor::of(arguments[0]).path;
                self.steps.push(Step::Cut(path, number(1)));
            }
            "rename" => {
                let step = Step::Rename(named(None, arguments[0]), named(None, arguments[1]));
                self.steps.push(step);
            }
            "renameat" | "renameat2" => {
                let from = named(Some(arguments[0]), arguments[1]);
                let to = named(Some(arguments[2]), arguments[3]);
                let step = match arguments.get(4) {
                    Some(&"RENAME_EXCHANGE") => Step::Exchange(from, to),
                    _ => Step::Rename(from, to),
                };
                self.steps.push(step);
            }
            "link" => {
                let step = Step::Link(named(None, arguments[0]), named(None, arguments[1]));
                self.steps.push(step);
            }
            "linkat" => {
                let from = named(Some(arguments[0]), arguments[1]);
                self.steps
                    .push(Step::Link(from, named(Some(arguments[2]), arguments[3])));
            }
            "unlink" | "rmdir" => self.steps.push(Step::Remove(named(None, arguments[0]))),
            "unlinkat" => {
                let path = named(Some(arguments[0]), arguments[1]);
                self.steps.push(Step::Remove(path));
            }
            "mkdir" => self.steps.push(Step::MakeFolder(named(None, arguments[0]))),
            "mkdirat" => {
                let path = named(Some(arguments[0]), arguments[1]);
                self.steps.push(Step::MakeFolder(path));
            }
            "fsync" | "fdatasync" => self
                .steps
                .push(Step::Sync(Descriptor::of(arguments[0]).path)),
            "ioctl" if !arguments[1].starts_with("FICLONE") => {}
            // A traced way to change files that is not followed must not pass for none. Files mapped for writing are not traced:
            // SQLite's `-shm` is the only one, and nothing is read out of it after a crash.
            other => panic!("{other} is not followed: {}", &told[..told.len().min(300)]),
        }
    }

    fn open(&mut self, name: &str, arguments: &[&str], opened: &Descriptor) {
        let flags = match name {
            "openat" => arguments[2],
            "open" => arguments[1],
            _ => "O_CREAT|O_TRUNC|O_WRONLY",
        };
        let has = |flag: &str| flags.split('|').any(|one| one == flag);
        assert!(!has("O_TMPFILE"), "{arguments:?}");
        let place = (!has("O_APPEND")).then_some(0);
        self.places.insert(opened.number, place);
        if has("O_CREAT") {
            self.steps.push(Step::Make(opened.path.clone()));
        }
        if has("O_TRUNC") {
            self.steps.push(Step::Cut(opened.path.clone(), 0));
        }
    }
}

/// A descriptor with the path that it stands for, as in `3</tmp/a>`; also a plain number.
struct Descriptor {
    number: u32,
    path: PathBuf,
}

impl Descriptor {
    fn of(told: &str) -> Self {
        let (number, path) = told.trim().split_once('<').unwrap_or((told.trim(), ""));
        let path = text(path.split_once('>').map_or("", |(path, _)| path));
        Self {
            number: number.parse().unwrap_or(u32::MAX),
            path: PathBuf::from(path),
        }
    }
}

/// A path out of an argument, against the folder of another one where it names one; else it must be whole.
fn named(folder: Option<&str>, path: &str) -> PathBuf {
    let path = PathBuf::from(text(path.trim_matches('"')));
    let Some(folder) = folder else {
        assert!(path.is_absolute(), "{}", path.display());
        return path;
    };
    Descriptor::of(folder.trim_start_matches("AT_FDCWD"))
        .path
        .join(path)
}

fn text(escaped: &str) -> String {
    String::from_utf8(bytes(escaped)).unwrap()
}

/// `\x41\x42` as bytes.
fn bytes(escaped: &str) -> Vec<u8> {
    let escaped = escaped.trim_matches('"');
    if !escaped.starts_with("\\x") {
        return escaped.as_bytes().to_vec();
    }
    escaped
        .split("\\x")
        .skip(1)
        .map(|digits| u8::from_str_radix(&digits[..2], 16).unwrap())
        .collect()
}
