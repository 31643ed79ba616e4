//! Evidence out of the store.

use std::collections::{BTreeMap, HashMap};

use crate::error::{Error, Result};
use crate::pipeline::desk::Desk;
use crate::recommend::{Evidence, Histories, Searches, Touch};
use crate::records::Run;

/// The longest time in which evidence comes to count half, in seconds; shorter data takes a quarter of its span.
const HALF_LIFE: f64 = 90.0 * 86_400.0;

/// How long the data is, and how many product keys it has.
pub struct Span {
    /// Seconds from the first event to just after the last.
    pub seconds: u32,
    /// Product keys lie below this.
    pub products: usize,
}

impl Span {
    /// Asks the run's events.
    ///
    /// # Errors
    /// [`Error::Rejected`] where no event names a product.
    pub fn of(desk: &Desk, run: &Run) -> Result<Self> {
        let (seconds, products): (i64, i64) = desk
            .connection()
            .query_row(include_str!("../../../sql/recommend/span.sql"), [], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
            .map_err(Error::duck("recommend/span.sql"))?;
        if products <= 0 {
            return Err(Error::rejected(
                format!("run {}", run.id),
                "no event names a product: there is nothing to recommend",
                "name the product's column with --map product=COLUMN",
            ));
        }
        Ok(Self {
            seconds: u32::try_from(seconds).unwrap_or(u32::MAX),
            products: usize::try_from(products).unwrap_or_default(),
        })
    }
}

/// A product of the shop.
#[derive(Debug, Clone, Default)]
pub struct Product {
    /// Its code; empty where no product has the key.
    pub code: String,
    /// What it is called.
    pub name: Option<String>,
    /// Key of its category.
    pub category_id: Option<i32>,
    /// Its category.
    pub category: Option<String>,
    /// Whether the catalogue lacks it, or has none in stock.
    pub is_out: bool,
}

impl Product {
    /// What people know it by.
    pub fn title(&self) -> &str {
        self.name.as_deref().unwrap_or(&self.code)
    }
}

/// What is known up to a moment.
pub struct Known {
    /// Who bought and looked at what.
    pub histories: Histories,
    /// Of each place in the histories, the place of its segment among the run's.
    pub segments: Vec<Option<usize>>,
    searches: Searches,
}

impl Known {
    /// The evidence, of a run with so many segments.
    pub fn evidence(self, span: &Span, segments: usize) -> Evidence {
        let half_life = HALF_LIFE.min(f64::from(span.seconds) / 4.0).max(1.0);
        Evidence::new(
            self.histories,
            self.searches,
            &self.segments,
            segments,
            half_life,
        )
    }
}

/// All that is known up to `now`, in seconds after the first event.
pub fn known(desk: &Desk, run: &Run, span: &Span, now: u32) -> Result<Known> {
    cut(desk, now, now)?;
    let histories = histories(desk, span, now)?;
    let members: HashMap<i32, usize> = {
        let places: HashMap<u32, usize> = run
            .segments
            .iter()
            .zip(0..)
            .map(|(one, at)| (one.id, at))
            .collect();
        let found = desk.pairs("recommend/members", "SELECT user_id, segment FROM members")?;
        let place = |segment: Option<i64>| places.get(&u32::try_from(segment?).ok()?).copied();
        found
            .into_iter()
            .filter_map(|(user, segment)| Some((user, place(segment)?)))
            .collect()
    };
    let segments = histories
        .users
        .iter()
        .map(|user| members.get(user).copied())
        .collect();
    Ok(Known {
        histories,
        segments,
        searches: searches(desk)?,
    })
}

/// Sets what is known and what came after.
pub fn cut(desk: &Desk, now: u32, until: u32) -> Result<()> {
    let sql = include_str!("../../../sql/recommend/cut.sql")
        .replace("{now}", &now.to_string())
        .replace("{until}", &until.to_string());
    desk.connection()
        .execute_batch(&sql)
        .map_err(Error::duck("recommend/cut.sql"))
}

fn histories(desk: &Desk, span: &Span, now: u32) -> Result<Histories> {
    let read = || -> duckdb::Result<Histories> {
        let sql = include_str!("../../../sql/recommend/touches.sql");
        let mut statement = desk.connection().prepare(sql)?;
        let mut rows = statement.query([])?;
        let mut found = Histories::new(span.products, now);
        let mut user: Option<i32> = None;
        let mut touches = Vec::new();
        while let Some(row) = rows.next()? {
            let whose: i32 = row.get(0)?;
            if let Some(before) = user.filter(|before| *before != whose) {
                found.push(before, std::mem::take(&mut touches));
            }
            user = Some(whose);
            touches.push(Touch {
                product: row.get(1)?,
                days: row.get(2)?,
                looks: row.get(3)?,
                first_bought: row.get(4)?,
                last_bought: row.get(5)?,
                last_looked: row.get(6)?,
                is_returned: row.get(7)?,
            });
        }
        if let Some(user) = user {
            found.push(user, touches);
        }
        Ok(found)
    };
    read().map_err(Error::duck("recommend/touches.sql"))
}

fn searches(desk: &Desk) -> Result<Searches> {
    let read = || -> duckdb::Result<Searches> {
        let bought = desk
            .connection()
            .prepare(include_str!("../../../sql/recommend/searches.sql"))?
            .query_map([], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
            })?
            .collect::<duckdb::Result<_>>()?;
        Ok(Searches { bought })
    };
    read().map_err(Error::duck("recommend/searches.sql"))
}

/// The latest queries of each user up to the cut.
pub fn queries(desk: &Desk) -> Result<HashMap<i32, Vec<u32>>> {
    let read = || -> duckdb::Result<HashMap<i32, Vec<u32>>> {
        let sql = include_str!("../../../sql/recommend/queries.sql");
        let mut statement = desk.connection().prepare(sql)?;
        let mut rows = statement.query([])?;
        let mut found: HashMap<i32, Vec<u32>> = HashMap::new();
        while let Some(row) = rows.next()? {
            found.entry(row.get(0)?).or_default().push(row.get(1)?);
        }
        Ok(found)
    };
    read().map_err(Error::duck("recommend/queries.sql"))
}

/// What the queries were.
pub fn words(desk: &Desk) -> Result<BTreeMap<u32, String>> {
    let read = || -> duckdb::Result<BTreeMap<u32, String>> {
        desk.connection()
            .prepare("SELECT query_id, query FROM queries")?
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect()
    };
    read().map_err(Error::duck("reading queries"))
}

/// What the user keys in `came.sql` bought, or looked at, between the cut and its end: sorted keys of products.
pub fn came(desk: &Desk, has_purchases: bool) -> Result<BTreeMap<i32, Vec<u32>>> {
    let what = if has_purchases {
        "'purchase'"
    } else {
        "'view', 'cart', 'favourite', 'purchase'"
    };
    let sql = include_str!("../../../sql/recommend/came.sql").replace("{what}", what);
    let read = || -> duckdb::Result<BTreeMap<i32, Vec<u32>>> {
        let mut statement = desk.connection().prepare(&sql)?;
        let mut rows = statement.query([])?;
        let mut found: BTreeMap<i32, Vec<u32>> = BTreeMap::new();
        while let Some(row) = rows.next()? {
            found.entry(row.get(0)?).or_default().push(row.get(1)?);
        }
        Ok(found)
    };
    read().map_err(Error::duck("recommend/came.sql"))
}

/// The shop's products by their key.
pub fn products(desk: &Desk, count: usize) -> Result<Vec<Product>> {
    let read = || -> duckdb::Result<Vec<Product>> {
        let mut found = vec![Product::default(); count];
        let mut statement = desk
            .connection()
            .prepare(include_str!("../../../sql/recommend/products.sql"))?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let key: usize = row.get(0)?;
            if let Some(product) = found.get_mut(key) {
                *product = Product {
                    code: row.get(1)?,
                    name: row.get(2)?,
                    category_id: row.get(3)?,
                    category: row.get(4)?,
                    is_out: row.get(5)?,
                };
            }
        }
        Ok(found)
    };
    read().map_err(Error::duck("recommend/products.sql"))
}
