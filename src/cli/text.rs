//! Runs and segments as plain text for a terminal or a pipe.

use std::fmt::Write;

use unicode_width::UnicodeWidthStr;

use super::out::Out;
use crate::records::{
    Cohort, Continuity, Fact, Narrative, NarrativeStatus, Run, Score, Segment, Value, Verdict,
    Version, cohort_months,
};
use crate::words::{Lang, Unit, clean, clip, number, round_to_tell, show};

/// The cohort table, a line a month.
pub fn cohorts(cohorts: &[Cohort], lang: Lang) -> String {
    let months = cohort_months(cohorts, 12);
    if months == 0 {
        return match lang {
            Lang::En => "no cohorts: too few buyers, or under two whole months\n",
            Lang::Zh => "没有同期群：买家太少，或数据不足两个整月\n",
        }
        .to_owned();
    }
    let heads = match lang {
        Lang::En => ["first", "users"],
        Lang::Zh => ["首购", "用户数"],
    };
    let mut lines = vec![heads.map(str::to_owned).to_vec()];
    lines[0].extend((1..=months).map(|month| format!("+{month}")));
    lines.extend(cohorts.iter().map(|cohort| cohort.cells(months)));
    let line = |cells: &Vec<String>| {
        let cells: String = cells
            .iter()
            .map(|cell| format!("{}{cell}", " ".repeat(8_usize.saturating_sub(cell.width()))))
            .collect();
        format!("{}\n", cells.trim_end())
    };
    lines.iter().map(line).collect()
}

/// The widest line of running text.
const WIDTH: usize = 96;

/// The segments of a run with their narratives.
pub fn segments(run: &Run, lang: Lang, out: &Out) -> String {
    let mut text = String::new();
    let how = match (&run.rules, run.silhouette) {
        (Some(title), _) => format!(
            "{} {}",
            if lang == Lang::Zh {
                "规则"
            } else {
                "by rule:"
            },
            clean(title.get(lang))
        ),
        (None, silhouette) => format!(
            "{} {}",
            if lang == Lang::Zh {
                "轮廓系数"
            } else {
                "silhouette"
            },
            silhouette.map_or_else(|| "none".into(), |value| format!("{value:.3}"))
        ),
    };
    let (id, users, count, seed) = (run.id, run.users, run.segments.len(), run.seed);
    let _ = match lang {
        Lang::En => writeln!(
            text,
            "run {id}: {users} customers in {count} segments, {how}, seed {seed}"
        ),
        Lang::Zh => writeln!(
            text,
            "运行{id}：{users}位用户，{count}个人群，{how}，种子{seed}"
        ),
    };
    if let Some(caution) = run.evidence.caution() {
        for line in wrap(caution.get(lang)) {
            let _ = writeln!(text, "{line}");
        }
    }
    for change in run.evidence.continuity.iter().flat_map(Continuity::lines) {
        let _ = writeln!(text, "{}", clean(change.get(lang)));
    }
    for segment in &run.segments {
        text.push('\n');
        head(&mut text, segment, lang, out);
    }
    text
}

/// Name and size of a segment, and its narrative.
fn head(text: &mut String, segment: &Segment, lang: Lang, out: &Out) {
    let title = format!("{}  {}", segment.id, clean(segment.title(lang)));
    let users = show(
        &Value::Number(segment.users as f64),
        Unit::Users,
        None,
        lang,
    );
    let share = number(round_to_tell(segment.share * 100.0));
    let _ = writeln!(text, "{}  {users}, {share}%", out.bold(&title));
    if let Some(weakness) = segment.standing.weakness() {
        let _ = writeln!(text, "   {}", weakness.get(lang));
    }
    decided(text, segment, lang);
    narrative(text, segment);
}

/// What people decided about a segment: tags and the note, and the program's name where they gave it another.
pub fn decided(text: &mut String, segment: &Segment, lang: Lang) {
    let mut said = Vec::new();
    if segment.given_name.is_some() {
        let name = clean(segment.name.get(lang));
        said.push(match lang {
            Lang::En => format!("(by the program: {name})"),
            Lang::Zh => format!("（程序命名：{name}）"),
        });
    }
    if !segment.tags.is_empty() {
        let tags: Vec<String> = segment.tags.iter().map(|tag| clean(tag)).collect();
        said.push(match lang {
            Lang::En => format!("tags: {}", tags.join(", ")),
            Lang::Zh => format!("标签：{}", tags.join("、")),
        });
    }
    for line in segment.note.iter().flat_map(|note| note.lines()) {
        said.push(match lang {
            Lang::En => format!("note: {}", clean(line)),
            Lang::Zh => format!("备注：{}", clean(line)),
        });
    }
    for line in said.iter().flat_map(|line| wrap(line)) {
        let _ = writeln!(text, "   {line}");
    }
}

/// One segment with its facts.
pub fn segment(run: &Run, segment: &Segment, lang: Lang, out: &Out) -> String {
    let mut text = String::new();
    head(&mut text, segment, lang, out);
    let cell = |value: &Value, fact: &Fact| {
        clip(
            &clean(&show(value, fact.unit, run.currency.as_deref(), lang)),
            28,
        )
    };
    let beside = |value: Option<&Value>, fact: &Fact| {
        value.map(|value| cell(value, fact)).unwrap_or_default()
    };
    let rows: Vec<[String; 7]> = segment
        .facts
        .iter()
        .map(|fact| {
            [
                fact.id.clone(),
                clip(fact.label.get(lang), 44),
                cell(&fact.value, fact),
                beside(fact.population.as_ref(), fact),
                beside(fact.others.as_ref(), fact),
                beside(fact.before.as_ref(), fact),
                fact.difference
                    .map(|d| format!("{d:+.2}"))
                    .unwrap_or_default(),
            ]
        })
        .collect();
    text.push('\n');
    let titles = match lang {
        Lang::En => [
            "fact",
            "what",
            "segment",
            "shop",
            "others",
            "before",
            "difference",
        ],
        Lang::Zh => ["事实", "含义", "人群", "全店", "其他人", "上一次", "差异"],
    };
    text.push_str(&table(&titles.map(str::to_owned), &rows));
    for rule in &segment.standing.rules {
        let said = match lang {
            Lang::En => "what makes it",
            Lang::Zh => "构成条件",
        };
        let rule = clean(&rule.text(run.currency.as_deref(), lang));
        let _ = writeln!(text, "\n{said}: {rule}");
    }
    if !segment.withheld.is_empty() {
        let why = match lang {
            Lang::En => "withheld, because over a quarter of the figure comes from one user",
            Lang::Zh => "未列出（超过四分之一来自同一位用户）",
        };
        let _ = writeln!(text, "\n{why}: {}", clean(&segment.withheld.join(", ")));
    }
    text
}

/// Columns as wide as their widest cell; the last is not padded.
pub fn table<const N: usize>(head: &[String; N], rows: &[[String; N]]) -> String {
    let lines: Vec<&[String]> = std::iter::once(head)
        .chain(rows)
        .map(<[String; N]>::as_slice)
        .collect();
    aligned(&lines, &[false; N])
}

/// Lines of clean cells under each other, the first the heads; columns that are `right` end together.
pub fn aligned(lines: &[&[String]], right: &[bool]) -> String {
    let width = |column: usize| {
        let cells = lines.iter().filter_map(|line| line.get(column));
        cells.map(|cell| cell.width()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..right.len()).map(width).collect();
    let mut text = String::new();
    for cells in lines {
        let mut line = String::new();
        for ((cell, width), is_right) in cells.iter().zip(&widths).zip(right) {
            let blanks = " ".repeat(width.saturating_sub(cell.width()));
            let (before, after) = if *is_right {
                (blanks.as_str(), "")
            } else {
                ("", blanks.as_str())
            };
            line.push_str(&format!("{before}{cell}{after}  "));
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

fn narrative(text: &mut String, segment: &Segment) {
    let Some(narrative) = &segment.narrative else {
        return;
    };
    if let Some(headline) = &narrative.headline {
        for line in wrap(&clean(&headline.text)) {
            let _ = writeln!(text, "   {line}");
        }
    }
    for line in wrap(&clean(&narrative.text)) {
        let _ = writeln!(text, "   {line}");
    }
    if let Some(suggestion) = &narrative.suggestion {
        for line in wrap(&clean(&suggestion.marked(narrative.lang))) {
            let _ = writeln!(text, "   {line}");
        }
    }
    match (narrative.status, narrative.lang) {
        (NarrativeStatus::Checked, _) => {}
        (NarrativeStatus::FactsOnly, Lang::En) => {
            text.push_str("   (partly the facts in plain words)\n");
        }
        (NarrativeStatus::FactsOnly, Lang::Zh) => text.push_str("   （部分句子为事实直述）\n"),
        (NarrativeStatus::Edited, Lang::En) => text.push_str("   (edited by hand)\n"),
        (NarrativeStatus::Edited, Lang::Zh) => text.push_str("   （人工编辑）\n"),
    }
    notes(text, narrative);
}

/// Notes under a text that a person wrote or stands by.
fn notes(text: &mut String, narrative: &Narrative) {
    for doubt in narrative.doubts() {
        let (text_of, why) = (clean(&doubt.text), clean(&doubt.why.join("; ")));
        let note = match narrative.lang {
            Lang::En => format!("(not borne out by the facts: {text_of} [{why}])"),
            Lang::Zh => format!("（事实不支持：{text_of}［{why}］）"),
        };
        for line in wrap(&note) {
            let _ = writeln!(text, "   {line}");
        }
    }
    if narrative.is_accepted {
        text.push_str(match narrative.lang {
            Lang::En => "   (accepted)\n",
            Lang::Zh => "   （已采纳）\n",
        });
    }
}

/// A verdict in one word or two.
pub fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Supported => "supported",
        Verdict::Unsupported => "unsupported",
        Verdict::NoClaim => "no claim",
    }
}

/// A version of a text with its score.
pub fn version(version: &Version, lang: Lang) -> String {
    let percent = |share: f64| format!("{:.0}%", 100.0 * share);
    let Score {
        own,
        telling,
        first_try,
    } = version.score;
    let mut text = format!(
        "version {}: {} by the model, {} of the most telling facts, {} of the sentences at the first try\n",
        version.number,
        percent(own),
        percent(telling),
        percent(first_try)
    );
    let glue = if lang == Lang::En { " " } else { "" };
    let sentences: Vec<&str> = version
        .sentences
        .iter()
        .map(|one| one.text.as_str())
        .collect();
    for line in wrap(&clean(&sentences.join(glue))) {
        let _ = writeln!(text, "   {line}");
    }
    text
}

/// Breaks at blanks and between Chinese characters, by cells.
fn wrap(text: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut width = 0;
    for word in words(text) {
        let own = word.width();
        if width + own > WIDTH && width > 0 {
            lines.push(String::new());
            width = 0;
        }
        let word = if width == 0 { word.trim_start() } else { word };
        width += word.width();
        if let Some(line) = lines.last_mut() {
            line.push_str(word);
        }
    }
    lines
}

/// Words with the blank before them; a wide character that is no punctuation is a word of its own.
fn words(text: &str) -> Vec<&str> {
    let mut starts = vec![0];
    for (at, c) in text.char_indices().skip(1) {
        let wide = unicode_width::UnicodeWidthChar::width(c) == Some(2);
        if c == ' ' || wide && c.is_alphanumeric() {
            starts.push(at);
        }
    }
    starts.push(text.len());
    starts
        .windows(2)
        .map(|pair| &text[pair[0]..pair[1]])
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_text_is_broken_by_cells_and_loses_nothing() {
        let english = "word ".repeat(60);
        let chinese = "他们经常购买，客单价高于全店。".repeat(12);
        for text in [english.trim(), chinese.as_str()] {
            let lines = wrap(text);
            assert!(lines.len() > 1 && lines.iter().all(|line| line.width() <= WIDTH + 2));
            let joined: String = lines.concat().split_whitespace().collect();
            assert_eq!(joined, text.split_whitespace().collect::<String>());
        }
    }

    #[test]
    fn columns_align_by_cells() {
        let text = table(
            &["a".into(), "b".into()],
            &[["客单价".into(), "1".into()], ["x".into(), "2".into()]],
        );
        assert_eq!(text, "a       b\n客单价  1\nx       2\n");
    }
}
