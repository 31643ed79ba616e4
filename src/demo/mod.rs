//! A made-up shop for `portray demo` and the tests: a year of events by users of six planted personas,
//! so that segments can be held against the truth. The same seed gives the same bytes.

mod calendar;
mod catalogue;
mod draw;
mod personas;
mod queries;
mod shelves;
mod shopper;

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use rand::seq::SliceRandom;
use rand::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

use crate::error::{Error, Result};

use catalogue::Catalogue;
use personas::PERSONAS;
use shelves::SHELVES;
use shopper::{Event, Kind, Shopper, Source};

/// Share of users who act like a second persona in some of their sessions.
const MIXED: f64 = 0.08;

/// The columns of the file.
const COLUMNS: [&str; 14] = [
    "event_time",
    "user_id",
    "session_id",
    "event_type",
    "order_id",
    "product_id",
    "product_name",
    "category",
    "price",
    "quantity",
    "currency",
    "query",
    "source",
    "country",
];

/// Countries with their share of users.
const COUNTRIES: [(&str, f64); 6] = [
    ("GB", 0.84),
    ("IE", 0.05),
    ("DE", 0.04),
    ("FR", 0.03),
    ("NL", 0.03),
    ("US", 0.01),
];

/// What shop to make up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shop {
    /// Users; each has about 67 events in the year.
    pub users: usize,
    /// Seed of everything drawn.
    pub seed: u64,
}

impl Default for Shop {
    fn default() -> Self {
        Self {
            users: 3000,
            seed: 42,
        }
    }
}

/// What segments can be held against.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Truth {
    /// Each raw user id with its planted persona, 0 to 5.
    pub personas: Vec<(String, usize)>,
    /// Rows written, the header not counted.
    pub rows: u64,
}

/// Writes the shop's events of 2025 as CSV, in the order of time, and returns who was planted as what.
///
/// # Errors
/// [`Error::Failed`] where `out` refuses a row.
pub fn write_events(shop: &Shop, out: &mut dyn Write) -> Result<Truth> {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(shop.seed);
    let catalogue = Catalogue::draw(&mut rng);
    let (events, planted) = live(shop.users, &catalogue, &mut rng);
    let people = people(shop.users, &mut rng);
    write_rows(&events, &catalogue, &people, out).map_err(|error| {
        Error::failed(
            "sample shop",
            error,
            "check the free space and the permissions of the folder",
        )
    })?;
    let personas = people
        .into_iter()
        .map(|person| person.id)
        .zip(planted)
        .collect();
    Ok(Truth {
        personas,
        rows: events.len() as u64,
    })
}

/// [`write_events`] into a file.
///
/// # Errors
/// [`Error::Io`] where the file can't be made, and those of [`write_events`].
pub fn write_file(shop: &Shop, path: &Path) -> Result<Truth> {
    let mut out = BufWriter::new(File::create(path).map_err(Error::io(path))?);
    let truth = write_events(shop, &mut out)?;
    out.flush().map_err(Error::io(path))?;
    Ok(truth)
}

/// Writes what the shop sells as CSV for `ingest --catalog`.
///
/// # Errors
/// [`Error::Io`] where the file can't be made, [`Error::Failed`] where it refuses a row.
pub fn write_catalogue(shop: &Shop, path: &Path) -> Result<()> {
    let catalogue = Catalogue::draw(&mut Xoshiro256PlusPlus::seed_from_u64(shop.seed));
    let write = || -> csv::Result<()> {
        let mut rows = csv::Writer::from_path(path)?;
        rows.write_record(["product", "name", "category", "price", "currency"])?;
        for (id, product) in catalogue.products() {
            rows.write_record([
                code(id).as_str(),
                &product.name,
                SHELVES[product.shelf].name,
                &money(product.price),
                "GBP",
            ])?;
        }
        Ok(rows.flush()?)
    };
    write().map_err(|error| {
        Error::failed(
            "sample catalogue",
            error,
            "check the free space and the permissions of the folder",
        )
    })
}

/// Everybody's year, sorted by time, and the persona of each user.
fn live(
    users: usize,
    catalogue: &Catalogue,
    rng: &mut Xoshiro256PlusPlus,
) -> (Vec<Event>, Vec<usize>) {
    let mut events = Vec::new();
    let mut planted = Vec::with_capacity(users);
    for user in 0..users {
        let persona = draw::weighted(rng, PERSONAS.iter().map(|persona| persona.share));
        let other = rng.gen_bool(MIXED).then(|| draw::one(rng, &PERSONAS));
        events.extend(Shopper::new(rng, catalogue, user, &PERSONAS[persona]).year(other));
        planted.push(persona);
    }
    events.sort_by_key(|event| (event.time, event.user, event.session));
    (events, planted)
}

/// What a row says of its user.
struct Person {
    id: String,
    country: &'static str,
}

/// Ids in no order, as customer numbers are, and countries.
fn people(users: usize, rng: &mut Xoshiro256PlusPlus) -> Vec<Person> {
    let mut numbers: Vec<usize> = (10_001..).take(users).collect();
    numbers.shuffle(rng);
    numbers
        .into_iter()
        .map(|number| {
            let (country, _) =
                COUNTRIES[draw::weighted(rng, COUNTRIES.iter().map(|country| country.1))];
            Person {
                id: number.to_string(),
                country,
            }
        })
        .collect()
}

fn write_rows(
    events: &[Event],
    catalogue: &Catalogue,
    people: &[Person],
    out: &mut dyn Write,
) -> csv::Result<()> {
    let mut rows = csv::Writer::from_writer(out);
    rows.write_record(COLUMNS)?;
    for event in events {
        let person = &people[event.user];
        let product = event.product.map(|id| (id, catalogue.product(id)));
        let of_product =
            |text: &dyn Fn(usize) -> String| product.map_or_else(String::new, |(id, _)| text(id));
        rows.write_record([
            time(event.time).as_str(),
            &person.id,
            &format!("s{}-{}", person.id, event.session + 1),
            kind(event.kind),
            &event
                .order
                .map_or_else(String::new, |order| format!("o{}-{}", person.id, order + 1)),
            &of_product(&code),
            product.map_or("", |(_, product)| &product.name),
            product.map_or("", |(_, product)| SHELVES[product.shelf].name),
            &of_product(&|_| money(event.price)),
            &of_product(&|_| event.pieces.to_string()),
            if product.is_some() { "GBP" } else { "" },
            event.query.as_deref().unwrap_or(""),
            source(event.source),
            person.country,
        ])?;
    }
    rows.flush()?;
    Ok(())
}

/// The code of the product with a number.
fn code(id: usize) -> String {
    format!("p{:04}", id + 1)
}

/// Pence as pounds.
fn money(pence: u32) -> String {
    format!("{}.{:02}", pence / 100, pence % 100)
}

/// ISO 8601 in UTC, of seconds since the year began.
fn time(seconds: i64) -> String {
    let day = calendar::day_of((seconds / 86_400) as u32);
    let second = seconds % 86_400;
    format!(
        "{day}T{:02}:{:02}:{:02}Z",
        second / 3600,
        second / 60 % 60,
        second % 60
    )
}

fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::View => "view",
        Kind::Search => "search",
        Kind::Cart => "cart",
        Kind::Favourite => "favourite",
        Kind::Purchase => "purchase",
        Kind::Return => "return",
        Kind::Other => "other",
    }
}

fn source(source: Source) -> &'static str {
    match source {
        Source::Web => "web",
        Source::App => "app",
        Source::Store => "store",
    }
}
