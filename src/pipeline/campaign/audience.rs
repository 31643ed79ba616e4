//! An audience as files: those who are written to, and those who are held out.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::io::Write;
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde_json::json;
use tempfile::NamedTempFile;

use super::plan::members;
use super::reach::{Reach, today};
use super::unplanned;
use crate::campaigns::{Arms, Contacts, Preset, Rules, holdout};
use crate::error::{Error, Result};
use crate::events::{Field, Table};
use crate::export::cell;
use crate::features::families;
use crate::pipeline::campaign;
use crate::pipeline::desk::Desk;
use crate::pipeline::make::settings_of;
use crate::pipeline::naming::Naming;
use crate::progress::Progress;
use crate::records::{Plan, Run};
use crate::settings::{Settings, Unit};
use crate::workspace::{Catalog, Deed, Drawn, Workspace};

/// Ad platforms match nobody, or show whom they matched, with fewer rows.
const FEWEST: usize = 100;

/// Who is drawn, and where the files go.
#[derive(Debug, Clone)]
pub struct Drawing {
    /// Users of this segment; none: of all segments that the campaign writes to.
    pub segment: Option<u32>,
    /// A condition over the users' features, as in `recency > 60`.
    pub condition: Option<String>,
    /// The campaign that they are drawn for; none: a new one.
    pub campaign: Option<i64>,
    /// Channel; none: the campaign's, else mail.
    pub channel: Option<String>,
    /// The share that is held out, 0 to 1; none: the campaign's, else none is.
    pub holdout: Option<f64>,
    /// Seed of the draw.
    pub seed: u64,
    /// The file; the holdout's stands beside it, with `.holdout` before its ending.
    pub out: PathBuf,
    /// Ids in place of pseudonyms.
    pub reidentify: Option<Reidentify>,
}

/// The shop's own list, whose ids are turned into pseudonyms in memory.
#[derive(Debug, Clone)]
pub struct Reidentify {
    /// A file of users and how they are reached.
    pub list: PathBuf,
    /// Who the file is for; none: the ids alone.
    pub preset: Option<Preset>,
    /// The country of phone numbers that name none, two letters.
    pub country: Option<String>,
}

/// What was written.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Audience {
    /// The campaign that they were drawn for.
    pub campaign: i64,
    /// Users that the segment and the condition name.
    pub asked: u64,
    /// Of these, users who asked for no word.
    pub refused: u64,
    /// Users written to as often as the cap allows.
    pub capped: u64,
    /// Users to be written to.
    pub treated: u64,
    /// Users held out.
    pub held: u64,
    /// Lines in the file: fewer than `treated` where the list lacks some.
    pub rows: u64,
    /// Users whom the list lacks.
    pub missing: u64,
    /// Lines of the list about somebody who stood there before; the first counts.
    pub repeated: u64,
    /// Addresses and numbers that are none.
    pub unusable: u64,
    /// The files.
    pub files: Vec<PathBuf>,
    /// What is to be said about it, one line each.
    pub notes: Vec<String>,
}

/// Draws an audience from the users of a published run and writes its files. Who asked for no word by the channel is never in
/// it, nor who was written to as often as the cap allows.
///
/// # Errors
/// [`Error::Usage`] for a holdout of everybody, a condition that does not parse, or a list without what the preset needs;
/// [`Error::Rejected`] where nobody is left, or nobody is on the list.
pub fn audience(
    workspace: &Path,
    run: &Run,
    drawing: &Drawing,
    settings: &Settings,
    progress: &Progress,
) -> Result<Audience> {
    let opened = Workspace::open(workspace)?;
    let rules = Rules::load(opened.layout().root())?;
    let mut plan = match drawing.campaign {
        Some(id) => campaign(workspace, Some(id))?,
        None => unplanned(run, rules.cap),
    };
    let share = drawing.holdout.unwrap_or(if drawing.campaign.is_some() {
        plan.holdout
    } else {
        0.0
    });
    if share >= 1.0 {
        return Err(Error::usage(
            "--holdout",
            "holds everybody out: nobody would be written to",
            "hold out less, such as 10%",
        ));
    }
    let channels = channels(&plan, run, drawing)?;
    let desk = Desk::of_scope(&opened, run, settings)?;
    let mut catalog = opened.catalog()?;
    let reach = Reach::of(&desk, &catalog, plan.cap, plan.id)?;
    check(&plan, run, &channels, &catalog, &reach)?;
    let fitting = match &drawing.condition {
        Some(condition) => Some(fitting(&desk, opened.layout().root(), condition)?),
        None => None,
    };
    progress.check()?;
    let mut found = Audience::default();
    let mut drawn: BTreeMap<String, Vec<Drawn>> = BTreeMap::new();
    for (segment, users) in members(&desk)? {
        let Some(channel) = channels.get(&segment) else {
            continue;
        };
        let fits = |user: &i32| fitting.as_ref().is_none_or(|users| users.contains(user));
        let asked = users.into_iter().filter(fits);
        let names = found.left(asked, channel, &reach);
        // Each segment is drawn from on its own, so that the parts of each can be compared.
        let arms = holdout(names, share, drawing.seed ^ u64::from(segment));
        drawn
            .entry(channel.clone())
            .or_default()
            .extend(parts(arms, segment));
    }
    let part = |is_held: bool| -> Vec<&str> {
        let all = drawn
            .values()
            .flatten()
            .filter(|one| one.is_held == is_held);
        all.map(|one| one.user.as_str()).collect()
    };
    let (treated, held) = (part(false), part(true));
    (found.treated, found.held) = (treated.len() as u64, held.len() as u64);
    if treated.is_empty() {
        return Err(found.empty());
    }
    let listed = match &drawing.reidentify {
        Some(reidentify) => Some(Listed::read(&opened, run, reidentify, &treated, settings)?),
        None => None,
    };
    let beside = beside(&drawing.out);
    // Where a file cannot be written nothing is drawn; from `put_draw` on the draw is known to the catalog.
    let (first, second) = (begun(&drawing.out)?, begun(&beside)?);
    found.campaign = catalog.put_draw(&mut plan, &drawn)?;
    found.rows = found.treated;
    note(&opened, run.id, &found, drawing, settings)?;
    match listed {
        None => finish(first, &drawing.out, &["user"], one_column(&treated))?,
        Some(listed) => {
            found.rows = listed.rows.len() as u64;
            found.missing = found.treated - found.rows;
            (found.repeated, found.unusable) = (listed.repeated, listed.unusable);
            let heads = listed.heads.clone();
            finish(first, &drawing.out, &heads, listed.lines(found.campaign))?;
        }
    }
    // Pseudonyms always: nobody is written to from this one.
    finish(second, &beside, &["user"], one_column(&held))?;
    found.files = vec![drawing.out.clone(), beside];
    found.notes = notes(&found, drawing, share);
    Ok(found)
}

/// Whether these segments may be drawn from for this campaign.
fn check(
    plan: &Plan,
    run: &Run,
    channels: &BTreeMap<u32, String>,
    catalog: &Catalog,
    reach: &Reach,
) -> Result<()> {
    if settings_of(run)?.unit != Unit::User && reach.knows_wishes() {
        return Err(Error::usage(
            format!("run {}", run.id),
            "segments no users, and opt-outs are those of users: who refuses could not be left out",
            "draw from a run of users",
        ));
    }
    let before: BTreeSet<u32> = catalog
        .drawn(plan.id)?
        .iter()
        .map(|one| one.segment)
        .collect();
    match channels.keys().find(|segment| before.contains(segment)) {
        None => Ok(()),
        Some(segment) => Err(Error::usage(
            format!("campaign {}", plan.id),
            format!("has an audience of segment {segment} already, who may have been written to"),
            "draw other segments, or plan another campaign",
        )),
    }
}

fn one_column<'a>(users: &'a [&'a str]) -> impl Iterator<Item = Vec<String>> + 'a {
    users.iter().map(|user| vec![(*user).to_owned()])
}

/// The users of a segment, drawn today.
fn parts(arms: Arms, segment: u32) -> impl Iterator<Item = Drawn> {
    let on = today().to_string();
    let held = arms.held.into_iter().map(|user| (user, true));
    let all = arms
        .treated
        .into_iter()
        .map(|user| (user, false))
        .chain(held);
    all.map(move |(user, is_held)| Drawn {
        user,
        segment,
        is_held,
        on: on.clone(),
    })
}

impl Audience {
    /// Of the users asked for those who may be written to, as pseudonyms; the others are counted.
    fn left(
        &mut self,
        asked: impl Iterator<Item = i32>,
        channel: &str,
        reach: &Reach,
    ) -> Vec<String> {
        let mut names = Vec::new();
        for user in asked {
            self.asked += 1;
            if reach.refuses(user, channel) {
                self.refused += 1;
            } else if reach.is_capped(user) {
                self.capped += 1;
            } else {
                names.extend(reach.names.get(&user).cloned());
            }
        }
        names
    }

    fn empty(&self) -> Error {
        Error::rejected(
            "the audience",
            format!(
                "is empty: {} asked for, {} refuse, {} were written to lately",
                self.asked, self.refused, self.capped
            ),
            "loosen the condition, take another segment or channel, or change the cap in campaign.toml",
        )
    }
}

/// The channel of each segment that is drawn from.
fn channels(plan: &Plan, run: &Run, drawing: &Drawing) -> Result<BTreeMap<u32, String>> {
    if plan.run != run.id {
        return Err(Error::usage(
            format!("campaign {}", plan.id),
            format!("is of run {}, not of run {}", plan.run, run.id),
            format!("say --run {}", plan.run),
        ));
    }
    let planned = |segment: u32| {
        let action = plan
            .actions
            .iter()
            .find(|action| action.segment == segment)?;
        action.channel.clone()
    };
    let channel = |segment: u32| drawing.channel.clone().or_else(|| planned(segment));
    let segments: BTreeSet<u32> = match drawing.segment {
        Some(segment) => BTreeSet::from([segment]),
        None => run.segments.iter().map(|segment| segment.id).collect(),
    };
    let is_planned = !plan.actions.is_empty();
    let found: BTreeMap<u32, String> = segments
        .into_iter()
        .filter_map(|segment| {
            if is_planned && planned(segment).is_none() {
                return None;
            }
            Some((
                segment,
                channel(segment).unwrap_or_else(|| "mail".to_owned()),
            ))
        })
        .collect();
    if found.is_empty() {
        return Err(Error::usage(
            format!("campaign {}", plan.id),
            "leaves these users alone",
            "take another segment, or draw without --campaign",
        ));
    }
    Ok(found)
}

/// The users whom a condition holds for. It is read on files that are open for reading alone, with every other file shut.
fn fitting(desk: &Desk, root: &Path, condition: &str) -> Result<HashSet<i32>> {
    let wrong = |why: String| {
        Error::usage(
            "--where",
            why,
            "write a condition over features, such as 'recency > 60 AND orders >= 2' (`portray show data` lists them)",
        )
    };
    if condition.contains(';') || condition.contains("--") || condition.contains("/*") {
        return Err(wrong("holds more than a condition".to_owned()));
    }
    let columns: Vec<crate::features::Column> = families(root)?
        .into_iter()
        .flat_map(|family| family.columns)
        .collect();
    desk.users(&columns)?;
    let has = |id: &str| columns.iter().any(|column| column.id == id);
    let names: String = [
        ("recency", "rfm.recency_days", "recency_days"),
        ("frequency", "rfm.orders", "orders"),
        ("monetary", "rfm.revenue", "revenue"),
    ]
    .iter()
    .filter(|(_, id, _)| has(id))
    .map(|(name, _, column)| format!(", u.{column} AS {name}"))
    .collect();
    let sql = include_str!("../../../sql/campaign/audience.sql").replace("{names}", &names);
    let connection = desk.connection();
    connection
        .execute_batch(&sql)
        .map_err(Error::duck("campaign/audience.sql"))?;
    let sql = format!("SELECT user_id FROM audience WHERE ({condition}\n) ORDER BY user_id");
    let read = || -> duckdb::Result<HashSet<i32>> {
        connection
            .prepare(&sql)?
            .query_map([], |row| row.get(0))?
            .collect()
    };
    read().map_err(|error| {
        wrong(crate::words::clip(
            &crate::words::clean(&error.to_string()),
            300,
        ))
    })
}

/// Lines of a shop's list about those who are written to.
struct Listed {
    heads: Vec<&'static str>,
    tags: Option<usize>,
    rows: BTreeMap<String, Vec<String>>,
    repeated: u64,
    unusable: u64,
}

impl Listed {
    fn read(
        opened: &Workspace,
        run: &Run,
        reidentify: &Reidentify,
        treated: &[&str],
        settings: &Settings,
    ) -> Result<Self> {
        let temp = opened.temporary("list-")?;
        let mut list = Table::open(&reidentify.list, temp.path(), None, settings)?;
        let user = list.need_field(Field::User)?;
        let heads: Vec<String> = list.columns().to_vec();
        let mut contacts = reidentify
            .preset
            .map(|preset| Contacts::new(preset, &heads, reidentify.country.as_deref()));
        if contacts.as_ref().is_some_and(|contacts| !contacts.reach()) {
            return Err(Error::usage(
                list.name(),
                "has no column of addresses or phone numbers",
                "name them in the first line, such as email or phone",
            ));
        }
        let wanted: HashSet<&str> = treated.iter().copied().collect();
        let mut found = Self {
            heads: reidentify
                .preset
                .map_or_else(|| vec!["user"], Preset::heads),
            tags: reidentify.preset.and_then(Preset::tags),
            rows: BTreeMap::new(),
            repeated: 0,
            unusable: 0,
        };
        let naming = Naming::of_run(opened.layout().root(), run)?;
        while list.next()? {
            let id = list.filled(user)?;
            let name = naming.of(id);
            if !wanted.contains(name.as_str()) {
                continue;
            }
            if found.rows.contains_key(&name) {
                found.repeated += 1;
                continue;
            }
            let cells: Vec<&str> = (0..heads.len()).map(|at| list.cell(at)).collect();
            let line = match &mut contacts {
                Some(contacts) => contacts.line(&cells),
                None => vec![cell(id)],
            };
            found.rows.insert(name, line);
        }
        found.unusable = contacts.map_or(0, |contacts| contacts.unusable);
        if found.rows.is_empty() {
            return Err(Error::rejected(
                list.name(),
                "names none of the audience",
                "its column of ids is to hold the ids that the events were read with",
            ));
        }
        Ok(found)
    }

    /// The lines, with the campaign's number where the tool has tags.
    fn lines(self, campaign: i64) -> impl Iterator<Item = Vec<String>> {
        let tag = self.tags.map(|at| (at, format!("portray-{campaign}")));
        self.rows.into_values().map(move |mut line| {
            if let Some((cell, tag)) = tag
                .as_ref()
                .and_then(|(at, tag)| Some((line.get_mut(*at)?, tag)))
            {
                cell.clone_from(tag);
            }
            line
        })
    }
}

fn beside(out: &Path) -> PathBuf {
    let stem = out.file_stem().unwrap_or_default().to_string_lossy();
    let ending = out
        .extension()
        .map(|ending| format!(".{}", ending.to_string_lossy()))
        .unwrap_or_default();
    out.with_file_name(format!("{stem}.holdout{ending}"))
}

/// Notes in the audit log that a list of people leaves the workspace, by pseudonyms or by their own ids.
fn note(
    workspace: &Workspace,
    run: i64,
    found: &Audience,
    drawing: &Drawing,
    settings: &Settings,
) -> Result<()> {
    let preset = drawing.reidentify.as_ref().and_then(|one| one.preset);
    let detail = json!({
        "campaign": found.campaign, "users": found.treated, "to": drawing.out.display().to_string(),
        "preset": preset.map(|preset| format!("{preset:?}").to_lowercase()),
    });
    let deed = Deed {
        action: if drawing.reidentify.is_some() {
            "reidentify"
        } else {
            "audience"
        },
        run: Some(run),
        detail,
        ..Deed::default()
    };
    workspace
        .record(deed, settings.operator.as_deref())
        .map(|_| ())
}

/// A file beside the one that it will be.
fn begun(path: &Path) -> Result<NamedTempFile> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    NamedTempFile::new_in(folder.unwrap_or_else(|| Path::new("."))).map_err(Error::io(path))
}

/// Fills the file, in UTF-8 without a mark, and gives it its name.
fn finish(
    mut file: NamedTempFile,
    path: &Path,
    heads: &[&str],
    rows: impl Iterator<Item = Vec<String>>,
) -> Result<()> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::Any(b'\n'))
        .from_writer(Vec::new());
    let failed = |why: String| Error::failed(path.display(), why, "report this");
    writer
        .write_record(heads)
        .map_err(|e| failed(e.to_string()))?;
    for row in rows {
        writer
            .write_record(row)
            .map_err(|e| failed(e.to_string()))?;
    }
    let bytes = writer.into_inner().map_err(|e| failed(e.to_string()))?;
    file.write_all(&bytes).map_err(Error::io(path))?;
    file.persist(path).map_err(|e| Error::io(path)(e.error))?;
    Ok(())
}

fn notes(found: &Audience, drawing: &Drawing, share: f64) -> Vec<String> {
    let mut notes = Vec::new();
    if share <= 0.0 || found.held == 0 {
        notes.push("nobody is held out: whether it worked cannot be told later".to_owned());
    }
    if (found.rows as usize) < FEWEST {
        notes.push(format!(
            "{} rows: with fewer than {FEWEST} ad platforms match nobody, and single people may be told apart",
            found.rows
        ));
    }
    if found.missing > 0 {
        notes.push(format!(
            "{} users of the audience are not on the list",
            found.missing
        ));
    }
    if found.repeated > 0 {
        notes.push(format!(
            "{} lines of the list repeat a user: the first line counts",
            found.repeated
        ));
    }
    if found.unusable > 0 {
        notes.push(format!(
            "{} addresses or phone numbers are none and were left empty",
            found.unusable
        ));
    }
    if drawing.reidentify.is_some() {
        notes.push(
            "the file holds people's own ids or addresses: delete it once it is sent".to_owned(),
        );
    }
    notes
}
