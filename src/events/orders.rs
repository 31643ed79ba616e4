//! Exports that name an order's buyer, time and state on its first row only.

use super::mapping::Mapping;
use super::row::Row;

/// Fills the rows of an order from its first one.
pub struct Orders {
    /// Column of the order, and the columns that its first row fills.
    columns: Option<(usize, Vec<usize>)>,
    first: Row,
    filled: Row,
}

impl Orders {
    /// For the rows of a file in their order.
    pub fn new(mapping: &Mapping) -> Self {
        Self {
            columns: mapping.within_order.clone(),
            first: Row::default(),
            filled: Row::default(),
        }
    }

    /// Fills what the row leaves empty with the order's cells.
    pub fn fill(&mut self, row: &mut Row) {
        let Some((order, columns)) = &self.columns else {
            return;
        };
        let name = row.get(*order);
        if name.is_empty() || row.problem.is_some() || name != self.first.get(*order) {
            self.first.copy(row);
            return;
        }
        self.filled.start(row.line);
        for (at, cell) in row.fields().enumerate() {
            let own = !cell.trim().is_empty() || !columns.contains(&at);
            self.filled
                .push(if own { cell } else { self.first.get(at) });
        }
        std::mem::swap(row, &mut self.filled);
    }
}
