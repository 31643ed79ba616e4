//! What is planned for the segments of a run, and how it went.

mod told;

use serde::{Deserialize, Serialize};

pub use told::percent;

use super::{Audit, Expected, RecommendedProduct};
use crate::words::{Both, Lang, Unit};

/// A campaign over the segments of a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// Its number; 0 until it is kept.
    pub id: i64,
    /// The run.
    pub run: i64,
    /// When it was made, RFC 3339 in UTC.
    pub created_at: String,
    /// The last day that the run counts.
    pub as_of: String,
    /// Days that expectations are about.
    pub days: u32,
    /// ISO 4217 code of amounts, where the data names one.
    pub currency: Option<String>,
    /// The share of each audience that is held out, 0 to 1.
    pub holdout: f64,
    /// How often somebody may be written to.
    pub cap: Cap,
    /// What is to be said about it, one line each.
    pub notes: Vec<Both>,
    /// How groups of a protected attribute are spread over those written to (1) and the rest (2); none where nobody asked.
    pub audit: Option<Audit>,
    /// A segment each.
    pub actions: Vec<Action>,
}

/// How often somebody may be written to, over all campaigns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cap {
    /// At most so often…
    pub contacts: u32,
    /// …within so many days.
    pub days: u32,
}

/// A figure that a goal was chosen for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Ground {
    /// Id of the fact.
    pub fact: String,
    /// For people.
    pub label: Both,
    /// The segment's.
    pub value: f64,
    /// The shop's, where there is one.
    pub population: Option<f64>,
    /// Its unit.
    pub unit: Unit,
}

/// What is done for a segment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Action {
    /// Number of the segment.
    pub segment: u32,
    /// Short name of the goal.
    pub goal: String,
    /// The goal, for people.
    pub title: Both,
    /// The figures that it was chosen for; none: no other goal fitted.
    pub grounds: Vec<Ground>,
    /// Users of the segment.
    pub users: u64,
    /// Users who asked for no word by this channel, or by none.
    pub refused: u64,
    /// Users who were written to as often as the cap allows.
    pub capped: u64,
    /// Users who are left: the audience, holdout and all. 0 where the goal is to leave them alone.
    pub audience: u64,
    /// Of these, users held out.
    pub held: u64,
    /// How they are written to: mail, push or sms.
    pub channel: Option<String>,
    /// The best hour, 0 to 23.
    pub hour: Option<u8>,
    /// The best weekday, 1 (Monday) to 7.
    pub weekday: Option<u8>,
    /// What is offered, the best first.
    pub products: Vec<RecommendedProduct>,
    /// Messages to pick from.
    pub messages: Vec<Message>,
    /// Which of them is sent.
    pub picked: usize,
    /// What is expected of the segment's customers anyway, without a campaign.
    pub expected: Option<Expected>,
    /// The share of the segment that bought within as many days before, 0 to 1.
    pub base_rate: Option<f64>,
    /// The smallest change of that share that the holdout can show, 0 to 1.
    pub detectable: Option<f64>,
}

impl Action {
    /// The message that is sent.
    #[must_use]
    pub fn message(&self) -> Option<&Message> {
        self.messages.get(self.picked)
    }
}

/// Who wrote a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Writer {
    /// The narrator's model, checked.
    Model,
    /// The plain words of the facts.
    Facts,
    /// A person.
    Person,
}

/// A marketing message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Code of the product that it is about.
    pub product: String,
    /// Its language.
    pub lang: Lang,
    /// Subject or title; none of a text message.
    pub title: Option<String>,
    /// What it says.
    pub text: String,
    /// Who wrote it.
    pub by: Writer,
}

/// What one part of an audience did.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Arm {
    /// Users in it, whether they did something or not.
    pub users: u64,
    /// Of these, users who bought.
    pub buyers: u64,
    /// What they brought.
    pub revenue: f64,
    /// The squares of what each brought, summed.
    #[serde(skip)]
    pub squares: f64,
}

/// What the campaign changed, with 95% intervals.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Effect {
    /// Share of buyers: treated less holdout.
    pub conversion: f64,
    /// Its interval (Newcombe, "Interval estimation for the difference between independent proportions: comparison of eleven
    /// methods", Statistics in Medicine 17, 1998, method 10).
    pub conversion_interval: (f64, f64),
    /// Revenue of a user: treated less holdout.
    pub revenue: f64,
    /// Its interval (Welch, "The generalization of ‘Student's’ problem when several different population variances are
    /// involved", Biometrika 34, 1947).
    pub revenue_interval: (f64, f64),
    /// `revenue` times the treated users: what the campaign brought.
    pub gained: f64,
    /// Its interval.
    pub gained_interval: (f64, f64),
    /// Whether the interval of the conversion or that of the revenue leaves zero out.
    pub is_clear: bool,
}

/// How a campaign went.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Uplift {
    /// The campaign.
    pub campaign: i64,
    /// The first day that counts.
    pub from: String,
    /// The last day of the events.
    pub to: String,
    /// Events read that came before the first day, and count for nothing here.
    pub before: u64,
    /// ISO 4217 code of amounts.
    pub currency: Option<String>,
    /// How often the campaign has been looked at with other events, this time among them.
    pub looks: u64,
    /// All segments together.
    pub all: Outcome,
    /// One by one.
    pub segments: Vec<Outcome>,
    /// What is to be said about it, one line each.
    pub notes: Vec<Both>,
}

/// Treated against holdout.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// The segment; none for all together.
    pub segment: Option<u32>,
    /// Those who were written to.
    pub treated: Arm,
    /// Those who were not.
    pub held: Arm,
    /// What the campaign changed; none without a holdout.
    pub effect: Option<Effect>,
}
