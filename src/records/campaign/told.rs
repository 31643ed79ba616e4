//! A plan in words, for whoever shows it.

use super::{Action, Plan, Writer};
use crate::words::{Lang, Unit, Value, clean, number, show};

impl Action {
    /// Why, for whom and when, a line each: what speaks for the goal, what comes without a campaign, whom it reaches, what
    /// the holdout can show, the best time. Names out of the data are clean.
    #[must_use]
    pub fn told(&self, plan: &Plan, lang: Lang) -> Vec<String> {
        let mut lines = grounds(self, plan, lang);
        if let Some(channel) = &self.channel {
            lines.extend(reached(self, plan, channel_of(channel, lang), lang));
        }
        lines
    }
}

impl Writer {
    /// Who that is, in words.
    #[must_use]
    pub fn say(self, lang: Lang) -> &'static str {
        match (self, lang) {
            (Self::Model, Lang::En) => "by the model, checked",
            (Self::Facts, Lang::En) => "plain words of the facts",
            (Self::Person, Lang::En) => "by a person",
            (Self::Model, Lang::Zh) => "模型撰写，已核对",
            (Self::Facts, Lang::Zh) => "按事实直述",
            (Self::Person, Lang::Zh) => "人工撰写",
        }
    }
}

/// A channel by which a shop writes, in words.
fn channel_of(name: &str, lang: Lang) -> &str {
    match (name, lang) {
        ("push", Lang::En) => "push message",
        ("sms", Lang::En) => "text message",
        ("mail", Lang::Zh) => "邮件",
        ("push", Lang::Zh) => "推送",
        ("sms", Lang::Zh) => "短信",
        (name, _) => name,
    }
}

/// A share of 0 to 1 in per cent: small ones to a tenth.
#[must_use]
pub fn percent(share: f64) -> String {
    let percent = 100.0 * share;
    if percent > 0.0 && percent < 10.0 {
        format!("{percent:.1}%")
    } else {
        format!("{percent:.0}%")
    }
}

fn said(value: f64, unit: Unit, plan: &Plan, lang: Lang) -> String {
    clean(&show(
        &Value::Number(value),
        unit,
        plan.currency.as_deref(),
        lang,
    ))
}

/// What speaks for the goal, and what comes without a campaign.
fn grounds(action: &Action, plan: &Plan, lang: Lang) -> Vec<String> {
    let said = |value: f64, unit: Unit| said(value, unit, plan, lang);
    let mut lines: Vec<String> = action
        .grounds
        .iter()
        .map(|ground| {
            let label = clean(ground.label.get(lang));
            let value = said(ground.value, ground.unit);
            let shop = ground.population.map(|shop| said(shop, ground.unit));
            match (shop, lang) {
                (Some(shop), Lang::En) => format!("because: {label} {value}, shop {shop}"),
                (Some(shop), Lang::Zh) => format!("依据：{label} {value}，全店 {shop}"),
                (None, Lang::En) => format!("because: {label} {value}"),
                (None, Lang::Zh) => format!("依据：{label} {value}"),
            }
        })
        .collect();
    if let Some(expected) = &action.expected {
        let bare = (expected.purchases, Unit::Orders);
        let (middle, unit) = expected.value.map_or(bare, |value| (value, Unit::Money));
        let between = expected.interval.map_or_else(String::new, |(low, high)| {
            format!(
                " ({} – {})",
                said(low.round(), unit),
                said(high.round(), unit)
            )
        });
        let (days, middle) = (plan.days, said(middle.round(), unit));
        lines.push(match lang {
            Lang::En => format!("expected anyway in {days} days: {middle}{between}"),
            Lang::Zh => format!("{days} 天内不作活动的预期：{middle}{between}"),
        });
    }
    lines
}

/// Whom it reaches, what the holdout can show, and when to write.
fn reached(action: &Action, plan: &Plan, channel: &str, lang: Lang) -> Vec<String> {
    let [audience, users, refused, capped, held] = [
        action.audience,
        action.users,
        action.refused,
        action.capped,
        action.held,
    ]
    .map(|users| number(users as f64));
    let mut lines = vec![match lang {
        Lang::En => format!(
            "{audience} of {users} users by {channel} ({refused} refuse, {capped} were written to lately), {held} of them held out"
        ),
        Lang::Zh => format!(
            "以{channel}触达 {audience} / {users} 位用户（{refused} 位拒收，{capped} 位近期已触达），其中对照 {held} 位"
        ),
    }];
    if let (Some(rate), Some(least)) = (action.base_rate, action.detectable) {
        let (rate, points) = (percent(rate), number((1000.0 * least).round() / 10.0));
        lines.push(match lang {
            Lang::En => format!(
                "{rate} bought in as many days before; the holdout can show a change of {points} points or more"
            ),
            Lang::Zh => format!("此前同样天数内 {rate} 购买；对照组能检出 {points} 个百分点以上的变化"),
        });
    }
    let said =
        |value: Option<u8>, unit: Unit| value.map(|value| said(f64::from(value), unit, plan, lang));
    let time = [
        said(action.weekday, Unit::Weekday),
        said(action.hour, Unit::Hour),
    ];
    let time: Vec<String> = time.into_iter().flatten().collect();
    if !time.is_empty() {
        let best = if lang == Lang::En {
            "best time: "
        } else {
            "最佳时间："
        };
        lines.push(format!("{best}{}", time.join(" ")));
    }
    lines
}
