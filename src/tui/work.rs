//! What background work does: each request, carried out by the library.

use std::path::{Path, PathBuf};

use super::message::{Listing, Outcome, Request};
use crate::demo::Shop;
use crate::error::{Error, Result};
use crate::events::{MapOptions, ShopFile, Sources};
use crate::explore::{self, Limits};
use crate::narrate::tasks::Order;
use crate::pipeline;
use crate::progress::Progress;
use crate::records::Run;
use crate::settings::{NarrateSettings, RunSettings, Settings};
use crate::words::Lang;
use crate::workspace::{Job, Record, Standing, Workspace};

/// Users of the sample shop: enough for every feature, few enough for a minute or two.
const SAMPLE: usize = 1_500;
/// Users in a list.
const LISTED: usize = 500;
/// Days that a plan's expectations are about, and messages to pick from for each segment.
const DAYS: u32 = 90;
const MESSAGES: usize = 2;
/// Places in the map.
const PLACES: usize = 6_000;
/// Memory of a question to the event store, on one thread, so that browsing stays small beside other programs
/// (`cargo bench --bench tui` shows what it comes to).
const MEMORY: &str = "48MB";

/// Where work is done.
#[derive(Debug, Clone)]
pub struct Desk {
    /// The workspace's folder.
    pub folder: PathBuf,
    /// Limits of the machine.
    pub settings: Settings,
    /// Seed of everything drawn.
    pub seed: u64,
}

impl Desk {
    /// Carries out a request; `lang` is the language of the screen now.
    pub fn work(&self, request: &Request, lang: Lang, progress: &Progress) -> Result<Outcome> {
        let folder = self.folder.as_path();
        let settings = &Settings {
            lang,
            ..self.settings.clone()
        };
        let of = |id: i64| pipeline::find_run(folder, Some(id), lang);
        Ok(match request {
            Request::Load(id) => {
                Outcome::Loaded(Workspace::open(folder)?.run(*id, lang)?.map(Box::new))
            }
            Request::Runs => Outcome::Runs(Workspace::open(folder)?.runs()?),
            Request::Detached => Outcome::Detached(detached(folder)?),
            Request::Brief(id) => {
                Outcome::Brief(Workspace::open(folder)?.run(Some(*id), lang)?.map(Box::new))
            }
            Request::Map(run) => Outcome::Map(frugally(settings, |small| {
                explore::map(folder, *run, PLACES, small, progress)
            })?),
            Request::Overview(run) => {
                let ask = |small: &Settings| explore::overview(folder, *run, small, progress);
                Outcome::Overview(Box::new(frugally(settings, ask)?))
            }
            Request::Users(run, prefix) => {
                let listing = explore::Listing {
                    prefix: prefix.clone(),
                    limit: LISTED,
                    ..explore::Listing::default()
                };
                let ask =
                    |small: &Settings| explore::users(folder, *run, &listing, small, progress);
                let (users, of) = frugally(settings, ask)?;
                Outcome::Users(users, of)
            }
            Request::Profile(run, who) => Outcome::Profile(
                frugally(settings, |small| {
                    explore::profile(folder, *run, who, small, progress)
                })?
                .map(Box::new),
            ),
            Request::Schema(run) => Outcome::Schema(explore::schema(folder, *run, settings)?),
            Request::Query(run, sql) => Outcome::Table(explore::query(
                folder,
                *run,
                sql,
                Limits::default(),
                settings,
                progress,
            )?),
            Request::Save(run, sql, out) => {
                Outcome::Saved(explore::save(folder, *run, sql, out, settings, progress)?)
            }
            Request::Why(run, segment, fact) => {
                let why = pipeline::why(folder, &of(*run)?, *segment, fact, settings)?;
                Outcome::Why(Box::new(why))
            }
            Request::Folder(path) => Outcome::Listing(list(path)?),
            Request::Preview(path, own) => preview(path, own, settings)?,
            Request::Revise(run, segment, change) => {
                pipeline::revise(folder, &of(*run)?, *segment, change, lang)?;
                Outcome::Changed(None)
            }
            Request::Annotate(run, segment, annotation) => {
                pipeline::annotate(folder, *run, *segment, annotation)?;
                Outcome::Changed(None)
            }
            Request::Demo => {
                let shop = Shop {
                    users: SAMPLE,
                    seed: self.seed,
                };
                pipeline::sample(folder, &shop, settings, progress)?;
                self.make(&RunSettings::default(), settings, progress)?
            }
            Request::Ingest(path, own) => {
                let options = options(path, own)?;
                let sources = Sources::events(std::slice::from_ref(path));
                pipeline::ingest(folder, &sources, &options, settings, progress)?;
                let newest = Workspace::open(folder)?.run(None, lang)?;
                let run_settings = match newest {
                    Some(run) => pipeline::settings_of(&run)?,
                    None => RunSettings::default(),
                };
                self.make(&run_settings, settings, progress)?
            }
            Request::Make(run, k) => {
                let run_settings = RunSettings {
                    k: Some(*k),
                    ..pipeline::settings_of(&of(*run)?)?
                };
                self.make(&run_settings, settings, progress)?
            }
            Request::Narrate(run, segment) => {
                self.narrate(of(*run)?, *segment, settings, progress)?;
                Outcome::Changed(None)
            }
            other => self.act_on(other, settings, progress)?,
        })
    }

    /// What follows from the segments: what sets two apart, recommendations, campaigns.
    fn act_on(
        &self,
        request: &Request,
        settings: &Settings,
        progress: &Progress,
    ) -> Result<Outcome> {
        let folder = self.folder.as_path();
        let of = |id: i64| pipeline::find_run(folder, Some(id), settings.lang);
        Ok(match request {
            Request::Compare(run, one, other) => Outcome::Compared(pipeline::write(
                folder,
                &of(*run)?,
                &Order::Compare(*one, *other),
                &self.narrate_settings(settings.lang),
                settings.threads,
                progress,
            )?),
            Request::Offers(run) => {
                let run = of(*run)?;
                let found = recommender(folder, &run, settings, progress)?;
                let lists = run
                    .segments
                    .iter()
                    .filter_map(|one| found.segment(one.id).ok());
                Outcome::Offers(lists.collect())
            }
            Request::UserOffers(run, user) => {
                let found = recommender(folder, &of(*run)?, settings, progress)?;
                Outcome::UserOffers(found.user(user).map(Box::new))
            }
            Request::Plan(run) => Outcome::Plan(pipeline::newest_plan(folder, *run)?.map(Box::new)),
            Request::RevisePlan(id, segment, revision) => {
                let plan = pipeline::revise_plan(folder, Some(*id), *segment, revision)?;
                Outcome::Plan(Some(Box::new(plan)))
            }
            Request::PlanCampaign(run) => {
                let drafting = pipeline::Drafting {
                    days: DAYS,
                    holdout: None,
                    messages: MESSAGES,
                    protect: None,
                    narrate: self.narrate_settings(settings.lang),
                };
                let plan = pipeline::plan(folder, &of(*run)?, &drafting, settings, progress)?;
                Outcome::Plan(Some(Box::new(plan)))
            }
            _ => Outcome::Changed(None),
        })
    }

    fn narrate_settings(&self, lang: Lang) -> NarrateSettings {
        NarrateSettings {
            seed: self.seed,
            lang,
            ..NarrateSettings::default()
        }
    }

    /// Makes a run, publishes it, and then writes its texts: what is stopped in between keeps the run.
    fn make(
        &self,
        run_settings: &RunSettings,
        settings: &Settings,
        progress: &Progress,
    ) -> Result<Outcome> {
        let run_settings = RunSettings {
            seed: self.seed,
            ..run_settings.clone()
        };
        let draft = pipeline::segment(&self.folder, &run_settings, settings, progress)?;
        let run = pipeline::publish(&self.folder, draft, &self.settings)?;
        let id = run.id;
        self.narrate(run, None, settings, progress)?;
        Ok(Outcome::Changed(Some(id)))
    }

    /// Writes the texts of a run, or of one of its segments with another seed than before.
    fn narrate(
        &self,
        mut run: Run,
        segment: Option<u32>,
        settings: &Settings,
        progress: &Progress,
    ) -> Result<()> {
        let mut narrate = self.narrate_settings(settings.lang);
        match segment {
            None => {
                pipeline::narrate(&mut run, &narrate, settings, progress)?;
                pipeline::keep_narratives(&self.folder, &run)
            }
            Some(id) => {
                narrate.seed = jiff::Timestamp::now().as_second().unsigned_abs();
                pipeline::narrate_segment(&self.folder, &run, id, &narrate, settings, progress)
            }
        }
    }
}

/// The jobs of a workspace; none where there is no workspace yet.
fn detached(folder: &Path) -> Result<Vec<(Record, Standing)>> {
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let jobs = Workspace::open(folder)?.jobs()?;
    // One whose record is damaged, or that just went, hides no other; `portray jobs` names it.
    let read = |job: &Job| Some((job.record().ok()?, job.standing().ok()?));
    Ok(jobs.iter().filter_map(read).collect())
}

/// Asks with little memory, and again with all that there is where that is too little and nobody set it.
fn frugally<T>(settings: &Settings, ask: impl Fn(&Settings) -> Result<T>) -> Result<T> {
    if settings.memory.is_some() {
        return ask(settings);
    }
    let small = Settings {
        memory: Some(MEMORY.into()),
        threads: 1,
        ..settings.clone()
    };
    match ask(&small) {
        Err(error) if error.is_out_of_memory() => ask(settings),
        answer => answer,
    }
}

/// Recommends ten products, as the command line does.
fn recommender(
    folder: &Path,
    run: &Run,
    settings: &Settings,
    progress: &Progress,
) -> Result<pipeline::Recommender> {
    let wish = pipeline::Wish {
        top: 10,
        diversity: 0.0,
        without: Vec::new(),
    };
    pipeline::Recommender::open(folder, run, &wish, settings, progress)
}

fn options(path: &Path, own: &ShopFile) -> Result<MapOptions> {
    let mut options = MapOptions::default();
    own.add_to(&mut options, path)?;
    Ok(options)
}

fn preview(path: &Path, own: &ShopFile, settings: &Settings) -> Result<Outcome> {
    let sources = Sources::events(&[path.to_path_buf()]);
    let previews = crate::events::preview(&sources, &options(path, own)?, settings)?;
    let first = previews
        .into_iter()
        .next()
        .ok_or_else(|| Error::failed(path.display(), "holds no event file", "pick another file"))?;
    Ok(Outcome::Preview(Box::new(first)))
}

/// What stands in a folder, without what is hidden.
fn list(path: &Path) -> Result<Listing> {
    let folder = std::path::absolute(path).map_err(Error::io(path))?;
    let mut listing = Listing {
        folder: folder.components().collect(),
        ..Listing::default()
    };
    for entry in std::fs::read_dir(&folder).map_err(Error::io(&folder))? {
        let entry = entry.map_err(Error::io(&folder))?;
        // A name that is not UTF-8 cannot be named on a command line either; it is left out.
        let Ok(name) = entry.file_name().into_string() else {
            continue;
        };
        if name.starts_with('.') {
            continue;
        }
        match entry.path().metadata() {
            Ok(meta) if meta.is_dir() => listing.folders.push(name),
            Ok(meta) if meta.is_file() => listing.files.push((name, meta.len())),
            _ => {}
        }
    }
    listing.folders.sort();
    listing.files.sort();
    Ok(listing)
}
