//! How well recommendations foretell what people do next, and the weights that do it best.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

use rayon::prelude::*;
use serde::Serialize;

use super::load::{self, Span};
use crate::error::{Error, Result};
use crate::pipeline::desk::Desk;
use crate::progress::{Progress, Stage};
use crate::recommend::{
    Blend, Context, Evidence, KINDS, Kind, Lesson, Quality, Rules, Scratch, learn as fit, quality,
    rank,
};
use crate::records::Run;
use crate::settings::Settings;
use crate::workspace::Workspace;

/// The last weeks are held out: at most so many seconds, and at most this part of what there is.
const HELD: u32 = 28 * 86_400;
const HELD_PART: u32 = 5;

/// With fewer known users who bought something in the held-out time, what is foretold is what people look at.
const BUYERS: usize = 100;

/// With fewer users to learn from, the weights stay as they are.
const PUPILS: usize = 50;

/// Most users that weights are learned from, spread evenly over all.
const MOST: usize = 3_000;

/// Most candidates of a user that weights are learned from, those with most evidence of all kinds.
const CANDIDATES: usize = 2_000;

/// Length of the lists that are judged.
const TOP: usize = 10;

/// Weights, and what they were learned from.
pub struct Taught {
    /// How much each kind of evidence counts.
    pub blend: Blend,
    users: usize,
    ndcg: f64,
}

impl Taught {
    /// What was learned, for people.
    pub fn note(&self) -> String {
        if self.users < PUPILS {
            return format!(
                "weights are the built-in ones: {} users of the last weeks are too few to learn from",
                self.users
            );
        }
        let sum: f32 = self.blend.weights.iter().sum();
        let parts: Vec<String> = Kind::ALL
            .iter()
            .zip(self.blend.weights)
            .filter(|(_, weight)| *weight > 0.0)
            .map(|(kind, weight)| format!("{} {:.3}", kind.name(), weight / sum))
            .collect();
        format!(
            "weights learned from {} users of the last weeks (NDCG@10 there {:.4}): {}",
            self.users,
            self.ndcg,
            parts.join(", ")
        )
    }
}

/// How many seconds before `end` are held out.
fn held(end: u32) -> u32 {
    HELD.min(end / HELD_PART)
}

/// A moment of the past: what was known then, and what came after.
struct Past {
    evidence: Evidence,
    places: Vec<Option<usize>>,
    queries: std::collections::HashMap<i32, Vec<u32>>,
    came: BTreeMap<i32, Vec<u32>>,
    is_purchases: bool,
}

impl Past {
    fn of(
        desk: &Desk,
        run: &Run,
        span: &Span,
        (now, until): (u32, u32),
        has_segments: bool,
    ) -> Result<Self> {
        let mut known = load::known(desk, run, span, now)?;
        if !has_segments {
            known.segments.fill(None);
        }
        let queries = load::queries(desk)?;
        let places = known.segments.clone();
        let evidence = known.evidence(span, run.segments.len());
        load::cut(desk, now, until)?;
        let is_known = |user: &i32| evidence.histories.place(*user).is_some();
        let mut came = load::came(desk, true)?;
        came.retain(|user, _| is_known(user));
        let is_purchases = came.len() >= BUYERS;
        if !is_purchases {
            came = load::came(desk, false)?;
            came.retain(|user, _| is_known(user));
        }
        Ok(Self {
            evidence,
            places,
            queries,
            came,
            is_purchases,
        })
    }

    fn context(&self, user: i32) -> Option<Context<'_>> {
        let place = self.evidence.histories.place(user)?;
        Some(Context {
            place: Some(place),
            segment: self.places[place],
            queries: self.queries.get(&user).map_or(&[], Vec::as_slice),
        })
    }

    /// The list that a user would have been given then.
    fn list(
        &self,
        user: i32,
        blend: &Blend,
        rules: &Rules,
        top: usize,
        scratch: &mut Scratch,
    ) -> Vec<u32> {
        let Some(context) = self.context(user) else {
            return Vec::new();
        };
        self.evidence.score(&context, scratch);
        let histories = &self.evidence.histories;
        let own = context
            .place
            .map_or(&[] as &[_], |place| histories.of(place));
        let seen = &self.evidence.seen;
        let picks = rank(&scratch.candidates, own, histories, seen, blend, rules, top);
        picks.iter().map(|pick| pick.product).collect()
    }

    fn lesson(&self, user: i32, came: &[u32], rules: &Rules, scratch: &mut Scratch) -> Lesson {
        // All weights at one keep every candidate that the rules allow.
        let all = Blend {
            weights: [1.0; KINDS],
        };
        let Some(context) = self.context(user) else {
            return Lesson::default();
        };
        self.evidence.score(&context, scratch);
        let histories = &self.evidence.histories;
        let own = context
            .place
            .map_or(&[] as &[_], |place| histories.of(place));
        let plain = Rules {
            diversity: 0.0,
            ..rules.clone()
        };
        let picks = rank(
            &scratch.candidates,
            own,
            histories,
            &self.evidence.seen,
            &all,
            &plain,
            CANDIDATES,
        );
        Lesson {
            candidates: picks
                .iter()
                .map(|pick| (pick.product, pick.candidate.scores))
                .collect(),
            came: came.to_vec(),
        }
    }
}

/// Learns the weights on the weeks before `end`, in seconds after the first event. The run's segments know of those weeks too:
/// without them (`has_segments`) nothing of what is foretold is known before.
pub fn learn(
    desk: &Desk,
    run: &Run,
    span: &Span,
    (end, has_segments): (u32, bool),
    rules: &Rules,
) -> Result<Taught> {
    let past = Past::of(desk, run, span, (end - held(end), end), has_segments)?;
    let step = past.came.len().div_ceil(MOST).max(1);
    let pupils: Vec<(&i32, &Vec<u32>)> = past.came.iter().step_by(step).collect();
    let none = Taught {
        blend: Blend::default(),
        users: pupils.len(),
        ndcg: 0.0,
    };
    if pupils.len() < PUPILS {
        return Ok(none);
    }
    let lessons: Vec<Lesson> = pupils
        .par_iter()
        .map_init(
            || Scratch::new(span.products),
            |scratch, (user, came)| past.lesson(**user, came, rules, scratch),
        )
        .collect();
    let (blend, ndcg) = fit(&lessons);
    Ok(Taught {
        blend,
        ndcg,
        ..none
    })
}

/// How lists made before the last weeks did in them.
#[derive(Debug, Clone, Serialize)]
pub struct Evaluation {
    /// Days held out.
    pub days: f64,
    /// Whether purchases were foretold; else what people looked at, since too few bought.
    pub purchases: bool,
    /// The blend's lists.
    pub ours: Quality,
    /// The most popular products of before, to everybody: the same lists without what the user bought already.
    pub popular: Quality,
    /// Different products on the blend's lists, as a share of those known before.
    pub coverage: f64,
    /// What was learned, for people.
    pub note: String,
}

/// Holds the last weeks of a run's events out, learns on what was before, and judges lists of ten by what came. With a folder,
/// the split and the lists are written there for other programs: `known.csv` (user, product, kind, weight, seconds),
/// `came.csv` (user, product) and `ours.csv` (user, rank, product), in keys that mean nothing outside.
///
/// # Errors
/// Those of opening the run, [`Error::Rejected`] where nobody known before did anything after, and those of writing.
pub fn evaluate(
    workspace: &Path,
    run: &Run,
    folder: Option<&Path>,
    settings: &Settings,
    progress: &Progress,
) -> Result<Evaluation> {
    let opened = Workspace::open(workspace)?;
    let desk = Desk::of_scope(&opened, run, settings)?;
    progress.stage(Stage::Recommend, Some(2));
    let span = Span::of(&desk, run)?;
    let now = span.seconds - held(span.seconds);
    // What is in stock today says nothing of the past: nothing is barred.
    let rules = Rules::default();
    let lesson = learn(&desk, run, &span, (now, false), &rules)?;
    progress.done(1);
    progress.check()?;
    let past = Past::of(&desk, run, &span, (now, span.seconds), false)?;
    if past.came.is_empty() {
        return Err(Error::rejected(
            format!("run {}", run.id),
            "nobody known before the last weeks did anything in them: there is nothing to judge by",
            "ingest a longer time",
        ));
    }
    let users: Vec<i32> = past.came.keys().copied().collect();
    let lists = |blend: &Blend| -> Vec<Vec<u32>> {
        users
            .par_iter()
            .map_init(
                || Scratch::new(span.products),
                |scratch, user| past.list(*user, blend, &rules, TOP, scratch),
            )
            .collect()
    };
    let ours = lists(&lesson.blend);
    let mut weights = [0.0; KINDS];
    weights[Kind::Popular as usize] = 1.0;
    let popular = lists(&Blend { weights });
    progress.done(2);
    let judge = |lists: &[Vec<u32>]| {
        let one = |(list, came): (&Vec<u32>, &Vec<u32>)| quality(list, came, TOP);
        Quality::mean(
            &lists
                .iter()
                .zip(past.came.values())
                .map(one)
                .collect::<Vec<_>>(),
        )
    };
    let histories = &past.evidence.histories;
    let known = (0..span.products as u32)
        .filter(|product| histories.record(*product).users > 0)
        .count();
    let different: std::collections::BTreeSet<&u32> = ours.iter().flatten().collect();
    if let Some(folder) = folder {
        write(folder, &past, &users, &ours)?;
    }
    Ok(Evaluation {
        days: f64::from(span.seconds - now) / super::DAY,
        purchases: past.is_purchases,
        ours: judge(&ours),
        popular: judge(&popular),
        coverage: different.len() as f64 / known.max(1) as f64,
        note: lesson.note(),
    })
}

fn write(folder: &Path, past: &Past, users: &[i32], ours: &[Vec<u32>]) -> Result<()> {
    std::fs::create_dir_all(folder).map_err(Error::io(folder))?;
    let histories = &past.evidence.histories;
    let mut known = "user,product,kind,weight,at\n".to_owned();
    for (place, user) in histories.users.iter().enumerate() {
        for touch in histories.of(place) {
            if touch.is_bought() {
                known.push_str(&format!(
                    "{user},{},bought,{},{}\n",
                    touch.product, touch.days, touch.last_bought
                ));
            }
            if touch.looks > 0 {
                known.push_str(&format!(
                    "{user},{},looked,{},{}\n",
                    touch.product, touch.looks, touch.last_looked
                ));
            }
        }
    }
    let mut came = "user,product\n".to_owned();
    for (user, products) in &past.came {
        came.extend(products.iter().map(|product| format!("{user},{product}\n")));
    }
    let mut lists = "user,rank,product\n".to_owned();
    for (user, list) in users.iter().zip(ours) {
        lists.extend(
            (1..)
                .zip(list)
                .map(|(rank, product): (u32, &u32)| format!("{user},{rank},{product}\n")),
        );
    }
    for (name, text) in [
        ("known.csv", known),
        ("came.csv", came),
        ("ours.csv", lists),
    ] {
        let path = folder.join(name);
        let put = || std::fs::File::create(&path)?.write_all(text.as_bytes());
        put().map_err(Error::io(&path))?;
    }
    Ok(())
}
