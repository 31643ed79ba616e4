//! What is drawn of segments: their hours of the week, and where they buy among the shop's prices.

use duckdb::Connection;

use super::table::{Line, PRICES, WEEK};
use crate::error::Result;
use crate::records::{PriceBand, Segment};

/// Hours of a week.
const HOURS: usize = 168;

/// Fills the charts of `segments`, on a connection that [`super::portray`] has looked at; gives the shop's week.
///
/// Hours and bands in which fewer users than `min_support` did something are not told, nor is the week where the data
/// has days only.
///
/// # Errors
/// [`crate::Error::EventStore`] where the SQL fails.
pub fn charts(
    connection: &Connection,
    segments: &mut [Segment],
    min_support: u64,
) -> Result<Vec<f64>> {
    let hours = WEEK.read(connection)?.1;
    // A file with days only has one hour: it says nothing.
    let mut of_day: Vec<u64> = hours
        .iter()
        .map(|line| line.number(0) as u64 % 24)
        .collect();
    of_day.sort_unstable();
    of_day.dedup();
    let has_hours = of_day.len() > 1;
    let bands = PRICES.read(connection)?.1;
    for segment in segments {
        let own = |lines: &'_ [Line]| of(lines, segment.id);
        if has_hours {
            segment.charts.week = week(&own(&hours), min_support);
        }
        segment.charts.prices = prices(&own(&bands), &of(&bands, 0), min_support);
    }
    Ok(if has_hours {
        let shop = week(&of(&hours, 0), min_support);
        shop.into_iter().map(Option::unwrap_or_default).collect()
    } else {
        Vec::new()
    })
}

/// A row of either file: hour or band, what is counted, its users, and the bounds.
struct Cell {
    place: usize,
    count: f64,
    users: u64,
    from: Option<f64>,
    to: Option<f64>,
}

fn of(lines: &[Line], segment: u32) -> Vec<Cell> {
    let own = lines.iter().filter(|line| line.segment == segment);
    own.map(|line| Cell {
        place: line.number(0) as usize,
        count: line.number(1),
        users: line.number(2) as u64,
        from: line.known(3),
        to: line.known(4),
    })
    .collect()
}

/// The share of each hour; nothing where no hour can be told.
fn week(cells: &[Cell], min_support: u64) -> Vec<Option<f64>> {
    let is_told = |cell: &Cell| cell.users >= min_support;
    if !cells.iter().any(is_told) {
        return Vec::new();
    }
    let all: f64 = cells.iter().map(|cell| cell.count).sum();
    let mut shares = vec![Some(0.0); HOURS];
    for cell in cells {
        if let Some(share) = shares.get_mut(cell.place) {
            *share = is_told(cell).then(|| percent(cell.count, all));
        }
    }
    shares
}

fn prices(own: &[Cell], shop: &[Cell], min_support: u64) -> Vec<PriceBand> {
    let sum = |cells: &[Cell]| -> f64 { cells.iter().map(|cell| cell.count).sum() };
    let (own_lines, shop_lines) = (sum(own), sum(shop));
    let told = own.iter().filter(|cell| cell.users >= min_support);
    told.filter_map(|cell| {
        let whole = shop.iter().find(|other| other.place == cell.place)?;
        Some(PriceBand {
            from: cell.from,
            to: cell.to,
            share: percent(cell.count, own_lines),
            shop: percent(whole.count, shop_lines),
        })
    })
    .collect()
}

/// To three decimals. Counts are whole, so sums of them are exact in any order.
fn percent(part: f64, whole: f64) -> f64 {
    (100_000.0 * part / whole).round() / 1_000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(place: usize, count: f64, users: u64) -> Cell {
        Cell {
            place,
            count,
            users,
            from: (place > 0).then_some(1.0),
            to: None,
        }
    }

    #[test]
    fn hours_of_few_users_are_not_told_and_empty_ones_are_zero() {
        let week = week(
            &[cell(0, 30.0, 12), cell(5, 10.0, 3), cell(167, 50.0, 10)],
            10,
        );
        assert_eq!(week.len(), HOURS);
        assert_eq!((week[0], week[1], week[5]), (Some(33.333), Some(0.0), None));
        assert_eq!(week[167], Some(55.556));
        assert!(super::week(&[cell(3, 9.0, 9)], 10).is_empty());
        assert!(super::week(&[], 10).is_empty());
    }

    #[test]
    fn bands_of_few_users_are_left_out() {
        let shop = [cell(0, 60.0, 40), cell(1, 40.0, 30)];
        let bands = prices(&[cell(0, 9.0, 9), cell(1, 27.0, 20)], &shop, 10);
        let [band] = bands.as_slice() else {
            panic!("{bands:?}")
        };
        assert_eq!((band.from, band.share, band.shop), (Some(1.0), 75.0, 40.0));
    }
}
