//! What speaks for the segments: the choice of k, how surely users belong, rules, groups of users.

use super::super::text::markdown;
use super::{Page, three};
use crate::records::{Audit, Candidate, Membership, Run, Segment};
use crate::words::{Lang, number, round_to_tell};

impl Page {
    /// How often refits find a segment again.
    pub(super) fn recovery(&self, segment: &Segment) -> String {
        let Some(recovery) = segment.standing.recovery else {
            return String::new();
        };
        format!("{recovery:.2}{}", segment.standing.mark(self.lang))
    }

    pub(super) fn membership(&mut self, membership: &Membership) {
        let (between, hard, soft) = (
            number(membership.between as f64),
            number(membership.hard_objective),
            number(membership.soft_objective),
        );
        let error = number(round_to_tell(100.0 * membership.calibration_error));
        self.paragraph(&match self.lang {
            Lang::En => format!(
                "Users whose likeliest segment has a probability under 60%: {between}. Objective J = Σ w d²: {hard} with \
                 each user in one segment, {soft} with probabilities as weights. The probabilities miss how often refits \
                 agree by {error} percentage points on average."
            ),
            Lang::Zh => format!(
                "最可能分群的概率低于 60% 的用户：{between}。目标函数 J = Σ w d²：每位用户只属一群时为 {hard}，以概率为权重时为 \
                 {soft}。概率与重抽样一致度平均相差 {error} 个百分点。"
            ),
        });
    }

    /// What makes the segment.
    pub(super) fn rules(&mut self, segment: &Segment, run: &Run) {
        for rule in &segment.standing.rules {
            let said = self.say("What makes it:", "构成条件：");
            let text = rule.text(run.currency.as_deref(), self.lang);
            self.paragraph(&format!("{said} {}", markdown(&text)));
        }
    }

    pub(super) fn audits(&mut self, run: &Run) {
        for audit in &run.evidence.audits {
            let attribute = markdown(&audit.attribute);
            self.heading(
                2,
                &format!("{}: {attribute}", self.say("Fairness", "公平性")),
            );
            let balance = three(audit.balance);
            self.paragraph(&match self.lang {
                Lang::En => format!("Balance {balance}: 1 where every segment is like the whole."),
                Lang::Zh => format!("均衡度 {balance}：各分群与总体一致时为 1。"),
            });
            if let Some(verdict) = audit.verdict() {
                self.paragraph(&markdown(verdict.get(self.lang)));
            }
            self.audit_rows(audit);
            for proxy in &audit.proxies {
                let (label, strength) =
                    (markdown(proxy.label.get(self.lang)), three(proxy.strength));
                self.paragraph(&match self.lang {
                    Lang::En => format!(
                        "- {label} tells the groups apart by {strength} (0 not at all, 1 always)."
                    ),
                    Lang::Zh => {
                        format!("- {label} 能以 {strength} 区分各组（0 完全不能，1 总是）。")
                    }
                });
            }
        }
    }

    fn audit_rows(&mut self, audit: &Audit) {
        let mut heads = vec!["#"];
        heads.extend(Audit::heads(self.lang));
        let right = [true, false, true, true, true, true, true, false];
        self.table(&heads, &right);
        for row in &audit.rows {
            let mut cells = vec![row.segment.to_string()];
            cells.extend(audit.cells(row, self.lang));
            cells[1] = markdown(&cells[1]);
            self.row(&cells);
        }
        self.out.push('\n');
    }

    pub(super) fn candidates(&mut self, run: &Run) {
        self.heading(2, self.say("How many segments", "分群数量"));
        if let Some(recommendation) = &run.evidence.recommendation {
            self.paragraph(&markdown(recommendation.reason.get(self.lang)));
        }
        let heads = [
            "k",
            self.say("Silhouette", "轮廓系数"),
            self.say("shuffled", "打乱后"),
            self.say("Refits agree", "重抽样一致度"),
            self.say("shuffled", "打乱后"),
            "Davies-Bouldin",
            self.say("shuffled", "打乱后"),
            "Caliński-Harabasz",
            self.say("shuffled", "打乱后"),
            self.say("Inertia", "簇内平方和"),
            self.say("shuffled", "打乱后"),
            "",
        ];
        let mut right = [true; 12];
        right[11] = false;
        self.table(&heads, &right);
        for tried in &run.candidates {
            self.candidate(tried, tried.k == run.k);
        }
        self.out.push('\n');
        if let Some(found) = &run.evidence.recommendation {
            let (silhouette, drawn) = (
                number(found.silhouette_users as f64),
                number(found.bootstrap_users as f64),
            );
            let refits = found.refits;
            self.paragraph(&match self.lang {
                Lang::En => format!(
                    "Silhouettes are of {silhouette} users; ± is half of the 95% interval where not all were measured. \
                     Refits agree: mean adjusted Rand index with {refits} fits to bootstrap draws from {drawn} users. \
                     Shuffled: the same figures of users each of whose features was shuffled on its own, which leaves no \
                     structure. Davies-Bouldin: lower is better; Caliński-Harabasz: higher is better."
                ),
                Lang::Zh => format!(
                    "轮廓系数基于 {silhouette} 位用户；未全部计算时，± 为 95% 区间的一半。重抽样一致度：与 {drawn} 位用户的 \
                     {refits} 次自助抽样重新聚类之间的平均调整兰德指数。打乱后：各特征独立打乱、不再有结构时的相同指标。\
                     Davies-Bouldin 越小越好，Caliński-Harabasz 越大越好。"
                ),
            });
        }
    }

    fn candidate(&mut self, tried: &Candidate, is_taken: bool) {
        let control = tried.control.unwrap_or_default();
        let told = |value: Option<f64>| value.map(three).unwrap_or_default();
        let large =
            |value: Option<f64>| value.map(|value| number(value.round())).unwrap_or_default();
        let mut silhouette = told(tried.silhouette);
        if tried.silhouette_margin > 0.0 {
            silhouette += &format!(" ± {}", three(tried.silhouette_margin));
        }
        let taken = if is_taken {
            self.say("taken", "采用")
        } else {
            ""
        };
        self.row(&[
            tried.k.to_string(),
            silhouette,
            told(control.silhouette),
            told(tried.stability),
            told(control.stability),
            told(tried.davies_bouldin),
            told(control.davies_bouldin),
            large(tried.calinski_harabasz),
            large(control.calinski_harabasz),
            number(tried.inertia),
            large(tried.control.map(|control| control.inertia)),
            taken.into(),
        ]);
    }
}
