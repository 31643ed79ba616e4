//! Campaigns over the segments of a published run: what is planned, who is drawn, whether it worked.

mod audience;
mod plan;
mod reach;
mod uplift;

use std::path::Path;

use crate::error::{Error, Result};
use crate::records::{Cap, Message, Plan, Run, Writer};
use crate::words::clean;
use crate::workspace::Workspace;

pub use audience::{Audience, Drawing, Reidentify, audience};
pub use plan::{Drafting, plan};
pub use uplift::uplift;

/// Most characters of a message that a person writes.
const LONGEST: usize = 5_000;

/// What a person changes in a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Revision {
    /// Another of the messages is sent.
    Pick(usize),
    /// A message of their own.
    Write {
        /// Subject or title.
        title: Option<String>,
        /// What it says.
        text: String,
    },
}

/// The campaigns of a workspace, the newest first.
pub fn campaigns(workspace: &Path) -> Result<Vec<Plan>> {
    let workspace = Workspace::open(workspace)?;
    workspace.may_tell_of_people()?;
    if workspace.layout().catalog().exists() {
        workspace.catalog()?.plans()
    } else {
        Ok(Vec::new())
    }
}

/// A campaign over a run of which nothing is planned yet.
fn unplanned(run: &Run, cap: Cap) -> Plan {
    Plan {
        id: 0,
        run: run.id,
        created_at: jiff::Timestamp::now().to_string(),
        as_of: run
            .reconciliation
            .as_ref()
            .map(|sums| sums.last_day.clone())
            .unwrap_or_default(),
        days: 0,
        currency: run.currency.clone(),
        holdout: 0.0,
        cap,
        notes: Vec::new(),
        audit: None,
        actions: Vec::new(),
    }
}

/// The newest campaign that was planned over a run's segments.
pub fn newest(workspace: &Path, run: i64) -> Result<Option<Plan>> {
    let plans = campaigns(workspace)?.into_iter();
    Ok(plans
        .into_iter()
        .find(|plan| plan.run == run && !plan.actions.is_empty()))
}

/// The campaign of that number, or the newest.
///
/// # Errors
/// [`Error::Failed`] where there is no such campaign.
pub fn campaign(workspace: &Path, id: Option<i64>) -> Result<Plan> {
    let opened = Workspace::open(workspace)?;
    opened.may_tell_of_people()?;
    let found = if opened.layout().catalog().exists() {
        opened.catalog()?.plan(id)?
    } else {
        None
    };
    found.ok_or_else(|| {
        Error::failed(
            id.map_or("the workspace".to_owned(), |id| format!("campaign {id}")),
            if id.is_some() {
                "is not there"
            } else {
                "holds no campaign yet"
            },
            "`portray campaign list` shows what is there, `portray campaign plan` makes one",
        )
    })
}

/// Changes what is sent to a segment, and keeps it.
///
/// # Errors
/// [`Error::Usage`] for a segment or message that is not there, or an empty or very long text.
pub fn revise_plan(
    workspace: &Path,
    id: Option<i64>,
    segment: u32,
    revision: &Revision,
) -> Result<Plan> {
    let mut plan = campaign(workspace, id)?;
    let number = plan.id;
    let action = plan
        .actions
        .iter_mut()
        .find(|action| action.segment == segment);
    let action = action.ok_or_else(|| {
        Error::usage(
            format!("segment {segment}"),
            format!("campaign {number} has none of that number"),
            "`portray campaign show` lists them",
        )
    })?;
    match revision {
        Revision::Pick(which) if *which < action.messages.len() => action.picked = *which,
        Revision::Pick(which) => {
            return Err(Error::usage(
                format!("message {}", which + 1),
                format!("the segment has {}", action.messages.len()),
                "`portray campaign show` lists them",
            ));
        }
        Revision::Write { title, text } => {
            let text = lines(text);
            if text.is_empty() || text.chars().count() > LONGEST {
                return Err(Error::usage(
                    "the message",
                    format!("is empty, or has over {LONGEST} characters"),
                    "write a text that people read",
                ));
            }
            let about = action.message();
            let message = Message {
                product: about.map(|one| one.product.clone()).unwrap_or_default(),
                lang: about.map_or(crate::words::Lang::En, |one| one.lang),
                title: title
                    .as_deref()
                    .map(clean)
                    .filter(|title| !title.is_empty()),
                text,
                by: Writer::Person,
            };
            action.messages.push(message);
            action.picked = action.messages.len() - 1;
        }
    }
    Workspace::open(workspace)?.catalog()?.put_plan(&mut plan)?;
    Ok(plan)
}

/// A text line by line without what acts on a terminal.
fn lines(text: &str) -> String {
    let lines: Vec<String> = text
        .lines()
        .map(|line| clean(line).trim_end().to_owned())
        .collect();
    lines.join("\n").trim().to_owned()
}
