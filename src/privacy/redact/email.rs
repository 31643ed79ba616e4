//! E-mail addresses, also of other scripts, with Chinese text right beside them, or with `(at)`.

use regex::Regex;

use super::compiled;
use super::kind::{Kind, Span};

/// The name and the host are of letters that are written with blanks between words; a name may also be all Chinese.
/// A blank beside the `@` is allowed before the hosts that give addresses to anybody.
const PATTERN: &str = r"(?xi)
    (?: [[\p{L}\p{M}\p{N}._%+'&~!\#$*=?^|`{}-]--[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}]]+ | \p{Han}+ )
    (?: @ | \x20? [(\[{] \x20? at \x20? [)\]}] \x20? )
    (?: [[\p{L}\p{N}_-]--[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}]]+
        (?: \. | \x20? [(\[{] \x20? dot \x20? [)\]}] \x20? ) )+
    (?: xn--[a-z0-9-]+ | [[\p{L}]--[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}]]{2,24} | [a-z0-9-]*[a-z][a-z0-9-]* | 中国 | 公司 | 网络 )
    |
    \b [a-z0-9._%+-]+ (?: \x20 dot \x20 [a-z0-9_-]+ )* \x20 at \x20 [a-z0-9-]+ (?: \x20 dot \x20 [a-z0-9-]+ ){0,2}
        \x20 dot \x20 (?: com | net | org | de | cn | uk | in | io | eu | info | fr | ch | at | edu ) \b
    |
    [a-z0-9._%+-]+ @ \p{Han}+ \. (?: 中国 | 公司 | 网络 )
    |
    [a-z0-9._%+-]+ \x20? @ \x20?
    (?: gmail | googlemail | qq | vip\.qq | foxmail | 163 | 126 | sina | sohu | aliyun | outlook | hotmail | live
        | yahoo | icloud | me | gmx | web | t-online | proton | protonmail )
    \. (?: com | cn | com\.cn | net | de | co\.uk | fr | in | me )
";

/// Finds addresses.
pub struct Emails(Regex);

impl Emails {
    /// Compiles the pattern.
    pub fn new() -> Self {
        Self(compiled(PATTERN))
    }

    /// All addresses of a text, from left to right.
    pub fn find(&self, text: &str) -> Vec<Span> {
        self.0
            .find_iter(text)
            .map(|found| Span {
                at: found.range(),
                kind: Kind::Email,
            })
            .collect()
    }
}
