//! Sealing and unsealing whole workspaces, and files that someone else made or damaged.

use std::fs::{self, File};
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use age::secrecy::{ExposeSecret, SecretString};
use age::x25519::Identity;
use tar::EntryType;

use super::*;
use crate::error::{Error, Kind, Result};
use crate::progress::{Progress, Update};
use crate::workspace::{Layout, WriteLock};

/// A folder that holds `workspace`, and a pair of keys.
struct Bench {
    folder: tempfile::TempDir,
    identity: Identity,
}

impl Bench {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("workspace");
        for inner in ["runs", "features", "tmp/old", "empty"] {
            fs::create_dir_all(root.join(inner)).unwrap();
        }
        // Bytes that no compression makes fewer (xorshift; Marsaglia 2003).
        let mut state = 2_463_534_242_u32;
        let noise: Vec<u8> = (0..200_000)
            .map(|_| {
                state ^= state << 13;
                state ^= state >> 17;
                state ^= state << 5;
                state as u8
            })
            .collect();
        let long = format!("features/{}.sql", "价".repeat(80));
        for (name, bytes) in [
            ("pseudonym.key", b"key".as_slice()),
            ("events.000003.duckdb", &noise),
            ("runs/000001.duckdb", b"run"),
            ("runs/nothing", b""),
            (&long, b"SELECT 1"),
            ("tmp/old/x", b"no"),
            ("ingest.lock", b""),
        ] {
            fs::write(root.join(name), bytes).unwrap();
        }
        let catalog = rusqlite::Connection::open(root.join("catalog.sqlite")).unwrap();
        catalog
            .execute_batch(
                "PRAGMA journal_mode = wal; PRAGMA user_version = 8;
                 CREATE TABLE runs (id INTEGER); INSERT INTO runs VALUES (1), (2)",
            )
            .unwrap();
        // Another program has it open, so that its rows stand in the -wal.
        std::mem::forget(catalog);
        assert!(root.join("catalog.sqlite-wal").exists());
        let identity = Identity::generate();
        Self { folder, identity }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn root(&self) -> PathBuf {
        self.path("workspace")
    }

    fn lock(&self) -> Lock {
        Lock::recipients(&[self.identity.to_public().to_string()]).unwrap()
    }

    fn unlock(&self) -> Unlock {
        Unlock::Identities(vec![self.identity.clone()])
    }

    fn seal(&self) -> PathBuf {
        let out = self.path("sealed.age");
        seal(&self.root(), &out, &self.lock(), &Progress::silent()).unwrap();
        out
    }

    fn unseal(&self, file: &Path) -> Result<Unsealed> {
        let dest = self.path("unsealed");
        unseal(file, Some(&dest), &self.unlock(), &Progress::silent())
    }

    /// Names in the folder, without those that are meant to be there.
    fn left(&self) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(self.folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| {
                name != "workspace" && Path::new(name).extension().is_none_or(|end| end != "age")
            })
            .collect();
        names.sort();
        names
    }
}

/// Everything in a folder, with what is in it; but SQLite's marks of who reads, which any reader changes, and the name of
/// who wrote last.
fn all(root: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    let mut waiting = vec![root.to_path_buf()];
    while let Some(folder) = waiting.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(root).unwrap().to_path_buf();
            if name.ends_with("catalog.sqlite-shm") || name.ends_with("ingest.lock") {
                continue;
            }
            if path.is_dir() {
                found.push((name, Vec::new()));
                waiting.push(path);
            } else {
                found.push((name, fs::read(path).unwrap()));
            }
        }
    }
    found.sort();
    found
}

/// The same without temporary files: what dead processes left of them goes with any start.
fn lasting(root: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = all(root);
    found.retain(|(name, _)| !name.starts_with("tmp"));
    found
}

/// The same without what sealing leaves out or takes anew.
fn kept(root: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = all(root);
    found.retain(|(name, _)| {
        let text = name.to_str().unwrap();
        !text.starts_with("tmp/") && !text.starts_with("catalog.") && text != "ingest.lock"
    });
    found
}

fn passphrase(text: &str) -> SecretString {
    SecretString::from(text.to_owned())
}

#[test]
fn what_is_sealed_for_a_key_comes_back() {
    let bench = Bench::new();
    let before = lasting(&bench.root());
    let out = bench.path("sealed.age");
    let told = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    let sink = std::sync::Arc::clone(&told);
    let progress = Progress::new(move |update| sink.lock().unwrap().push(update));
    let other = Identity::generate().to_public().to_string();
    let lock = Lock::recipients(&[other, bench.identity.to_public().to_string()]).unwrap();
    let sealed = seal(&bench.root(), &out, &lock, &progress).unwrap();
    assert_eq!(lasting(&bench.root()), before);
    assert_eq!(sealed.files, 6);
    assert_eq!(sealed.sealed_bytes, out.metadata().unwrap().len());
    let sha = <sha2::Sha256 as sha2::Digest>::digest(fs::read(&out).unwrap());
    assert_eq!(sealed.sha256, crate::workspace::hex(&sha));
    assert_eq!(out.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(told.lock().unwrap().last(), Some(&Update::Done(6)));
    assert_eq!(locked_by(&out).unwrap(), LockedBy::Keys);

    let unsealed = bench.unseal(&out).unwrap();
    assert_eq!((unsealed.files, unsealed.bytes), (6, sealed.bytes));
    assert_eq!(kept(&unsealed.folder), kept(&bench.root()));
    assert!(!unsealed.folder.join("ingest.lock").exists());
    assert!(!unsealed.folder.join("catalog.sqlite-wal").exists());
    let catalog = rusqlite::Connection::open(unsealed.folder.join("catalog.sqlite")).unwrap();
    let ask = |sql| {
        catalog
            .query_row(sql, [], |row| row.get::<_, i64>(0))
            .unwrap()
    };
    assert_eq!(ask("SELECT sum(id) FROM runs"), 3);
    assert_eq!(ask("PRAGMA user_version"), 8);
    drop(catalog);
    assert_eq!(permissions::too_open(&unsealed.folder).unwrap(), []);
    let mode = |name: &str| {
        let data = fs::metadata(unsealed.folder.join(name)).unwrap();
        data.permissions().mode() & 0o777
    };
    assert_eq!((mode(""), mode("runs"), mode("tmp")), (0o700, 0o700, 0o700));
    assert_eq!(
        (mode("pseudonym.key"), mode("runs/000001.duckdb")),
        (0o600, 0o600)
    );
    assert_eq!(bench.left(), ["unsealed"]);

    let again = bench.unseal(&out).unwrap_err();
    assert!(again.to_string().contains("not empty"), "{again}");
    fs::create_dir(bench.path("vacant")).unwrap();
    let dest = bench.path("vacant");
    unseal(&out, Some(&dest), &bench.unlock(), &Progress::silent()).unwrap();
    assert_eq!(kept(&dest), kept(&bench.root()));
}

#[test]
fn what_is_sealed_with_a_passphrase_opens_with_it_alone() {
    let bench = Bench::new();
    let out = bench.path("sealed.age");
    let lock = Lock::Passphrase(passphrase("correct horse"));
    seal(&bench.root(), &out, &lock, &Progress::silent()).unwrap();
    assert_eq!(locked_by(&out).unwrap(), LockedBy::Passphrase);
    let dest = bench.path("unsealed");
    let open =
        |unlock: &Unlock, file: &Path| unseal(file, Some(&dest), unlock, &Progress::silent());
    let refused = |unlock: &Unlock, file: &Path, says: &str| {
        let error = open(unlock, file).unwrap_err();
        assert_eq!(error.kind(), Kind::Failed, "{error}");
        assert!(error.to_string().contains(says), "{error}");
        assert_eq!(bench.left(), Vec::<String>::new());
    };
    refused(
        &Unlock::Passphrase(passphrase("wrong")),
        &out,
        "the passphrase does not open it",
    );
    refused(&bench.unlock(), &out, "sealed with a passphrase");
    let for_keys = bench.path("keys.age");
    seal(&bench.root(), &for_keys, &bench.lock(), &Progress::silent()).unwrap();
    refused(
        &Unlock::Passphrase(passphrase("x")),
        &for_keys,
        "sealed for a key",
    );
    let other = Unlock::Identities(vec![Identity::generate()]);
    refused(&other, &for_keys, "none of the keys");

    let right = Unlock::Passphrase(passphrase("correct horse"));
    assert_eq!(
        kept(&open(&right, &out).unwrap().folder),
        kept(&bench.root())
    );
    fs::remove_dir_all(&dest).unwrap();
    // Work that nobody should wait for is refused before it begins.
    let text = fs::read(&out).unwrap();
    let at = text.windows(3).position(|end| end == b" 8\n").unwrap();
    let costly = [&text[..at], b" 23", &text[at + 2..]].concat();
    fs::write(&out, costly).unwrap();
    refused(&right, &out, "work factor of 23");
}

#[test]
fn an_interrupted_seal_leaves_everything_as_it_was() {
    let bench = Bench::new();
    let before = lasting(&bench.root());
    for stop_at in 0..6 {
        let line = std::sync::Arc::new(std::sync::OnceLock::<Progress>::new());
        let own = std::sync::Arc::clone(&line);
        let progress = Progress::new(move |update| {
            let is_there = match update {
                Update::Stage(..) => stop_at == 0,
                Update::Done(number) => number == stop_at,
                _ => false,
            };
            if is_there {
                own.get().unwrap().cancel();
            }
        });
        line.set(progress.clone()).ok().unwrap();
        let out = bench.path("sealed.age");
        let error = seal(&bench.root(), &out, &bench.lock(), &progress).unwrap_err();
        assert!(matches!(error, Error::Cancelled), "{error}");
        assert_eq!(lasting(&bench.root()), before);
        assert!(!out.exists());
        assert_eq!(bench.left(), Vec::<String>::new());
    }
    let out = bench.seal();
    let progress = Progress::silent();
    progress.cancel();
    let dest = bench.path("unsealed");
    assert!(unseal(&out, Some(&dest), &bench.unlock(), &progress).is_err());
    assert_eq!(bench.left(), Vec::<String>::new());
}

#[test]
fn no_file_is_overwritten_and_one_writer_is_enough() {
    let bench = Bench::new();
    let go = |root: &Path, out: &Path| seal(root, out, &bench.lock(), &Progress::silent());
    let out = bench.path("there.age");
    fs::write(&out, "mine").unwrap();
    assert!(
        go(&bench.root(), &out)
            .unwrap_err()
            .to_string()
            .contains("exists already")
    );
    assert_eq!(fs::read(&out).unwrap(), b"mine");
    let within = bench.root().join("x.age");
    assert_eq!(go(&bench.root(), &within).unwrap_err().kind(), Kind::Usage);
    let elsewhere = bench.path("x.age");
    assert!(
        go(bench.folder.path(), &elsewhere)
            .unwrap_err()
            .to_string()
            .contains("not a workspace")
    );

    let layout = Layout::new(bench.root());
    let held = WriteLock::take(&layout.lock(), layout.root(), Duration::ZERO).unwrap();
    assert_eq!(
        go(&bench.root(), &elsewhere).unwrap_err().kind(),
        Kind::Busy
    );
    assert!(!elsewhere.exists());
    drop(held);
    go(&bench.root(), &elsewhere).unwrap();

    std::os::unix::fs::symlink("/etc/passwd", bench.root().join("link")).unwrap();
    let error = go(&bench.root(), &bench.path("y.age")).unwrap_err();
    assert!(error.to_string().contains("cannot be sealed"), "{error}");
    assert_eq!(bench.left(), Vec::<String>::new());
}

#[test]
fn flipped_and_missing_bytes_are_found_and_leave_nothing() {
    let bench = Bench::new();
    let out = bench.seal();
    let whole = fs::read(&out).unwrap();
    let head = whole.windows(4).position(|four| four == b"\n---").unwrap();
    let body = head + 4 + 45 + 16;
    let bad = bench.path("bad.age");
    let mut positions: Vec<usize> = (0..body + 20).collect();
    positions.extend((body + 20..whole.len()).step_by(whole.len() / 97));
    positions.push(whole.len() - 1);
    for at in positions {
        let mut bytes = whole.clone();
        bytes[at] ^= 1 << (at % 8);
        fs::write(&bad, bytes).unwrap();
        let error = bench.unseal(&bad).unwrap_err();
        if at >= body {
            assert_eq!(error.kind(), Kind::Integrity, "{at}: {error}");
        }
        assert_eq!(bench.left(), Vec::<String>::new(), "{at}");
    }
    // age's chunks begin at the body; a cut between two must be found too.
    let chunk = 64 * 1024 + 16;
    assert!(whole.len() > body + 2 * chunk, "{}", whole.len());
    let mut ends: Vec<usize> = (0..whole.len()).step_by(whole.len() / 61).collect();
    ends.extend([
        head,
        body - 16,
        body,
        body + chunk,
        body + 2 * chunk,
        whole.len() - 1,
    ]);
    for end in ends {
        fs::write(&bad, &whole[..end]).unwrap();
        let error = bench.unseal(&bad).unwrap_err();
        if end > 21 {
            assert_eq!(error.kind(), Kind::Integrity, "{end}: {error}");
        }
        assert_eq!(bench.left(), Vec::<String>::new(), "{end}");
    }
    for more in [b"x".to_vec(), vec![0; 70_000]] {
        fs::write(&bad, [whole.clone(), more].concat()).unwrap();
        assert_eq!(bench.unseal(&bad).unwrap_err().kind(), Kind::Integrity);
    }
    bench.unseal(&out).unwrap();
}

/// An entry as someone makes it by hand.
struct Made<'a>(&'a str, EntryType, &'a [u8]);

/// A sealed file of such entries, whatever they are.
fn crafted(bench: &Bench, entries: &[Made<'_>]) -> PathBuf {
    let out = bench.path("crafted.age");
    let file = File::create(&out).unwrap();
    let locked = bench.lock().encryptor().unwrap().wrap_output(file).unwrap();
    let mut builder = tar::Builder::new(zstd::Encoder::new(locked, 3).unwrap());
    for Made(name, kind, bytes) in entries {
        let mut header = tar::Header::new_gnu();
        // Past the checks of the crate.
        header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
        header.set_entry_type(*kind);
        header.set_size(bytes.len() as u64);
        if kind.is_symlink() {
            header.set_link_name("/etc").unwrap();
        }
        header.set_cksum();
        builder.append(&header, *bytes).unwrap();
    }
    let locked = builder.into_inner().unwrap().finish().unwrap();
    locked.finish().unwrap().flush().unwrap();
    out
}

fn head(files: u64, folders: u64, bytes: u64) -> Vec<u8> {
    let header = Header {
        format: FORMAT,
        portray: "0".into(),
        created_at: "2026-01-01T00:00:00Z".into(),
        files,
        folders,
        bytes,
    };
    serde_json::to_vec(&header).unwrap()
}

fn list(files: &[(&str, &[u8])]) -> Vec<u8> {
    let listed = files.iter().map(|(path, bytes)| Listed {
        path: (*path).to_owned(),
        bytes: bytes.len() as u64,
        sha256: crate::workspace::hex(&<sha2::Sha256 as sha2::Digest>::digest(bytes)),
    });
    serde_json::to_vec(&listed.collect::<Vec<_>>()).unwrap()
}

#[test]
#[expect(
    clippy::many_single_char_names,
    reason = "each archive is one line of entries"
)]
fn archives_made_by_hand_are_refused_unless_they_are_right() {
    use EntryType::{Directory, GNULongName, Link, Regular, Symlink, XHeader};
    let bench = Bench::new();
    let (one, two) = (head(1, 0, 1), head(2, 1, 2));
    let a = list(&[("a", b"x")]);
    let both = list(&[("a", b"x"), ("d/b", b"y")]);
    let h = |bytes| Made(HEADER, Regular, bytes);
    let l = |bytes| Made(LIST, Regular, bytes);
    let f = |name, bytes| Made(name, Regular, bytes);
    let d = |name| Made(name, Directory, b"");
    let good = [
        h(&two),
        d("workspace/d"),
        f("workspace/a", b"x"),
        f("workspace/d/b", b"y"),
        l(&both),
    ];
    bench.unseal(&crafted(&bench, &good)).unwrap();
    fs::remove_dir_all(bench.path("unsealed")).unwrap();

    let newer = br#"{"format":2}"#;
    let newer = bench.unseal(&crafted(&bench, &[h(newer)])).unwrap_err();
    assert!(newer.to_string().contains("newer portray"), "{newer}");
    let huge = head(1, 0, u64::MAX);
    let huge = bench.unseal(&crafted(&bench, &[h(&huge)])).unwrap_err();
    assert!(huge.to_string().contains("has room for"), "{huge}");

    let wrong = list(&[("a", b"z")]);
    let many = vec![b'x'; 100_000];
    let bad: Vec<Vec<Made<'_>>> = vec![
        vec![],
        vec![f("workspace/a", b"x"), l(&a)],
        vec![h(b"{}"), f("workspace/a", b"x"), l(&a)],
        vec![h(&one), f("../x", b"x"), l(&a)],
        vec![h(&one), f("workspace/../x", b"x"), l(&a)],
        vec![h(&one), f("workspace/../../x", b"x"), l(&a)],
        vec![h(&one), f("/tmp/portray-x", b"x"), l(&a)],
        vec![h(&one), f("workspace//tmp/portray-x", b"x"), l(&a)],
        vec![
            h(&one),
            Made("workspace/a", Symlink, b""),
            f("workspace/a/b", b"x"),
            l(&a),
        ],
        vec![h(&one), Made("workspace/a", Link, b""), l(&a)],
        vec![h(&one), Made("workspace/a", EntryType::Fifo, b""), l(&a)],
        vec![
            h(&one),
            Made("x", XHeader, b"12 path=../x\n"),
            f("workspace/a", b"x"),
            l(&a),
        ],
        vec![
            h(&one),
            Made("x", GNULongName, b"../x\0"),
            f("workspace/a", b"x"),
            l(&a),
        ],
        vec![
            h(&one),
            Made("x", GNULongName, &many),
            f("workspace/a", b"x"),
            l(&a),
        ],
        vec![h(&one), Made("x", GNULongName, b"workspace/a")],
        vec![h(&one), f("workspace/a", b"xy"), l(&a)],
        vec![h(&one), f("workspace/a", &many), l(&a)],
        vec![
            h(&one),
            f("workspace/a", b"x"),
            f("workspace/b", b""),
            l(&a),
        ],
        vec![
            h(&two),
            f("workspace/a", b"x"),
            f("workspace/a", b"y"),
            l(&both),
        ],
        vec![h(&two), f("workspace/d", b"x"), d("workspace/d"), l(&both)],
        vec![h(&one), d("workspace/d"), f("workspace/a", b"x"), l(&a)],
        vec![h(&one), f("workspace/d/b", b"x"), l(&a)],
        vec![h(&one), f("workspace/a", b"x")],
        vec![h(&one), f("workspace/a", b"x"), l(&wrong)],
        vec![h(&two), d("workspace/d"), f("workspace/a", b"x"), l(&a)],
        vec![
            h(&one),
            f("workspace/a", b"x"),
            l(&a),
            f("workspace/b", b""),
        ],
    ];
    for (number, entries) in bad.iter().enumerate() {
        let error = bench.unseal(&crafted(&bench, entries)).unwrap_err();
        assert_eq!(error.kind(), Kind::Integrity, "{number}: {error}");
        assert_eq!(bench.left(), Vec::<String>::new(), "{number}");
        assert!(!Path::new("/tmp/portray-x").exists());
    }
}

#[test]
fn without_a_name_it_goes_into_memory() {
    let bench = Bench::new();
    let out = bench.seal();
    if place::in_memory(1_000_000).is_err() {
        return;
    }
    let unsealed = unseal(&out, None, &bench.unlock(), &Progress::silent()).unwrap();
    assert!(unsealed.is_in_memory && place::is_memory(&unsealed.folder).unwrap());
    assert_eq!(kept(&unsealed.folder), kept(&bench.root()));
    fs::remove_dir_all(&unsealed.folder).unwrap();
}

#[test]
fn keys_are_read_and_everything_else_is_told_apart() {
    let bench = Bench::new();
    let secret = bench.identity.to_string();
    let secret = secret.expose_secret();
    let path = bench.path("identity.txt");
    let read = |text: &[u8]| {
        fs::write(&path, text).unwrap();
        Unlock::identity_file(&path)
    };
    let text = format!("# created\r\n\n {secret} \r\n");
    let Unlock::Identities(found) = read(text.as_bytes()).unwrap() else {
        panic!("not identities");
    };
    assert_eq!(found[0].to_public(), bench.identity.to_public());
    let long = vec![b'#'; 70_000];
    let public = bench.identity.to_public().to_string();
    for (text, says) in [
        (b"".as_slice(), "no key"),
        (b"# AGE-SECRET-KEY-1", "no key"),
        (public.as_bytes(), "line 1"),
        (&secret.as_bytes()[1..], "line 1"),
        (b"age-encryption.org/v1\n-> scrypt", "itself encrypted"),
        (b"-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl", "SSH key"),
        (b"\xff", "not a text"),
        (&long, "too long"),
    ] {
        let error = read(text).err().unwrap().to_string();
        assert!(
            error.contains(says) && !error.contains(&secret[16..40]),
            "{error}"
        );
    }
    assert!(Unlock::identity_file(&bench.path("none")).is_err());

    for bad in ["", "x", "age1", "ssh-ed25519 AAAA", &public[..60], secret] {
        let error = Lock::recipients(&[bad]).err().unwrap();
        assert_eq!(error.kind(), Kind::Usage);
        assert!(!error.to_string().contains(&secret[16..40]), "{error}");
    }
    assert!(Lock::recipients::<&str>(&[]).is_err());
    let endless = [
        b"age-encryption.org/v1\n--- ".as_slice(),
        &vec![b'x'; 200_000],
    ]
    .concat();
    for (text, kind) in [
        (b"".as_slice(), Kind::Failed),
        (b"PK\x03\x04", Kind::Failed),
        (b"-----BEGIN AGE ENCRYPTED FILE-----", Kind::Failed),
        (b"age-encryption.org/v2\n--- x\n", Kind::Failed),
        (b"age-encryption.org/v1\n-> X25519", Kind::Integrity),
        (b"age-encryption.org/v1\n--- x\n", Kind::Integrity),
        (&endless, Kind::Integrity),
    ] {
        fs::write(&path, text).unwrap();
        let error = locked_by(&path).unwrap_err();
        assert_eq!(error.kind(), kind, "{error}");
    }
}
