//! A workspace in a temporary folder, and the program run on it.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::Duration;

use tempfile::TempDir;

/// A temporary folder with a workspace in it.
pub struct Bench {
    folder: TempDir,
}

/// Longer than any call of a test takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(600);

/// What a call of the program gave.
#[derive(Debug)]
pub struct Call {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Call {
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out).unwrap_or_else(|e| panic!("{e}: {self:?}"))
    }

    /// Panics where the call did not end well.
    pub fn ok(self) -> Self {
        assert_eq!(self.code, 0, "{self:?}");
        self
    }
}

impl Bench {
    pub fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn workspace(&self) -> PathBuf {
        self.path("workspace")
    }

    pub fn write(&self, name: &str, contents: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, contents).unwrap();
        path
    }

    pub fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_portray"));
        command
            .env("XDG_DATA_HOME", self.path("data"))
            .env("XDG_CACHE_HOME", cache());
        command
            .env("LANG", "C.UTF-8")
            .env_remove("LC_ALL")
            .current_dir(self.folder.path());
        command.arg("--workspace").arg(self.workspace());
        command
    }

    /// Runs the program; one that hangs is killed and told so.
    pub fn run(&self, arguments: &[&str]) -> Call {
        let mut command = assert_cmd::Command::from_std(self.command());
        call(command.args(arguments).timeout(PATIENCE).output().unwrap())
    }

    /// The program started by another, such as `unshare`, with its name and arguments before the program's own.
    pub fn command_inside(&self, outer: &[&str]) -> Command {
        let inner = self.command();
        let mut command = Command::new(outer[0]);
        command
            .args(&outer[1..])
            .arg(inner.get_program())
            .args(inner.get_args())
            .current_dir(self.folder.path());
        for (name, value) in inner.get_envs() {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        command
    }

    /// Reads a text of events.
    pub fn ingest(&self, name: &str, text: &str) -> Call {
        let path = self.write(name, text);
        self.run(&["--json", "ingest", path.to_str().unwrap()])
    }

    /// A small shop of the demo, ingested.
    pub fn shop(&self, users: u32, seed: u64) -> PathBuf {
        let path = self.path("shop.csv");
        let (users, seed) = (users.to_string(), seed.to_string());
        self.run(&[
            "--seed",
            &seed,
            "demo",
            "--users",
            &users,
            "--events",
            path.to_str().unwrap(),
        ])
        .ok();
        path
    }
}

/// One cache for all tests, so that the model is unpacked once.
fn cache() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("cache")
}

pub fn call(output: Output) -> Call {
    Call {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// All files below a folder with their contents, in order of name.
pub fn tree(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(&next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().display().to_string();
                files.push((name, std::fs::read(&path).unwrap()));
            }
        }
    }
    files.sort();
    files
}

/// A real file of shop data; none, with a printed reason, where it is absent.
pub fn real(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../shared/data")
        .join(name);
    if !path.exists() {
        println!("skipped: {name} is not there (real data is not part of the project)");
        return None;
    }
    Some(path)
}

/// Events of a shop in which eight users buy and view.
pub const SMALL: &str = "\
user_id,event_time,event_type,product_id,category,price,quantity,query
u1,2025-01-01 10:00:00,view,p1,lamps,10.00,1,
u1,2025-01-01 10:05:00,purchase,p1,lamps,10.00,2,
u2,2025-01-02 21:00:00,search,,,,,red lamp
u2,2025-01-02 21:01:00,view,p2,rugs,99.50,1,
u2,2025-02-02 21:02:00,purchase,p2,rugs,99.50,1,
u3,2025-01-03 09:00:00,cart,p1,lamps,10.00,1,
u3,2025-03-03 09:01:00,purchase,p3,lamps,12.00,1,
u4,2025-01-04 12:00:00,view,p3,lamps,12.00,1,
";
