//! A disk that keeps what was synced, and of the rest as much as it likes.
//!
//! A file's content is safe as of its last sync; changes after it may be lost, each by itself, and the last one in the
//! middle. Names (made, renamed, removed) are safe once the folder in which they stand is synced, and what came before
//! them with them: a journal loses its end, not its middle. Syncing a file makes its content safe, not its name: harsher
//! than most file systems are.

use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use rand::Rng;

use super::trace::Step;

/// Bytes that a disk writes as one.
const SECTOR: usize = 512;

#[derive(Clone, Copy, PartialEq)]
enum Node {
    Folder,
    File(usize),
}

/// A change of names.
enum Naming {
    Make(PathBuf, Node),
    Rename(PathBuf, PathBuf),
    Exchange(PathBuf, PathBuf),
    Remove(PathBuf),
}

enum Change {
    Write(u64, Vec<u8>),
    Cut(u64),
}

#[derive(Default)]
struct File {
    safe: Vec<u8>,
    /// Since the last sync.
    open: Vec<Change>,
}

type Names = BTreeMap<PathBuf, Node>;

pub struct Disk {
    /// As the machine sees them.
    now: Names,
    /// As they were at the beginning.
    before: Names,
    changes: Vec<Naming>,
    /// How many of the changes are safe.
    safe: usize,
    files: Vec<File>,
}

impl Disk {
    /// The disk with what stands below a folder, all of it safe.
    pub fn of(root: &Path) -> Self {
        let mut disk = Self {
            now: Names::new(),
            before: Names::new(),
            changes: Vec::new(),
            safe: 0,
            files: Vec::new(),
        };
        let mut folders = vec![root.to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(&folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    disk.before.insert(path.clone(), Node::Folder);
                    folders.push(path);
                } else {
                    let safe = std::fs::read(&path).unwrap();
                    disk.before.insert(path, Node::File(disk.files.len()));
                    disk.files.push(File {
                        safe,
                        open: Vec::new(),
                    });
                }
            }
        }
        disk.before.insert(root.to_owned(), Node::Folder);
        disk.now = disk.before.clone();
        disk
    }

    pub fn take(&mut self, step: &Step) {
        match step {
            Step::Make(path) => {
                if !self.now.contains_key(path) {
                    let node = Node::File(self.files.len());
                    self.files.push(File::default());
                    self.name(Naming::Make(path.clone(), node));
                }
            }
            Step::MakeFolder(path) => self.name(Naming::Make(path.clone(), Node::Folder)),
            Step::Rename(from, to) => self.name(Naming::Rename(from.clone(), to.clone())),
            Step::Exchange(one, other) => self.name(Naming::Exchange(one.clone(), other.clone())),
            Step::Link(from, to) => {
                if let Some(node) = self.now.get(from).copied() {
                    self.name(Naming::Make(to.clone(), node));
                }
            }
            Step::Remove(path) => self.name(Naming::Remove(path.clone())),
            Step::Write(path, at, bytes) => {
                if let Some(file) = self.file(path) {
                    let at = at.unwrap_or_else(|| file.whole().len() as u64);
                    file.open.push(Change::Write(at, bytes.clone()));
                }
            }
            Step::Cut(path, length) => {
                if let Some(file) = self.file(path) {
                    file.open.push(Change::Cut(*length));
                }
            }
            Step::Sync(path) => match self.now.get(path) {
                Some(Node::Folder) => {
                    let is_here = |name: &PathBuf| name.parent() == Some(path);
                    let last = self.changes.iter().rposition(|change| match change {
                        Naming::Make(name, _)
                        | Naming::Rename(_, name)
                        | Naming::Exchange(_, name)
                        | Naming::Remove(name) => is_here(name),
                    });
                    self.safe = self.safe.max(last.map_or(0, |last| last + 1));
                }
                Some(Node::File(file)) => {
                    let file = &mut self.files[*file];
                    file.safe = file.whole();
                    file.open.clear();
                }
                // Removed already: nobody can ask for it any more.
                None => {}
            },
        }
    }

    /// A file that is no longer there takes changes that nobody will see.
    fn file(&mut self, path: &Path) -> Option<&mut File> {
        match self.now.get(path) {
            Some(Node::File(file)) => Some(&mut self.files[*file]),
            _ => None,
        }
    }

    fn name(&mut self, change: Naming) {
        change.apply(&mut self.now);
        self.changes.push(change);
    }

    /// Writes down what is left after the power went, `root` at another place. Where `all` of what is open is lost, that is
    /// the least that the disk has promised; else chance decides.
    pub fn lose(&self, root: &Path, into: &Path, all: bool, random: &mut impl Rng) {
        let mut names = self.before.clone();
        let kept = if all {
            self.safe
        } else {
            random.gen_range(self.safe..=self.changes.len())
        };
        for change in &self.changes[..kept] {
            change.apply(&mut names);
        }
        // Of a few crashes all that is open is kept, of a few nothing.
        let share = if all {
            0.0
        } else {
            [0.0, 0.5, 0.9, 1.0][random.gen_range(0..4)]
        };
        for (path, node) in names {
            let place = into.join(path.strip_prefix(root).unwrap());
            match node {
                Node::Folder => {
                    std::fs::create_dir_all(&place).unwrap();
                    std::fs::set_permissions(&place, PermissionsExt::from_mode(0o700)).unwrap();
                }
                Node::File(file) => {
                    std::fs::write(&place, self.files[file].left(share, random)).unwrap();
                    std::fs::set_permissions(&place, PermissionsExt::from_mode(0o600)).unwrap();
                }
            }
        }
    }
}

impl Naming {
    fn apply(&self, names: &mut Names) {
        match self {
            Self::Make(path, node) => {
                names.insert(path.clone(), *node);
            }
            Self::Remove(path) => {
                names.remove(path);
            }
            Self::Rename(from, to) => {
                let moved = take(names, from);
                take(names, to);
                put(names, to, moved);
            }
            Self::Exchange(one, other) => {
                let (first, second) = (take(names, one), take(names, other));
                put(names, other, first);
                put(names, one, second);
            }
        }
    }
}

/// Takes away all that stands at a name and below it; the names are those below it, its own empty.
fn take(names: &mut Names, at: &Path) -> Vec<(PathBuf, Node)> {
    let taken: Vec<_> = names
        .iter()
        .filter_map(|(path, node)| Some((path.strip_prefix(at).ok()?.to_owned(), *node)))
        .collect();
    names.retain(|path, _| !path.starts_with(at));
    taken
}

fn put(names: &mut Names, at: &Path, taken: Vec<(PathBuf, Node)>) {
    for (below, node) in taken {
        let place = if below.as_os_str().is_empty() {
            at.to_owned()
        } else {
            at.join(below)
        };
        names.insert(place, node);
    }
}

impl File {
    /// The content as the machine sees it.
    fn whole(&self) -> Vec<u8> {
        let mut bytes = self.safe.clone();
        for change in &self.open {
            change.apply(&mut bytes, usize::MAX);
        }
        bytes
    }

    /// What is left where each open change is kept with this chance, the last one perhaps in part.
    fn left(&self, share: f64, random: &mut impl Rng) -> Vec<u8> {
        let mut bytes = self.safe.clone();
        for (at, change) in self.open.iter().enumerate() {
            if random.gen_bool(share) {
                let is_torn = at + 1 == self.open.len() && random.gen_bool(0.5);
                let sectors = if is_torn {
                    random.gen_range(0..8) * SECTOR
                } else {
                    usize::MAX
                };
                change.apply(&mut bytes, sectors);
            }
        }
        bytes
    }
}

impl Change {
    /// Changes the bytes, of a write no more than the first so many.
    fn apply(&self, bytes: &mut Vec<u8>, most: usize) {
        match self {
            Self::Write(at, written) => {
                let at = *at as usize;
                let written = &written[..written.len().min(most)];
                bytes.resize(bytes.len().max(at + written.len()), 0);
                bytes[at..at + written.len()].copy_from_slice(written);
            }
            Self::Cut(length) => bytes.resize(*length as usize, 0),
        }
    }
}
