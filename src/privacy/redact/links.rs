//! Links that carry a token, a name or a password; other links say nothing of a person and stay.

use regex::Regex;

use super::compiled;
use super::fold::free_before;
use super::kind::{Kind, Span};

const LINK: &str = r"(?xi)
    (?: [a-z][a-z0-9+.-]{1,11} :// [^\s\x01<>\x22‹›\p{Han}，。；！？、）】」]+
      | (?: [a-z0-9-]+ \. )+ [a-z]{2,12} (?: : [0-9]{2,5} )? [/?\#] [^\s\x01<>\x22‹›\p{Han}，。；！？、）】」]* )
";

/// Parameters by which a link opens something, or names somebody.
const PARAMETER: &str = r"(?xi)
    [?&;\#/]
    (?: [a-z0-9_.-]* (?: token | secret | passw(?:or)?d | signature | session (?: _? id )? | credential | otp )
      | (?: [a-z0-9_]+[_-] )? (?: key | apikey | sig | sign | auth | authorization | code | sid | jwt | pwd | pass | ticket | invite | hash
          | email | e-mail | mail | phone | mobile | tel | uid | user | userid | user_id | username | openid | phpsessid | jsessionid | magic | nonce | verify ) )
    = [^&\#;\s]+
";

/// Finds links.
pub struct Links {
    link: Regex,
    parameter: Regex,
}

impl Links {
    /// Compiles the patterns.
    pub fn new() -> Self {
        Self {
            link: compiled(LINK),
            parameter: compiled(PARAMETER),
        }
    }

    /// All links with a token, from left to right.
    pub fn find(&self, text: &str) -> Vec<Span> {
        self.link
            .find_iter(text)
            .filter(|found| free_before(text, found.start()))
            .filter_map(|found| {
                let link = found
                    .as_str()
                    .trim_end_matches(['.', ',', ')', '!', '?', ';', ':', '\'', ']']);
                self.tells(link).then(|| Span {
                    at: found.start()..found.start() + link.len(),
                    kind: Kind::Link,
                })
            })
            .collect()
    }

    fn tells(&self, link: &str) -> bool {
        let after_scheme = link.split_once("://").map_or(link, |(_, rest)| rest);
        let host = after_scheme
            .split(['/', '?', '#'])
            .next()
            .unwrap_or_default();
        let rest = &after_scheme[host.len()..];
        host.contains('@')
            || self.parameter.is_match(rest)
            || rest.split(['/', '?', '#', '&', '=', '.', ';']).any(opaque)
    }
}

/// Whether a piece of a link looks drawn, not written: 16 or more, of letters and digits in turn, or a UUID.
fn opaque(piece: &str) -> bool {
    let uuid = piece.len() == 36
        && piece.split('-').map(str::len).eq([8, 4, 4, 4, 12])
        && piece.bytes().all(|b| b == b'-' || b.is_ascii_hexdigit());
    uuid || piece.split('-').any(|word| {
        let digits = word.bytes().filter(u8::is_ascii_digit).count();
        let letters = word.bytes().filter(u8::is_ascii_alphabetic).count();
        digits + letters >= 16 && digits >= 2 && letters >= 2
    })
}
