//! Languages, and numbers in words: the one place where a value becomes text for people.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// A language of the program's texts.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, clap::ValueEnum,
)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// English.
    #[default]
    En,
    /// Simplified Chinese.
    Zh,
}

impl Lang {
    /// The language of the locale: Chinese where `LC_ALL`, `LC_MESSAGES` or `LANG` says so, else English.
    #[must_use]
    pub fn of_locale() -> Self {
        ["LC_ALL", "LC_MESSAGES", "LANG"]
            .iter()
            .filter_map(|name| std::env::var(name).ok())
            .find(|value| !value.is_empty())
            .map_or(Self::En, |value| {
                if value.starts_with("zh") {
                    Self::Zh
                } else {
                    Self::En
                }
            })
    }
}

impl fmt::Display for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::En => "en",
            Self::Zh => "zh",
        })
    }
}

/// A text in both languages.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Both {
    /// English.
    pub en: String,
    /// Chinese.
    pub zh: String,
}

impl Both {
    /// A text in both languages.
    pub fn new(en: impl Into<String>, zh: impl Into<String>) -> Self {
        Self {
            en: en.into(),
            zh: zh.into(),
        }
    }

    /// The text in `lang`.
    #[must_use]
    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::En => &self.en,
            Lang::Zh => &self.zh,
        }
    }
}

/// A number or a name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Value {
    /// A number, already rounded.
    Number(f64),
    /// A name out of the data: a category, product or query; untrusted text.
    Text(String),
}

impl Value {
    /// The number, where it is one.
    #[must_use]
    pub fn number(&self) -> Option<f64> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Text(_) => None,
        }
    }
}

/// Unit of a fact or a feature; the names stand in the headers of the feature SQL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Customers.
    Users,
    /// Percentage points of a whole: 10.7 is 10.7%.
    #[serde(rename = "%")]
    Percent,
    /// Days.
    Days,
    /// Money in the run's currency.
    Money,
    /// Orders.
    Orders,
    /// Pieces.
    Items,
    /// Different products.
    Products,
    /// Different categories.
    Categories,
    /// Product views.
    Views,
    /// Searches.
    Searches,
    /// Products put into the cart.
    Carts,
    /// Sessions.
    Sessions,
    /// Events of any type.
    Events,
    /// Words of a query.
    Words,
    /// A factor: 3.5 is 3.5 times.
    Times,
    /// A name out of the data.
    Name,
    /// An hour of the day, 0 to 23.
    Hour,
    /// A day of the week, 1 (Monday) to 7.
    Weekday,
    /// A bare number.
    Number,
}

/// Units with their name in SQL headers and exports, singular and plural in English, and the Chinese measure.
const UNITS: &[(Unit, &str, &str, &str, &str)] = &[
    (Unit::Users, "users", "customer", "customers", "位用户"),
    (Unit::Percent, "%", "%", "%", "%"),
    (Unit::Days, "days", "day", "days", "天"),
    (Unit::Money, "money", "", "", ""),
    (Unit::Orders, "orders", "order", "orders", "单"),
    (Unit::Items, "items", "item", "items", "件"),
    (Unit::Products, "products", "product", "products", "种商品"),
    (
        Unit::Categories,
        "categories",
        "category",
        "categories",
        "个品类",
    ),
    (Unit::Views, "views", "view", "views", "次浏览"),
    (Unit::Searches, "searches", "search", "searches", "次搜索"),
    (
        Unit::Carts,
        "carts",
        "cart addition",
        "cart additions",
        "次加购",
    ),
    (Unit::Sessions, "sessions", "session", "sessions", "次会话"),
    (Unit::Events, "events", "event", "events", "个事件"),
    (Unit::Words, "words", "word", "words", "个词"),
    (Unit::Times, "times", "times", "times", "倍"),
    (Unit::Name, "name", "", "", ""),
    (Unit::Hour, "hour", "", "", ""),
    (Unit::Weekday, "weekday", "", "", ""),
    (Unit::Number, "number", "", "", ""),
];

impl Unit {
    fn row(self) -> &'static (Unit, &'static str, &'static str, &'static str, &'static str) {
        UNITS
            .iter()
            .find(|row| row.0 == self)
            .unwrap_or(&UNITS[UNITS.len() - 1])
    }

    /// The name in SQL headers and exports.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.row().1
    }
}

impl FromStr for Unit {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        UNITS
            .iter()
            .find(|row| row.1 == name)
            .map(|row| row.0)
            .ok_or_else(|| {
                let known: Vec<_> = UNITS.iter().map(|row| row.1).collect();
                format!("unknown unit `{name}` (known: {})", known.join(", "))
            })
    }
}

const WEEKDAYS: [(&str, &str); 7] = [
    ("Monday", "周一"),
    ("Tuesday", "周二"),
    ("Wednesday", "周三"),
    ("Thursday", "周四"),
    ("Friday", "周五"),
    ("Saturday", "周六"),
    ("Sunday", "周日"),
];

/// A number with at most two decimals, without trailing zeros, thousands apart from 10,000 on.
#[must_use]
pub fn number(value: f64) -> String {
    let rounded = round2(value);
    let mut text = format!("{:.2}", rounded.abs());
    while text.ends_with('0') {
        text.pop();
    }
    if text.ends_with('.') {
        text.pop();
    }
    let (whole, fraction) = text
        .split_once('.')
        .map_or((text.as_str(), None), |(w, f)| (w, Some(f)));
    let mut out = String::new();
    if rounded < 0.0 {
        out.push('-');
    }
    for (i, digit) in whole.chars().enumerate() {
        if whole.len() > 4 && i > 0 && (whole.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    if let Some(fraction) = fraction {
        out.push('.');
        out.push_str(fraction);
    }
    out
}

/// Rounds to two decimals, half away from zero; negative zero becomes zero.
#[must_use]
pub fn round2(value: f64) -> f64 {
    let rounded = (value * 100.0).round() / 100.0;
    if rounded == 0.0 { 0.0 } else { rounded }
}

/// Rounds a figure to what is worth telling: three digits that count, at most two decimals, no whole lost
/// (1204, 401, 85.5, 2.33).
#[must_use]
pub fn round_to_tell(value: f64) -> f64 {
    let scale = match value.abs() {
        size if size >= 99.95 => 1.0,
        size if size >= 9.995 => 10.0,
        _ => return round2(value),
    };
    (value * scale).round() / scale
}

/// A value with its unit, as a sentence or a table shows it: `£401`, `1 order`, `32 days`, `10.7%`, `3.5 times`.
///
/// `currency` is the ISO 4217 code of money values. Text is returned as it is: sanitising is the screen's.
#[must_use]
pub fn show(value: &Value, unit: Unit, currency: Option<&str>, lang: Lang) -> String {
    let amount = match value {
        Value::Text(text) => return text.clone(),
        Value::Number(amount) => *amount,
    };
    let text = number(amount);
    match (unit, lang) {
        (Unit::Percent, _) => format!("{text}%"),
        (Unit::Money, _) => money(&text, currency, lang),
        (Unit::Hour, _) => format!("{:02}:00", amount as i64),
        (Unit::Weekday, _) => {
            let day = WEEKDAYS[(amount as usize).clamp(1, 7) - 1];
            if lang == Lang::Zh {
                day.1.into()
            } else {
                day.0.into()
            }
        }
        (Unit::Number | Unit::Name, _) => text,
        (_, Lang::Zh) => format!("{text}{}", unit.row().4),
        (_, Lang::En) => {
            let noun = if text == "1" && unit != Unit::Times {
                unit.row().2
            } else {
                unit.row().3
            };
            format!("{text} {noun}")
        }
    }
}

fn money(amount: &str, currency: Option<&str>, lang: Lang) -> String {
    let symbol = match currency {
        Some("GBP") => "£",
        Some("USD") => "$",
        Some("EUR") => "€",
        Some("CNY") if lang == Lang::Zh => return format!("{amount}元"),
        Some("CNY" | "JPY") => "¥",
        Some(code) => return format!("{amount} {code}"),
        None => "",
    };
    match amount.strip_prefix('-') {
        Some(positive) => format!("-{symbol}{positive}"),
        None => format!("{symbol}{amount}"),
    }
}

/// Most zero-width marks (accents, vowel signs) that one character keeps: more is an attack on the screen.
const MARKS_PER_CHARACTER: usize = 4;

/// Untrusted text made safe for a terminal line, a CSV cell or a prompt.
///
/// Control characters (escape sequences lose their ESC), marks that turn the direction of writing, and
/// invisible characters are removed; line breaks and tabs become a blank; accents stay, four to a character.
#[must_use]
pub fn clean(text: &str) -> String {
    let mut marks = 0;
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '\t'..='\r' | '\u{85}' | '\u{2028}' | '\u{2029}') {
            marks = 0;
            out.push(' ');
        } else if !c.is_control() && !is_invisible(c) {
            marks = if c.width() == Some(0) { marks + 1 } else { 0 };
            if marks <= MARKS_PER_CHARACTER {
                out.push(c);
            }
        }
    }
    out
}

/// Characters that show nothing or change how their neighbours show (Unicode's default ignorables, the
/// bidirectional controls, and the fillers that are blank in every font).
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
        | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e0fff}')
}

/// Text shortened to at most `cells` columns of a terminal; what was cut shows as `…`.
///
/// The text must be clean already: see [`clean`].
#[must_use]
pub fn clip(text: &str, cells: usize) -> String {
    if text.width() <= cells {
        return text.into();
    }
    let mut left = cells.saturating_sub(1);
    let mut out = String::new();
    for c in text.chars() {
        let width = c.width().unwrap_or(0);
        if width > left {
            break;
        }
        left -= width;
        out.push(c);
    }
    if cells > 0 {
        out.push('…');
    }
    out
}

/// An amount to the cent, with thousands apart.
#[must_use]
pub fn cents(value: f64) -> String {
    let cents = format!("{:.2}", value.abs());
    let (whole, fraction) = cents.split_once('.').unwrap_or((&cents, "00"));
    let digits: Vec<char> = whole.chars().collect();
    let groups: Vec<String> = digits
        .rchunks(3)
        .rev()
        .map(|group| group.iter().collect())
        .collect();
    let sign = if value < 0.0 && cents.bytes().any(|b| (b'1'..=b'9').contains(&b)) {
        "-"
    } else {
        ""
    };
    format!("{sign}{}.{fraction}", groups.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_at_most_two_decimals_and_part_thousands_from_ten_thousand() {
        let shown: Vec<_> = [0.0, -0.001, 1.5, 12.345, 9999.0, 12345.6, -1_234_567.0]
            .map(number)
            .into();
        assert_eq!(
            shown,
            ["0", "0", "1.5", "12.35", "9999", "12,345.6", "-1,234,567"]
        );
    }

    #[test]
    fn values_carry_their_unit_in_both_languages() {
        let show = |v, unit, lang| show(&Value::Number(v), unit, Some("GBP"), lang);
        assert_eq!(show(1.0, Unit::Orders, Lang::En), "1 order");
        assert_eq!(show(2.0, Unit::Orders, Lang::Zh), "2单");
        assert_eq!(show(-3.5, Unit::Money, Lang::En), "-£3.5");
        assert_eq!(show(7.0, Unit::Weekday, Lang::Zh), "周日");
        assert_eq!(show(20.0, Unit::Hour, Lang::En), "20:00");
    }

    #[test]
    fn every_unit_is_found_by_its_name() {
        for row in UNITS {
            assert_eq!(row.1.parse::<Unit>(), Ok(row.0));
        }
        assert!("furlongs".parse::<Unit>().is_err());
    }

    #[test]
    fn clean_text_holds_no_escape_no_direction_mark_and_nothing_invisible() {
        assert_eq!(
            clean("Toys\u{1b}[31m\u{202e}syoT\u{200b}\0\u{9b}2J"),
            "Toys[31msyoT2J"
        );
        assert_eq!(
            clean("two\r\nlines\tand\u{2028}more"),
            "two  lines and more"
        );
        assert_eq!(clean("👩\u{200d}🔧 Café 杯 שלום"), "👩🔧 Café 杯 שלום");
    }

    #[test]
    fn clean_text_keeps_accents_but_no_tower_of_them() {
        assert_eq!(clean("e\u{301}"), "e\u{301}");
        assert_eq!(
            clean(&format!("e{}f", "\u{301}".repeat(500))),
            format!("e{}f", "\u{301}".repeat(4))
        );
    }

    #[test]
    fn clipped_text_counts_cells_and_never_halves_a_wide_character() {
        assert_eq!(clip("kitchen", 7), "kitchen");
        assert_eq!(clip("kitchen", 5), "kitc…");
        assert_eq!(clip("厨房用品", 8), "厨房用品");
        assert_eq!(clip("厨房用品", 6), "厨房…");
        assert_eq!(clip("e\u{301}e\u{301}e", 2), "e\u{301}…");
        assert_eq!(clip("kitchen", 0), "");
    }
}
