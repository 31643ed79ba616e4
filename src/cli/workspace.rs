//! `portray workspace`: the folder as one sealed file, and back.

use std::path::PathBuf;

use super::args::Here;
use crate::error::{Error, Result};
use crate::words::clean;
use crate::workspace::seal::{
    Lock, LockedBy, Sealed, Unlock, Unsealed, locked_by, permissions, prompt_passphrase,
    read_passphrase_fd, seal, unseal,
};
use crate::workspace::{Deed, Workspace};

#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Write the whole workspace into one encrypted file in the age format, for laptops, sticks and backups
    Seal {
        /// The file, which must not exist yet
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
        /// Seal for the owner of this key, age1… (may be given more than once); without it a passphrase is asked for
        #[arg(long, value_name = "KEY")]
        recipient: Vec<String>,
        /// Read the passphrase from this file descriptor
        #[arg(long, value_name = "N", conflicts_with = "recipient")]
        passphrase_fd: Option<i32>,
    },
    /// Make a workspace of a sealed file, in memory where there is room
    Unseal {
        /// The sealed file
        file: PathBuf,
        /// Folder for the workspace, which must not hold anything (default: a new one in memory)
        #[arg(long, value_name = "DIR")]
        out: Option<PathBuf>,
        /// The file of the secret key that it was sealed for, as `age-keygen` writes it
        #[arg(long, value_name = "FILE")]
        identity: Option<PathBuf>,
        /// Read the passphrase from this file descriptor
        #[arg(long, value_name = "N", conflicts_with = "identity")]
        passphrase_fd: Option<i32>,
    },
    /// Let nobody but the owner read the workspace's files
    Close,
    /// Let nothing about fewer than a number of people leave the program, and no exact count of them
    Protect {
        /// The fewest people that anything may be about
        #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u64).range(2..=1_000_000))]
        k_min: u64,
        /// End the protection
        #[arg(long, conflicts_with = "k_min")]
        lift: bool,
    },
}

pub fn run(args: &Args, here: &Here) -> Result<()> {
    match &args.command {
        Command::Seal {
            out,
            recipient,
            passphrase_fd,
        } => {
            let lock = match (recipient.is_empty(), passphrase_fd) {
                (false, _) => Lock::recipients(recipient)?,
                (true, Some(fd)) => Lock::Passphrase(read_passphrase_fd(*fd)?),
                (true, None) => Lock::Passphrase(prompt_passphrase(true)?),
            };
            let sealed = seal(&here.workspace, out, &lock, &here.progress())?;
            let deed = Deed {
                action: "seal",
                detail: serde_json::json!({ "to": out.display().to_string(), "sha256": sealed.sha256 }),
                ..Deed::default()
            };
            let workspace = Workspace::open(&here.workspace)?;
            if let Some(note) = workspace.record_or_say(deed, here.settings.operator.as_deref())? {
                here.out.say(&note);
            }
            here.out.report(&sealed, || sealed_text(&sealed))
        }
        Command::Unseal {
            file,
            out,
            identity,
            passphrase_fd,
        } => {
            let unlock = match (identity, passphrase_fd) {
                (Some(path), _) => Unlock::identity_file(path)?,
                (None, Some(fd)) => Unlock::Passphrase(read_passphrase_fd(*fd)?),
                (None, None) if locked_by(file)? == LockedBy::Keys => {
                    return Err(Error::usage(
                        file.display(),
                        "was sealed for a key",
                        "name the file of the secret key with --identity",
                    ));
                }
                (None, None) => Unlock::Passphrase(prompt_passphrase(false)?),
            };
            let unsealed = unseal(file, out.as_deref(), &unlock, &here.progress())?;
            here.out.report(&unsealed, || unsealed_text(&unsealed))
        }
        Command::Protect { k_min, lift } => protect((!lift).then_some(*k_min), here),
        Command::Close => {
            let closed = permissions::close(&here.workspace)?;
            here.out
                .report(&serde_json::json!({ "closed": closed }), || {
                    format!("{closed} files and folders are their owner's alone now\n")
                })
        }
    }
}

fn protect(k_min: Option<u64>, here: &Here) -> Result<()> {
    let workspace = Workspace::create(&here.workspace)?;
    let deed = Deed {
        action: if k_min.is_some() {
            "protect"
        } else {
            "protection lifted"
        },
        detail: serde_json::json!({ "k_min": k_min }),
        ..Deed::default()
    };
    // Before it is lifted: a log that lacks that would be worse than one that tells of a failed try.
    let hash = workspace.record(deed, here.settings.operator.as_deref())?;
    workspace.protect(k_min)?;
    let told = serde_json::json!({ "k_min": k_min, "audit": hash });
    here.out.report(&told, || match k_min {
        Some(k) => format!(
            "nothing about fewer than {k} people is told from now on, and counts are multiples of {k}; audit {hash}\nruns made before are not shown: `portray segment` makes one that can be\n"
        ),
        None => format!("single people can be looked at again; audit {hash}\n"),
    })
}

fn sealed_text(sealed: &Sealed) -> String {
    format!(
        "{} files of {} bytes, sealed in {} bytes; SHA-256 {}\nthe workspace is still there: a deleted file can stay readable on flash memory and in snapshots\n",
        sealed.files, sealed.bytes, sealed.sealed_bytes, sealed.sha256
    )
}

fn unsealed_text(unsealed: &Unsealed) -> String {
    let place = if unsealed.is_in_memory {
        "in memory, gone with the next start of the machine; seal it again to keep what changes"
    } else {
        "on a disk, in the clear"
    };
    let folder = clean(&unsealed.folder.display().to_string());
    format!(
        "{} files of {} bytes, sealed at {}; {place}\nportray --workspace '{folder}'\n",
        unsealed.files, unsealed.bytes, unsealed.sealed_at
    )
}
