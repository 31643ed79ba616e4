//! What each user did, counted event by event: the columns of `scope.activity`.

use std::sync::Arc;

use duckdb::Connection;
use duckdb::arrow::array::{ArrayRef, Date32Array, Float64Array, Int32Array, Int64Array};

use crate::workspace::EVENT_TYPES;

const DAY: i64 = 86_400;

/// Types of events that are counted, in the order of the columns.
const COUNTED: [&str; 6] = ["view", "search", "cart", "favourite", "purchase", "return"];
/// Types that there are at most.
const MOST: usize = 16;

/// At which place in `sql/store/event_types.sql` each of [`COUNTED`] stands.
#[derive(Debug, Clone, Copy)]
pub struct Types([usize; COUNTED.len()]);

impl Types {
    /// Asks DuckDB.
    pub fn of(connection: &Connection) -> duckdb::Result<Self> {
        let place = |name: &str| {
            let sql = format!("SELECT enum_code(CAST('{name}' AS {EVENT_TYPES}))");
            connection.query_row(&sql, [], |row| row.get::<_, u8>(0))
        };
        let mut places = [0; COUNTED.len()];
        for (to, one) in places.iter_mut().zip(COUNTED) {
            *to = usize::from(place(one)?);
        }
        Ok(Self(places))
    }
}

/// The shop's wall clock at an event.
#[derive(Debug, Clone, Copy)]
pub struct Clock {
    /// Days since 1970.
    pub day: i32,
    /// From 0 to 23.
    pub hour: i32,
    /// From 0, which is Monday, to 6.
    pub weekday: i32,
}

impl Clock {
    /// Of microseconds since 1970.
    pub fn of(microseconds: i64) -> Self {
        let seconds = microseconds.div_euclid(1_000_000);
        let day = seconds.div_euclid(DAY);
        Self {
            day: day as i32,
            hour: (seconds.rem_euclid(DAY) / 3600) as i32,
            // The first of January 1970 was a Thursday.
            weekday: (day + 3).rem_euclid(7) as i32,
        }
    }
}

/// What is counted of one user.
#[derive(Debug)]
pub struct Counts {
    events: i64,
    of_type: [i64; MOST],
    first_day: i32,
    last_day: i32,
    evening: i64,
    weekend: i64,
    /// Different products.
    pub products: i64,
    /// Different days.
    pub days: i64,
    /// Different sessions.
    pub sessions: i64,
}

impl Default for Counts {
    fn default() -> Self {
        Self {
            events: 0,
            of_type: [0; MOST],
            first_day: i32::MAX,
            last_day: i32::MIN,
            evening: 0,
            weekend: 0,
            products: 0,
            days: 0,
            sessions: 0,
        }
    }
}

impl Counts {
    /// Counts an event of the type at this place.
    pub fn add(&mut self, of_type: i32, clock: Clock) {
        self.events += 1;
        let of_type = usize::try_from(of_type).ok();
        if let Some(count) = of_type.and_then(|at| self.of_type.get_mut(at)) {
            *count += 1;
        }
        self.first_day = self.first_day.min(clock.day);
        self.last_day = self.last_day.max(clock.day);
        self.evening += i64::from(clock.hour >= 18);
        self.weekend += i64::from(clock.weekday >= 5);
    }
}

/// What users did.
pub struct Activity {
    types: Types,
    users: Vec<i32>,
    /// Columns of counts.
    counts: [Vec<i64>; NAMES.len()],
    weight: Vec<f64>,
    first_day: Vec<i32>,
    last_day: Vec<i32>,
}

/// Columns of counts in the order of the table: those of [`COUNTED`] after the first.
const NAMES: [&str; 9 + COUNTED.len()] = [
    "events",
    "views",
    "searches",
    "carts",
    "favourites",
    "purchases",
    "returns",
    "sessions",
    "products",
    "categories",
    "category_events",
    "favourite_category_events",
    "active_days",
    "evening_events",
    "weekend_events",
];

impl Activity {
    /// Of nobody yet.
    pub fn new(types: Types) -> Self {
        Self {
            types,
            users: Vec::new(),
            counts: Default::default(),
            weight: Vec::new(),
            first_day: Vec::new(),
            last_day: Vec::new(),
        }
    }

    /// Adds a user, with how many events there are of each category.
    pub fn push(&mut self, user: i32, counts: &Counts, mut categories: Vec<i64>) {
        // So that the sum is the same in whichever order the events came.
        categories.sort_unstable();
        let weight = |n: &i64| *n as f64 * (*n as f64).ln();
        self.users.push(user);
        self.weight.push(categories.iter().map(weight).sum());
        self.first_day.push(counts.first_day);
        self.last_day.push(counts.last_day);
        let [view, search, cart, favourite, purchase, back] = self
            .types
            .0
            .map(|at| counts.of_type.get(at).copied().unwrap_or_default());
        let row: [i64; NAMES.len()] = [
            counts.events,
            view,
            search,
            cart,
            favourite,
            purchase,
            back,
            counts.sessions,
            counts.products,
            i64::try_from(categories.len()).unwrap_or(i64::MAX),
            categories.iter().sum(),
            categories.last().copied().unwrap_or_default(),
            counts.days,
            counts.evening,
            counts.weekend,
        ];
        for (column, count) in self.counts.iter_mut().zip(row) {
            column.push(count);
        }
    }

    /// The columns with their names, in the order of the table.
    pub fn columns(self) -> Vec<(&'static str, ArrayRef)> {
        let day = |days: Vec<i32>| -> ArrayRef { Arc::new(Date32Array::from(days)) };
        let users: ArrayRef = Arc::new(Int32Array::from(self.users));
        let mut columns = vec![("user_id", users)];
        for (name, counts) in NAMES.into_iter().zip(self.counts) {
            columns.push((name, Arc::new(Int64Array::from(counts))));
        }
        columns.push(("category_weight", Arc::new(Float64Array::from(self.weight))));
        columns.push(("first_day", day(self.first_day)));
        columns.push(("last_day", day(self.last_day)));
        columns
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_of_event_has_a_place_among_those_that_are_counted() {
        let connection = Connection::open_in_memory().unwrap();
        let sql = format!("SELECT len(enum_range(CAST(NULL AS {EVENT_TYPES})))");
        let types: i64 = connection.query_row(&sql, [], |row| row.get(0)).unwrap();
        assert!(usize::try_from(types).unwrap() <= MOST);
        let mut places = Types::of(&connection).unwrap().0.to_vec();
        places.dedup();
        assert_eq!(places.len(), COUNTED.len());
    }

    #[test]
    fn the_first_of_january_1970_was_a_thursday() {
        let clock = |microseconds| {
            let clock = Clock::of(microseconds);
            (clock.day, clock.weekday, clock.hour)
        };
        assert_eq!(clock(0), (0, 3, 0));
        assert_eq!(clock(-1), (-1, 2, 23));
        assert_eq!(clock(4 * 86_400_000_000 + 3_600_000_000), (4, 0, 1));
    }
}
