//! One user's year: sessions on days, and in each what is looked at, searched, put by and bought.

use rand::Rng;

use super::calendar::{self, DAYS};
use super::catalogue::Catalogue;
use super::draw;
use super::personas::Persona;
use super::queries;
use super::shelves::SHELVES;

/// Share of users who may end the year without an order.
const LOOKERS: f64 = 0.03;

/// What happened, as the file names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    View,
    Search,
    Cart,
    Favourite,
    Purchase,
    Return,
    Other,
}

/// Where a session took place, as the file names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    Web,
    App,
    Store,
}

/// One row of the file to be.
#[derive(Debug, Clone)]
pub(super) struct Event {
    /// Seconds since the year began.
    pub time: i64,
    /// The user's number.
    pub user: usize,
    /// The user's session, and the user's order, counted from 0.
    pub session: u32,
    pub order: Option<u32>,
    pub kind: Kind,
    pub source: Source,
    /// The product, its price on the day in pence, and pieces.
    pub product: Option<usize>,
    pub price: u32,
    pub pieces: u32,
    pub query: Option<String>,
}

/// A user at work.
pub(super) struct Shopper<'a, R> {
    rng: &'a mut R,
    catalogue: &'a Catalogue,
    user: usize,
    persona: Persona,
    shelves: Vec<usize>,
    sessions: u32,
    orders: u32,
    clock: i64,
    source: Source,
    events: Vec<Event>,
}

impl<'a, R: Rng> Shopper<'a, R> {
    /// A user who follows `persona` loosely.
    pub(super) fn new(
        rng: &'a mut R,
        catalogue: &'a Catalogue,
        user: usize,
        persona: &Persona,
    ) -> Self {
        let mut own = persona.clone();
        for rate in [
            &mut own.searches,
            &mut own.views,
            &mut own.lines,
            &mut own.pieces,
        ] {
            *rate = draw::around(rng, *rate, 0.2);
        }
        for chance in [
            &mut own.evening,
            &mut own.buys,
            &mut own.offers,
            &mut own.returns,
            &mut own.faithful,
        ] {
            *chance = if *chance > 0.0 {
                draw::nudged(rng, *chance, 0.35)
            } else {
                0.0
            };
        }
        own.level = (own.level + 0.08 * draw::normal(rng)).clamp(0.0, 1.0);
        own.words = (own.words + 0.2 * draw::normal(rng)).max(1.0);
        own.weekend = draw::around(rng, own.weekend, 0.3);
        let home: Vec<usize> = own.home.clone().collect();
        let shelves =
            rand::seq::index::sample(rng, home.len(), own.favourite_shelves.min(home.len()))
                .into_iter()
                .map(|i| home[i])
                .collect();
        Self {
            rng,
            catalogue,
            user,
            persona: own,
            shelves,
            sessions: 0,
            orders: 0,
            clock: 0,
            source: Source::Web,
            events: Vec::new(),
        }
    }

    /// The whole year; in some sessions the user behaves like `other` instead.
    pub(super) fn year(mut self, other: Option<&Persona>) -> Vec<Event> {
        let own = self.persona.clone();
        let days = self.days();
        let sure = (!self.rng.gen_bool(LOOKERS)).then(|| self.rng.gen_range(0..days.len()));
        for (visit, day) in days.into_iter().enumerate() {
            if let Some(other) = other
                && visit > 0
                && self.rng.gen_bool(0.3)
            {
                self.persona = other.clone();
            }
            self.session(day, sure == Some(visit));
            self.persona = own.clone();
        }
        self.events
    }

    /// The days of the sessions, in order.
    fn days(&mut self) -> Vec<u32> {
        let own = &self.persona;
        let (span, regular, starts, sessions) = (own.span, own.regular, own.starts, own.sessions);
        let first = self.rng.gen_range(0..=starts);
        let last = (first + span).min(DAYS - 1);
        // The tail is heavy: a few users of every persona are several times as busy as most.
        let count = draw::around(self.rng, sessions, 0.45).round().max(1.0) as u32;
        let mut days: Vec<u32> = if regular {
            let step = f64::from(last - first) / f64::from(count);
            (0..count)
                .map(|i| {
                    let day = f64::from(first)
                        + step * (f64::from(i) + 0.5 + 0.2 * draw::normal(self.rng));
                    (day.round().max(0.0) as u32).min(last)
                })
                .collect()
        } else {
            let weights = |day: u32| {
                calendar::season(day)
                    * if calendar::weekend(day) {
                        self.persona.weekend
                    } else {
                        1.0
                    }
                    * if calendar::sale(day) {
                        self.persona.sales
                    } else {
                        1.0
                    }
            };
            (0..count)
                .map(|_| first + draw::weighted(self.rng, (first..=last).map(weights)) as u32)
                .collect()
        };
        days.sort_unstable();
        days
    }

    fn session(&mut self, day: u32, sure: bool) {
        let own = &self.persona;
        let evening = self.rng.gen_bool(own.evening);
        let hour = if evening {
            20.3 + 1.2 * draw::normal(self.rng)
        } else {
            own.midday + 2.2 * draw::normal(self.rng)
        };
        let hour = if evening {
            hour.clamp(18.0, 23.3)
        } else {
            hour.clamp(6.5, 17.7)
        };
        self.clock = i64::from(day) * 86_400 + (hour * 3600.0) as i64;
        let buys = self.rng.gen_bool(own.buys) || sure;
        self.source = if buys && self.rng.gen_bool(own.store) {
            Source::Store
        } else if self.rng.gen_bool(own.app) {
            Source::App
        } else {
            Source::Web
        };
        if self.source != Source::Store {
            self.browse(day);
        }
        if buys {
            self.order(day);
        } else if self.source != Source::Store && self.rng.gen_bool(0.03) {
            self.push(Kind::Other, None, day);
        }
        self.sessions += 1;
    }

    fn browse(&mut self, day: u32) {
        let (searches, views) = (self.persona.searches, self.persona.views);
        for _ in 0..draw::poisson(self.rng, searches) {
            let category = self.shelf(day);
            let text = queries::query(
                self.rng,
                category,
                self.persona.words,
                self.persona.offers > 0.3,
            );
            self.push(Kind::Search, None, day);
            if let Some(event) = self.events.last_mut() {
                event.query = Some(text);
            }
        }
        for _ in 0..draw::poisson(self.rng, views).max(1) {
            let product = self.choose(day);
            self.push(Kind::View, Some(product), day);
            if self.rng.gen_bool(self.persona.favourites) {
                self.push(Kind::Favourite, Some(product), day);
            }
            if self.rng.gen_bool(self.persona.abandons) {
                self.push(Kind::Cart, Some(product), day);
            }
        }
    }

    fn order(&mut self, day: u32) {
        let lines = 1 + draw::poisson(self.rng, self.persona.lines);
        let mut bought: Vec<usize> = Vec::new();
        for _ in 0..lines {
            let product = self.choose(day);
            if bought.contains(&product) {
                continue;
            }
            bought.push(product);
            if self.source != Source::Store {
                if self.rng.gen_bool(0.6) {
                    self.push(Kind::View, Some(product), day);
                }
                self.push(Kind::Cart, Some(product), day);
            }
        }
        self.clock += self.rng.gen_range(40..200);
        let paid = self.clock;
        for &product in &bought {
            self.push(Kind::Purchase, Some(product), day);
            let pieces = 1 + draw::poisson(self.rng, self.persona.pieces - 1.0);
            if let Some(event) = self.events.last_mut() {
                (event.time, event.pieces, event.order) = (paid, pieces, Some(self.orders));
            }
        }
        for product in bought {
            if self.rng.gen_bool(self.persona.returns) {
                self.send_back(product, day);
            }
        }
        self.orders += 1;
    }

    /// A return some days later, in a session of its own, where the year is long enough.
    fn send_back(&mut self, product: usize, day: u32) {
        let later = day + self.rng.gen_range(3..21);
        if later >= DAYS {
            return;
        }
        let (clock, hour) = (self.clock, self.rng.gen_range(9 * 3600..18 * 3600));
        self.clock = i64::from(later) * 86_400 + hour;
        self.sessions += 1;
        self.push(Kind::Return, Some(product), day);
        if let Some(event) = self.events.last_mut() {
            event.order = Some(self.orders);
        }
        self.clock = clock;
    }

    /// A product of the user's taste, sought among the offers by those who do.
    fn choose(&mut self, day: u32) -> usize {
        let (level, offers) = (self.persona.level, self.persona.offers);
        let mut product = 0;
        let tries = if offers > 0.0 && self.rng.gen_bool(offers) {
            12
        } else {
            1
        };
        for _ in 0..tries {
            let category = self.shelf(day);
            product = self.catalogue.pick(self.rng, category, level, 0.18);
            if self.catalogue.discount(product, day) > 0 {
                break;
            }
        }
        product
    }

    /// A shelf of the user's taste, in season.
    fn shelf(&mut self, day: u32) -> usize {
        let weigh = |shelf: usize| calendar::in_season(SHELVES[shelf].peak, day);
        if self.rng.gen_bool(self.persona.faithful) {
            self.shelves[draw::weighted(self.rng, self.shelves.iter().map(|&shelf| weigh(shelf)))]
        } else {
            draw::weighted(self.rng, (0..SHELVES.len()).map(weigh))
        }
    }

    fn push(&mut self, kind: Kind, product: Option<usize>, day: u32) {
        let price = product.map_or(0, |product| self.catalogue.price_on(product, day));
        self.events.push(Event {
            time: self.clock,
            user: self.user,
            session: self.sessions,
            order: None,
            kind,
            source: self.source,
            product,
            price,
            pieces: 1,
            query: None,
        });
        self.clock += self.rng.gen_range(8..90);
    }
}
