//! `portray mark`: what a person decides about a segment.

use serde_json::json;

use super::args::Here;
use super::{run_of, segment_of, text};
use crate::error::Result;
use crate::pipeline::{self, Annotation};
use crate::words::clean;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Number of the segment
    segment: u32,
    /// Call it this in place of the program's name
    #[arg(long, value_name = "TEXT", conflicts_with = "no_name")]
    name: Option<String>,
    /// Give it the program's name back
    #[arg(long)]
    no_name: bool,
    /// Add a tag
    #[arg(long, value_name = "WORD", num_args = 1..)]
    tag: Vec<String>,
    /// Take a tag away
    #[arg(long, value_name = "WORD", num_args = 1..)]
    untag: Vec<String>,
    /// Note something about it, in place of the note before
    #[arg(long, value_name = "TEXT", conflicts_with = "no_note")]
    note: Option<String>,
    /// Remove the note
    #[arg(long)]
    no_note: bool,
    /// Number of the run (default: the newest)
    #[arg(long, value_name = "N")]
    run: Option<i64>,
}

pub fn run(args: &Args, here: &Here) -> Result<()> {
    let run = run_of(here, args.run)?;
    let segment = segment_of(&run, args.segment)?;
    let mut changes = Vec::new();
    if args.no_name || args.name.is_some() {
        changes.push(Annotation::Name(args.name.clone()));
    }
    if !args.tag.is_empty() || !args.untag.is_empty() {
        let stays = |tag: &&String| !args.untag.iter().any(|other| other.trim() == *tag);
        let tags = segment.tags.iter().chain(&args.tag).filter(stays);
        changes.push(Annotation::Tags(tags.cloned().collect()));
    }
    if args.no_note || args.note.is_some() {
        changes.push(Annotation::Note(args.note.clone()));
    }
    // All or nothing: a mistake in the last one is told before the first is kept.
    for change in &changes {
        change.checked()?;
    }
    for change in &changes {
        pipeline::annotate(&here.workspace, run.id, args.segment, change)?;
    }
    let run = run_of(here, Some(run.id))?;
    let segment = segment_of(&run, args.segment)?;
    let lang = here.settings.lang;
    let shown = json!({
        "run": run.id,
        "segment": segment.id,
        "name": segment.name.get(lang),
        "given_name": segment.given_name,
        "tags": segment.tags,
        "note": segment.note,
    });
    here.out.report(&shown, || {
        let mut said = format!("{}  {}\n", segment.id, clean(&segment.marked_title(lang)));
        text::decided(&mut said, segment, lang);
        said
    })
}
