//! Facts of each segment against everybody, with their support; facts about too few users are not told.

mod charts;
mod cohorts;
mod facts;
mod others;
mod table;
mod why;

use std::collections::HashMap;

use duckdb::Connection;
use rayon::prelude::*;

use crate::error::Result;
use crate::features::Features;
use crate::privacy::Sensitive;
use crate::progress::Progress;
use crate::records::Segment;
use crate::workspace::duck;

pub use charts::charts;
pub use cohorts::cohorts;
pub use table::SHEETS;
pub use why::{Why, why};

use facts::Desk;

/// Fills the facts of `segments`, on a connection that has the views of [`crate::scope::Scope::events`] and the tables
/// `members` (user, segment id), `feature_values` (feature, user, value) and `limits` (the minimum support).
///
/// Names that `sensitive` matches become facts that lead no sentence.
/// `segment_of` holds the segment id of each user of `features`, in their order.
pub fn portray(
    connection: &Connection,
    features: &Features,
    segment_of: &[u32],
    segments: &mut [Segment],
    min_support: u64,
    sensitive: &Sensitive,
    progress: &Progress,
) -> Result<()> {
    let differences = differences(features, segment_of);
    let ids: Vec<u32> = segments.iter().map(|segment| segment.id).collect();
    let others = others::others(features, segment_of, &ids);
    clock(connection)?;
    let mut desk = Desk::new(segments, min_support);
    desk.totals(&table::TOTALS.read(connection)?.1);
    progress.check()?;
    desk.numeric(
        &table::NUMERIC.read(connection)?.1,
        &features.columns,
        &differences,
        &others,
    );
    progress.check()?;
    desk.funnel(&table::FUNNEL.read(connection)?.1);
    progress.check()?;
    desk.names(&table::NAMES.read(connection)?.1, sensitive);
    progress.check()?;
    for (sheet, clock) in [
        (table::HOURS, &facts::HOUR),
        (table::WEEKDAYS, &facts::WEEKDAY),
    ] {
        // A file with days only has one hour: it says nothing.
        let lines = sheet.read(connection)?.1;
        let mut values: Vec<i64> = lines.iter().map(|line| line.number(0) as i64).collect();
        values.sort_unstable();
        values.dedup();
        if values.len() > 1 {
            desk.clock(sheet, &lines, clock);
        }
    }
    Ok(())
}

/// Makes the table that the files about hours and days read.
fn clock(connection: &Connection) -> Result<()> {
    duck::run(connection, table::CLOCK.source, table::CLOCK.sql)
}

/// Standardised difference of each segment and feature: (segment mean - mean of all) / standard deviation of all.
fn differences(features: &Features, segment_of: &[u32]) -> HashMap<(u32, usize), f64> {
    let of_column = |column: usize| {
        let values = features.standardised(column).unwrap_or_default();
        let mut sums: HashMap<u32, (f64, f64)> = HashMap::new();
        for (value, segment) in values
            .iter()
            .zip(segment_of)
            .filter(|(value, _)| value.is_finite())
        {
            let sum = sums.entry(*segment).or_default();
            *sum = (sum.0 + value, sum.1 + 1.0);
        }
        let mean = move |(segment, (sum, n))| ((segment, column), sum / n);
        sums.into_iter().map(mean).collect::<Vec<_>>()
    };
    let columns = (0..features.columns.len()).into_par_iter();
    let found: Vec<Vec<_>> = columns.map(of_column).collect();
    found.into_iter().flatten().collect()
}
