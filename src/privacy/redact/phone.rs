//! Which runs of digits are phone numbers: E.164, and the forms of China, Germany, the United States, Britain and India.

use phonenumber::country::Id;
use regex::Regex;

use super::checks::gtin;
use super::compiled;
use super::numbers::Run;

/// What comes right before a number that one can call, whatever its form.
const CALLED: &str = r"(?xi) (?: (?: ^ | [^a-z] ) (?: tel | telephone | telefon (?:nummer)? | phone | fon | call (?:ed|ing)? | mobile | mob | mobil | cell | cellphone
        | handy (?:nummer)? | whatsapp | text | sms | ring | fax | dial | hotline | landline | helpline | rufnummer )
      | 电话 | 電話 | 手机 | 手機 | 致电 | 拨打 | 打给 | 热线 | 座机 | 短信 | 传真 | 来电 | 联系方式 | 联系 | 微信 )
    (?: [\s.:\#=：，,()-] | \b(?: number | num | no | nr | is | us | me | him | her | them | at | on | back | to | unter | ist | my | the | your | our
        | under | please | now | today | directly | or | und ) \b | 号码 | 号 | 是 | 为 | 我 | 请 | 码 ){0,8} $";

/// What comes right before a number of things, not of people.
const COUNTED: &str = r"(?xi) (?: (?: ^ | [^a-z] ) (?: orders? | order-?(?:no|nr|id) | invoice | receipt | sku | model | part | parts | ean | isbn | upc | asin | gtin | mpn
        | barcode | bar \s code | item | article | artikel (?:nummer | -?nr)? | art | bestell (?:ung|nummer|-?nr) | rechnung (?:snummer)? | ref | reference
        | tracking | parcel | shipment | sendung (?:snummer)? | serial | serien (?:nummer)? | imei | ticket | case | sn | s/n | p/n | lot | batch | product
        | code | tariff | hs | coupon | voucher | gutschein | id )
      | 订单 | 訂單 | 型号 | 货号 | 编号 | 条码 | 条形码 | 运单 | 快递 | 单号 | 款号 | 批号 | 序列号 | 商品 | 编码 | 代码 | 税号 | 发票 | 书号 | 券码 | 优惠码 )
    (?: [\s.:\#=：，,()-] | \b(?: number | num | no | nr | is | code | id | the | my ) \b | 号码 | 编号 | 号 | 是 | 为 | 码 ){0,6} $";

/// What tells a phone number.
pub struct Phones {
    called: Regex,
    counted: Regex,
}

impl Phones {
    /// Compiles the patterns.
    pub fn new() -> Self {
        Self {
            called: compiled(CALLED),
            counted: compiled(COUNTED),
        }
    }

    /// Whether the words before a number say that one can call it.
    pub fn is_called(&self, before: &str) -> bool {
        self.called.is_match(before)
    }

    /// Whether the words before a number say that it counts things.
    pub fn is_counted(&self, before: &str) -> bool {
        self.counted.is_match(before)
    }

    /// Whether a run of digits is a phone number.
    pub fn is_one(&self, run: &Run<'_>, before: &str) -> bool {
        if run.is_date() || !(7..=17).contains(&run.digits.len()) {
            return false;
        }
        if run.has_plus() {
            // ITU-T E.164: 15 digits at most; a trunk zero in brackets is not counted.
            let most = if run.has_trunk_zero() { 16 } else { 15 };
            return (8..=most).contains(&run.digits.len());
        }
        if self.is_counted(before) {
            return false;
        }
        let is_called = self.is_called(before) && run.digits.len() <= 15;
        is_called
            || is_international(run)
            || is_chinese(run)
            || is_trunk(run)
            || is_american(run)
            || is_indian(run)
    }
}

/// `00`, a country and a number.
fn is_international(run: &Run<'_>) -> bool {
    let digits = run.text_digits();
    let Some(rest) = digits.strip_prefix("00") else {
        return false;
    };
    (8..=15).contains(&rest.len())
        && !rest.starts_with('0')
        && (run.is_parted() || !gtin(&run.digits))
        && (run.is_parted() || is_valid(None, &format!("+{rest}")))
}

/// A mobile number, also behind 86, a service number, or a landline without its zero behind 86.
fn is_chinese(run: &Run<'_>) -> bool {
    let digits = run.text_digits();
    let (national, groups) = match digits.strip_prefix("86") {
        Some(rest) if rest.len() == 11 => (rest, &run.groups[usize::from(run.groups[0] == 2)..]),
        _ => (digits.as_str(), run.groups.as_slice()),
    };
    let is_mobile = national.len() == 11
        && national.starts_with('1')
        && matches!(national.as_bytes()[1], b'3'..=b'9')
        && matches!(
            groups,
            [_] | [3, 4, 4] | [3, 8] | [4, 3, 4] | [3, 3, 5] | [7, 4] | [2, 11]
        );
    let is_service = (digits.starts_with("400") || digits.starts_with("800"))
        && matches!(run.groups[..], [3, 3, 4] | [3, 4, 3] | [3, 7]);
    is_mobile || is_service
}

/// A number behind the trunk prefix 0, as in Germany, Britain, China and India.
fn is_trunk(run: &Run<'_>) -> bool {
    let digits = run.text_digits();
    if !digits.starts_with('0') || digits.starts_with("00") {
        return false;
    }
    let is_german_mobile = matches!(digits.get(..3), Some("015" | "016" | "017"));
    match run.groups[..] {
        // A barcode of North America begins with 0, too.
        [12] => is_german_mobile || !gtin(&run.digits),
        [10 | 11] | [2, 2, 2, 2, 2] | [2, 4, 4] => true,
        [first, ref rest @ ..] if !rest.is_empty() => {
            (3..=6).contains(&first) && (9..=12).contains(&digits.len()) && rest.len() <= 4
        }
        _ => false,
    }
}

/// A number of the North American plan, also behind 1.
fn is_american(run: &Run<'_>) -> bool {
    let digits = run.text_digits();
    let national = match digits.len() {
        11 => digits.strip_prefix('1').unwrap_or_default(),
        10 => &digits,
        _ => return false,
    };
    let begins = |at: usize| matches!(national.as_bytes().get(at), Some(b'2'..=b'9'));
    let is_shaped = begins(0) && begins(3);
    let is_grouped = matches!(run.groups[..], [3, 3, 4] | [1, 3, 3, 4] | [3, 7]);
    let is_plain = matches!(run.groups[..], [10 | 11]) && !is_isbn10(&run.digits);
    is_shaped && (is_grouped || is_plain && is_valid(Some(Id::US), national))
}

/// A mobile number of India, also behind 91.
fn is_indian(run: &Run<'_>) -> bool {
    let digits = run.text_digits();
    let (national, groups) = match digits.strip_prefix("91") {
        Some(rest) if rest.len() == 10 => (rest, &run.groups[usize::from(run.groups[0] == 2)..]),
        _ => (digits.as_str(), run.groups.as_slice()),
    };
    national.len() == 10
        && matches!(national.as_bytes()[0], b'6'..=b'9')
        && match groups {
            [5, 5] | [4, 3, 3] | [3, 3, 4] | [4, 6] | [2, 4, 4] => true,
            [10] => !is_isbn10(&run.digits) && is_valid(Some(Id::IN), national),
            [12] => is_valid(Some(Id::IN), national),
            _ => false,
        }
}

fn is_valid(region: Option<Id>, number: &str) -> bool {
    phonenumber::parse(region, number).is_ok_and(|number| phonenumber::is_valid(&number))
}

/// The check of an ISBN of ten digits: their sum by weights of 10 to 1 goes by 11.
fn is_isbn10(digits: &[u32]) -> bool {
    let sum: u32 = digits.iter().zip((1..=10).rev()).map(|(d, w)| d * w).sum();
    digits.len() == 10 && sum.is_multiple_of(11)
}
