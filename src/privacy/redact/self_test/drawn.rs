//! Lines drawn from forms that people write identifiers in, and from things of a shop that look like them.

use rand::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

use super::super::checks::{digits, iban_remainder, luhn, resident_check};

/// Where an identifier stands in a line: English, then Chinese. `{}` is its place.
const AROUND: [(&str, &[&str]); 2] = [
    (
        "en",
        &[
            "{}",
            "{} please",
            "hello, {}",
            "is {} right?",
            "my new one is {}",
            "blue sofa {}",
            "delivery to anna, {}, after 6 pm",
            "use {} and not the old one",
            "why does it say {}!",
            "({}) thank you",
            "garden chair 2 pcs / {}",
            "note: {}",
        ],
    ),
    (
        "zh",
        &[
            "{}",
            "{}谢谢",
            "您好，{}",
            "请用{}不要用旧的",
            "我的是{}",
            "沙发 {}",
            "送到三号楼，{}，晚上六点后",
            "为什么显示{}！",
            "（{}）麻烦了",
            "备注：{}",
            "椅子2把 {}",
            "改成{}可以吗",
        ],
    ),
];

/// Things of a shop: `#` is a digit, `%` a digit from 1 to 9.
const THINGS: [(&str, &[&str]); 2] = [
    (
        "en",
        &[
            "order %#########",
            "order no %##-#######-#######",
            "invoice 20##-0%####",
            "tracking number %###########",
            "sku %#######",
            "model %###-##",
            "serial no %##########",
            "item %########",
            "lego %####",
            "iphone 1% pro 256gb",
            "galaxy s2% ultra 512 gb",
            "rtx %0%0 1%gb",
            "tv %# inch 3840x2160",
            "battery %#000 mah",
            "hose %# m",
            "size %#",
            "%# x %## x %# cm",
            "price %##.99",
            "%,###,###.00 usd",
            "202%-0%-1% 10:30",
            "1%.0%.202%",
            "0%/1%/202% sale",
            "%.%.%.%# firmware",
            "version 1%.0.%####.1",
            "chrome 1%#.0.%###.1%",
            "https://shop.example/p/%####",
            "https://www.example.com/c/shoes?page=%&sort=price",
            "art. %###.%##.##",
            "ral 70%#",
            "m% x %0",
            "din %%#",
            "2%5/%5 r1% 91w",
            "%.5 mm2 100 m cable",
            "set of %#",
            "cr20%#",
            "%000 piece puzzle",
            "passport cover %0 colors",
            "phone case 1% pro",
            "sim card %0 gb",
            "@home lamp %#",
            "coupon SAVE%#",
            "lot 202%0%1%",
            "%#% off",
            "b0%n%wrwnw",
            "de%# screws",
            "part %####-%####",
        ],
    ),
    (
        "zh",
        &[
            "订单号%##############",
            "订单 %##########",
            "运单号 %#############",
            "货号%#######",
            "型号 %###-##",
            "小米1% 16+512",
            "空气炸锅 %.%升",
            "电池 %#000毫安",
            "显卡 %0%0 24g",
            "202%年%月1%日",
            "202%-0%-1% 发货",
            "202%.0%.1%-202%.0%.2% 活动",
            "%##*%##*%# 厘米",
            "身高1%#体重%#",
            "价格 %###.00",
            "%,###,000元",
            "固件 %.%.%.%",
            "版本 1%.0.%.%#",
            "屏幕 3840x2160 1%#hz",
            "%号电池 %0节",
            "护照夹 %#色",
            "手机壳 苹果1%",
            "满%00减%0",
            "%#片 拼图",
            "茅台 53度 %00ml",
            "批号 202%0%1%",
            "优惠券 %#######",
            "编号 %########",
            "https://shop.example.cn/p/%####",
            "邮编 1000%#",
            "m%*%0 螺丝",
            "10:%#:00 秒杀",
        ],
    ),
];

const NAMES: &[&str] = &[
    "anna",
    "li.wei",
    "j.smith",
    "maria_k",
    "tom",
    "wang-fang",
    "o.brien",
    "k.patel",
    "zhang88",
    "sofie.muller",
    "r2d2",
    "info",
];
const HOSTS: &[&str] = &[
    "gmail.com",
    "qq.com",
    "163.com",
    "web.de",
    "mail.example.org",
    "yahoo.co.uk",
    "outlook.com",
    "firma-gmbh.de",
    "sina.com.cn",
    "posteo.net",
];
/// Forms of phone numbers by country.
const PHONES: &[&str] = &[
    // China
    "138########",
    "159 #### ####",
    "186-####-####",
    "+86 139 #### ####",
    "+86177########",
    "86 135 #### ####",
    "010-6#######",
    "0755-8#######",
    "021 5### ####",
    "(020) 8#######",
    "400-8##-####",
    "0571-8###-####",
    // Germany
    "+49 151 ########",
    "+49 (0) 30 %######",
    "0049 176 ########",
    "0151 ########",
    "0171/%######",
    "030 %#######",
    "(089) %######",
    "040-%######",
    "0160 ### ## ##",
    "0176########",
    // United States
    "+1 415 2## ####",
    "+1 (212) 3##-####",
    "415-2##-####",
    "(212) 7##-####",
    "646.2##.####",
    "1-312-4##-####",
    "702 5## ####",
    // Britain
    "+44 7%## ######",
    "07%## ######",
    "07%########",
    "020 7### ####",
    "0121 4## ####",
    "01%32 ######",
    "+44 20 7### ####",
    "(0161) 4## ####",
    // India
    "+91 98### #####",
    "+9197########",
    "98### #####",
    "099########",
    "91-94### #####",
    "+91-8%#-###-####",
    // others, by E.164
    "+33 6 ## ## ## ##",
    "+34 6## ### ###",
    "+61 4## ### ###",
    "+81 90-####-####",
    "+852 9### ####",
    "+41 79 ### ## ##",
    "+55 11 9####-####",
];
/// Beginnings of card numbers, and how the digits are parted.
const CARDS: &[(&str, &[usize])] = &[
    ("4", &[4, 4, 4, 4]),
    ("4", &[16]),
    ("51", &[4, 4, 4, 4]),
    ("55", &[16]),
    ("2223", &[4, 4, 4, 4]),
    ("37", &[4, 6, 5]),
    ("34", &[15]),
    ("6011", &[4, 4, 4, 4]),
    ("62", &[4, 4, 4, 4]),
    ("622202", &[4, 4, 4, 4, 3]),
    ("6228", &[19]),
    ("3530", &[16]),
    ("36", &[4, 6, 4]),
    ("6521", &[4, 4, 4, 4]),
];
/// Countries of account numbers, and the characters behind the check digits.
const IBANS: &[(&str, &str)] = &[
    ("DE", "##################"),
    ("GB", "NWBK##############"),
    ("FR", "#####################AB"),
    ("NL", "ABNA##########"),
    ("ES", "####################"),
    ("IT", "X######################"),
    ("AT", "################"),
    ("CH", "#################"),
    ("BE", "############"),
    ("PL", "########################"),
];
/// Passport numbers with the words that tell them.
const PASSPORTS: [&[&str]; 2] = [
    &[
        "passport {C0%X##T##}",
        "passport number {%########}",
        "passport no. {L#######}",
        "Reisepass {C4VP%##T#}",
        "passport: {K%######}",
        "{N%######} passport",
    ],
    &[
        "护照{E########}",
        "护照号{G########}",
        "护照号码：{EA#######}",
        "护照号码是{E########}",
        "护照 {D#######}",
    ],
];
const LINKS: &[&str] = &[
    "https://shop.example/reset?token=****************",
    "https://m.example.cn/s?uid=%####&sign=********",
    "https://app.example.com/invite/*********************1a",
    "http://x.example/?sid=************",
    "https://anna:********@files.example.com/a.pdf",
    "https://news.example/u?email=anna@example.com&id=%#",
    "shop.example/login?session=**************",
    "https://s3.example/p.jpg?X-Amz-Signature=****************&w=%00",
    "https://id.example/cb#access_token=****************",
    "https://pay.example/v?key=************",
];
const PROVINCES: &[&str] = &[
    "110105", "310104", "440305", "330106", "510104", "420111", "610113", "320102",
];

/// A line with its identifiers marked as `[[kind|text]]`.
pub struct Drawn {
    /// `en` or `zh`.
    pub lang: &'static str,
    /// The line.
    pub line: String,
}

/// Lines, half of them with an identifier, in both languages; the same at each call.
pub fn lines(count: usize) -> impl Iterator<Item = Drawn> {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(2000);
    (0..count).map(move |number| {
        let of = usize::from(rng.r#gen_bool(0.5));
        let lang = AROUND[of].0;
        let line = if number % 2 == 0 {
            let thing = fill(&mut rng, THINGS[of].1);
            // A form can come out as a right number: such a draw says nothing.
            if luhn(&digits(&thing)) {
                thing.replace(|c: char| c.is_ascii_digit(), "7")
            } else {
                thing
            }
        } else {
            let around = *one(&mut rng, AROUND[of].1);
            around.replace("{}", &identifier(&mut rng, of))
        };
        Drawn { lang, line }
    })
}

fn identifier(rng: &mut impl Rng, of: usize) -> String {
    let (kind, text) = match rng.gen_range(0..12) {
        0 | 1 => ("email", format!("{}@{}", one(rng, NAMES), one(rng, HOSTS))),
        2..=5 => ("phone", fill(rng, PHONES)),
        6 => ("card", card(rng)),
        7 => ("iban", iban(rng)),
        8 => ("resident-id", resident(rng)),
        9 => {
            let text = fill(rng, PASSPORTS[of]);
            return text.replace('{', "[[passport|").replace('}', "]]");
        }
        10 => ("ip", ip(rng)),
        _ => ("link", fill(rng, LINKS)),
    };
    // Fullwidth digits come from Chinese keyboards.
    let text = if of == 1 && matches!(kind, "phone" | "card") && rng.gen_bool(0.1) {
        let wide = |c: char| {
            char::from_u32(c as u32 + 0xfee0)
                .filter(|_| c.is_ascii_digit())
                .unwrap_or(c)
        };
        text.chars().map(wide).collect()
    } else {
        text
    };
    format!("[[{kind}|{text}]]")
}

fn card(rng: &mut impl Rng) -> String {
    let (begins, groups) = *one(rng, CARDS);
    let length: usize = groups.iter().sum();
    let mut number = begins.to_owned();
    while number.len() < length - 1 {
        number.push(digit(rng, 0));
    }
    let last = ('0'..='9').find(|last| luhn(&digits(&format!("{number}{last}"))));
    number.extend(last);
    let parted = if rng.gen_bool(0.8) { ' ' } else { '-' };
    part(&number, groups, parted)
}

fn iban(rng: &mut impl Rng) -> String {
    let (country, form) = *one(rng, IBANS);
    let body = filled(rng, form);
    let check = 98 - iban_remainder(&format!("{country}00{body}"));
    let whole = format!("{country}{check:02}{body}");
    if rng.gen_bool(0.5) {
        return whole;
    }
    part(&whole, &[4; 8], ' ')
}

fn resident(rng: &mut impl Rng) -> String {
    let (year, month, day) = (
        rng.gen_range(1950..2010),
        rng.gen_range(1..13),
        rng.gen_range(1..29),
    );
    let first = format!(
        "{}{year}{month:02}{day:02}{:03}",
        one(rng, PROVINCES),
        rng.gen_range(1..999)
    );
    let whole = format!("{first}{}", resident_check(&digits(&first)));
    if rng.gen_bool(0.8) {
        whole
    } else {
        part(&whole, &[6, 8, 4], ' ')
    }
}

fn ip(rng: &mut impl Rng) -> String {
    if rng.gen_bool(0.8) {
        let mut next = |from| rng.gen_range(from..256);
        return format!("{}.{}.{}.{}", next(10), next(0), next(0), next(1));
    }
    let mut next = || rng.gen_range(0x1000..0x10000);
    format!("2001:db8:{:x}::{:x}:{:x}", next(), next(), next())
}

/// The text in pieces of these lengths; what is left goes to the last one.
fn part(text: &str, groups: &[usize], between: char) -> String {
    let mut out = String::new();
    let mut rest = text;
    for length in groups {
        if rest.is_empty() {
            break;
        }
        if !out.is_empty() {
            out.push(between);
        }
        let (piece, after) = rest.split_at(rest.len().min(*length));
        out.push_str(piece);
        rest = after;
    }
    out + rest
}

fn fill(rng: &mut impl Rng, forms: &[&str]) -> String {
    let form = *one(rng, forms);
    filled(rng, form)
}

/// A form with digits for `#`, digits from 1 for `%`, and letters or digits for `*`.
fn filled(rng: &mut impl Rng, form: &str) -> String {
    form.chars()
        .map(|c| match c {
            '#' => digit(rng, 0),
            '%' => digit(rng, 1),
            '*' => char::from_digit(rng.gen_range(0..36), 36).unwrap_or('0'),
            c => c,
        })
        .collect()
}

fn digit(rng: &mut impl Rng, from: u32) -> char {
    char::from_digit(rng.gen_range(from..10), 10).unwrap_or('0')
}

fn one<'a, T>(rng: &mut impl Rng, items: &'a [T]) -> &'a T {
    &items[rng.gen_range(0..items.len())]
}
