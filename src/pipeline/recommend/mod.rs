//! Products for the users and segments of a published run: evidence out of the store, weights learned on its last weeks.

mod evaluate;
mod load;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;

use rayon::prelude::*;

use super::desk::Desk;
use super::make::settings_of;
use crate::error::{Error, Result};
use crate::narrate::{Narrator, tasks};
use crate::privacy::Sensitive;
use crate::progress::{Progress, Stage};
use crate::recommend::{Blend, Context, Evidence, Kind, Pick, Rules, Scratch, rank};
use crate::records::{Reach, Reason, Recommended, RecommendedProduct, Run, UserList};
use crate::settings::{NarrateSettings, Settings};
use crate::words::clip;
use crate::workspace::Workspace;

pub use evaluate::{Evaluation, evaluate};
use load::{Product, Span};

/// Users whose lists are made between two looks at the cancel flag.
const BATCH: usize = 4_096;

/// Members of a segment whose lists tell what is recommended to it, spread evenly over all.
const MEMBERS: usize = 5_000;

const DAY: f64 = 86_400.0;

/// What may be recommended, and how many.
#[derive(Debug, Clone)]
pub struct Wish {
    /// Length of a list.
    pub top: usize,
    /// How much a product that is like one already on the list loses, 0 to 1.
    pub diversity: f32,
    /// Codes of products that nobody is recommended.
    pub without: Vec<String>,
}

/// Keys of products and of queries with a name on the list of sensitive words.
struct Untold {
    products: HashSet<u32>,
    queries: HashSet<u32>,
}

fn untold(products: &[Product], words: &BTreeMap<u32, String>, sensitive: &Sensitive) -> Untold {
    let is_sensitive = |product: &Product| {
        let names = [product.name.as_deref(), product.category.as_deref()];
        names
            .into_iter()
            .flatten()
            .any(|name| sensitive.matches(name))
    };
    let queries = words.iter().filter(|(_, query)| sensitive.matches(query));
    Untold {
        products: (0..)
            .zip(products)
            .filter(|(_, one)| is_sensitive(one))
            .map(|(key, _)| key)
            .collect(),
        queries: queries.map(|(key, _)| *key).collect(),
    }
}

/// Recommends products to the users and segments of one run.
pub struct Recommender {
    evidence: Evidence,
    blend: Blend,
    rules: Rules,
    wish: Wish,
    products: Vec<Product>,
    queries: HashMap<i32, Vec<u32>>,
    words: BTreeMap<u32, String>,
    names: BTreeMap<i32, String>,
    places: Vec<Option<usize>>,
    segments: Vec<u32>,
    sizes: Vec<u64>,
    /// Products and queries that no reason names.
    untold: Untold,
    least: u64,
    /// Weights and how they were found, for people.
    pub notes: Vec<String>,
}

impl Recommender {
    /// Gathers the evidence of a run and learns on its last weeks how much each kind counts.
    ///
    /// # Errors
    /// Those of opening the run; [`Error::Rejected`] where no event names a product; [`Error::Usage`] for a code to be left
    /// out that is no product's.
    pub fn open(
        workspace: &Path,
        run: &Run,
        wish: &Wish,
        settings: &Settings,
        progress: &Progress,
    ) -> Result<Self> {
        let opened = Workspace::open(workspace)?;
        let desk = Desk::of_scope(&opened, run, settings)?;
        progress.stage(Stage::Recommend, Some(3));
        let span = Span::of(&desk, run)?;
        let products = load::products(&desk, span.products)?;
        let sensitive = Sensitive::load(opened.layout().root())?;
        let words = load::words(&desk)?;
        let untold = untold(&products, &words, &sensitive);
        let (rules, barred) = rules(&products, &untold, wish)?;
        progress.check()?;
        let lesson = evaluate::learn(&desk, run, &span, (span.seconds, true), &rules)?;
        progress.done(1);
        progress.check()?;
        let known = load::known(&desk, run, &span, span.seconds)?;
        progress.done(2);
        progress.check()?;
        let mut notes = vec![lesson.note()];
        if barred > 0 {
            notes.push(format!(
                "{barred} products are recommended to nobody: out of the catalogue or stock, sensitive, or left out by hand"
            ));
        }
        let recommender = Self {
            places: known.segments.clone(),
            evidence: known.evidence(&span, run.segments.len()),
            queries: load::queries(&desk)?,
            words,
            names: super::assign::pseudonyms(&desk)?.into_iter().collect(),
            blend: lesson.blend,
            rules,
            wish: wish.clone(),
            segments: run.segments.iter().map(|segment| segment.id).collect(),
            sizes: run.segments.iter().map(|segment| segment.users).collect(),
            untold,
            products,
            least: settings_of(run)?.min_support,
            notes,
        };
        progress.done(3);
        Ok(recommender)
    }

    /// The list of the user with this pseudonym; none where the run knows nobody of that name with a product.
    #[must_use]
    pub fn user(&self, pseudonym: &str) -> Option<UserList> {
        let (id, _) = self.names.iter().find(|(_, name)| *name == pseudonym)?;
        let place = self.evidence.histories.place(*id)?;
        let mut scratch = Scratch::new(self.products.len());
        Some(self.list(place, &mut scratch))
    }

    /// Makes the lists of all users who had to do with a product, in the order of their keys, and hands them on batch by batch.
    ///
    /// # Errors
    /// What `hand` gives; [`Error::Cancelled`].
    pub fn all(
        &self,
        progress: &Progress,
        mut hand: impl FnMut(&[UserList]) -> Result<()>,
    ) -> Result<()> {
        let users = self.evidence.histories.len();
        progress.stage(Stage::Recommend, Some(users as u64));
        for from in (0..users).step_by(BATCH) {
            progress.check()?;
            let to = users.min(from + BATCH);
            hand(&self.lists((from..to).collect()))?;
            progress.done(to as u64);
        }
        Ok(())
    }

    /// What is recommended to most members of a segment.
    ///
    /// # Errors
    /// [`Error::Rejected`] where fewer of them than facts may be about had to do with a product.
    pub fn segment(&self, id: u32) -> Result<Recommended> {
        let at = self.segments.iter().position(|one| *one == id);
        let members: Vec<usize> = (0..self.places.len())
            .filter(|place| at.is_some() && self.places[*place] == at)
            .collect();
        if (members.len() as u64) < self.least.max(1) {
            return Err(Error::rejected(
                format!("segment {id}"),
                format!(
                    "{} of its members had to do with a product: too few to be told of",
                    members.len()
                ),
                "choose another segment",
            ));
        }
        let step = members.len().div_ceil(MEMBERS);
        let sample: Vec<usize> = members.into_iter().step_by(step).collect();
        let asked = sample.len();
        let picks: Vec<Vec<u32>> = sample
            .into_par_iter()
            .map_init(
                || Scratch::new(self.products.len()),
                |scratch, place| {
                    let picks = self.picks(place, scratch);
                    picks.iter().map(|pick| pick.product).collect()
                },
            )
            .collect();
        let mut found: BTreeMap<u32, (u64, f64)> = BTreeMap::new();
        for list in picks {
            for (rank, product) in (1..).zip(list) {
                let entry = found.entry(product).or_default();
                entry.0 += 1;
                entry.1 += 1.0 / f64::from(rank);
            }
        }
        let mut best: Vec<(u32, (u64, f64))> = found.into_iter().collect();
        let code = |key: u32| &self.products[key as usize].code;
        best.sort_by(|a, b| {
            b.1.1
                .total_cmp(&a.1.1)
                .then_with(|| code(a.0).cmp(code(b.0)))
        });
        best.truncate(self.wish.top);
        let products = (1..)
            .zip(best)
            .filter_map(|(rank, (key, (lists, score)))| {
                let reason = self.of_segment(key, at?);
                Some(Reach {
                    product: self.told(rank, key, score / asked as f64, reason),
                    reach: 100.0 * lists as f64 / asked as f64,
                    sentence: None,
                })
            })
            .collect();
        Ok(Recommended {
            segment: id,
            members: asked as u64,
            products,
        })
    }

    fn lists(&self, places: Vec<usize>) -> Vec<UserList> {
        places
            .into_par_iter()
            .map_init(
                || Scratch::new(self.products.len()),
                |scratch, place| self.list(place, scratch),
            )
            .collect()
    }

    /// What a user is recommended, the best first.
    fn picks(&self, place: usize, scratch: &mut Scratch) -> Vec<Pick> {
        let histories = &self.evidence.histories;
        let queries = self.queries.get(&histories.users[place]);
        let context = Context {
            place: Some(place),
            segment: self.places[place],
            queries: queries.map_or(&[], Vec::as_slice),
        };
        self.evidence.score(&context, scratch);
        rank(
            &scratch.candidates,
            histories.of(place),
            histories,
            &self.evidence.seen,
            &self.blend,
            &self.rules,
            self.wish.top,
        )
    }

    fn list(&self, place: usize, scratch: &mut Scratch) -> UserList {
        let segment = self.places[place];
        let picks = self.picks(place, scratch);
        let told = |(rank, pick): (u32, &Pick)| {
            let reason = self.reason(pick, place, segment);
            self.told(rank, pick.product, f64::from(pick.score), reason)
        };
        let user = self.evidence.histories.users[place];
        UserList {
            user: self.names.get(&user).cloned().unwrap_or_default(),
            segment: segment.map(|at| self.segments[at]),
            products: (1..).zip(&picks).map(told).collect(),
        }
    }

    /// A product by its key, as people read it.
    fn told(&self, rank: u32, key: u32, score: f64, reason: Reason) -> RecommendedProduct {
        let product = &self.products[key as usize];
        RecommendedProduct {
            rank,
            product: product.code.clone(),
            name: product.name.clone(),
            category: product.category.clone(),
            score,
            reason,
        }
    }

    fn reason(&self, pick: &Pick, place: usize, segment: Option<usize>) -> Reason {
        let because = pick.candidate.because[pick.kind as usize];
        let users = Some(u64::from(because.users)).filter(|users| *users >= self.least);
        let with = || {
            let key = because.key.unwrap_or_default();
            self.products
                .get(key as usize)
                .map_or_else(String::new, |product| product.title().to_owned())
        };
        let histories = &self.evidence.histories;
        let own = histories
            .of(place)
            .iter()
            .find(|touch| touch.product == pick.product);
        let untold = match pick.kind {
            Kind::BoughtTogether | Kind::SeenTogether => Some(&self.untold.products),
            Kind::Searched => Some(&self.untold.queries),
            _ => None,
        };
        if because
            .key
            .zip(untold)
            .is_some_and(|(key, untold)| untold.contains(&key))
        {
            return Reason::Popular {
                population: self.population(pick.product),
            };
        }
        match (pick.kind, own, segment) {
            (Kind::BoughtTogether, ..) => Reason::BoughtTogether {
                with: with(),
                users,
            },
            (Kind::SeenTogether, ..) => Reason::SeenTogether {
                with: with(),
                users,
            },
            (Kind::Again, Some(own), _) => {
                let record = histories.record(pick.product);
                let gap = if own.days > 2 {
                    f64::from(own.last_bought - own.first_bought) / f64::from(own.days - 1)
                } else {
                    record.gap
                };
                let told = own.days > 2 || u64::from(record.repeaters) >= self.least;
                Reason::Again {
                    times: u64::from(own.days),
                    every_days: (told && gap > 0.0).then(|| crate::words::round2(gap / DAY)),
                    since_days: u64::from(histories.now.saturating_sub(own.last_bought)) / 86_400,
                }
            }
            (Kind::Looked, Some(own), _) => Reason::Looked {
                times: u64::from(own.looks),
            },
            (Kind::Searched, ..) => Reason::Searched {
                query: because
                    .key
                    .and_then(|key| self.words.get(&key))
                    .cloned()
                    .unwrap_or_default(),
                users,
            },
            (Kind::Segment, _, Some(at)) => self.taste(pick.product, at),
            _ => Reason::Popular {
                population: self.population(pick.product),
            },
        }
    }

    /// How a segment likes a product.
    fn taste(&self, product: u32, at: usize) -> Reason {
        let liked = self
            .evidence
            .liked(at)
            .iter()
            .find(|one| one.product == product);
        let users = liked.map_or(0, |one| u64::from(one.users));
        let share = (users >= self.least).then(|| per_cent(users, self.sizes[at]));
        Reason::Segment {
            segment: self.segments[at],
            share,
            population: self.population(product),
        }
    }

    /// Why a product is recommended to a segment: its taste where it likes the product more than everybody does.
    fn of_segment(&self, product: u32, at: usize) -> Reason {
        match self.taste(product, at) {
            Reason::Segment {
                share: Some(share),
                population: Some(population),
                ..
            } if share <= population => Reason::Popular {
                population: Some(population),
            },
            Reason::Segment {
                share: None,
                population,
                ..
            } => Reason::Popular { population },
            taste => taste,
        }
    }

    fn population(&self, product: u32) -> Option<f64> {
        let users = u64::from(self.evidence.choosers(product));
        (users >= self.least).then(|| per_cent(users, self.evidence.histories.len() as u64))
    }
}

/// Why products are recommended to a segment, as the narrator puts it; none where no fact of the segment bears on one.
///
/// # Errors
/// Those of the model.
pub fn reasons(
    workspace: &Path,
    run: &Run,
    found: &Recommended,
    narrate: &NarrateSettings,
    settings: &Settings,
    progress: &Progress,
) -> Result<Vec<Option<String>>> {
    let sensitive = Sensitive::load(workspace)?;
    let narrator = Narrator::load(narrate)?;
    let mut told = Vec::with_capacity(found.products.len());
    for reach in &found.products {
        let product = tasks::Product {
            name: reach.product.title().to_owned(),
            category: reach.product.category.clone(),
            brand: None,
            price: None,
            currency: None,
            fields: BTreeMap::new(),
        };
        let order = tasks::Order::Reason(found.segment, product);
        let threads = settings.threads;
        let text = tasks::write_with(
            &narrator, run, &order, &sensitive, narrate, threads, progress,
        );
        told.push(match text {
            Ok(text) => Some(
                text.iter()
                    .map(|one| one.text.as_str())
                    .collect::<Vec<_>>()
                    .join(" "),
            ),
            Err(error) if matches!(error, Error::Failed { .. }) && !tasks::bears(run, &order) => {
                None
            }
            Err(error) => return Err(error),
        });
    }
    Ok(told)
}

fn per_cent(part: u64, all: u64) -> f64 {
    crate::words::round2(100.0 * part as f64 / all.max(1) as f64)
}

/// What may not be recommended, and how many products that bars.
fn rules(products: &[Product], untold: &Untold, wish: &Wish) -> Result<(Rules, usize)> {
    let codes: HashMap<&str, u32> = (0..)
        .zip(products)
        .map(|(key, one)| (one.code.as_str(), key))
        .collect();
    let mut barred: HashSet<u32> = HashSet::new();
    for code in &wish.without {
        let key = codes.get(code.as_str()).ok_or_else(|| {
            Error::usage(
                format!("product `{}`", clip(code, 60)),
                "is none of the shop",
                "list codes of products, one a line",
            )
        })?;
        barred.insert(*key);
    }
    let out = (0..).zip(products).filter(|(_, product)| product.is_out);
    barred.extend(out.map(|(key, _)| key));
    barred.extend(&untold.products);
    let count = (0..)
        .zip(products)
        .filter(|(key, one)| barred.contains(key) && !one.code.is_empty())
        .count();
    let rules = Rules {
        barred,
        diversity: wish.diversity,
        categories: products.iter().map(|product| product.category_id).collect(),
    };
    Ok((rules, count))
}
