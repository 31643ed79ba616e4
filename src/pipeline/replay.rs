//! A published run made again from its recipe, and compared byte by byte.

use std::path::Path;

use serde::Serialize;

use super::desk::Desk;
use super::make::{Draft, Origin, before_of, ingest_of, settings_of};
use super::{find_run, manifest};
use crate::error::{Error, Result};
use crate::export::{Choice, Format};
use crate::progress::Progress;
use crate::records::Run;
use crate::settings::{NarrateSettings, Settings};
use crate::words::Lang;
use crate::workspace::Workspace;

/// What came of a replay.
#[derive(Debug, Serialize)]
pub struct Replay {
    /// The run.
    pub run: i64,
    /// Whether every exported file but the manifest came out the same, byte by byte.
    pub same: bool,
    /// Files that differ.
    pub different: Vec<String>,
    /// What is no longer as it was when the run was made: SQL files, the model, the program's version.
    pub changed: Vec<String>,
}

/// Makes run `id` again with the settings, seed and events of its recipe, and compares what would be exported.
pub fn replay(
    workspace: &Path,
    id: i64,
    lang: Lang,
    settings: &Settings,
    progress: &Progress,
) -> Result<Replay> {
    let mut before = find_run(workspace, Some(id), lang)?;
    let narrate = narrate_settings(&before)?;
    // The texts that the recipe speaks of are those of its own language.
    let lang = narrate.as_ref().map_or(lang, |narrate| narrate.lang);
    before = find_run(workspace, Some(id), lang)?;
    let opened = Workspace::open(workspace)?;
    let mut draft = Draft::make(
        &opened,
        &settings_of(&before)?,
        &Origin {
            up_to: ingest_of(&before),
            before: before_of(&before),
        },
        settings,
        progress,
    )?;
    if let Some(narrate) = &narrate {
        super::narrate(&mut draft.run, narrate, settings, progress)?;
    }
    // What a person decided or did to a text is no work of the recipe's.
    for (now, then) in draft.run.segments.iter_mut().zip(&before.segments) {
        now.given_name.clone_from(&then.given_name);
        now.tags.clone_from(&then.tags);
        now.note.clone_from(&then.note);
        if then
            .narrative
            .as_ref()
            .is_some_and(crate::records::Narrative::is_a_persons)
        {
            now.narrative.clone_from(&then.narrative);
        }
    }
    let temp = opened.temporary("replay-")?;
    let choice = Choice {
        formats: &Format::ALL,
        lang,
        bom: false,
        if_changed: false,
        plan: None,
    };
    let (old, new) = (temp.path().join("old"), temp.path().join("new"));
    let members = super::assignments(workspace, id, settings)?;
    crate::export::write(
        &before,
        &members,
        &manifest(&before, progress),
        &choice,
        &old,
        progress,
    )?;
    let desk = Desk::of_file(&opened, &draft.file, settings)?;
    let earlier = before_of(&before).map(|id| opened.layout().run(id));
    desk.before(earlier.as_deref())?;
    let members_again = desk.assignments()?;
    drop(desk);
    draft.run.id = before.id;
    draft.run.created_at.clone_from(&before.created_at);
    crate::export::write(
        &draft.run,
        &members_again,
        &manifest(&draft.run, progress),
        &choice,
        &new,
        progress,
    )?;
    let different = different(&old, &new)?;
    Ok(Replay {
        run: id,
        same: different.is_empty(),
        different,
        changed: changed(&before, &draft.run),
    })
}

/// How the run was narrated; none where it was not.
fn narrate_settings(run: &Run) -> Result<Option<NarrateSettings>> {
    match &run.recipe["narrate"] {
        serde_json::Value::Null => Ok(None),
        recipe => serde_json::from_value(recipe.clone())
            .map(Some)
            .map_err(|e| {
                Error::failed(
                    format!("run {}", run.id),
                    format!("its recipe does not parse: {e}"),
                    "make a new run",
                )
            }),
    }
}

fn different(old: &Path, new: &Path) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(old).map_err(Error::io(old))? {
        let name = entry
            .map_err(Error::io(old))?
            .file_name()
            .to_string_lossy()
            .into_owned();
        let read = |folder: &Path| {
            std::fs::read(folder.join(&name)).map_err(Error::io(folder.join(&name)))
        };
        if name != "manifest.json" && read(old)? != read(new)? {
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}

fn changed(before: &Run, now: &Run) -> Vec<String> {
    let mut changed = Vec::new();
    if let (Some(old), Some(new)) = (
        before.recipe["sql"].as_object(),
        now.recipe["sql"].as_object(),
    ) {
        let names: std::collections::BTreeSet<_> = old.keys().chain(new.keys()).collect();
        changed.extend(
            names
                .into_iter()
                .filter(|name| old.get(*name) != new.get(*name))
                .cloned(),
        );
    }
    if before.recipe["model"] != now.recipe["model"] {
        changed.push("the model".into());
    }
    changed
}
