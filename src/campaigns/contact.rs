//! Columns that mail tools and ad platforms take, from a shop's own list of contacts.

use sha2::{Digest, Sha256};

use crate::events::normalised;
use crate::workspace::hex;

/// Who the file is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Preset {
    /// Google Ads customer match: Email, Phone, First Name, Last Name, Country, Zip; the first four hashed.
    Google,
    /// Meta custom audience: email, phone, fn, ln, ct, st, zip, country, madid; all but the last hashed.
    Meta,
    /// Klaviyo: Email first, nothing hashed.
    Klaviyo,
    /// Mailchimp: Email Address, First Name, Last Name, Tags; nothing hashed.
    Mailchimp,
}

/// What a column of contacts tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Email,
    Phone,
    First,
    Last,
    City,
    State,
    Zip,
    Country,
    Device,
    /// Words that the tool sorts people by.
    Tag,
}

/// Names that columns of a shop's list go by, letters and digits alone, in lower case.
const NAMES: [(Part, &[&str]); 9] = [
    (
        Part::Email,
        &["email", "mail", "emailaddress", "邮箱", "电子邮件"],
    ),
    (
        Part::Phone,
        &[
            "phone",
            "phonenumber",
            "mobile",
            "mobilephone",
            "tel",
            "telephone",
            "手机",
            "电话",
            "手机号",
        ],
    ),
    (
        Part::First,
        &["firstname", "fn", "givenname", "forename", "名"],
    ),
    (
        Part::Last,
        &["lastname", "ln", "surname", "familyname", "姓"],
    ),
    (Part::City, &["city", "ct", "town", "城市"]),
    (
        Part::State,
        &["state", "st", "province", "region", "省", "省份"],
    ),
    (
        Part::Zip,
        &["zip", "zipcode", "postcode", "postalcode", "plz", "邮编"],
    ),
    (Part::Country, &["country", "countrycode", "国家"]),
    (Part::Device, &["madid", "idfa", "gaid", "advertisingid"]),
];

impl Preset {
    /// Head, part and whether it is hashed, of each column.
    fn columns(self) -> &'static [(&'static str, Part, bool)] {
        match self {
            Self::Google => &[
                ("Email", Part::Email, true),
                ("Phone", Part::Phone, true),
                ("First Name", Part::First, true),
                ("Last Name", Part::Last, true),
                ("Country", Part::Country, false),
                ("Zip", Part::Zip, false),
            ],
            Self::Meta => &[
                ("email", Part::Email, true),
                ("phone", Part::Phone, true),
                ("fn", Part::First, true),
                ("ln", Part::Last, true),
                ("ct", Part::City, true),
                ("st", Part::State, true),
                ("zip", Part::Zip, true),
                ("country", Part::Country, true),
                ("madid", Part::Device, false),
            ],
            Self::Klaviyo => &[
                ("Email", Part::Email, false),
                ("First Name", Part::First, false),
                ("Last Name", Part::Last, false),
                ("Phone Number", Part::Phone, false),
            ],
            Self::Mailchimp => &[
                ("Email Address", Part::Email, false),
                ("First Name", Part::First, false),
                ("Last Name", Part::Last, false),
                ("Tags", Part::Tag, false),
            ],
        }
    }

    /// The heads of its columns, in order.
    #[must_use]
    pub fn heads(self) -> Vec<&'static str> {
        self.columns().iter().map(|column| column.0).collect()
    }

    /// The place of the column of tags, which no list of the shop fills.
    #[must_use]
    pub fn tags(self) -> Option<usize> {
        self.columns()
            .iter()
            .position(|column| column.1 == Part::Tag)
    }
}

/// Where a shop's list has what, and how it is written.
pub struct Contacts {
    preset: Preset,
    places: Vec<Option<usize>>,
    country: Option<usize>,
    home: Option<phonenumber::country::Id>,
    /// E-mail addresses and phone numbers that are none, and were left out.
    pub unusable: u64,
}

impl Contacts {
    /// Finds the columns of a list by their heads. `home` is the country (two letters) of phone numbers that name none, where
    /// the line names none either.
    #[must_use]
    pub fn new(preset: Preset, heads: &[String], home: Option<&str>) -> Self {
        let heads: Vec<String> = heads.iter().map(|head| normalised(head)).collect();
        let find = |part: Part| {
            let names = NAMES.iter().find(|(one, _)| *one == part)?.1;
            names
                .iter()
                .find_map(|name| heads.iter().position(|head| head == name))
        };
        Self {
            preset,
            places: preset
                .columns()
                .iter()
                .map(|column| find(column.1))
                .collect(),
            country: find(Part::Country),
            home: home.and_then(|code| code.to_uppercase().parse().ok()),
            unusable: 0,
        }
    }

    /// Whether the list has anything that a person can be reached or matched by.
    #[must_use]
    pub fn reach(&self) -> bool {
        let columns = self.preset.columns().iter().zip(&self.places);
        let mut reaching = columns
            .filter(|(column, _)| matches!(column.1, Part::Email | Part::Phone | Part::Device));
        reaching.any(|(_, place)| place.is_some())
    }

    /// A line of the file, from a line of the list; what the list lacks is empty. Addresses are trimmed and in lower case, phone
    /// numbers in E.164, hashes SHA-256 of that in hexadecimal.
    pub fn line(&mut self, cells: &[&str]) -> Vec<String> {
        let cell = |place: Option<usize>| {
            place
                .and_then(|at| cells.get(at))
                .map_or("", |text| text.trim())
        };
        let country = cell(self.country).to_uppercase();
        let region = country.parse().ok().or(self.home);
        let mut unusable = 0;
        let columns = self.preset.columns().iter().zip(&self.places);
        let line = columns
            .map(|((_, part, is_hashed), place)| {
                let text = cell(*place);
                let mut written = match part {
                    _ if text.is_empty() => String::new(),
                    Part::Email => email(text),
                    Part::Phone => phone(text, region),
                    Part::Country if !*is_hashed => text.to_uppercase(),
                    _ if *is_hashed => text.to_lowercase(),
                    _ => text.to_owned(),
                };
                if written.is_empty() && !text.is_empty() {
                    unusable += 1;
                }
                // Meta asks for the digits alone.
                if self.preset == Preset::Meta && *part == Part::Phone {
                    written.retain(|c| c != '+');
                }
                match (*is_hashed && !written.is_empty(), *part) {
                    (true, _) => hex(&Sha256::digest(written.as_bytes())),
                    (false, Part::Phone) => written,
                    (false, _) => crate::export::cell(&written),
                }
            })
            .collect();
        self.unusable += unusable;
        line
    }
}

/// An address trimmed and in lower case; nothing where it is none.
fn email(text: &str) -> String {
    let text = text.trim().to_lowercase();
    let is_one = text
        .split_once('@')
        .is_some_and(|(name, host)| !name.is_empty() && host.contains('.') && !host.contains('@'));
    if is_one && !text.contains(char::is_whitespace) {
        text
    } else {
        String::new()
    }
}

/// A number in E.164; nothing where it is none of the region's.
fn phone(text: &str, region: Option<phonenumber::country::Id>) -> String {
    let international = text.strip_prefix("00").map(|rest| format!("+{rest}"));
    let parsed = phonenumber::parse(region, international.as_deref().unwrap_or(text));
    parsed
        .ok()
        .filter(phonenumber::is_valid)
        .map(|number| number.format().mode(phonenumber::Mode::E164).to_string())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heads(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn heads_are_those_that_the_tools_ask_for() {
        assert_eq!(
            Preset::Google.heads().join(","),
            "Email,Phone,First Name,Last Name,Country,Zip"
        );
        assert_eq!(
            Preset::Meta.heads().join(","),
            "email,phone,fn,ln,ct,st,zip,country,madid"
        );
        assert_eq!(Preset::Klaviyo.heads()[0], "Email");
        assert_eq!(
            Preset::Mailchimp.heads().join(","),
            "Email Address,First Name,Last Name,Tags"
        );
    }

    #[test]
    fn addresses_and_numbers_are_made_alike_before_they_are_hashed() {
        let list = heads(&["id", "E-Mail", "Mobile", "Country"]);
        let mut google = Contacts::new(Preset::Google, &list, None);
        assert!(google.reach());
        let one = google.line(&["7", " Ann@Example.COM ", "0171 1234567", "de"]);
        let other = google.line(&["7", "ann@example.com", "+49 171 1234567", "DE"]);
        assert_eq!(one, other);
        // printf %s ann@example.com | sha256sum
        assert_eq!(
            one[0],
            "71d4f55f72fa128dfb468a1a3901507c804b74316488744d769d7f4b16696476"
        );
        assert_eq!(one[4], "DE");
    }

    #[test]
    fn what_is_no_address_or_number_is_left_out_and_counted() {
        let mut klaviyo = Contacts::new(
            Preset::Klaviyo,
            &heads(&["email", "phone", "first name"]),
            Some("gb"),
        );
        let line = klaviyo.line(&["nobody", "12", "=cmd()"]);
        assert_eq!(line, ["", "'=cmd()", "", ""]);
        assert_eq!(klaviyo.unusable, 2);
        assert_eq!(
            klaviyo.line(&["a@b.co", "07400 123456", ""])[3],
            "+447400123456"
        );
        assert!(!Contacts::new(Preset::Google, &heads(&["id", "shoe size"]), None).reach());
    }
}
