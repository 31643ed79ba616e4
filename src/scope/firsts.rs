//! Of each event, whether it is its user's first with its product, on its day…: what tells how many different ones a user
//! has. DuckDB would hold a set of them for each user, of nearly as many entries as there are events; looked at user by
//! user, all events need one list of the things that there are, with the user who had each last.

use std::sync::Arc;

use duckdb::Connection;
use duckdb::arrow::array::{Array, AsArray, RecordBatch};
use duckdb::arrow::datatypes::{Int32Type, Int64Type};
use duckdb::core::{DataChunkHandle, LogicalTypeHandle, LogicalTypeId};
use duckdb::vscalar::{ScalarFunctionSignature, VScalar};
use duckdb::vtab::arrow::WritableVector;

use crate::error::{Error, Result};

/// Rows that are looked at together, about.
const PIECE: i64 = 1 << 19;

/// What an event may be its user's first with, in the order of the bits: the function of SQL that says so.
const FUNCTIONS: [&str; 8] = [
    "first_of_product",
    "first_of_category",
    "first_of_query",
    "first_of_session",
    "first_of_day",
    "first_of_hour",
    "first_of_weekday",
    "first_of_week_hour",
];
const SESSION: usize = 3;
const CATEGORY: usize = 1;

/// Registers the functions that `sql/scope/events.sql` asks about the places of `sql/scope/counted.sql`.
///
/// # Errors
/// [`Error::EventStore`] where the events cannot be read.
pub fn register(connection: &Connection) -> Result<()> {
    let marks = mark(connection, PIECE).map_err(Error::duck("scope/placed.sql"))?;
    let marks = Arc::new(marks);
    let register = || -> duckdb::Result<()> {
        for (bit, name) in FUNCTIONS.into_iter().enumerate() {
            let marks = Arc::clone(&marks);
            connection
                .register_scalar_function_with_state::<First>(name, &FirstOf { marks, bit })?;
        }
        connection.register_scalar_function_with_state::<Nth>("nth_of_category", &marks)
    };
    register().map_err(Error::duck("counting different things"))
}

/// What is known of each place of the table of events that count.
#[derive(Debug)]
struct Marks {
    /// The bits of [`FUNCTIONS`].
    firsts: Vec<u8>,
    /// The how-manieth of its user's events with the category; 0: it has none.
    nth_of_category: Vec<i32>,
}

/// Marks all events, those of some users after those of others.
fn mark(connection: &Connection, piece: i64) -> duckdb::Result<Marks> {
    let rows = connection.query_row("SELECT count(*) FROM scope.counted", [], |row| row.get(0))?;
    let mut marker = Marker::new(rows);
    let mut bounds = bounds(connection, piece)?;
    let mut statement = connection.prepare(include_str!("../../sql/scope/placed.sql"))?;
    bounds.push(i64::MAX);
    let mut from = i64::MIN;
    for to in bounds {
        // The result is complete, so that nothing can fail while it is looked at.
        for batch in statement.query_arrow([from, to])? {
            marker.take(&batch);
        }
        from = to;
    }
    Ok(marker.finish())
}

/// Users between whom there are about `piece` events, rising. The table is nearly in the order of users (the event store
/// is, and what is read from it on several threads comes in long stretches), so that a piece is found without a look at
/// all the others.
fn bounds(connection: &Connection, piece: i64) -> duckdb::Result<Vec<i64>> {
    let sql = "SELECT DISTINCT unit FROM scope.counted WHERE rowid % ? = 0 ORDER BY unit";
    let mut statement = connection.prepare(sql)?;
    let found = statement.query_map([piece], |row| row.get(0))?;
    found.collect()
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

/// Goes over the events in the order of their users.
struct Marker {
    marks: Marks,
    unit: Option<i32>,
    /// The number of the user at hand, from 1.
    user: u32,
    seen: [Seen; FUNCTIONS.len()],
    /// How many events of the user who had a category last had it.
    events: Vec<i32>,
    /// Sessions of the user at hand and their places: keyed hashes are no numbers to stand in a list.
    sessions: Vec<(i64, usize)>,
}

impl Marker {
    fn new(rows: usize) -> Self {
        Self {
            marks: Marks {
                firsts: vec![0; rows],
                nth_of_category: vec![0; rows],
            },
            unit: None,
            user: 0,
            seen: Default::default(),
            events: Vec::new(),
            sessions: Vec::new(),
        }
    }

    /// Marks the events of a batch, whose columns are those of `sql/scope/placed.sql`.
    fn take(&mut self, batch: &RecordBatch) {
        let place = batch.column(0).as_primitive::<Int64Type>();
        let ints: [_; 6] =
            std::array::from_fn(|at| batch.column(at + 1).as_primitive::<Int32Type>());
        let [unit, product, category, query, day, week_hour] = ints;
        let session = batch.column(7).as_primitive::<Int64Type>();
        for row in 0..batch.num_rows() {
            let key = |column: &duckdb::arrow::array::Int32Array| {
                if column.is_null(row) {
                    -1
                } else {
                    column.value(row)
                }
            };
            if self.unit != Some(unit.value(row)) {
                self.unit = Some(unit.value(row));
                self.end_user();
                self.user += 1;
            }
            let Ok(at) = usize::try_from(place.value(row)) else {
                continue;
            };
            let hour = key(week_hour);
            let keys = [
                key(product),
                key(category),
                key(query),
                -1,
                key(day),
                hour % 24,
                hour / 24,
                hour,
            ];
            let mut bits = 0;
            for (bit, (seen, key)) in self.seen.iter_mut().zip(keys).enumerate() {
                bits |= u8::from(seen.is_first(key, self.user)) << bit;
            }
            self.marks.firsts[at] = bits;
            if let Ok(category) = usize::try_from(keys[CATEGORY]) {
                if category >= self.events.len() {
                    self.events.resize(category + 1, 0);
                }
                let before = if bits >> CATEGORY & 1 == 1 {
                    0
                } else {
                    self.events[category]
                };
                self.events[category] = before + 1;
                self.marks.nth_of_category[at] = before + 1;
            }
            if session.is_valid(row) {
                self.sessions.push((session.value(row), at));
            }
        }
    }

    /// Marks the first event of each session of the user at hand.
    fn end_user(&mut self) {
        self.sessions.sort_unstable();
        self.sessions.dedup_by_key(|(session, _)| *session);
        for (_, at) in self.sessions.drain(..) {
            self.marks.firsts[at] |= 1 << SESSION;
        }
    }

    fn finish(mut self) -> Marks {
        self.end_user();
        self.marks
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
        let is_first = |place| {
            of.marks
                .firsts
                .get(place)
                .is_some_and(|bits| bits >> of.bit & 1 == 1)
        };
        answer_each(places, answer, is_first);
        Ok(())
    }

    fn signatures() -> Vec<ScalarFunctionSignature> {
        signature(LogicalTypeId::Boolean)
    }
}

/// The how-manieth of its user's events with its category an event is.
struct Nth;

impl VScalar for Nth {
    type State = Arc<Marks>;

    fn invoke(
        marks: &Self::State,
        places: &mut DataChunkHandle,
        answer: &mut dyn WritableVector,
    ) -> Outcome {
        let nth = |place| {
            marks
                .nth_of_category
                .get(place)
                .copied()
                .unwrap_or_default()
        };
        answer_each(places, answer, nth);
        Ok(())
    }

    fn signatures() -> Vec<ScalarFunctionSignature> {
        signature(LogicalTypeId::Integer)
    }
}

/// A function of a place.
fn signature(of: LogicalTypeId) -> Vec<ScalarFunctionSignature> {
    let place = LogicalTypeHandle::from(LogicalTypeId::Bigint);
    vec![ScalarFunctionSignature::exact(vec![place], of.into())]
}

#[allow(unsafe_code)] // the binding hands out vectors as raw memory
fn answer_each<T: Copy>(
    places: &DataChunkHandle,
    answer: &mut dyn WritableVector,
    of: impl Fn(usize) -> T,
) {
    let rows = places.len();
    let (places, mut answer) = (places.flat_vector(0), answer.flat_vector());
    // SAFETY: the signatures say that the argument is of 64 bits, and the answer of T (a bool is a byte in DuckDB, too);
    // DuckDB has room for `rows` of both, and nobody else holds them while this runs.
    let (places, answer) = unsafe {
        (
            places.as_slice_with_len::<i64>(rows),
            answer.as_mut_slice_with_len::<T>(rows),
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
                   CASE WHEN random() < 0.1 THEN 'renewal' ELSE 'view' END AS type,
                   CASE WHEN random() < 0.9 THEN CAST(random() * 30 AS INTEGER) END AS product_id,
                   CASE WHEN random() < 0.8 THEN CAST(random() * 5 AS INTEGER) END AS category_id,
                   CASE WHEN random() < 0.3 THEN CAST(random() * 9 AS INTEGER) END AS query_id,
                   CASE WHEN random() < 0.5 THEN CAST(random() * 9 AS BIGINT) END AS session_key
            FROM range(3000)
        );";

    #[test]
    fn counting_the_firsts_counts_different_things() {
        for piece in [PIECE, 100, 7] {
            let connection = Connection::open_in_memory().unwrap();
            connection.execute_batch(ROWS).unwrap();
            let counted = include_str!("../../sql/scope/counted.sql");
            connection.execute_batch(counted).unwrap();
            let marks = Arc::new(mark(&connection, piece).unwrap());
            for (bit, name) in FUNCTIONS.into_iter().enumerate() {
                let of = FirstOf {
                    marks: Arc::clone(&marks),
                    bit,
                };
                connection
                    .register_scalar_function_with_state::<First>(name, &of)
                    .unwrap();
            }
            connection
                .register_scalar_function_with_state::<Nth>("nth_of_category", &marks)
                .unwrap();
            let things = [
                ("product", "product_id"),
                ("category", "category_id"),
                ("query", "query_id"),
                ("session", "session_key"),
                ("day", "day"),
                ("hour", "hour(ts)"),
                ("weekday", "isodow(ts)"),
                ("week_hour", "isodow(ts) * 24 + hour(ts)"),
            ];
            for (thing, expression) in things {
                let sql = format!(
                    "SELECT count(*), count(CASE WHEN firsts <> different THEN 1 END), CAST(sum(firsts) AS BIGINT)
                     FROM (SELECT count(CASE WHEN first_of_{thing}(place) THEN 1 END) AS firsts,
                                  count(DISTINCT {expression}) AS different FROM placed GROUP BY unit)"
                );
                let read = |row: &duckdb::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
                let (users, wrong, all): (i64, i64, i64) =
                    connection.query_row(&sql, [], read).unwrap();
                assert_eq!((users, wrong), (21, 0), "{thing} in pieces of {piece}");
                assert!(all > 21, "{thing}");
            }
            // The numbers of a user's events with a category are 1, 2, 3…; an event without one has none.
            let sql = "SELECT count(*) FROM (
                           SELECT nth_of_category(place) AS nth, category_id,
                                  row_number() OVER (PARTITION BY unit, category_id ORDER BY nth_of_category(place)) AS place
                           FROM placed)
                       WHERE nth <> CASE WHEN category_id IS NULL THEN 0 ELSE place END";
            let wrong: i64 = connection.query_row(sql, [], |row| row.get(0)).unwrap();
            assert_eq!(wrong, 0);
        }
    }

    #[test]
    fn a_shop_without_events_has_no_marks() {
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch(ROWS).unwrap();
        connection.execute_batch("DELETE FROM rows").unwrap();
        let counted = include_str!("../../sql/scope/counted.sql");
        connection.execute_batch(counted).unwrap();
        register(&connection).unwrap();
        let sql = "SELECT first_of_product(5), nth_of_category(5)";
        let read = |row: &duckdb::Row<'_>| Ok((row.get(0)?, row.get(1)?));
        let beyond: (bool, i32) = connection.query_row(sql, [], read).unwrap();
        assert_eq!(beyond, (false, 0));
    }
}
