//! Which goal fits a segment: a file of rules that an analyst can read and change.

use std::path::Path;

use serde::Deserialize;

use crate::error::{Error, Result};
use crate::records::{Cap, Ground, Segment, SegmentKind, SegmentOutlook, Value};
use crate::words::{Both, Unit};

const OWN: &str = include_str!("campaign.toml");

/// The file's name in a workspace.
const FILE: &str = "campaign.toml";

/// Channels by which a shop writes, and by which people may refuse.
const CHANNELS: [&str; 3] = ["mail", "push", "sms"];

/// Most days that a cap may count.
const LONGEST_CAP: u32 = 36_500;

/// How campaigns are planned.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rules {
    /// Channels in the order in which they are taken.
    pub channels: Vec<String>,
    /// The share of each audience that gets nothing, 0 to 1.
    pub holdout: f64,
    /// How often somebody may be written to.
    pub cap: Cap,
    /// Goals in the order in which they are tried.
    #[serde(rename = "goal")]
    pub goals: Vec<Goal>,
}

/// A goal and when it is a segment's.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Goal {
    /// Short name.
    pub name: String,
    /// For people, in English.
    pub en: String,
    /// For people, in Chinese.
    pub zh: String,
    /// All of these hold; none: the goal is for whoever is left.
    #[serde(default)]
    pub when: Vec<Condition>,
    /// Whether the segment is written to.
    #[serde(default = "yes")]
    pub contact: bool,
    /// How a message sounds: a tone of `portray write message`.
    #[serde(default = "plain")]
    pub tone: String,
}

fn yes() -> bool {
    true
}

fn plain() -> String {
    "plain".to_owned()
}

/// A fact, or a figure of the outlook, and the bounds (both included) of its figures.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// Id of a fact, or `outlook.active` (0 to 1), `outlook.purchases`, `outlook.value` (a customer each).
    pub fact: String,
    /// Bounds of the value.
    pub value: Option<(f64, f64)>,
    /// Bounds of the ratio to the shop's figure.
    pub ratio: Option<(f64, f64)>,
}

impl Rules {
    /// The workspace's own rules (`campaign.toml`), or the built-in ones where it has none.
    ///
    /// # Errors
    /// [`Error::Usage`] for a file that does not parse, or whose figures make no sense.
    pub fn load(workspace: &Path) -> Result<Self> {
        let path = workspace.join(FILE);
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => OWN.to_owned(),
            Err(error) => return Err(Error::io(&path)(error)),
        };
        let wrong = |why: String| {
            Error::usage(
                path.display(),
                why.replace('\n', " "),
                "`portray campaign rules` prints the form",
            )
        };
        let rules: Self = toml::from_str(&text).map_err(|e| wrong(e.to_string()))?;
        if !(0.0..1.0).contains(&rules.holdout) {
            return Err(wrong("holdout is a share from 0 to below 1".to_owned()));
        }
        let is_known = |channel: &String| CHANNELS.contains(&channel.as_str());
        if rules.channels.is_empty() || !rules.channels.iter().all(is_known) {
            return Err(wrong(format!(
                "channels are some of {}",
                CHANNELS.join(", ")
            )));
        }
        if rules.cap.days > LONGEST_CAP || rules.cap.contacts == 0 {
            return Err(wrong(format!(
                "cap counts at least one contact, and at most {LONGEST_CAP} days"
            )));
        }
        if rules.goals.last().is_none_or(|last| !last.when.is_empty()) {
            return Err(wrong(
                "the last goal has conditions: some segments would have none".to_owned(),
            ));
        }
        Ok(rules)
    }

    /// The built-in file.
    #[must_use]
    pub fn own() -> &'static str {
        OWN
    }

    /// The goal of a segment, and the figures that it was chosen for.
    #[must_use]
    pub fn goal(
        &self,
        segment: &Segment,
        outlook: Option<&SegmentOutlook>,
    ) -> Option<(&Goal, Vec<Ground>)> {
        // Of those set apart as inactive too little is known for any goal but the last.
        let is_known = segment.kind != SegmentKind::Inactive;
        self.goals.iter().find_map(|goal| {
            if !is_known && !goal.when.is_empty() {
                return None;
            }
            let grounds: Option<Vec<Ground>> = goal
                .when
                .iter()
                .map(|condition| condition.holds(segment, outlook))
                .collect();
            Some((goal, grounds?))
        })
    }
}

impl Condition {
    fn holds(&self, segment: &Segment, outlook: Option<&SegmentOutlook>) -> Option<Ground> {
        let ground = self.figure(segment, outlook)?;
        let within = |figure: f64, bounds: (f64, f64)| (bounds.0..=bounds.1).contains(&figure);
        if let Some(bounds) = self.value {
            within(ground.value, bounds).then_some(())?;
        }
        if let Some(bounds) = self.ratio {
            let shop = ground.population.filter(|shop| *shop != 0.0)?;
            within(ground.value / shop, bounds).then_some(())?;
        }
        Some(ground)
    }

    fn figure(&self, segment: &Segment, outlook: Option<&SegmentOutlook>) -> Option<Ground> {
        let of_outlook = |value: f64, en: &str, zh: &str, unit| Ground {
            fact: self.fact.clone(),
            label: Both::new(en, zh),
            value,
            population: None,
            unit,
        };
        let expected =
            || outlook.and_then(|one| Some((one.customers.max(1) as f64, one.expected?)));
        match self.fact.as_str() {
            "outlook.active" => expected().map(|(_, one)| {
                of_outlook(
                    crate::words::round2(one.active),
                    "Probability of still being a customer",
                    "仍为顾客的概率",
                    Unit::Number,
                )
            }),
            "outlook.purchases" => expected().map(|(customers, one)| {
                of_outlook(
                    crate::words::round2(one.purchases / customers),
                    "Purchases expected of a customer",
                    "每位顾客的预期购买",
                    Unit::Number,
                )
            }),
            "outlook.value" => expected().and_then(|(customers, one)| {
                let value = crate::words::round2(one.value? / customers);
                Some(of_outlook(
                    value,
                    "Value expected of a customer",
                    "每位顾客的预期金额",
                    Unit::Money,
                ))
            }),
            id => {
                let fact = segment.facts.iter().find(|fact| fact.id == id)?;
                Some(Ground {
                    fact: fact.id.clone(),
                    label: fact.label.clone(),
                    value: fact.value.number()?,
                    population: fact.population.as_ref().and_then(Value::number),
                    unit: fact.unit,
                })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_rules_parse_and_name_the_six_goals() {
        let folder = tempfile::tempdir().unwrap();
        let rules = Rules::load(folder.path()).unwrap();
        let names: Vec<&str> = rules.goals.iter().map(|goal| goal.name.as_str()).collect();
        assert_eq!(
            names,
            [
                "win_back",
                "second_purchase",
                "keep",
                "upgrade",
                "cross_sell",
                "rest"
            ]
        );
        assert!(!rules.goals.last().unwrap().contact);
    }

    #[test]
    fn a_file_without_a_last_resort_or_with_a_wrong_key_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let write = |text: &str| std::fs::write(folder.path().join(FILE), text).unwrap();
        write(&OWN.replace("holdout = 0.1", "holdout = 1.0"));
        assert!(
            Rules::load(folder.path())
                .unwrap_err()
                .to_string()
                .contains("holdout")
        );
        write(&OWN.replace("\"mail\", ", "\"email\", "));
        assert!(
            Rules::load(folder.path())
                .unwrap_err()
                .to_string()
                .contains("channels")
        );
        write(&OWN.replace("days = 30", "days = 99999999"));
        assert!(
            Rules::load(folder.path())
                .unwrap_err()
                .to_string()
                .contains("cap")
        );
        write(&OWN.replace("[[goal]]\nname = \"rest\"", "[[gaol]]\nname = \"rest\""));
        assert!(Rules::load(folder.path()).is_err());
    }
}
