//! Who bought and looked at what.

/// All that one user did with one product. Times are seconds since the first event of the data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Touch {
    /// Key of the product.
    pub product: u32,
    /// Days on which it was bought and kept.
    pub days: u16,
    /// Views, cart additions and favourites.
    pub looks: u16,
    /// When it was first bought.
    pub first_bought: u32,
    /// When it was last bought.
    pub last_bought: u32,
    /// When it was last looked at.
    pub last_looked: u32,
    /// Whether it went back, and was not bought since.
    pub is_returned: bool,
}

impl Touch {
    /// Whether it was bought, and kept.
    #[must_use]
    pub fn is_bought(&self) -> bool {
        self.days > 0
    }

    /// When the user last had to do with it.
    #[must_use]
    pub fn last(&self) -> u32 {
        self.last_bought.max(self.last_looked)
    }
}

/// What is known of a product from all users.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Record {
    /// Users who bought it.
    pub buyers: u32,
    /// Of these, users who bought it on another day again.
    pub repeaters: u32,
    /// Users who bought or looked at it.
    pub users: u32,
    /// Mean seconds from one purchase by somebody to the next; 0 where nobody bought it twice.
    pub gap: f64,
}

/// Touches of all users, those of a user together, the latest first.
#[derive(Debug, Clone, Default)]
pub struct Histories {
    /// Keys of the users, rising.
    pub users: Vec<i32>,
    /// When it is: nothing later is known. Seconds since the first event.
    pub now: u32,
    starts: Vec<usize>,
    touches: Vec<Touch>,
    records: Vec<Record>,
}

impl Histories {
    /// No users, of a shop with product keys below `products`.
    #[must_use]
    pub fn new(products: usize, now: u32) -> Self {
        Self {
            users: Vec::new(),
            now,
            starts: vec![0],
            touches: Vec::new(),
            records: vec![Record::default(); products],
        }
    }

    /// Adds a user with what it touched. Products beyond the shop's are left out.
    pub fn push(&mut self, user: i32, mut touches: Vec<Touch>) {
        touches.retain(|touch| (touch.product as usize) < self.records.len());
        touches.sort_by(|a, b| b.last().cmp(&a.last()).then(a.product.cmp(&b.product)));
        for touch in &touches {
            let record = &mut self.records[touch.product as usize];
            record.users += 1;
            if !touch.is_bought() {
                continue;
            }
            record.buyers += 1;
            if touch.days > 1 {
                // A running mean over those who bought it twice: the order of users is fixed, so the bytes are too.
                record.repeaters += 1;
                let own =
                    f64::from(touch.last_bought - touch.first_bought) / f64::from(touch.days - 1);
                record.gap += (own - record.gap) / f64::from(record.repeaters);
            }
        }
        self.users.push(user);
        self.touches.extend(touches);
        self.starts.push(self.touches.len());
    }

    /// How many users there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.users.len()
    }

    /// Whether there is nobody.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.users.is_empty()
    }

    /// How many product keys there may be.
    #[must_use]
    pub fn products(&self) -> usize {
        self.records.len()
    }

    /// What the user at this place touched, the latest first.
    #[must_use]
    pub fn of(&self, place: usize) -> &[Touch] {
        &self.touches[self.starts[place]..self.starts[place + 1]]
    }

    /// What is known of a product.
    #[must_use]
    pub fn record(&self, product: u32) -> Record {
        self.records[product as usize]
    }

    /// The place of a user among [`Self::users`].
    #[must_use]
    pub fn place(&self, user: i32) -> Option<usize> {
        self.users.binary_search(&user).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_count_buyers_repeaters_and_gaps() {
        let mut found = Histories::new(2, 1_000);
        let touch = |product, days, first_bought, last_bought| Touch {
            product,
            days,
            first_bought,
            last_bought,
            ..Touch::default()
        };
        found.push(1, vec![touch(0, 3, 100, 300), touch(1, 1, 900, 900)]);
        found.push(2, vec![touch(0, 2, 100, 400), touch(7, 1, 0, 0)]);
        let record = found.record(0);
        assert_eq!((record.buyers, record.repeaters, record.users), (2, 2, 2));
        assert!((record.gap - 200.0).abs() < 1e-9);
        // The latest first; a product beyond the shop's is left out.
        assert_eq!(found.of(0)[0].product, 1);
        assert_eq!(found.of(1).len(), 1);
        assert_eq!(found.place(2), Some(1));
    }
}
