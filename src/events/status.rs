//! What a shop says of an order: whether it was paid, cancelled, or only a test.

use super::field::normalised;

/// The state of an order or payment, as far as it decides whether the row counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Money came, or nothing says that it did not.
    Paid,
    /// Money did not come (yet).
    Unpaid,
    /// The order was called off.
    Cancelled,
    /// Nobody's order: the shop tried itself out.
    Test,
}

const STATUSES: &[(Status, &str, &[&str])] = &[
    (Status::Paid, "paid", &[]),
    (
        Status::Unpaid,
        "unpaid",
        &[
            "unpaid",
            "pending",
            "pendingpayment",
            "awaitingpayment",
            "paymentpending",
            "failed",
            "paymentfailed",
            "expired",
            "declined",
            "未付款",
            "待付款",
        ],
    ),
    (
        Status::Cancelled,
        "cancelled",
        &[
            "cancelled",
            "canceled",
            "cancel",
            "void",
            "voided",
            "rejected",
            "已取消",
            "取消",
            "已关闭",
        ],
    ),
    (Status::Test, "test", &["test", "testorder", "测试"]),
];

impl Status {
    /// The state that a shop's word means: anything that is not known to say otherwise is paid; none for no word.
    #[must_use]
    pub fn by_name(name: &str) -> Option<Self> {
        let name = normalised(name);
        if name.is_empty() {
            return None;
        }
        Some(
            STATUSES
                .iter()
                .find(|row| row.2.contains(&name.as_str()))
                .map_or(Self::Paid, |row| row.0),
        )
    }

    /// The name in the event store.
    #[must_use]
    pub fn name(self) -> &'static str {
        STATUSES[self as usize].1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_shops_are_understood() {
        for (word, expected) in [
            ("Paid", Some(Status::Paid)),
            ("partially_refunded", Some(Status::Paid)),
            ("Canceled", Some(Status::Cancelled)),
            ("pending payment", Some(Status::Unpaid)),
            ("待付款", Some(Status::Unpaid)),
            ("TEST", Some(Status::Test)),
            ("", None),
        ] {
            assert_eq!(Status::by_name(word), expected, "{word}");
        }
        for row in STATUSES {
            assert_eq!(row.0.name(), row.1);
        }
    }
}
