//! What each user did, and of each event whether it is its user's first with its product, in its hour…: what tells how many
//! different ones a user has. DuckDB would hold a set of them for each user, of nearly as many entries as there are events; looked at user by
//! user, all events need one list of the things that there are, with the user who had each last.

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use duckdb::Connection;
use duckdb::arrow::array::{Array, AsArray, Int32Array, RecordBatch};
use duckdb::arrow::datatypes::{Int32Type, Int64Type};
use duckdb::core::{DataChunkHandle, LogicalTypeHandle, LogicalTypeId};
use duckdb::vscalar::{ScalarFunctionSignature, VScalar};
use duckdb::vtab::arrow::WritableVector;
use rayon::iter::{IntoParallelIterator, ParallelIterator};

use super::activity::{Activity, Clock, Counts, Types};
use crate::error::{Error, Result};
use crate::workspace::duck;

/// Rows that are looked at together, about: by all threads.
const PIECE: usize = 1 << 19;

/// What an event may be its user's first with, in the order of the bits: the function of SQL that says so.
const FUNCTIONS: [&str; 6] = [
    "first_of_product",
    "first_of_category",
    "first_of_query",
    "first_of_hour",
    "first_of_weekday",
    "first_of_week_hour",
];

/// Where in [`FUNCTIONS`] the product is, and the category.
const PRODUCT: usize = 0;
const CATEGORY: usize = 1;

/// Looks at the events of `scope.placed`: registers the functions that `sql/scope/events.sql` asks about their places, and
/// fills `scope.activity`.
///
/// # Errors
/// [`Error::EventStore`] where the events cannot be read.
pub fn register(connection: &Connection) -> Result<()> {
    let threads = rayon::current_num_threads();
    let (marks, activity) =
        mark(connection, PIECE, threads).map_err(Error::duck("scope/placed.sql"))?;
    let marks = Arc::new(marks);
    let register = || -> duckdb::Result<()> {
        for (bit, name) in FUNCTIONS.into_iter().enumerate() {
            let marks = Arc::clone(&marks);
            connection
                .register_scalar_function_with_state::<First>(name, &FirstOf { marks, bit })?;
        }
        Ok(())
    };
    register().map_err(Error::duck("counting different things"))?;
    for part in activity {
        let columns = part.columns();
        duck::append(connection, ("scope", "activity"), columns, "counting in")?;
    }
    Ok(())
}

/// Of each place the bits of [`FUNCTIONS`]. Each is written by one thread.
type Marks = Vec<AtomicU8>;

/// Marks all events, those of some users after those of others, and counts what users did, in their order.
fn mark(
    connection: &Connection,
    piece: usize,
    threads: usize,
) -> duckdb::Result<(Marks, Vec<Activity>)> {
    let types = Types::of(connection)?;
    let sql = "SELECT first_day - DATE '1970-01-01' FROM period";
    let first_day: i32 = connection.query_row(sql, [], |row| row.get(0))?;
    let rows = connection.query_row("SELECT count(*) FROM scope.placed", [], |row| row.get(0))?;
    let marks: Marks = std::iter::repeat_with(AtomicU8::default)
        .take(rows)
        .collect();
    let pieces = pieces(connection, (piece / threads).max(1))?;
    let shares = pieces.chunks(pieces.len().div_ceil(threads).max(1));
    let shares = shares.map(|share| Ok((connection.try_clone()?, share)));
    let shares: Vec<_> = shares.collect::<duckdb::Result<_>>()?;
    let activity = shares.into_par_iter().map(|(connection, share)| {
        let mut marker = Marker::new(&marks, types, first_day);
        let mut statement = connection.prepare(include_str!("../../sql/scope/placed.sql"))?;
        for users in share {
            // The result is complete, so that nothing can fail while it is looked at.
            for batch in statement.query_arrow([users.start, users.end])? {
                marker.take(&batch);
            }
        }
        Ok(marker.finish())
    });
    let activity = activity.collect::<duckdb::Result<_>>()?;
    Ok((marks, activity))
}

/// Users, rising, who have about `piece` events together. The table is nearly in the order of users (the event store
/// is, and what is read from it on several threads comes in long stretches), so that a piece is found without a look at
/// all the others.
fn pieces(connection: &Connection, piece: usize) -> duckdb::Result<Vec<Range<i64>>> {
    // With a number that has no sign DuckDB would divide in 128 bits.
    let sql =
        "SELECT DISTINCT unit FROM scope.placed WHERE place % CAST(? AS BIGINT) = 0 ORDER BY unit";
    let mut statement = connection.prepare(sql)?;
    let found = statement.query_map([piece], |row| row.get(0))?;
    let starts: Vec<i64> = found.collect::<duckdb::Result<_>>()?;
    let ends = starts.iter().skip(1).copied().chain([i64::MAX]);
    // Nobody comes before the first, but a place that is no multiple of `piece` may be somebody's.
    let starts = [i64::MIN].into_iter().chain(starts.iter().skip(1).copied());
    Ok(starts.zip(ends).map(|(start, end)| start..end).collect())
}

/// Which keys the user at hand had: of each key the last user who had it.
#[derive(Default)]
struct Seen(Vec<u32>);

impl Seen {
    /// Whether the user has not had the key before; false for a key below zero, which stands for none.
    fn is_first(&mut self, key: i32, user: u32) -> bool {
        let Ok(at) = usize::try_from(key) else {
            return false;
        };
        if at >= self.0.len() {
            self.0.resize(at + 1, 0);
        }
        std::mem::replace(&mut self.0[at], user) != user
    }
}

/// Goes over events in the order of their users.
struct Marker<'a> {
    marks: &'a Marks,
    activity: Activity,
    unit: Option<i32>,
    /// The number of the user at hand, from 1.
    user: u32,
    seen: [Seen; FUNCTIONS.len()],
    seen_days: Seen,
    /// The day that `seen_days` begins with, in days since 1970.
    first_day: i32,
    /// What is counted of the user at hand.
    counts: Counts,
    /// Of each category, how many events the last user who had it had with it.
    events: Vec<i64>,
    /// Categories of the user at hand.
    categories: Vec<usize>,
    /// Sessions of the user at hand: keyed hashes are no numbers to stand in a list.
    sessions: Vec<i64>,
}

impl<'a> Marker<'a> {
    fn new(marks: &'a Marks, types: Types, first_day: i32) -> Self {
        Self {
            marks,
            activity: Activity::new(types),
            unit: None,
            user: 0,
            seen: Default::default(),
            seen_days: Seen::default(),
            first_day,
            counts: Counts::default(),
            events: Vec::new(),
            categories: Vec::new(),
            sessions: Vec::new(),
        }
    }

    /// Marks the events of a batch, whose columns are those of `sql/scope/placed.sql`.
    fn take(&mut self, batch: &RecordBatch) {
        let long = |at| batch.column(at).as_primitive::<Int64Type>();
        let [place, at, session] = [0, 6, 7].map(long);
        let int = |at| batch.column(at).as_primitive::<Int32Type>();
        let [unit, kind, product, category, query] = [1, 2, 3, 4, 5].map(int);
        for row in 0..batch.num_rows() {
            let key = |column: &Int32Array| {
                if column.is_null(row) {
                    -1
                } else {
                    column.value(row)
                }
            };
            if self.unit != Some(unit.value(row)) {
                self.end_user();
                self.unit = Some(unit.value(row));
                self.user += 1;
            }
            let clock = Clock::of(at.value(row));
            let category = key(category);
            let keys = [
                key(product),
                category,
                key(query),
                clock.hour,
                clock.weekday,
                clock.weekday * 24 + clock.hour,
            ];
            let mut bits = 0;
            for (bit, (seen, key)) in self.seen.iter_mut().zip(keys).enumerate() {
                bits |= u8::from(seen.is_first(key, self.user)) << bit;
            }
            let place = usize::try_from(place.value(row)).ok();
            if let Some(mark) = place.and_then(|place| self.marks.get(place)) {
                mark.store(bits, Ordering::Relaxed);
            }
            self.counts.add(key(kind), clock);
            self.counts.products += i64::from(bits >> PRODUCT & 1);
            let day = clock.day - self.first_day;
            self.counts.days += i64::from(self.seen_days.is_first(day, self.user));
            if let Ok(category) = usize::try_from(category) {
                if bits >> CATEGORY & 1 == 1 {
                    if category >= self.events.len() {
                        self.events.resize(category + 1, 0);
                    }
                    self.events[category] = 0;
                    self.categories.push(category);
                }
                self.events[category] += 1;
            }
            if session.is_valid(row) {
                self.sessions.push(session.value(row));
            }
        }
    }

    /// Writes down what the user at hand did.
    fn end_user(&mut self) {
        let Some(user) = self.unit else {
            return;
        };
        self.sessions.sort_unstable();
        self.sessions.dedup();
        let mut counts = std::mem::take(&mut self.counts);
        counts.sessions = i64::try_from(self.sessions.len()).unwrap_or(i64::MAX);
        self.sessions.clear();
        let of = |category: usize| self.events[category];
        let categories: Vec<i64> = self.categories.drain(..).map(of).collect();
        self.activity.push(user, &counts, categories);
    }

    fn finish(mut self) -> Activity {
        self.end_user();
        self.activity
    }
}

type Outcome = std::result::Result<(), Box<dyn std::error::Error>>;

/// Whether the event at a place is its user's first of a kind.
struct First;

/// Of which kind.
#[derive(Clone)]
struct FirstOf {
    marks: Arc<Marks>,
    bit: usize,
}

impl VScalar for First {
    type State = FirstOf;

    fn invoke(
        of: &Self::State,
        places: &mut DataChunkHandle,
        answer: &mut dyn WritableVector,
    ) -> Outcome {
        let is_first = |place: usize| {
            let bits = of.marks.get(place).map(|bits| bits.load(Ordering::Relaxed));
            bits.is_some_and(|bits| bits >> of.bit & 1 == 1)
        };
        answer_each(places, answer, is_first);
        Ok(())
    }

    fn signatures() -> Vec<ScalarFunctionSignature> {
        let place = LogicalTypeHandle::from(LogicalTypeId::Bigint);
        let answer = LogicalTypeId::Boolean.into();
        vec![ScalarFunctionSignature::exact(vec![place], answer)]
    }
}

#[allow(unsafe_code)] // the binding hands out vectors as raw memory
fn answer_each(
    places: &DataChunkHandle,
    answer: &mut dyn WritableVector,
    of: impl Fn(usize) -> bool,
) {
    let rows = places.len();
    let (places, mut answer) = (places.flat_vector(0), answer.flat_vector());
    // SAFETY: the signature says that the argument is of 64 bits, and the answer a bool, which is a byte in DuckDB, too;
    // DuckDB has room for `rows` of both, and nobody else holds them while this runs.
    let (places, answer) = unsafe {
        (
            places.as_slice_with_len::<i64>(rows),
            answer.as_mut_slice_with_len::<bool>(rows),
        )
    };
    for (answer, place) in answer.iter_mut().zip(places) {
        *answer = of(usize::try_from(*place).unwrap_or(usize::MAX));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Events of a few users in no order, some of them without a product, a category, a query or a session.
    const ROWS: &str = "
        SELECT setseed(0.5);
        CREATE TABLE excluded (row_id BIGINT, rule VARCHAR);
        CREATE TABLE period AS SELECT DATE '2024-01-01' AS first_day, DATE '2024-03-01' AS last_day;
        CREATE TABLE rows AS
        SELECT *, CAST(ts AS DATE) AS day, 1 AS order_key, NULL AS source, NULL AS country, NULL AS currency, 1 AS price,
               1 AS quantity, 1 AS amount
        FROM (
            SELECT range AS row_id, CAST(1 + random() * 20 AS INTEGER) AS unit,
                   TIMESTAMP '2023-12-25' + to_seconds(CAST(random() * 7000000 AS BIGINT)) AS ts,
                   list_extract(['view', 'search', 'cart', 'favourite', 'purchase', 'return', 'other', 'renewal'],
                                1 + CAST(floor(power(random(), 2) * 8) AS INTEGER)) AS type,
                   CASE WHEN random() < 0.9 THEN CAST(random() * 30 AS INTEGER) END AS product_id,
                   CASE WHEN random() < 0.8 THEN CAST(random() * 5 AS INTEGER) END AS category_id,
                   CASE WHEN random() < 0.3 THEN CAST(random() * 9 AS INTEGER) END AS query_id,
                   CASE WHEN random() < 0.5 THEN CAST(random() * 9 AS BIGINT) END AS session_key
            FROM range(3000)
        );";

    /// A connection with what counts of these rows.
    fn counted(condition: &str) -> Connection {
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch(ROWS).unwrap();
        let sql = format!("DELETE FROM rows WHERE NOT ({condition})");
        connection.execute_batch(&sql).unwrap();
        let sql = super::super::counted(&connection).unwrap();
        connection.execute_batch(&sql).unwrap();
        connection
    }

    #[test]
    fn counting_the_firsts_counts_different_things() {
        for (piece, threads) in [(PIECE, 1), (PIECE, 2), (100, 3), (7, 2)] {
            let connection = counted("true");
            let (marks, activity) = mark(&connection, piece, threads).unwrap();
            let marks = Arc::new(marks);
            for (bit, name) in FUNCTIONS.into_iter().enumerate() {
                let of = FirstOf {
                    marks: Arc::clone(&marks),
                    bit,
                };
                connection
                    .register_scalar_function_with_state::<First>(name, &of)
                    .unwrap();
            }
            let things = [
                ("product", "product_id"),
                ("category", "category_id"),
                ("query", "query_id"),
                ("hour", "hour(ts)"),
                ("weekday", "isodow(ts)"),
                ("week_hour", "isodow(ts) * 24 + hour(ts)"),
            ];
            for (thing, expression) in things {
                let sql = format!(
                    "SELECT count(*), count(CASE WHEN firsts <> different THEN 1 END), CAST(sum(firsts) AS BIGINT)
                     FROM (SELECT count(CASE WHEN first_of_{thing}(place) THEN 1 END) AS firsts,
                                  count(DISTINCT {expression}) AS different FROM scope.placed GROUP BY unit)"
                );
                let read = |row: &duckdb::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
                let (users, wrong, all): (i64, i64, i64) =
                    connection.query_row(&sql, [], read).unwrap();
                assert_eq!((users, wrong), (21, 0), "{thing} in pieces of {piece}");
                assert!(all > 21, "{thing}");
            }
            for part in activity {
                duck::append(&connection, ("scope", "activity"), part.columns(), "").unwrap();
            }
            let types = ["view", "search", "cart", "favourite", "purchase", "return"];
            let types = types.map(|name| format!("count(CASE WHEN type = '{name}' THEN 1 END)"));
            let sql = "
                WITH of_category AS (
                    SELECT unit, category_id, count(*) AS n FROM scope.placed WHERE category_id IS NOT NULL GROUP BY ALL
                ),
                weights AS (SELECT unit, sum(n) AS n, max(n) AS most, sum(n * ln(n)) AS weight FROM of_category GROUP BY unit)
                SELECT count(*), count(CASE WHEN d.sessions = e.sessions AND d.products = e.products
                                             AND d.categories = e.categories AND d.active_days = e.days
                                             AND d.events = e.events AND [d.views, d.searches, d.carts, d.favourites, d.purchases, d.returns] = e.types
                                             AND d.first_day = e.first_day AND d.last_day = e.last_day
                                             AND d.evening_events = e.evening AND d.weekend_events = e.weekend
                                             AND d.category_events = w.n AND d.favourite_category_events = w.most
                                             AND abs(d.category_weight - w.weight) < 1e-9 THEN 1 END)
                FROM scope.activity AS d
                JOIN (SELECT unit, count(DISTINCT session_key) AS sessions, count(DISTINCT product_id) AS products,
                             count(DISTINCT category_id) AS categories, count(DISTINCT CAST(ts AS DATE)) AS days, count(*) AS events,
                             [{types}] AS types,
                             min(CAST(ts AS DATE)) AS first_day, max(CAST(ts AS DATE)) AS last_day,
                             count(CASE WHEN hour(ts) >= 18 THEN 1 END) AS evening,
                             count(CASE WHEN isodow(ts) >= 6 THEN 1 END) AS weekend
                      FROM scope.placed GROUP BY unit) AS e ON e.unit = d.user_id
                JOIN weights AS w ON w.unit = d.user_id"
                .replace("{types}", &types.join(", "));
            let read = |row: &duckdb::Row<'_>| Ok((row.get(0)?, row.get(1)?));
            let (users, right): (i64, i64) = connection.query_row(&sql, [], read).unwrap();
            assert_eq!((users, right), (21, 21), "in pieces of {piece}");
        }
    }

    #[test]
    fn a_shop_without_events_has_no_marks() {
        let connection = counted("false");
        register(&connection).unwrap();
        let sql = "SELECT first_of_product(5), (SELECT count(*) FROM scope.activity)";
        let read = |row: &duckdb::Row<'_>| Ok((row.get(0)?, row.get(1)?));
        let beyond: (bool, i64) = connection.query_row(sql, [], read).unwrap();
        assert_eq!(beyond, (false, 0));
    }

    #[test]
    fn columns_that_no_row_has_a_value_in_are_not_kept() {
        let connection = counted("true");
        let sql = "SELECT count(*), count(CASE WHEN column_name IN ('source', 'country', 'currency') THEN 1 END)
                   FROM duckdb_columns() WHERE database_name = 'scope' AND table_name = 'acts'";
        let read = |row: &duckdb::Row<'_>| Ok((row.get(0)?, row.get(1)?));
        let columns: (i64, i64) = connection.query_row(sql, [], read).unwrap();
        assert_eq!(columns, (10, 0));
        let sql = "SELECT count(source), count(price) > 0 FROM scope.placed";
        let read = |row: &duckdb::Row<'_>| Ok((row.get(0)?, row.get(1)?));
        let found: (i64, bool) = connection.query_row(sql, [], read).unwrap();
        assert_eq!(found, (0, true));
    }
}
