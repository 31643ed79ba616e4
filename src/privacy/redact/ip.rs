//! IP addresses, of both versions; a version number is not one.

use std::net::Ipv6Addr;

use regex::Regex;

use super::compiled;
use super::fold::{free_after, free_before, window};
use super::kind::{Kind, Span};

const FOUR: &str = r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}";
const SIX: &str = r"[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7}(?::[0-9.]{7,15})?";
/// What makes four numbers with dots a version: a word right before them.
const VERSION: &str = r"(?xi) (?: (?: ^ | [^a-z] ) (?: v | ver | version | firmware | fw | build | release | driver | update | os | android | ios | windows
    | chrome | software | bios | revision | rev | section | chapter | clause )
    | 版本 | 更新 | 升级 | 版 | 固件 | 驱动 | 系统 | 章节 ) (?: \x20? (?: number | no | 号 | 到 | 至 ) )? [\s:.\#=v-]* $";
/// The same right behind.
const VERSION_BEHIND: &str =
    r"(?i)^ ?(?:firmware|fw|build|version|release|update|driver|beta|版|固件|驱动)";
/// What makes them an address, however small the numbers are.
const ADDRESS: &str = r"(?xi) (?: (?: ^ | [^a-z] ) (?: ip | ipv4 | host | server | dns | gateway | address | ping | router ) | 地址 | 网关 | 服务器 ) [^.\p{L}]* (?: is | 是 | 为 )? [\s:=]* $";

/// Finds addresses.
pub struct Ips {
    four: Regex,
    six: Regex,
    version: Regex,
    version_behind: Regex,
    address: Regex,
}

impl Ips {
    /// Compiles the patterns.
    pub fn new() -> Self {
        Self {
            four: compiled(FOUR),
            six: compiled(SIX),
            version: compiled(VERSION),
            version_behind: compiled(VERSION_BEHIND),
            address: compiled(ADDRESS),
        }
    }

    /// All addresses, from left to right.
    pub fn find(&self, text: &str) -> Vec<Span> {
        let mut found: Vec<_> = self
            .four
            .find_iter(text)
            .filter(|m| self.is_four(text, m.start(), m.end()))
            .chain(
                self.six
                    .find_iter(text)
                    .filter(|m| is_six(text, m.start(), m.end())),
            )
            .map(|m| Span {
                at: m.range(),
                kind: Kind::Ip,
            })
            .collect();
        found.sort_by_key(|span| span.at.start);
        // An address of version 6 may end in one of version 4.
        found.dedup_by(|next, kept| next.at.start < kept.at.end);
        found
    }

    fn is_four(&self, text: &str, start: usize, end: usize) -> bool {
        let parts: Vec<u32> = text[start..end]
            .split('.')
            .filter_map(|part| part.parse().ok())
            .collect();
        let before = window(&text[..start]);
        let more_after = text[end..].starts_with('.')
            && text[end + 1..].starts_with(|c: char| c.is_ascii_digit());
        let told = self.address.is_match(before);
        parts.iter().all(|part| *part <= 255)
            && text[start..end]
                .split('.')
                .all(|part| part.len() == 1 || !part.starts_with('0'))
            && (free_before(text, start) || told)
            && !text[..start].ends_with(['.', '-'])
            && free_after(text, end)
            && !more_after
            && (told || parts.first() != Some(&0) && parts.iter().any(|part| *part > 9))
            && (told
                || !self.version.is_match(before) && !self.version_behind.is_match(&text[end..]))
    }
}

fn is_six(text: &str, start: usize, end: usize) -> bool {
    let address = &text[start..end];
    free_before(text, start)
        && !text[..start].ends_with(':')
        && free_after(text, end)
        && !text[end..].starts_with(':')
        && address.len() >= 7
        && address.bytes().any(|b| b.is_ascii_digit())
        && address.split(':').any(|group| group.len() >= 3)
        && address.parse::<Ipv6Addr>().is_ok()
}
