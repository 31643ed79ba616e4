//! Features, clusters and portraits of one run, made in a temporary file until it is published.

use std::path::PathBuf;
use std::sync::Arc;

use duckdb::arrow::array::{ArrayRef, Float64Array, Int32Array};
use include_dir::{Dir, include_dir};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::by_rule;
use super::continuity;
use super::desk::Desk;
use super::neighbours;
use super::places::Places;
use super::placing::Placed;
use super::plane;
use crate::error::{Error, Result};
use crate::features::{Family, Features, compute, families};
use crate::portraits::{charts, cohorts, portray};
use crate::privacy::Sensitive;
use crate::progress::{Progress, Stage};
use crate::records::{Input, Run};
use crate::scope::{Rule, Scope, rules};
use crate::settings::{RunSettings, Settings};
use crate::workspace::{Scratch, Workspace, duck, hex};

static SQL: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/sql");

/// What a run is made from.
pub struct Origin {
    /// The last ingest that counts; none: all.
    pub up_to: Option<i32>,
    /// The run that its segments are compared with.
    pub before: Option<i64>,
}

/// A run that nobody else sees yet.
pub struct Draft {
    /// What was found; its id is 0 until it is published.
    pub run: Run,
    /// The run's tables.
    pub(super) file: PathBuf,
    pub(super) temp: Scratch,
    /// How often somebody had been forgotten when it was begun.
    pub(super) forgotten: u64,
}

impl Draft {
    /// Makes a run.
    pub(super) fn make(
        workspace: &Workspace,
        run_settings: &RunSettings,
        origin: &Origin,
        settings: &Settings,
        progress: &Progress,
    ) -> Result<Self> {
        if workspace.layout().generations()?.is_empty() {
            return Err(Error::failed(
                workspace.layout().root().display(),
                "holds no events yet",
                "`portray ingest FILE` reads some, `portray demo` makes a sample shop",
            ));
        }
        progress.stage(Stage::Scope, None);
        let forgotten = workspace.catalog()?.forgotten()?;
        let temp = workspace.temporary("run-")?;
        let file = temp.path().join("run.duckdb");
        let desk = Desk::of_draft(workspace, &file, settings)?;
        desk.limits(run_settings.min_support)?;
        let rules = rules(workspace.layout().root())?;
        let scope = Scope::open(desk.connection(), run_settings, origin.up_to, &rules)?;
        let families = families(workspace.layout().root())?;
        let sensitive = Sensitive::load(workspace.layout().root())?;
        let features = measure(&desk, &scope, &families, run_settings, progress)?;
        progress.stage(Stage::Segments, None);
        let matrix = features.matrix(run_settings.scaling);
        store_features(&desk, &features)?;
        let rules_of_segments = run_settings.rules.as_ref();
        let then = match origin.before {
            Some(id) => workspace.run(Some(id), settings.lang)?,
            None => None,
        };
        let mut found = Placed::find(
            &desk,
            &features,
            &matrix,
            run_settings,
            (workspace, then.as_ref()),
            settings,
            progress,
        )?;
        let mut segments = found.segments(&features, &matrix, run_settings.seed)?;
        let mut places = found.places;
        store_members(&desk, &features, &places)?;
        plane::store(&desk, &features, &matrix, &places, progress)?;
        progress.stage(Stage::Portraits, Some(segments.len() as u64));
        portray(
            desk.connection(),
            &features,
            &places.segment,
            &mut segments,
            run_settings.min_support,
            &sensitive,
            progress,
        )?;
        let week = charts(desk.connection(), &mut segments, run_settings.min_support)?;
        progress.done(segments.len() as u64);
        neighbours::nearest(&mut segments, places.centroids.view());
        let earlier = origin.before.map(|id| workspace.layout().run(id));
        desk.before(earlier.as_deref())?;
        neighbours::previous(&desk, &mut segments, then.as_ref())?;
        crate::narrate::name_segments(&mut segments);
        if let Some(then) = then.as_ref().filter(|_| found.goes_on) {
            places.evidence.continuity = Some(continuity::changes(&desk, &segments, then)?);
        }
        let mut notes = scope.notes.clone();
        notes.extend(features.notes.iter().chain(&matrix.notes).cloned());
        let empty = places.empty();
        if !empty.is_empty() {
            notes.push(format!("rules that fit nobody: {}", empty.join("; ")));
        }
        let mut run = Run {
            id: 0,
            created_at: jiff::Timestamp::now().to_string(),
            seed: run_settings.seed,
            k: places.k,
            users: features.users.len() as u64,
            silhouette: places.silhouette,
            inertia: places.inertia,
            currency: scope.currency.clone(),
            reconciliation: Some(scope.reconciliation(desk.connection(), &rules)?),
            input: input(&desk)?,
            candidates: places.candidates,
            evidence: places.evidence,
            rules: rules_of_segments
                .map(by_rule::header)
                .transpose()?
                .map(|rules| rules.title),
            week,
            cohorts: cohorts(desk.connection())?,
            notes,
            recipe: json!({ "settings": run_settings, "ingest": scope.ingest, "before": origin.before, "sql": hashes(&families, &rules, &sensitive) }),
            seconds: progress.seconds(),
            segments,
        };
        desk.close_draft(&file)?;
        if let Some(k) = run_settings.k_min {
            run.suppress(k);
        }
        Ok(Self {
            run,
            file,
            temp,
            forgotten,
        })
    }
}

/// Looks at all that counts, and computes features of it.
pub(super) fn measure(
    desk: &Desk,
    scope: &Scope,
    families: &[Family],
    run_settings: &RunSettings,
    progress: &Progress,
) -> Result<Features> {
    progress.stage(Stage::Features, None);
    scope.events(desk.connection())?;
    scope.keep(desk.connection())?;
    compute(desk.connection(), families, run_settings, progress)
}

/// The settings that a published run was made with.
pub fn settings_of(run: &Run) -> Result<RunSettings> {
    serde_json::from_value(run.recipe["settings"].clone()).map_err(|e| {
        Error::failed(
            format!("run {}", run.id),
            format!("its recipe does not parse: {e}"),
            "make a new run",
        )
    })
}

/// The last ingest that a published run counts.
pub fn ingest_of(run: &Run) -> Option<i32> {
    run.recipe["ingest"]
        .as_i64()
        .and_then(|ingest| ingest.try_into().ok())
}

/// The run that a published run was compared with.
pub fn before_of(run: &Run) -> Option<i64> {
    run.recipe["before"].as_i64()
}

/// Puts members into the run's tables.
fn store_members(desk: &Desk, features: &Features, places: &Places) -> Result<()> {
    let users: ArrayRef = Arc::new(Int32Array::from(features.users.clone()));
    let segments = places
        .segment
        .iter()
        .map(|segment| i32::try_from(*segment).unwrap_or(i32::MAX));
    append(
        desk,
        "members",
        vec![
            ("user_id", Arc::clone(&users)),
            ("segment", Arc::new(Int32Array::from_iter_values(segments))),
            (
                "distance",
                Arc::new(Float64Array::from(places.distance.clone())),
            ),
        ],
    )
}

/// Puts feature values into the run's tables, a column a feature, and makes the view of them with a row a value.
fn store_features(desk: &Desk, features: &Features) -> Result<()> {
    let users: ArrayRef = Arc::new(Int32Array::from(features.users.clone()));
    let mut columns = vec![("user_id", users)];
    let names: Vec<String> = (0..features.columns.len())
        .map(|at| format!("f{at}"))
        .collect();
    for (values, name) in features.raw.columns().into_iter().zip(&names) {
        let known = values
            .iter()
            .map(|value| value.is_finite().then_some(*value));
        columns.push((name, Arc::new(known.collect::<Float64Array>())));
    }
    let types: String = names
        .iter()
        .map(|name| format!(", {name} DOUBLE"))
        .collect();
    let mut make = format!("CREATE TABLE run.by_feature (user_id INTEGER NOT NULL{types});\n");
    let parts = features.columns.iter().zip(&names).map(|(column, name)| {
        let id = column.id.replace('\'', "''");
        format!(
            "SELECT '{id}' AS feature, user_id, {name} AS value FROM by_feature WHERE {name} IS NOT NULL"
        )
    });
    let parts: Vec<String> = parts.collect();
    if !parts.is_empty() {
        make += "CREATE OR REPLACE VIEW run.feature_values AS\n";
        make += &parts.join("\nUNION ALL ");
    }
    duck::run(desk.connection(), "keeping feature values", &make)?;
    append(desk, "by_feature", columns)
}

/// Puts rows into one of the run's tables.
pub(super) fn append(desk: &Desk, table: &str, columns: Vec<(&str, ArrayRef)>) -> Result<()> {
    duck::append(desk.connection(), ("run", table), columns, "keeping")
}

fn input(desk: &Desk) -> Result<Input> {
    desk.connection()
        .query_row(include_str!("../../sql/store/input.sql"), [], |row| {
            Ok(Input {
                rows_read: row.get(0)?,
                events: row.get(1)?,
                duplicates: row.get(2)?,
                quarantined: row.get(3)?,
            })
        })
        .map_err(Error::duck("store/input.sql"))
}

/// SHA-256 of every SQL file that the run was made with, and of the list of sensitive words.
fn hashes(families: &[Family], rules: &[Rule], sensitive: &Sensitive) -> Value {
    let mut hashes = serde_json::Map::new();
    let mut folders = vec![&SQL];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        folders.extend(folder.dirs());
        files.extend(
            folder
                .files()
                .map(|file| (file.path().display().to_string(), file.contents().to_vec())),
        );
    }
    let families = families.iter().map(|family| (&family.source, &family.sql));
    let rules = rules.iter().map(|rule| (&rule.source, &rule.sql));
    let of_workspace = families
        .chain(rules)
        .filter(|(source, _)| source.starts_with("workspace:"));
    files.extend(of_workspace.map(|(source, sql)| (source.clone(), sql.clone().into_bytes())));
    files.push((
        "privacy/sensitive.txt".to_owned(),
        sensitive.text().as_bytes().to_vec(),
    ));
    files.sort();
    for (name, contents) in files {
        hashes.insert(name, Value::String(hex(&Sha256::digest(contents))));
    }
    Value::Object(hashes)
}
