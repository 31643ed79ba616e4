//! A plane of braille dots, two columns and four rows a cell, that counts what falls on each.

use std::collections::HashMap;

/// The bit of a braille character for a dot at a column (0, 1) and a row (0 to 3).
const BITS: [[u32; 4]; 2] = [[0x01, 0x02, 0x04, 0x40], [0x08, 0x10, 0x20, 0x80]];

/// A cell: which dots are set, and how many things of each kind fell into it.
#[derive(Debug, Clone, Default)]
struct Cell {
    bits: u32,
    kinds: HashMap<u32, usize>,
}

/// A plane of dots.
#[derive(Debug, Clone)]
pub struct Dots {
    width: usize,
    cells: Vec<Cell>,
}

impl Dots {
    /// An empty plane of so many cells.
    #[must_use]
    pub fn new(width: usize, height: usize) -> Self {
        Self {
            width,
            cells: vec![Cell::default(); width * height],
        }
    }

    /// Sets the dot at a column and a row of dots, for a thing of a kind; what lies outside is passed over.
    pub fn set(&mut self, column: usize, row: usize, kind: u32) {
        let (x, y) = (column / 2, row / 4);
        if x >= self.width {
            return;
        }
        if let Some(cell) = self.cells.get_mut(y * self.width + x) {
            cell.bits |= BITS[column % 2][row % 4];
            *cell.kinds.entry(kind).or_default() += 1;
        }
    }

    /// The character of a cell, the kind that most things in it are of (the smallest of equals), and how many things
    /// there are; none where it is empty.
    #[must_use]
    pub fn cell(&self, x: usize, y: usize) -> Option<(char, u32, usize)> {
        let cell = self.cells.get(y * self.width + x)?;
        let most = cell
            .kinds
            .iter()
            .max_by_key(|(kind, count)| (**count, std::cmp::Reverse(**kind)))?;
        let sign = char::from_u32(0x2800 + cell.bits).unwrap_or('.');
        Some((sign, *most.0, cell.kinds.values().sum()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_share_a_cell_and_the_greater_kind_has_it() {
        let mut dots = Dots::new(2, 1);
        dots.set(0, 0, 1);
        dots.set(1, 3, 2);
        dots.set(1, 3, 2);
        dots.set(9, 0, 1);
        dots.set(0, 99, 1);
        assert_eq!(dots.cell(0, 0), Some(('⢁', 2, 3)));
        assert_eq!(dots.cell(1, 0), None);
    }
}
