//! Campaigns in the catalog: plans, who was drawn, who looked at how it went.

use std::collections::BTreeMap;

use rusqlite::{OptionalExtension, Transaction, params};

use super::catalog::{Catalog, to_json};
use crate::error::{Error, Result};
use crate::records::Plan;

/// A user drawn for a campaign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drawn {
    /// Pseudonym.
    pub user: String,
    /// Number of its segment.
    pub segment: u32,
    /// Whether it is in the holdout.
    pub is_held: bool,
    /// The day of the drawing, ISO 8601.
    pub on: String,
}

impl Catalog {
    /// Keeps a plan; one without a number gets the next.
    pub fn put_plan(&mut self, plan: &mut Plan) -> Result<()> {
        self.write("keeping a campaign", |transaction| put(transaction, plan))
    }

    /// Keeps who was drawn, by channel, with the plan where it has no number yet, all at once; gives the campaign's number.
    pub fn put_draw(
        &mut self,
        plan: &mut Plan,
        drawn: &BTreeMap<String, Vec<Drawn>>,
    ) -> Result<i64> {
        self.write("keeping an audience", |transaction| {
            if plan.id == 0 {
                put(transaction, plan)?;
            }
            let mut insert = transaction.prepare(
                "INSERT INTO campaign_members (campaign_id, user, segment_id, is_held, channel, drawn_on)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            )?;
            for (channel, users) in drawn {
                for one in users {
                    insert.execute(params![
                        plan.id,
                        one.user,
                        one.segment,
                        one.is_held,
                        channel,
                        one.on
                    ])?;
                }
            }
            Ok(plan.id)
        })
    }

    /// The plan of that number, or the newest; none where there is none.
    pub fn plan(&self, id: Option<i64>) -> Result<Option<Plan>> {
        let sql =
            "SELECT id, plan FROM campaigns WHERE ?1 IS NULL OR id = ?1 ORDER BY id DESC LIMIT 1";
        let _same_state = self.reading()?;
        let found: Option<(i64, String)> = self
            .connection
            .query_row(sql, [id], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()
            .map_err(Error::sqlite("reading a campaign"))?;
        if let Some(id) = id.or(found.as_ref().map(|(id, _)| *id)) {
            self.verify(&format!("campaign/{id}"))?;
        }
        let parse = |text: String| {
            serde_json::from_str(&text).map_err(|e| {
                Error::damaged(
                    "the catalog",
                    format!("holds a campaign that does not parse: {e}"),
                    "plan it anew",
                )
            })
        };
        found.map(|(_, text)| parse(text)).transpose()
    }

    /// All plans, the newest first.
    pub fn plans(&self) -> Result<Vec<Plan>> {
        let ids: Vec<i64> = self
            .connection
            .prepare("SELECT id FROM campaigns ORDER BY id DESC")
            .and_then(|mut all| all.query_map([], |row| row.get(0))?.collect())
            .map_err(Error::sqlite("reading campaigns"))?;
        let found: Vec<Option<Plan>> = ids
            .into_iter()
            .map(|id| self.plan(Some(id)))
            .collect::<Result<_>>()?;
        Ok(found.into_iter().flatten().collect())
    }

    /// Who was drawn for a campaign, in the order of their pseudonyms.
    pub fn drawn(&self, campaign: i64) -> Result<Vec<Drawn>> {
        let _same_state = self.reading()?;
        self.verify(&format!("campaign/{campaign}"))?;
        self.connection
            .prepare(
                "SELECT user, segment_id, is_held, drawn_on FROM campaign_members WHERE campaign_id = ?1 ORDER BY user",
            )
            .and_then(|mut all| {
                all.query_map([campaign], |row| {
                    Ok(Drawn {
                        user: row.get(0)?,
                        segment: row.get(1)?,
                        is_held: row.get(2)?,
                        on: row.get(3)?,
                    })
                })?
                .collect()
            })
            .map_err(Error::sqlite("reading an audience"))
    }

    /// Users who were written to at least so often from a day (ISO 8601) on, by other campaigns than this one.
    pub fn written_to(&self, times: u32, from: &str, but: i64) -> Result<Vec<String>> {
        self.connection
            .prepare(
                "SELECT user FROM campaign_members WHERE is_held = 0 AND drawn_on >= ?2 AND campaign_id <> ?3
                 GROUP BY user HAVING count(*) >= ?1 ORDER BY user",
            )
            .and_then(|mut all| all.query_map(params![times, from, but], |row| row.get(0))?.collect())
            .map_err(Error::sqlite("reading earlier campaigns"))
    }

    /// Notes that a campaign was looked at with events up to a day; returns how many such days there are by now.
    pub fn look(&mut self, campaign: i64, last_day: &str) -> Result<u64> {
        self.write("noting a look at a campaign", |transaction| {
            transaction.execute(
                "INSERT INTO campaign_looks (campaign_id, at, last_day) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
                params![campaign, jiff::Timestamp::now().to_string(), last_day],
            )?;
            let sql = "SELECT count(*) FROM campaign_looks WHERE campaign_id = ?1";
            transaction.query_row(sql, [campaign], |row| row.get(0))
        })
    }
}

/// Writes a plan; one without a number gets the next.
fn put(transaction: &Transaction<'_>, plan: &mut Plan) -> rusqlite::Result<()> {
    if plan.id == 0 {
        let next = "SELECT coalesce(max(id), 0) + 1 FROM campaigns";
        plan.id = transaction.query_row(next, [], |row| row.get(0))?;
    }
    transaction.execute(
        "INSERT INTO campaigns (id, run_id, created_at, plan) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (id) DO UPDATE SET plan = excluded.plan",
        params![plan.id, plan.run, plan.created_at, to_json(plan)?],
    )?;
    Ok(())
}
