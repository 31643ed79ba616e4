//! The six personas that users are drawn from: what they do in a session, when, and with what.

use super::shelves::{CONSUMABLES, FINE_GOODS, HOUSEHOLD, TRADE_GOODS};

/// How one kind of customer behaves. Rates are per session unless said otherwise; each user's own
/// differ from them at random.
#[derive(Debug, Clone)]
pub(super) struct Persona {
    /// Share of all users.
    pub share: f64,
    /// Sessions in the whole year.
    pub sessions: f64,
    /// Days between the first and the last session at most; 365 for the whole year.
    pub span: u32,
    /// First sessions fall on the days up to this one.
    pub starts: u32,
    /// Share of sessions after 18:00.
    pub evening: f64,
    /// Middle of the other sessions, in hours.
    pub midday: f64,
    /// How likely a weekend day is against a weekday.
    pub weekend: f64,
    /// How likely a day of sale is against any other.
    pub sales: f64,
    /// Whether sessions come at even distances.
    pub regular: bool,
    /// Searches.
    pub searches: f64,
    /// Words in a query, on the average.
    pub words: f64,
    /// Product views beside those of what is bought.
    pub views: f64,
    /// Carts left behind, per view.
    pub abandons: f64,
    /// Products marked as favourite, per view.
    pub favourites: f64,
    /// Chance that the session ends in an order; nearly everybody has one at least.
    pub buys: f64,
    /// Different products of an order beyond the first.
    pub lines: f64,
    /// Pieces of a product in an order.
    pub pieces: f64,
    /// Price level on the shelf: 0 the cheapest, 1 the dearest.
    pub level: f64,
    /// Chance to pick another product where the first choice is not on offer.
    pub offers: f64,
    /// Shelves of home.
    pub home: std::ops::Range<usize>,
    /// How many shelves are a user's favourites.
    pub favourite_shelves: usize,
    /// Chance that a product comes off a favourite shelf.
    pub faithful: f64,
    /// Chance that a bought product is sent back.
    pub returns: f64,
    /// Share of sessions in the app, and of orders in the store.
    pub app: f64,
    /// Share of orders in the store, without views and carts.
    pub store: f64,
}

/// Regulars, bargain hunters, evening searchers, premium browsers, bulk buyers, lapsed one-time buyers.
pub(super) static PERSONAS: [Persona; 6] = [REGULAR, BARGAIN, SEARCHER, PREMIUM, BULK, LAPSED];

/// Frequent, loyal buyers of things used up.
const REGULAR: Persona = Persona {
    share: 0.18,
    sessions: 18.0,
    span: 365,
    starts: 40,
    evening: 0.45,
    midday: 11.5,
    weekend: 1.4,
    sales: 1.0,
    regular: true,
    searches: 0.25,
    words: 1.4,
    views: 1.2,
    abandons: 0.03,
    favourites: 0.01,
    buys: 0.75,
    lines: 1.4,
    pieces: 1.5,
    level: 0.6,
    offers: 0.0,
    home: CONSUMABLES,
    favourite_shelves: 3,
    faithful: 0.92,
    returns: 0.01,
    app: 0.5,
    store: 0.1,
};

/// Weekend hunters of offers on cheap goods, who fill carts and send things back.
const BARGAIN: Persona = Persona {
    share: 0.18,
    sessions: 13.0,
    span: 365,
    starts: 60,
    evening: 0.2,
    midday: 14.0,
    weekend: 3.0,
    sales: 3.0,
    regular: false,
    searches: 0.5,
    words: 2.2,
    views: 3.6,
    abandons: 0.26,
    favourites: 0.05,
    buys: 0.35,
    lines: 0.7,
    pieces: 1.2,
    level: 0.12,
    offers: 0.9,
    home: HOUSEHOLD,
    favourite_shelves: 14,
    faithful: 0.8,
    returns: 0.16,
    app: 0.6,
    store: 0.03,
};

/// People who search all evening and seldom buy.
const SEARCHER: Persona = Persona {
    share: 0.17,
    sessions: 15.0,
    evening: 0.85,
    midday: 14.0,
    weekend: 0.7,
    sales: 1.0,
    searches: 2.4,
    words: 3.5,
    views: 1.6,
    abandons: 0.05,
    favourites: 0.02,
    buys: 0.15,
    lines: 0.2,
    pieces: 1.1,
    level: 0.45,
    offers: 0.0,
    favourite_shelves: 4,
    faithful: 0.8,
    returns: 0.05,
    app: 0.7,
    store: 0.02,
    ..BARGAIN
};

/// Admirers of fine goods with rare, large orders.
const PREMIUM: Persona = Persona {
    share: 0.15,
    sessions: 10.0,
    evening: 0.45,
    midday: 13.5,
    weekend: 1.4,
    sales: 0.7,
    searches: 0.4,
    words: 1.8,
    views: 4.5,
    abandons: 0.02,
    favourites: 0.14,
    buys: 0.22,
    lines: 0.1,
    pieces: 1.0,
    level: 0.92,
    offers: 0.0,
    home: FINE_GOODS,
    favourite_shelves: 2,
    faithful: 0.9,
    returns: 0.06,
    app: 0.25,
    store: 0.08,
    ..BARGAIN
};

/// Businesses that buy many pieces on working days.
const BULK: Persona = Persona {
    starts: 90,
    share: 0.15,
    sessions: 8.5,
    evening: 0.03,
    midday: 11.5,
    weekend: 0.06,
    sales: 1.0,
    regular: false,
    searches: 1.1,
    words: 1.2,
    views: 1.5,
    abandons: 0.1,
    favourites: 0.0,
    buys: 0.55,
    lines: 1.9,
    pieces: 16.0,
    level: 0.2,
    home: TRADE_GOODS,
    favourite_shelves: 3,
    faithful: 0.9,
    returns: 0.03,
    app: 0.05,
    store: 0.05,
    ..REGULAR
};

/// One order, long ago.
const LAPSED: Persona = Persona {
    share: 0.17,
    sessions: 2.0,
    span: 40,
    starts: 270,
    evening: 0.4,
    midday: 13.5,
    weekend: 1.3,
    sales: 1.5,
    searches: 1.6,
    words: 2.0,
    views: 3.0,
    abandons: 0.05,
    favourites: 0.02,
    buys: 0.05,
    lines: 0.3,
    pieces: 1.2,
    level: 0.5,
    offers: 0.0,
    home: HOUSEHOLD,
    favourite_shelves: 1,
    faithful: 0.85,
    returns: 0.04,
    app: 0.3,
    store: 0.03,
    ..BARGAIN
};
