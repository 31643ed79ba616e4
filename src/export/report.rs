//! `report.md`: the run for people, in English or Chinese.

mod evidence;
mod plan;

use std::fmt::Write;

use super::page::PLACE;
use super::text::markdown;
use crate::records::{
    Cohort, Continuity, Fact, Input, NarrativeStatus, Plan, Reconciliation, Run, Segment,
    SegmentKind, cohort_months,
};
use crate::words::{Lang, cents, number, round_to_tell, show};

/// The whole report, with the campaign planned over the run where there is one. Everything out of the data is escaped.
pub fn text(run: &Run, plan: Option<&Plan>, lang: Lang) -> String {
    write(run, plan, lang, false)
}

/// The same with the places where charts go.
pub fn with_places(run: &Run, plan: Option<&Plan>, lang: Lang) -> String {
    write(run, plan, lang, true)
}

fn write(run: &Run, plan: Option<&Plan>, lang: Lang, has_places: bool) -> String {
    let mut page = Page {
        out: String::new(),
        lang,
        has_places,
    };
    page.heading(1, page.say("Customer segments", "客户分群"));
    page.paragraph(&page.summary(run));
    if let Some(reconciliation) = &run.reconciliation {
        page.reconciliation(reconciliation, run);
    }
    page.input(&run.input);
    page.overview(run);
    for segment in &run.segments {
        page.segment(segment, run);
    }
    if let Some(plan) = plan {
        page.plan(plan, run);
    }
    page.cohorts(&run.cohorts);
    page.audits(run);
    page.choice(run);
    page.notes(&run.notes);
    page.out
}

struct Page {
    out: String,
    lang: Lang,
    has_places: bool,
}

impl Page {
    fn say(&self, en: &'static str, zh: &'static str) -> &'static str {
        if self.lang == Lang::Zh { zh } else { en }
    }

    fn summary(&self, run: &Run) -> String {
        let users = number(run.users as f64);
        let (clusters, seed) = (run.k, run.seed);
        let silhouette = run.silhouette.map_or_else(|| "–".into(), three);
        let inactive = run
            .segments
            .iter()
            .any(|segment| segment.kind == SegmentKind::Inactive);
        let apart = if inactive {
            self.say(" and one group of inactive users", "，另有一组不活跃用户")
        } else {
            ""
        };
        let noun = if clusters == 1 { "segment" } else { "segments" };
        if let Some(rules) = &run.rules {
            let title = markdown(rules.get(self.lang));
            return match self.lang {
                Lang::En => format!("{users} users: {clusters} {noun} by rule ({title})."),
                Lang::Zh => format!("共 {users} 位用户：按规则（{title}）分为 {clusters} 个分群。"),
            };
        }
        match self.lang {
            Lang::En => format!(
                "{users} users: {clusters} {noun} by k-means{apart}. \
                 Mean silhouette {silhouette} (-1 to 1, more is clearer); seed {seed}."
            ),
            Lang::Zh => format!(
                "共 {users} 位用户：k-means 分为 {clusters} 个分群{apart}。\
                 平均轮廓系数 {silhouette}（-1 到 1，越大越清晰）；随机种子 {seed}。"
            ),
        }
    }

    fn reconciliation(&mut self, sums: &Reconciliation, run: &Run) {
        if sums.gross != 0.0 || sums.returns != 0.0 {
            self.heading(
                2,
                self.say("From all sales to these segments", "从全部销售到各分群"),
            );
            let amount = self.say("Amount", "金额");
            let amount = match &run.currency {
                Some(code) => format!("{amount} ({})", markdown(code)),
                None => amount.to_owned(),
            };
            self.table(&["", &amount], &[false, true]);
            for (name, value) in sums.steps() {
                self.row(&[name.get(self.lang).to_owned(), cents(value)]);
            }
            self.out.push('\n');
            let (lines, none) = (
                number(sums.returned_lines as f64),
                number(sums.unmatched_returns as f64),
            );
            let amount = cents(sums.unmatched_amount);
            if sums.returned_lines > 0 {
                self.paragraph(&match self.lang {
                    Lang::En => format!(
                        "{lines} lines were sent back; for {none} of them, worth {amount}, no purchase was found: they count as returns all the same."
                    ),
                    Lang::Zh => format!("共退回 {lines} 行；其中 {none} 行（{amount}）找不到对应的购买，仍计为退货。"),
                });
            }
        }
        self.paragraph(&match self.lang {
            Lang::En => format!("Days that count: {} to {}.", sums.first_day, sums.last_day),
            Lang::Zh => format!("统计期：{} 至 {}。", sums.first_day, sums.last_day),
        });
        if sums.left_out.is_empty() {
            return;
        }
        let heads = [
            self.say("Left out", "未计入"),
            self.say("Rows", "行"),
            self.say("Net amount", "净额"),
        ];
        self.table(&heads, &[false, true, true]);
        for left_out in &sums.left_out {
            self.row(&[
                markdown(left_out.title.get(self.lang)),
                number(left_out.rows as f64),
                cents(left_out.amount),
            ]);
        }
        self.out.push('\n');
    }

    fn input(&mut self, input: &Input) {
        self.heading(2, self.say("Input", "输入数据"));
        self.table(
            &[self.say("Rows", "行"), self.say("Count", "数量")],
            &[false, true],
        );
        for (name, count) in [
            (self.say("read", "读取"), input.rows_read),
            (self.say("events", "事件"), input.events),
            (self.say("duplicates", "重复"), input.duplicates),
            (self.say("quarantined", "隔离"), input.quarantined),
        ] {
            self.row(&[name.into(), number(count as f64)]);
        }
        self.out.push('\n');
    }

    fn overview(&mut self, run: &Run) {
        self.heading(2, self.say("Segments", "分群"));
        if let Some(caution) = run.evidence.caution() {
            self.paragraph(&format!("**{}**", markdown(caution.get(self.lang))));
        }
        let heads = [
            "#",
            self.say("Name", "名称"),
            self.say("Users", "用户数"),
            self.say("Share", "占比"),
            self.say("Found again", "重现度"),
        ];
        self.table(&heads, &[true, false, true, true, true]);
        for segment in &run.segments {
            let name = markdown(segment.title(self.lang));
            self.row(&[
                segment.id.to_string(),
                name,
                number(segment.users as f64),
                share(segment),
                self.recovery(segment),
            ]);
        }
        self.out.push('\n');
        self.place("shares");
        if let Some(membership) = &run.evidence.membership {
            self.membership(membership);
        }
        if let Some(fidelity) = run.evidence.fidelity {
            let share = number(round_to_tell(100.0 * fidelity));
            self.paragraph(&match self.lang {
                Lang::En => format!("The rules below tell the segment of {share}% of the users (a tree of depth 3 for each segment)."),
                Lang::Zh => format!("下列规则能判断 {share}% 用户所属的分群（每群一棵深度为 3 的决策树）。"),
            });
        }
        for line in run.evidence.continuity.iter().flat_map(Continuity::lines) {
            self.paragraph(&markdown(line.get(self.lang)));
        }
    }

    fn segment(&mut self, segment: &Segment, run: &Run) {
        let name = markdown(segment.title(self.lang));
        self.heading(2, &format!("{}. {name}", segment.id));
        let (users, share) = (number(segment.users as f64), share(segment));
        self.paragraph(&match self.lang {
            Lang::En => format!(
                "{users} {}, {share} of all.",
                if segment.users == 1 { "user" } else { "users" }
            ),
            Lang::Zh => format!("{users} 位用户，占全部的 {share}。"),
        });
        if let Some(weakness) = segment.standing.weakness() {
            self.paragraph(&format!("**{}**", weakness.get(self.lang)));
        }
        self.decided(segment);
        if segment.kind == SegmentKind::Unmatched {
            self.paragraph(self.say(
                "No rule of the file names them.",
                "规则文件中没有适用的规则。",
            ));
        }
        if segment.kind == SegmentKind::Inactive {
            self.paragraph(self.say(
                "Set apart before clustering: too few events to say where they belong.",
                "聚类前单独列出：事件太少，无法判断归属。",
            ));
        }
        if let Some(narrative) = &segment.narrative {
            if let Some(headline) = &narrative.headline {
                self.paragraph(&format!("> **{}**", markdown(&headline.text)));
            }
            for line in narrative
                .text
                .lines()
                .filter(|line| !line.trim().is_empty())
            {
                self.paragraph(&format!("> {}", markdown(line)));
            }
            if let Some(suggestion) = &narrative.suggestion {
                self.paragraph(&format!(
                    "> {}",
                    markdown(&suggestion.marked(narrative.lang))
                ));
            }
            self.paragraph(&format!("*{}*", self.status(narrative.status)));
            for doubt in narrative.doubts() {
                let note = self.say("Not borne out by the facts:", "事实不支持：");
                self.paragraph(&format!("*{note}* {}", markdown(&doubt.text)));
            }
        }
        self.place(&format!("facts {}", segment.id));
        self.place(&format!("week {}", segment.id));
        self.relatives(segment, run);
        self.rules(segment, run);
        self.facts(&segment.facts, run);
        if !segment.withheld.is_empty() {
            let ids: Vec<_> = segment.withheld.iter().map(|id| markdown(id)).collect();
            let note = self.say(
                "Withheld, because over a quarter of the figure comes from one user:",
                "未列出（超过四分之一来自同一位用户）：",
            );
            self.paragraph(&format!("*{note}* {}", ids.join(", ")));
        }
    }

    /// What people decided about it.
    fn decided(&mut self, segment: &Segment) {
        if segment.given_name.is_some() {
            let said = self.say("Named by a person; by the program:", "由人命名；程序命名：");
            let name = markdown(segment.name.get(self.lang));
            self.paragraph(&format!("{said} {name}"));
        }
        if !segment.tags.is_empty() {
            let tags: Vec<String> = segment.tags.iter().map(|tag| markdown(tag)).collect();
            let said = self.say("Tags:", "标签：");
            self.paragraph(&format!("{said} {}", tags.join(", ")));
        }
        let note = segment.note.as_deref().unwrap_or_default();
        for line in note.lines().filter(|line| !line.trim().is_empty()) {
            let said = self.say("Note:", "备注：");
            self.paragraph(&format!("{said} {}", markdown(line)));
        }
    }

    fn status(&self, status: NarrativeStatus) -> &'static str {
        match status {
            NarrativeStatus::Checked => {
                self.say("Written by the model, each sentence checked against the facts.", "由模型撰写，每句均与事实核对。")
            }
            NarrativeStatus::FactsOnly => self.say(
                "At least one sentence is the facts in plain words: no text of the model passed the check.",
                "至少一句直接陈述事实：模型的文字未通过核对。",
            ),
            NarrativeStatus::Edited => self.say("Edited by a person.", "经人工编辑。"),
        }
    }

    /// Which segment is nearest, and which one it was before.
    fn relatives(&mut self, segment: &Segment, run: &Run) {
        let mut said = Vec::new();
        let name = |id: u32| {
            let found = run.segments.iter().find(|other| other.id == id);
            found
                .map(|other| markdown(&other.marked_title(self.lang)))
                .unwrap_or_default()
        };
        if let Some(id) = segment.nearest {
            said.push(match self.lang {
                Lang::En => format!("Nearest segment: {id}, {}.", name(id)),
                Lang::Zh => format!("最近的群：{id}，{}。", name(id)),
            });
        }
        if let Some(id) = segment.previous {
            said.push(match self.lang {
                Lang::En => format!("In the run before: segment {id}."),
                Lang::Zh => format!("上一次运行中：第 {id} 群。"),
            });
        }
        if !said.is_empty() {
            self.paragraph(&said.join(" "));
        }
    }

    fn facts(&mut self, facts: &[Fact], run: &Run) {
        if facts.is_empty() {
            self.paragraph(self.say(
                "Too few users to tell facts about.",
                "用户太少，不列出事实。",
            ));
            return;
        }
        let heads = [
            self.say("Fact", "事实"),
            self.say("Segment", "本群"),
            self.say("Shop", "全店"),
            self.say("Ratio", "倍数"),
            self.say("Others", "其他人"),
            self.say("Nearest", "最近的群"),
            self.say("Before", "上一次"),
            self.say("Difference", "差异"),
            self.say("Users", "用户数"),
        ];
        self.table(
            &heads,
            &[false, true, true, true, true, true, true, true, true],
        );
        for fact in facts {
            let shown =
                |value| markdown(&show(value, fact.unit, run.currency.as_deref(), self.lang));
            self.row(&[
                markdown(fact.label.get(self.lang)),
                shown(&fact.value),
                fact.population.as_ref().map(shown).unwrap_or_default(),
                fact.ratio()
                    .map(|ratio| number(round_to_tell(ratio)))
                    .unwrap_or_default(),
                fact.others.as_ref().map(shown).unwrap_or_default(),
                fact.nearest.as_ref().map(shown).unwrap_or_default(),
                fact.before.as_ref().map(shown).unwrap_or_default(),
                fact.difference
                    .map(|difference| format!("{difference:+.2}"))
                    .unwrap_or_default(),
                number(fact.support as f64),
            ]);
        }
        self.out.push('\n');
    }

    fn choice(&mut self, run: &Run) {
        if !run.candidates.is_empty() {
            self.candidates(run);
            self.place("choice");
        }
        self.paragraph(self.say(
            "Difference: (segment mean - shop mean) / standard deviation, on the transformed feature; \
             for names, log2 of the lift. From 0.2 it is worth a word, from 0.8 it is large.",
            "差异：（本群均值 - 全店均值）/ 标准差，按变换后的特征计算；名称类为提升度的 log2。0.2 起值得一提，0.8 起为大。",
        ));
    }

    fn cohorts(&mut self, cohorts: &[Cohort]) {
        let months = cohort_months(cohorts, 12);
        if months == 0 {
            return;
        }
        self.heading(2, self.say("Cohort retention", "同期群留存"));
        self.paragraph(self.say(
            "Users by the month of their first purchase in the days that count, and the share of them that bought again so \
             many months later. –: too few to be told.",
            "按统计期内首次购买的月份分组，以及其中在之后各月再次购买的比例。–：人数太少，不予列出。",
        ));
        let after: Vec<String> = (1..=months).map(|month| format!("+{month}")).collect();
        let mut heads = vec![
            self.say("First purchase", "首次购买"),
            self.say("Users", "用户数"),
        ];
        heads.extend(after.iter().map(String::as_str));
        let mut right = vec![true; heads.len()];
        right[0] = false;
        self.table(&heads, &right);
        for cohort in cohorts {
            self.row(&cohort.cells(months));
        }
        self.out.push('\n');
    }

    fn notes(&mut self, notes: &[String]) {
        if notes.is_empty() {
            return;
        }
        self.heading(2, self.say("Notes", "说明"));
        for note in notes {
            _ = writeln!(self.out, "- {}", markdown(note));
        }
    }

    /// Where a chart goes in a page that has some.
    fn place(&mut self, chart: &str) {
        if self.has_places {
            self.paragraph(&format!("{PLACE}{chart}"));
        }
    }

    fn line(&mut self, text: &str) {
        _ = writeln!(self.out, "{text}");
    }

    fn heading(&mut self, level: usize, text: &str) {
        _ = writeln!(self.out, "{} {text}\n", "#".repeat(level));
    }

    fn paragraph(&mut self, text: &str) {
        _ = writeln!(self.out, "{text}\n");
    }

    fn table(&mut self, heads: &[&str], right: &[bool]) {
        self.row(&heads.iter().map(ToString::to_string).collect::<Vec<_>>());
        let rules = right
            .iter()
            .map(|right| if *right { "---:".into() } else { "---".into() });
        self.row(&rules.collect::<Vec<String>>());
    }

    fn row(&mut self, cells: &[String]) {
        _ = writeln!(self.out, "| {} |", cells.join(" | "));
    }
}

fn share(segment: &Segment) -> String {
    format!("{}%", number(round_to_tell(segment.share * 100.0)))
}

fn three(value: f64) -> String {
    format!("{value:.3}")
}
