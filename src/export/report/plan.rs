//! The campaign planned over the run's segments, for people.

use super::Page;
use crate::export::text::markdown;
use crate::records::{Action, Plan, Run};
use crate::words::{Lang, Unit, Value, number, round_to_tell, show};

impl Page {
    pub(super) fn plan(&mut self, plan: &Plan, run: &Run) {
        self.heading(2, self.say("What to do", "行动计划"));
        let share = number(round_to_tell(100.0 * plan.holdout));
        self.paragraph(&match self.lang {
            Lang::En => format!(
                "{} days from {}. {share}% of each audience get nothing, so that the effect can be told.",
                plan.days, plan.as_of
            ),
            Lang::Zh => format!("自 {} 起 {} 天。每个受众留出 {share}% 不触达，以便衡量效果。", plan.as_of, plan.days),
        });
        for note in &plan.notes {
            self.paragraph(&markdown(note.get(self.lang)));
        }
        let heads = [
            "#",
            self.say("Goal", "目标"),
            self.say("Audience", "受众"),
            self.say("Held out", "对照"),
            self.say("Channel", "渠道"),
            self.say("Best time", "最佳时间"),
            self.say("Expected anyway", "不作活动的预期"),
            self.say("Can be shown", "可检出变化"),
        ];
        self.table(&heads, &[true, false, true, true, false, false, true, true]);
        for action in &plan.actions {
            let row = self.action(action, plan);
            self.row(&row);
        }
        self.out.push('\n');
        for action in plan
            .actions
            .iter()
            .filter(|action| !action.products.is_empty())
        {
            self.offers(action, run);
        }
    }

    fn action(&self, action: &Action, plan: &Plan) -> [String; 8] {
        let said = |value: f64, unit: Unit| {
            markdown(&show(
                &Value::Number(value),
                unit,
                plan.currency.as_deref(),
                self.lang,
            ))
        };
        let time = [
            action
                .weekday
                .map(|day| said(f64::from(day), Unit::Weekday)),
            action.hour.map(|hour| said(f64::from(hour), Unit::Hour)),
        ];
        let expected = action.expected.map(|one| match one.value {
            Some(value) => said(value.round(), Unit::Money),
            None => said(one.purchases.round(), Unit::Orders),
        });
        let points = action
            .detectable
            .map(|least| format!("{:.1}", 100.0 * least));
        [
            action.segment.to_string(),
            markdown(action.title.get(self.lang)),
            number(action.audience as f64),
            number(action.held as f64),
            markdown(action.channel.as_deref().unwrap_or("–")),
            time.into_iter().flatten().collect::<Vec<_>>().join(" "),
            expected.unwrap_or_else(|| "–".to_owned()),
            points.unwrap_or_else(|| "–".to_owned()),
        ]
    }

    /// Products with reasons, and the message that is sent.
    fn offers(&mut self, action: &Action, run: &Run) {
        let title = run.segments.iter().find(|one| one.id == action.segment);
        let title = title
            .map(|one| markdown(&one.marked_title(self.lang)))
            .unwrap_or_default();
        self.heading(3, &format!("{}. {title}", action.segment));
        for product in &action.products {
            let reason = markdown(&product.reason.say(self.lang));
            self.line(&format!("- {}: {reason}", markdown(product.title())));
        }
        self.line("");
        if let Some(message) = action.message() {
            if let Some(title) = &message.title {
                self.paragraph(&format!("> **{}**", markdown(title)));
            }
            for line in message.text.lines().filter(|line| !line.trim().is_empty()) {
                self.paragraph(&format!("> {}", markdown(line)));
            }
        }
    }
}
