//! The main job, stage by stage: ingest, segment (features, clusters, portraits), narrate, publish, export.
//! It knows neither who asks nor how progress is shown.

mod assign;
mod bundle;
mod by_rule;
mod campaign;
mod catalogue;
mod compare;
mod continuity;
pub(crate) mod desk;
mod explain;
mod fairness;
mod geometry;
mod held_out;
mod make;
mod naming;
mod neighbours;
mod outlook;
mod places;
mod placing;
mod plane;
mod recommend;
mod replay;
mod rights;

use std::path::{Path, PathBuf};

use serde_json::json;

use crate::demo::{Shop, Truth, write_catalogue, write_file};
use crate::error::{Error, Result};
use crate::events::{IngestReport, MapOptions, Sources};
use crate::export::{Assignment, Choice, Format};
use crate::features::families;
use crate::portraits::{Why, why as why_fact};
use crate::progress::Progress;
use crate::records::{Narrative, Run};
use crate::scope::{Fate, Scope, fates, rules};
use crate::settings::{NarrateSettings, RunSettings, Settings};
use crate::workspace::{Deed, Workspace, sync};

pub use assign::{Assigned, Assignments, assign};
pub use bundle::{Header, Imported, export_bundle, import_bundle};
pub use by_rule::load as rule_file;
pub use campaign::{
    Audience, Drafting, Drawing, Reidentify, Revision, audience, campaign, campaigns,
    newest as newest_plan, plan, revise_plan, uplift,
};
pub use catalogue::product;
pub use compare::compare;
use desk::Desk;
pub use fairness::audit;
pub use held_out::fact_sheets;
pub use make::Draft;
use make::Origin;
pub(crate) use make::{ingest_of, settings_of};
pub use naming::pseudonym;
pub use outlook::outlook;
pub use recommend::{Evaluation, Recommender, Wish, evaluate, reasons};
pub use replay::{Replay, replay};
pub use rights::{
    Forgotten, Processing, Receipt, Retained, Retention, Subject, Unmasked, audit_log, everything,
    forget, processing, readmit, restrict, retain, unmasked,
};

pub(crate) use rights::restricted;

pub use crate::workspace::Annotation;

/// Every run of the workspace, the oldest first, without narratives of its own.
pub fn every_run(workspace: &Path) -> Result<Vec<Run>> {
    let opened = Workspace::open(workspace)?;
    let runs = opened.runs()?;
    let mut found = Vec::with_capacity(runs.len());
    for summary in runs {
        found.extend(opened.run(Some(summary.id), crate::words::Lang::En)?);
    }
    found.sort_by_key(|run| run.id);
    Ok(found)
}

/// Reads files into the workspace, which is made where it does not exist.
pub fn ingest(
    workspace: &Path,
    sources: &Sources,
    options: &MapOptions,
    settings: &Settings,
    progress: &Progress,
) -> Result<IngestReport> {
    let workspace = Workspace::create(workspace)?;
    let key = workspace.key()?;
    let report = crate::events::ingest(&workspace, &key, sources, options, settings, progress)?;
    let names = sources.events.iter().chain(sources.beside());
    let names: Vec<_> = names
        .filter_map(|path| path.file_name()?.to_str())
        .collect();
    let detail =
        json!({ "files": names, "rows": report.counts.rows_read, "events": report.counts.events });
    record(&workspace, "ingest", None, detail, settings)?;
    if let Some(retention) = rights::of_each_ingest(&workspace)? {
        let gone = retain(workspace.layout().root(), retention, true, settings)?;
        progress.note(format!(
            "kept from {}: {} older events and {} users went",
            gone.from, gone.events, gone.users
        ));
    }
    Ok(report)
}

/// Takes the events of the workspace at `other` into the one at `workspace`.
///
/// # Errors
/// As [`crate::events::merge_workspace`].
pub fn merge(
    workspace: &Path,
    other: &Path,
    settings: &Settings,
    progress: &Progress,
) -> Result<crate::events::Merged> {
    let workspace = Workspace::create(workspace)?;
    let key = workspace.key()?;
    let other = Workspace::open(other)?;
    let merged = crate::events::merge_workspace(&workspace, &key, &other, settings, progress)?;
    let detail = json!({ "from": other.layout().root().display().to_string(), "events": merged.counts.events });
    record(&workspace, "merge", None, detail, settings)?;
    Ok(merged)
}

/// Adds a line to the audit log about what was done already.
fn record(
    workspace: &Workspace,
    action: &str,
    run: Option<i64>,
    detail: serde_json::Value,
    settings: &Settings,
) -> Result<()> {
    let deed = Deed {
        action,
        run,
        detail,
        ..Deed::default()
    };
    let operator = settings.operator.as_deref();
    // Where the workspace can only be read there is nothing but what leaves it, and that goes on.
    workspace.record_or_say(deed, operator).map(|_| ())
}

/// Makes up a shop and reads it into the workspace with its catalogue; gives back what was read and who was planted.
pub fn sample(
    workspace: &Path,
    shop: &Shop,
    settings: &Settings,
    progress: &Progress,
) -> Result<(IngestReport, Truth)> {
    let temp = Workspace::create(workspace)?.temporary("demo-")?;
    let file = temp.path().join("demo-shop.csv");
    let truth = write_file(shop, &file)?;
    let catalog = temp.path().join("demo-catalogue.csv");
    write_catalogue(shop, &catalog)?;
    let sources = Sources {
        catalog: Some(catalog),
        ..Sources::events(&[file])
    };
    let report = ingest(
        workspace,
        &sources,
        &MapOptions::default(),
        settings,
        progress,
    )?;
    Ok((report, truth))
}

/// Computes features, clusters and facts from all events of the workspace; nothing is published yet.
pub fn segment(
    workspace: &Path,
    run_settings: &RunSettings,
    settings: &Settings,
    progress: &Progress,
) -> Result<Draft> {
    let workspace = Workspace::open(workspace)?;
    let origin = Origin {
        up_to: None,
        before: before(&workspace, run_settings.unit)?,
    };
    let mut run_settings = run_settings.clone();
    run_settings.k_min = workspace.k_min()?;
    let least = run_settings.k_min.unwrap_or_default();
    run_settings.min_support = run_settings.min_support.max(least);
    Draft::make(&workspace, &run_settings, &origin, settings, progress)
}

/// The newest run that segments the same kind of unit.
fn before(workspace: &Workspace, unit: crate::settings::Unit) -> Result<Option<i64>> {
    for summary in workspace.runs()? {
        let run = workspace.run(Some(summary.id), crate::words::Lang::En)?;
        if run
            .is_some_and(|run| make::settings_of(&run).is_ok_and(|settings| settings.unit == unit))
        {
            return Ok(Some(summary.id));
        }
    }
    Ok(None)
}

/// Writes the narratives of a run, published or not, and remembers the model in its recipe.
pub fn narrate(
    run: &mut Run,
    narrate: &NarrateSettings,
    settings: &Settings,
    progress: &Progress,
) -> Result<()> {
    let model = crate::narrate::narrate(run, narrate, settings.threads, progress)?;
    run.recipe["narrate"] = json!(narrate);
    run.recipe["model"] = json!({ "name": model.name, "sha256": model.sha256 });
    run.seconds.extend(progress.seconds());
    Ok(())
}

/// Writes a text beside the personas for a published run.
pub fn write(
    workspace: &Path,
    run: &Run,
    order: &crate::narrate::tasks::Order,
    narrate: &NarrateSettings,
    threads: usize,
    progress: &Progress,
) -> Result<Vec<crate::records::Sentence>> {
    let sensitive = crate::privacy::Sensitive::load(workspace)?;
    crate::narrate::tasks::write(run, order, &sensitive, narrate, threads, progress)
}

/// Publishes a draft: its file goes to its place, then one transaction makes the run visible to everybody.
pub fn publish(workspace: &Path, draft: Draft, settings: &Settings) -> Result<Run> {
    let workspace = Workspace::open(workspace)?;
    let Draft {
        mut run,
        file,
        temp,
        forgotten,
    } = draft;
    sync(&file)?;
    run.id = workspace.catalog()?.publish(&run, forgotten, |id| {
        let place = workspace.layout().run(id);
        std::fs::rename(&file, &place).map_err(Error::io(&place))?;
        sync(&place)?;
        place.parent().map_or(Ok(()), sync)
    })?;
    drop(temp);
    let detail = json!({ "users": run.users, "segments": run.segments.len() });
    record(&workspace, "run", Some(run.id), detail, settings)?;
    Ok(run)
}

/// Keeps new narratives of a published run.
pub fn keep_narratives(workspace: &Path, run: &Run) -> Result<()> {
    Workspace::open(workspace)?.catalog()?.put_narratives(run)
}

/// Writes the text of one segment of a published run anew, and keeps it; the texts of the others stay.
///
/// # Errors
/// As [`revise`] where a person stands by the text, and as [`narrate`].
pub fn narrate_segment(
    workspace: &Path,
    run: &Run,
    segment: u32,
    narrate: &NarrateSettings,
    settings: &Settings,
    progress: &Progress,
) -> Result<()> {
    let found = segment_of(run, segment)?;
    if found
        .narrative
        .as_ref()
        .is_some_and(|text| text.is_accepted)
    {
        return Err(Error::failed(
            format!("the text of segment {segment}"),
            "is accepted, and stays as it is",
            format!("`portray text reopen {segment}` first"),
        ));
    }
    let mut written = run.clone();
    let narrator = crate::narrate::Narrator::load(narrate)?;
    let is_it = |one: &crate::records::Segment| one.id == segment;
    narrator.narrate_some(&mut written, is_it, narrate, settings.threads, progress)?;
    let mut segments = written.segments.into_iter();
    let text = segments.find(is_it).and_then(|segment| segment.narrative);
    let mut catalog = Workspace::open(workspace)?.catalog()?;
    text.map_or(Ok(()), |text| catalog.put_text(run.id, segment, &text))
}

/// Does what a person wants to a segment's text of a published run, and keeps it.
pub fn revise(
    workspace: &Path,
    run: &Run,
    segment: u32,
    change: &crate::narrate::revise::Change,
    lang: crate::words::Lang,
) -> Result<Narrative> {
    let found = segment_of(run, segment)?;
    let narrative = crate::narrate::revise::revise(found, change, shop(run, lang))?;
    Workspace::open(workspace)?
        .catalog()?
        .put_text(run.id, segment, &narrative)?;
    Ok(narrative)
}

/// Keeps what a person decides about a segment of a published run.
///
/// # Errors
/// [`Error::Usage`] where there is no such segment, another one is called so already, or a text is too long.
pub fn annotate(workspace: &Path, run: i64, segment: u32, change: &Annotation) -> Result<()> {
    let found = find_run(workspace, Some(run), crate::words::Lang::En)?;
    segment_of(&found, segment)?;
    let change = change.checked()?;
    if let Annotation::Name(Some(name)) = &change {
        let is_called_so = |other: &&crate::records::Segment| {
            other.id != segment
                && [
                    Some(&other.name.en),
                    Some(&other.name.zh),
                    other.given_name.as_ref(),
                ]
                .contains(&Some(name))
        };
        if let Some(other) = found.segments.iter().find(is_called_so) {
            return Err(Error::usage(
                format!("the name {name}"),
                format!("segment {} is called so already", other.id),
                "give each segment a name of its own",
            ));
        }
    }
    Workspace::open(workspace)?
        .catalog()?
        .annotate(run, segment, &change)
}

/// Which facts of a segment bear out each sentence of a text; without one, of the text shown.
pub fn check(
    run: &Run,
    segment: u32,
    text: Option<&str>,
    lang: crate::words::Lang,
) -> Result<Vec<crate::records::Sentence>> {
    let found = segment_of(run, segment)?;
    match (text, &found.narrative) {
        (Some(text), _) => Ok(crate::narrate::ledger::judge(text, found, shop(run, lang))),
        (None, Some(narrative)) => Ok(narrative.sentences.clone()),
        (None, None) => Ok(Vec::new()),
    }
}

fn shop(run: &Run, lang: crate::words::Lang) -> crate::narrate::ledger::Shop<'_> {
    crate::narrate::ledger::Shop {
        segments: run.segments.len(),
        currency: run.currency.as_deref(),
        lang,
    }
}

fn segment_of(run: &Run, id: u32) -> Result<&crate::records::Segment> {
    run.segments
        .iter()
        .find(|segment| segment.id == id)
        .ok_or_else(|| {
            Error::usage(
                format!("segment {id}"),
                format!("run {} has none of that number", run.id),
                "`portray segments` lists them",
            )
        })
}

/// The published run of that number, or the newest.
///
/// # Errors
/// [`Error::Failed`] where there is no such run.
pub fn find_run(workspace: &Path, id: Option<i64>, lang: crate::words::Lang) -> Result<Run> {
    let opened = Workspace::open(workspace)?;
    let found = opened.run(id, lang)?;
    if found.is_none() && opened.k_min()?.is_some() {
        return Err(Error::failed(
            format!("the runs of {}", workspace.display()),
            "this one is not there, or was made before the workspace was protected",
            "make one with `portray segment`; `portray runs` lists what can be shown",
        ));
    }
    found.ok_or_else(|| {
        let what = id.map_or("the workspace".to_owned(), |id| format!("run {id}"));
        let why = if id.is_some() { "is not there" } else { "holds no run yet" };
        Error::failed(
            format!("{what} ({})", workspace.display()),
            why,
            "`portray runs` lists what is there, `portray segment` makes a run, `portray demo` a whole sample",
        )
    })
}

/// Who is in which segment of a published run.
pub fn assignments(workspace: &Path, run: i64, settings: &Settings) -> Result<Vec<Assignment>> {
    let workspace = Workspace::open(workspace)?;
    let found = workspace.run(Some(run), settings.lang)?;
    let before = found.as_ref().and_then(make::before_of);
    let desk = Desk::of_run(&workspace, run, settings)?;
    desk.before(before.map(|id| workspace.layout().run(id)).as_deref())?;
    desk.assignments()
}

/// Writes a published run into `out`.
pub fn export(
    workspace: &Path,
    run: &Run,
    choice: &Choice<'_>,
    out: &Path,
    settings: &Settings,
    progress: &Progress,
) -> Result<Vec<PathBuf>> {
    let opened = Workspace::open(workspace)?;
    let is_protected = opened.k_min()?.is_some();
    let names_people = |format: &Format| matches!(format, Format::Csv | Format::Parquet);
    if is_protected && choice.formats.iter().any(names_people) {
        opened.may_tell_of_people()?;
    }
    let of_groups: Vec<Format> = Format::ALL
        .into_iter()
        .filter(|format| !names_people(format))
        .filter(|format| choice.formats.is_empty() || choice.formats.contains(format))
        .collect();
    let formats = if is_protected {
        of_groups.as_slice()
    } else {
        choice.formats
    };
    let assignments = if is_protected {
        Vec::new()
    } else {
        assignments(workspace, run.id, settings)?
    };
    // Labels are in the language of the texts, where there are some.
    let told = run
        .segments
        .iter()
        .find_map(|segment| segment.narrative.as_ref());
    let deed = Deed {
        action: "export",
        run: Some(run.id),
        detail: json!({ "to": out.display().to_string(), "users": assignments.len() }),
        ..Deed::default()
    };
    // Before the files: a log that lacks an export would be worse than one that tells of a failed one.
    if let Some(note) = opened.record_or_say(deed, settings.operator.as_deref())? {
        progress.note(note);
    }
    let plan = if is_protected {
        None
    } else {
        newest_plan(workspace, run.id)?
    };
    let choice = Choice {
        formats,
        plan: plan.as_ref(),
        lang: told.map_or(choice.lang, |narrative: &Narrative| narrative.lang),
        ..*choice
    };
    crate::export::write(
        run,
        &assignments,
        &manifest(run, progress),
        &choice,
        out,
        progress,
    )
}

/// What made the run, for `manifest.json`: the one file in which times and numbers of runs live.
fn manifest(run: &Run, progress: &Progress) -> serde_json::Value {
    let mut seconds = run.seconds.clone();
    seconds.extend(progress.seconds());
    json!({
        "program": "portray",
        "version": env!("CARGO_PKG_VERSION"),
        "run": run.id,
        "seed": run.seed,
        "model": run.recipe["model"],
        "created_at": run.created_at,
        "exported_at": jiff::Timestamp::now().to_string(),
        "seconds": seconds,
        "recipe": run.recipe,
    })
}

/// What became of a line of a file that was ingested, and what a published run makes of it.
///
/// # Errors
/// [`Error::Usage`] where no ingest read such a line.
pub fn row(
    workspace: &Path,
    run: &Run,
    file: &str,
    line: u64,
    settings: &Settings,
) -> Result<Vec<Fate>> {
    let workspace = Workspace::open(workspace)?;
    let desk = Desk::of_run(&workspace, run.id, settings)?;
    let mut found = fates(desk.connection(), file, line)?;
    if found.is_empty() {
        return Err(Error::usage(
            format!("{file}:{line}"),
            "no ingest read such a line",
            "name the file without its folder and the line as in an editor; the header is no row",
        ));
    }
    let rules = rules(workspace.layout().root())?;
    desk.shut(&workspace)?;
    Scope::open(
        desk.connection(),
        &make::settings_of(run)?,
        make::ingest_of(run),
        &rules,
    )?;
    for fate in &mut found {
        fate.judge(desk.connection())?;
    }
    Ok(found)
}

/// The query behind a fact of a published run and its rows, of the events that the run was made from.
pub fn why(
    workspace: &Path,
    run: &Run,
    segment: u32,
    fact: &str,
    settings: &Settings,
) -> Result<Why> {
    let workspace = Workspace::open(workspace)?;
    let found = run
        .segments
        .iter()
        .find(|s| s.id == segment)
        .and_then(|s| s.facts.iter().find(|f| f.id == fact));
    let fact = found.ok_or_else(|| {
        Error::usage(
            "--why",
            format!("segment {segment} has no fact `{fact}`"),
            "`portray show SEGMENT` lists its facts",
        )
    })?;
    let desk = Desk::of_scope(&workspace, run, settings)?;
    why_fact(
        desk.connection(),
        &families(workspace.layout().root())?,
        segment,
        fact,
        make::settings_of(run)?.min_support,
    )
}
