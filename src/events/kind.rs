//! Types of events, and the names that shops give them.

use super::field::normalised;

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EventType {
    /// A product was looked at.
    View,
    /// Something was searched for.
    Search,
    /// A product was put into the cart.
    Cart,
    /// A product was marked.
    Favourite,
    /// A product was bought.
    Purchase,
    /// A product was sent back, or its order cancelled.
    Return,
    /// A subscription went on by itself: revenue, but nothing that the user did.
    Renewal,
    /// Anything else.
    Other,
}

const TYPES: &[(EventType, &str, &[&str])] = &[
    (
        EventType::View,
        "view",
        &[
            "view",
            "pv",
            "productview",
            "viewproduct",
            "viewitem",
            "pageview",
            "itemview",
            "detail",
            "click",
            "浏览",
            "点击",
        ],
    ),
    (
        EventType::Search,
        "search",
        &[
            "search",
            "searchquery",
            "viewsearchresults",
            "query",
            "搜索",
        ],
    ),
    (
        EventType::Cart,
        "cart",
        &[
            "cart",
            "addtocart",
            "cartadd",
            "basket",
            "addtobasket",
            "加购",
            "加购物车",
        ],
    ),
    (
        EventType::Favourite,
        "favourite",
        &[
            "favourite",
            "favorite",
            "fav",
            "wishlist",
            "addtowishlist",
            "wishlistadd",
            "like",
            "收藏",
        ],
    ),
    (
        EventType::Purchase,
        "purchase",
        &[
            "purchase",
            "buy",
            "transaction",
            "sale",
            "order",
            "orderplaced",
            "paid",
            "checkoutcompleted",
            "购买",
            "下单",
            "支付",
        ],
    ),
    (
        EventType::Return,
        "return",
        &[
            "return",
            "refund",
            "returned",
            "cancel",
            "cancellation",
            "退货",
            "退款",
        ],
    ),
    (
        EventType::Renewal,
        "renewal",
        &[
            "renewal",
            "renew",
            "subscriptionrenewal",
            "subscriptionrenewed",
            "recurringpayment",
            "续费",
            "续订",
        ],
    ),
    (EventType::Other, "other", &["other"]),
];

impl EventType {
    /// The name in the event store.
    #[must_use]
    pub fn name(self) -> &'static str {
        TYPES[self as usize].1
    }

    /// Whether money moves: the row of such an event has an amount.
    #[must_use]
    pub fn moves_money(self) -> bool {
        matches!(self, Self::Purchase | Self::Return | Self::Renewal)
    }

    /// All types, in the order of the declaration.
    pub fn all() -> impl Iterator<Item = Self> {
        TYPES.iter().map(|row| row.0)
    }

    /// The type of that name in the event store.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::all().find(|kind| kind.name() == name)
    }

    /// The type that a shop's name means; none where it is not known.
    #[must_use]
    pub fn by_name(name: &str) -> Option<Self> {
        let name = normalised(name);
        TYPES
            .iter()
            .find(|row| row.2.contains(&name.as_str()))
            .map(|row| row.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_event_store_has_room_for_every_type() {
        let connection = duckdb::Connection::open_in_memory().unwrap();
        for name in EventType::all().map(EventType::name).chain(["discount"]) {
            let types = crate::workspace::EVENT_TYPES;
            let sql = format!("SELECT CAST(CAST('{name}' AS {types}) AS VARCHAR)");
            let kept: String = connection.query_row(&sql, [], |row| row.get(0)).unwrap();
            assert_eq!(kept, name);
        }
    }

    #[test]
    fn names_of_shops_are_understood() {
        for (name, expected) in [
            ("pv", Some(EventType::View)),
            ("add_to_cart", Some(EventType::Cart)),
            ("AddToCart", Some(EventType::Cart)),
            ("Purchase", Some(EventType::Purchase)),
            ("home", None),
        ] {
            assert_eq!(EventType::by_name(name), expected, "{name}");
        }
        for row in TYPES {
            assert_eq!(row.0.name(), row.1);
        }
    }
}
