//! Products recommended to a user or a segment, each with its reason in facts.

use serde::{Deserialize, Serialize};

use crate::words::{Lang, clip, number};

/// A product on a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RecommendedProduct {
    /// Place on the list, from 1.
    pub rank: u32,
    /// The shop's code of the product; untrusted text, as the names below.
    pub product: String,
    /// What it is called, where the data tells.
    pub name: Option<String>,
    /// Its category, where it has one.
    pub category: Option<String>,
    /// How much speaks for it: comparable within a list only.
    pub score: f64,
    /// What speaks for it most.
    pub reason: Reason,
}

impl RecommendedProduct {
    /// What people know it by.
    #[must_use]
    pub fn title(&self) -> &str {
        self.name.as_deref().unwrap_or(&self.product)
    }
}

/// The strongest evidence for a product, in facts. Numbers of users that are too few to be told of are left out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Reason {
    /// Bought by buyers of something that the user bought.
    BoughtTogether {
        /// What it is bought with.
        with: String,
        /// Users who bought both.
        users: Option<u64>,
    },
    /// Looked at or bought by those who did so with something that the user looked at or bought.
    SeenTogether {
        /// What it is seen with.
        with: String,
        /// Users who had to do with both.
        users: Option<u64>,
    },
    /// Bought before, and often bought again.
    Again {
        /// Days on which the user bought it.
        times: u64,
        /// Days from one purchase to the next: the user's own where it bought it three times, else the shop's.
        every_days: Option<f64>,
        /// Days since the last one.
        since_days: u64,
    },
    /// Looked at, and not bought.
    Looked {
        /// Views, cart additions and favourites.
        times: u64,
    },
    /// Bought after a search of the user.
    Searched {
        /// The words searched for.
        query: String,
        /// Users who bought it within a week after that search.
        users: Option<u64>,
    },
    /// Liked by the segment.
    Segment {
        /// Its number.
        segment: u32,
        /// The share of its users who bought it (or looked at it, where nobody buys), in per cent.
        share: Option<f64>,
        /// The share of all users.
        population: Option<f64>,
    },
    /// Liked by everybody of late.
    Popular {
        /// The share of all users who bought it (or looked at it), in per cent.
        population: Option<f64>,
    },
}

/// Most letters of a name within a sentence.
const NAME: usize = 60;

impl Reason {
    /// The name of its kind in exports.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::BoughtTogether { .. } => "bought_together",
            Self::SeenTogether { .. } => "seen_together",
            Self::Again { .. } => "again",
            Self::Looked { .. } => "looked",
            Self::Searched { .. } => "searched",
            Self::Segment { .. } => "segment",
            Self::Popular { .. } => "popular",
        }
    }

    /// The product or query that it rests on; untrusted text.
    #[must_use]
    pub fn rests_on(&self) -> Option<&str> {
        match self {
            Self::BoughtTogether { with, .. } | Self::SeenTogether { with, .. } => Some(with),
            Self::Searched { query, .. } => Some(query),
            _ => None,
        }
    }

    /// Users behind it, where they may be told.
    #[must_use]
    pub fn users(&self) -> Option<u64> {
        match self {
            Self::BoughtTogether { users, .. }
            | Self::SeenTogether { users, .. }
            | Self::Searched { users, .. } => *users,
            _ => None,
        }
    }

    /// The reason in plain words. Names stand in it as they are: clean it for where it goes.
    #[must_use]
    pub fn say(&self, lang: Lang) -> String {
        match lang {
            Lang::En => self.english(),
            Lang::Zh => self.chinese(),
        }
    }

    fn english(&self) -> String {
        let by = |users: &Option<u64>, did: &str| {
            users.map_or_else(String::new, |users| {
                format!(": {} users {did} both", number(users as f64))
            })
        };
        match self {
            Self::BoughtTogether { with, users } => {
                format!("bought with “{}”{}", clip(with, NAME), by(users, "bought"))
            }
            Self::SeenTogether { with, users } => {
                format!(
                    "goes with “{}”{}",
                    clip(with, NAME),
                    by(users, "looked at or bought")
                )
            }
            Self::Again {
                times,
                every_days,
                since_days,
            } => {
                let every = every_days.map_or_else(String::new, |days| {
                    format!(", usually every {} days", number(days.round().max(1.0)))
                });
                let times = if *times == 1 {
                    "once".to_owned()
                } else {
                    format!("on {} days", number(*times as f64))
                };
                format!(
                    "bought {times}{every}, last {} days ago",
                    number(*since_days as f64)
                )
            }
            Self::Looked { times: 1 } => "looked at, not bought".to_owned(),
            Self::Looked { times } => {
                format!("looked at {} times, not bought", number(*times as f64))
            }
            Self::Searched { query, users } => {
                let by = users.map_or_else(String::new, |users| {
                    format!(" by {} users", number(users as f64))
                });
                format!("bought after a search for “{}”{by}", clip(query, NAME))
            }
            Self::Segment {
                segment,
                share,
                population,
            } => match (share, population) {
                (Some(share), Some(population)) => format!(
                    "chosen by {} of segment {segment}, {} of everybody",
                    percent(*share),
                    percent(*population)
                ),
                _ => format!("liked by segment {segment}"),
            },
            Self::Popular { population } => population.map_or_else(
                || "popular of late".to_owned(),
                |share| format!("popular of late: chosen by {} of everybody", percent(share)),
            ),
        }
    }

    fn chinese(&self) -> String {
        let by = |users: &Option<u64>, did: &str| {
            users.map_or_else(String::new, |users| {
                format!("：{} 位用户{did}", number(users as f64))
            })
        };
        match self {
            Self::BoughtTogether { with, users } => {
                format!(
                    "常与“{}”一同购买{}",
                    clip(with, NAME),
                    by(users, "两者都买过")
                )
            }
            Self::SeenTogether { with, users } => {
                format!(
                    "与“{}”相关{}",
                    clip(with, NAME),
                    by(users, "两者都看过或买过")
                )
            }
            Self::Again {
                times,
                every_days,
                since_days,
            } => {
                let every = every_days.map_or_else(String::new, |days| {
                    format!("，通常每 {} 天一次", number(days.round().max(1.0)))
                });
                format!(
                    "买过 {} 次{every}，上次在 {} 天前",
                    number(*times as f64),
                    number(*since_days as f64)
                )
            }
            Self::Looked { times } => format!("看过 {} 次，尚未购买", number(*times as f64)),
            Self::Searched { query, users } => {
                let by = users.map_or_else(String::new, |users| {
                    format!("：{} 位用户", number(users as f64))
                });
                format!("搜索“{}”后被购买{by}", clip(query, NAME))
            }
            Self::Segment {
                segment,
                share,
                population,
            } => match (share, population) {
                (Some(share), Some(population)) => format!(
                    "分群 {segment} 中 {} 的用户选择，全店为 {}",
                    percent(*share),
                    percent(*population)
                ),
                _ => format!("分群 {segment} 的偏好"),
            },
            Self::Popular { population } => population.map_or_else(
                || "近期热门".to_owned(),
                |share| format!("近期热门：{} 的用户选择", percent(share)),
            ),
        }
    }
}

fn percent(share: f64) -> String {
    format!("{share:.1}%")
}

/// One user's list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct UserList {
    /// Pseudonym.
    pub user: String,
    /// Number of the segment.
    pub segment: Option<u32>,
    /// The best first.
    pub products: Vec<RecommendedProduct>,
}

/// What a segment's members are recommended.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Recommended {
    /// Number of the segment.
    pub segment: u32,
    /// Members whose lists were made.
    pub members: u64,
    /// The products on most of them.
    pub products: Vec<Reach>,
}

/// A product for a segment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reach {
    /// The product; its reason is the segment's taste.
    #[serde(flatten)]
    pub product: RecommendedProduct,
    /// The share of members on whose list it is, in per cent.
    pub reach: f64,
    /// Why, as the narrator put it; none where nobody asked, or no fact of the segment bears on the product.
    pub sentence: Option<String>,
}
