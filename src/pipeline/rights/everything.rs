//! Everything about one person, as a copy to hand out.

use std::collections::BTreeSet;
use std::path::Path;

use duckdb::Connection;
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::{Desk, names, person, pseudonym};
use crate::error::{Error, Result};
use crate::privacy::{Who, second_hash};
use crate::settings::Settings;
use crate::words::Lang;
use crate::workspace::{Deed, Entry, Workspace, duck};

/// A row: names of columns with their texts, empty ones left out.
pub type Line = Map<String, Value>;

/// Where a run put a person, and what it computed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Seat {
    /// Number of the run.
    pub run: i64,
    /// When it was made.
    pub created_at: String,
    /// The segments with the distance to their middle.
    pub members: Vec<Line>,
    /// Names of these segments, in the language asked for.
    pub segments: Vec<String>,
    /// Features with their values.
    pub features: Vec<Line>,
}

/// A drawing for a campaign.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Drawing {
    /// Number of the campaign.
    pub campaign: i64,
    /// Number of the segment.
    pub segment: u32,
    /// Whether the person was in the holdout, and got nothing.
    pub held_out: bool,
    /// Channel.
    pub channel: String,
    /// Day, ISO 8601.
    pub on: String,
}

/// Everything that the workspace holds about one person.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Subject {
    /// The pseudonym of the id that was asked for.
    pub pseudonym: String,
    /// All pseudonyms that are the same person, devices among them.
    pub same_person: BTreeSet<String>,
    /// Whether the data is kept and not used.
    pub is_restricted: bool,
    /// What the person did, the oldest first.
    pub events: Vec<Line>,
    /// What was said about the person.
    pub said: Vec<Line>,
    /// Where runs put the person.
    pub runs: Vec<Seat>,
    /// Drawings for campaigns.
    pub campaigns: Vec<Drawing>,
    /// Exports of runs that the person is in, of those that the audit log knows.
    pub exports: Vec<Entry>,
}

/// Gathers everything about one person; the audit log gets a line.
///
/// # Errors
/// [`Error::Failed`] where the workspace holds nothing of that name.
pub fn everything(workspace: &Path, who: &Who, settings: &Settings) -> Result<Subject> {
    let workspace = Workspace::open(workspace)?;
    let key = workspace.key()?;
    let name = pseudonym(&key, who);
    let desk = Desk::of_store(&workspace, settings)?;
    let connection = desk.connection();
    person(connection, "store", std::slice::from_ref(&name))?;
    let same_person = names(connection, "store")?;
    if same_person.is_empty() {
        return Err(Error::failed(
            "the person",
            "this workspace holds nothing of that name",
            "check the id; it is read as it stands in the shop's files",
        ));
    }
    let catalog = workspace.catalog()?;
    let mut campaigns = Vec::new();
    for user in &same_person {
        for (campaign, channel, drawn) in catalog.drawn_for(user)? {
            campaigns.push(Drawing {
                campaign,
                segment: drawn.segment,
                held_out: drawn.is_held,
                channel,
                on: drawn.on,
            });
        }
    }
    let mut runs = Vec::new();
    for summary in catalog.runs()?.into_iter().rev() {
        runs.extend(seat(&workspace, connection, &summary, settings.lang)?);
    }
    let restricted = catalog.restricted()?;
    let numbers: Vec<i64> = runs.iter().map(|seat| seat.run).collect();
    let holds = |entry: &Entry| entry.can_hold(&numbers);
    let subject = Subject {
        is_restricted: same_person.iter().any(|user| restricted.contains(user)),
        events: lines(
            connection,
            "privacy/events.sql",
            include_str!("../../../sql/privacy/events.sql"),
        )?,
        said: lines(
            connection,
            "privacy/said.sql",
            include_str!("../../../sql/privacy/said.sql"),
        )?,
        exports: catalog.audit_log()?.into_iter().filter(holds).collect(),
        pseudonym: name,
        same_person,
        runs,
        campaigns,
    };
    let deed = Deed {
        action: "export of a person",
        run: None,
        person: Some(second_hash(&key, &subject.pseudonym)),
        detail: json!({ "events": subject.events.len() }),
    };
    workspace.record(deed, settings.operator.as_deref())?;
    Ok(subject)
}

/// Where a run put the person; none where it did not.
fn seat(
    workspace: &Workspace,
    connection: &Connection,
    summary: &crate::workspace::RunSummary,
    lang: Lang,
) -> Result<Option<Seat>> {
    let file = workspace.layout().run(summary.id);
    if !file.exists() {
        return Ok(None);
    }
    duck::attach(connection, &file, "run", true)?;
    let read = || -> Result<_> {
        let members = lines(
            connection,
            "privacy/membership.sql",
            include_str!("../../../sql/privacy/membership.sql"),
        )?;
        let features = lines(
            connection,
            "privacy/feature_values.sql",
            include_str!("../../../sql/privacy/feature_values.sql"),
        )?;
        Ok((members, features))
    };
    let found = read();
    duck::run(connection, "closing a run", "DETACH run")?;
    let (members, features) = found?;
    if members.is_empty() && features.is_empty() {
        return Ok(None);
    }
    let run = workspace.catalog()?.run(Some(summary.id), lang)?;
    let of = |line: &Line| {
        line.get("segment")
            .and_then(Value::as_str)
            .map(str::to_owned)
    };
    let places: Vec<String> = members.iter().filter_map(of).collect();
    let segments = run.iter().flat_map(|run| &run.segments);
    let named = segments.filter(|segment| places.contains(&segment.id.to_string()));
    Ok(Some(Seat {
        run: summary.id,
        created_at: summary.created_at.clone(),
        segments: named
            .map(|segment| segment.title(lang).to_owned())
            .collect(),
        members,
        features,
    }))
}

/// The rows of a query, every column as text.
fn lines(connection: &Connection, source: &str, sql: &str) -> Result<Vec<Line>> {
    let sql = format!("SELECT CAST(COLUMNS(*) AS VARCHAR) FROM ({sql})");
    let read = || -> duckdb::Result<Vec<Line>> {
        let mut statement = connection.prepare(&sql)?;
        let mut rows = statement.query([])?;
        let mut found = Vec::new();
        let mut columns: Vec<String> = Vec::new();
        while let Some(row) = rows.next()? {
            if columns.is_empty() {
                columns = row.as_ref().column_names();
            }
            let mut line = Line::new();
            for (at, column) in columns.iter().enumerate() {
                if let Some(text) = row.get::<_, Option<String>>(at)? {
                    line.insert(column.clone(), Value::String(text));
                }
            }
            found.push(line);
        }
        Ok(found)
    };
    read().map_err(Error::duck(source))
}
