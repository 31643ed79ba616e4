//! Texts of the screen around figures and names.

use std::time::Duration;

use super::super::message::Request;
use super::super::tasks::{State, Task};
use super::super::theme::Tone;
use super::Word;
use crate::explore::Table;
use crate::progress::Stage;
use crate::records::{Input, NarrativeStatus, Recommendation, Run};
use crate::words::{Lang, clean, number};
use crate::workspace::Standing;

/// Heading of a family of facts, by the first part of their ids; none for families that an analyst added.
#[must_use]
pub fn family(prefix: &str) -> Option<Word> {
    Some(match prefix {
        "size" | "users" | "segment" => Word::FamilySize,
        "rfm" | "recency" | "value" => Word::FamilyRfm,
        "engagement" => Word::FamilyEngagement,
        "basket" => Word::FamilyBasket,
        "rhythm" => Word::FamilyRhythm,
        "signup" => Word::FamilySignup,
        "breadth" | "taste" => Word::FamilyBreadth,
        "price" => Word::FamilyPrice,
        "search" => Word::FamilySearch,
        "funnel" => Word::FamilyFunnel,
        "category" | "categories" => Word::FamilyCategory,
        "product" | "products" => Word::FamilyProduct,
        "query" | "queries" => Word::FamilyQuery,
        "hour" | "weekday" | "time" => Word::FamilyTime,
        "revenue" => Word::FamilyRevenue,
        "events" => Word::FamilyEvents,
        _ => return None,
    })
}

/// Who stands for a narrative.
#[must_use]
pub fn status(status: NarrativeStatus, lang: Lang) -> &'static str {
    match (status, lang) {
        (NarrativeStatus::Checked, Lang::En) => "checked: every sentence agrees with the facts",
        (NarrativeStatus::Checked, Lang::Zh) => "已核对：每句话都与事实相符",
        (NarrativeStatus::FactsOnly, Lang::En) => {
            "partly plain facts: not every sentence passed the check"
        }
        (NarrativeStatus::FactsOnly, Lang::Zh) => "部分为事实直述：并非每句都通过核对",
        (NarrativeStatus::Edited, Lang::En) => "edited by a person",
        (NarrativeStatus::Edited, Lang::Zh) => "经人工编辑",
    }
}

/// A whole number with thousands apart.
#[must_use]
pub fn count(value: u64) -> String {
    number(value as f64)
}

/// `412 customers`.
#[must_use]
pub fn customers(users: u64, lang: Lang) -> String {
    match lang {
        Lang::En if users == 1 => "1 customer".into(),
        Lang::En => format!("{} customers", count(users)),
        Lang::Zh => format!("{} 位用户", count(users)),
    }
}

/// `RFM grid: 11 segments`, of segments by rule.
#[must_use]
pub fn by_rule(title: &str, segments: usize, lang: Lang) -> String {
    match lang {
        Lang::En if segments == 1 => format!("{title}: 1 segment"),
        Lang::En => format!("{title}: {segments} segments"),
        Lang::Zh => format!("{title}：{segments} 个分群"),
    }
}

/// `6 clusters`.
#[must_use]
pub fn clusters(k: usize, lang: Lang) -> String {
    match lang {
        Lang::En if k == 1 => "1 cluster".into(),
        Lang::En => format!("{k} clusters"),
        Lang::Zh => format!("{k} 个聚类"),
    }
}

/// `run 3`.
#[must_use]
pub fn run(id: i64, lang: Lang) -> String {
    match lang {
        Lang::En => format!("run {id}"),
        Lang::Zh => format!("运行 {id}"),
    }
}

/// A newer run has come.
#[must_use]
pub fn loaded(id: i64, lang: Lang) -> String {
    match lang {
        Lang::En => format!("Run {id} is shown now."),
        Lang::Zh => format!("现在显示运行 {id}。"),
    }
}

/// A share as the list and the detail show it: `13.7%`.
#[must_use]
pub fn percent(share: f64) -> String {
    format!("{:.1}%", share * 100.0)
}

/// `13.7% of all`.
#[must_use]
pub fn of_all(share: f64, lang: Lang) -> String {
    match lang {
        Lang::En => format!("{} of all", percent(share)),
        Lang::Zh => format!("占全部的 {}", percent(share)),
    }
}

/// How many of the things pass a filter.
#[must_use]
pub fn part_of(shown: usize, all: usize, lang: Lang) -> String {
    match lang {
        _ if shown == all => all.to_string(),
        Lang::En => format!("{shown} of {all}"),
        Lang::Zh => format!("{shown}/{all}"),
    }
}

/// The terminal is smaller than the screen can be.
#[must_use]
pub fn too_small(width: u16, height: u16, lang: Lang) -> String {
    match lang {
        Lang::En => format!("Too small: {width}×{height} at least"),
        Lang::Zh => format!("窗口太小：至少 {width}×{height}"),
    }
}

/// `version 2 of 5`.
#[must_use]
pub fn version(number: usize, of: usize, lang: Lang) -> String {
    match lang {
        Lang::En => format!("version {number} of {of}"),
        Lang::Zh => format!("版本 {number}/{of}"),
    }
}

/// A number of days in a narrow column, whole from ten on.
#[must_use]
pub fn days(days: f64, lang: Lang) -> String {
    let days = if days < 10.0 { days } else { days.round() };
    match lang {
        Lang::En => format!("{} d", number(days)),
        Lang::Zh => format!("{}天", number(days)),
    }
}

/// A day of the week, 0 for Monday.
#[must_use]
pub fn weekday(day: usize, lang: Lang) -> &'static str {
    const EN: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    const ZH: [&str; 7] = ["周一", "周二", "周三", "周四", "周五", "周六", "周日"];
    match lang {
        Lang::En => EN[day % 7],
        Lang::Zh => ZH[day % 7],
    }
}

/// A time of the catalog as people read it; what is no time is shown as it is.
#[must_use]
pub fn moment(rfc3339: &str) -> String {
    rfc3339.parse::<jiff::Timestamp>().map_or_else(
        |_| clean(rfc3339),
        |time| time.strftime("%Y-%m-%d %H:%M").to_string(),
    )
}

/// A type of event, and whether it is good news.
#[must_use]
pub fn kind(name: &str, lang: Lang) -> (&'static str, Tone) {
    let (en, zh, tone) = match name {
        "view" => ("view", "浏览", Tone::Plain),
        "search" => ("search", "搜索", Tone::Plain),
        "cart" => ("cart", "加购", Tone::More),
        "uncart" => ("uncart", "移出", Tone::Less),
        "favourite" => ("favourite", "收藏", Tone::More),
        "purchase" => ("purchase", "购买", Tone::Good),
        "renewal" => ("renewal", "续费", Tone::Good),
        "return" => ("return", "退货", Tone::Warning),
        "discount" => ("discount", "折扣", Tone::Plain),
        "other" => ("other", "其他", Tone::Quiet),
        _ => ("", "", Tone::Plain),
    };
    (if lang == Lang::En { en } else { zh }, tone)
}

/// `6 clusters`, or what rules made.
#[must_use]
pub fn parts(run: &Run, lang: Lang) -> String {
    run.rules.as_ref().map_or_else(
        || clusters(run.k, lang),
        |title| by_rule(&clean(title.get(lang)), run.k, lang),
    )
}

/// How rows read add up.
#[must_use]
pub fn rows_read(input: Input, lang: Lang) -> String {
    let part = |count_of: u64, word: Word| format!("{} {}", count(count_of), word.get(lang));
    format!(
        "{} = {} + {} + {}",
        count(input.rows_read),
        part(input.events, Word::NoteEvents),
        part(input.duplicates, Word::NoteDuplicates),
        part(input.quarantined, Word::NoteQuarantined)
    )
}

/// `5,000 of 1,000,000 users`.
#[must_use]
pub fn shown_of(shown: usize, of: u64, lang: Lang) -> String {
    let shown = count(shown as u64);
    match lang {
        _ if shown == count(of) => customers(of, lang),
        Lang::En => format!("{shown} of {} users", count(of)),
        Lang::Zh => format!("{} 位用户中的 {shown} 位", count(of)),
    }
}

/// What the figures of the choice of k were measured on.
#[must_use]
pub fn drawn(found: &Recommendation, lang: Lang) -> String {
    let (silhouettes, drawn, refits) = (
        count(found.silhouette_users),
        count(found.bootstrap_users),
        found.refits,
    );
    match lang {
        Lang::En => {
            format!("Silhouettes of {silhouettes} users; {refits} refits to draws from {drawn}.")
        }
        Lang::Zh => {
            format!("轮廓系数基于 {silhouettes} 位用户；{refits} 次重抽样取自 {drawn} 位。")
        }
    }
}

/// The question before a run is made.
#[must_use]
pub fn make_run(k: usize, lang: Lang) -> String {
    match lang {
        Lang::En => {
            format!("Make a run with {k} segments, and write its texts? The runs before stay.")
        }
        Lang::Zh => format!("新建一次 {k} 个分群的运行并生成文本？以前的运行会保留。"),
    }
}

/// The question before a file is read in.
#[must_use]
pub fn read_in(file: &str, lang: Lang) -> String {
    match lang {
        Lang::En => format!("Read {file} into the workspace, make a run and write its texts?"),
        Lang::Zh => format!("将 {file} 读入工作区，新建运行并生成文本？"),
    }
}

/// Which segment of the run before it was, and how its users changed.
#[must_use]
pub fn was(previous: u32, trend: f64, lang: Lang) -> String {
    match lang {
        Lang::En => format!("was segment {previous}, {trend:+.0}% users"),
        Lang::Zh => format!("原为分群 {previous}，用户 {trend:+.0}%"),
    }
}

/// What changes are told against.
#[must_use]
pub fn against(run: i64, lang: Lang) -> String {
    match lang {
        Lang::En => format!("What changed against run {run}"),
        Lang::Zh => format!("与运行 {run} 相比的变化"),
    }
}

/// A result was written.
#[must_use]
pub fn saved(rows: u64, path: &str, lang: Lang) -> String {
    match lang {
        Lang::En => format!("{} rows written to {path}", count(rows)),
        Lang::Zh => format!("已将 {} 行写入 {path}", count(rows)),
    }
}

/// The title of a result: rows, time, and the first column shown where it is not the first of all.
#[must_use]
pub fn result(table: &Table, column: usize, lang: Lang) -> String {
    let rows = count(table.rows.len() as u64);
    let seconds = table.seconds;
    let mut title = match (table.is_cut, lang) {
        (false, Lang::En) => format!("{rows} rows · {seconds:.2} s"),
        (true, Lang::En) => format!("the first {rows} rows, there are more · {seconds:.2} s"),
        (false, Lang::Zh) => format!("{rows} 行 · {seconds:.2} 秒"),
        (true, Lang::Zh) => format!("前 {rows} 行，还有更多 · {seconds:.2} 秒"),
    };
    if column > 0 {
        title += &format!(" · → {}/{}", column + 1, table.columns.len());
    }
    title
}

/// `12 rows`.
#[must_use]
pub fn rows(rows: u64, lang: Lang) -> String {
    match lang {
        Lang::En if rows == 1 => "1 row".into(),
        Lang::En => format!("{} rows", count(rows)),
        Lang::Zh => format!("{} 行", count(rows)),
    }
}

/// A size of a file.
#[must_use]
pub fn bytes(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{:.1} kB", bytes as f64 / 1e3),
        1_000_000..1_000_000_000 => format!("{:.1} MB", bytes as f64 / 1e6),
        _ => format!("{:.1} GB", bytes as f64 / 1e9),
    }
}

/// A span of time: `4 s`, `3:07`, `1:02:09`.
#[must_use]
pub fn span(time: Duration) -> String {
    let seconds = time.as_secs();
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3600 => format!("{}:{:02}", seconds / 60, seconds % 60),
        _ => format!(
            "{}:{:02}:{:02}",
            seconds / 3600,
            seconds / 60 % 60,
            seconds % 60
        ),
    }
}

/// How long something will still take.
#[must_use]
pub fn left(time: Duration, lang: Lang) -> String {
    match lang {
        Lang::En => format!("about {} left", span(time)),
        Lang::Zh => format!("约剩 {}", span(time)),
    }
}

/// A stage with what is done of it.
#[must_use]
pub fn stage(stage: Stage, done: u64, total: Option<u64>, lang: Lang) -> String {
    let (en, zh) = match stage {
        Stage::Ingest => ("reading rows", "读入行"),
        Stage::Scope => ("looking at what counts", "核对计入的行"),
        Stage::Features => ("computing features", "计算特征"),
        Stage::Segments => ("finding segments", "寻找分群"),
        Stage::Portraits => ("drawing portraits", "生成画像"),
        Stage::Recommend => ("choosing products", "挑选商品"),
        Stage::Narrate => ("writing sentences", "撰写句子"),
        Stage::Export => ("writing files", "写文件"),
    };
    let name = if lang == Lang::En { en } else { zh };
    match total {
        Some(total) => format!("{name} {}/{}", count(done), count(total)),
        None if done > 0 => format!("{name} {}", count(done)),
        None => name.to_owned(),
    }
}

/// How a task stands.
#[must_use]
pub fn state(task: &Task, lang: Lang) -> (String, Tone) {
    let (en, zh, tone) = match &task.state {
        State::Running => match task.left() {
            Some(time) => return (left(time, lang).replace("about ", "~"), Tone::Plain),
            None => ("running", "进行中", Tone::Plain),
        },
        State::Cancelling => ("cancelling…", "正在取消…", Tone::Warning),
        State::Done => ("done", "完成", Tone::Good),
        State::Cancelled => ("cancelled", "已取消", Tone::Quiet),
        State::Failed(_) => ("failed", "失败", Tone::Bad),
    };
    ((if lang == Lang::En { en } else { zh }).to_owned(), tone)
}

/// What a piece of background work is for.
#[must_use]
pub fn request(request: &Request, lang: Lang) -> String {
    let en = lang == Lang::En;
    match request {
        Request::Demo if en => "sample shop".into(),
        Request::Demo => "示例商店".into(),
        Request::Ingest(path, _) => {
            let name = path
                .file_name()
                .unwrap_or(path.as_os_str())
                .to_string_lossy();
            let name = clean(&name);
            if en {
                format!("reading {name}")
            } else {
                format!("读入 {name}")
            }
        }
        Request::Make(_, k) if en => format!("run with {k} segments"),
        Request::Make(_, k) => format!("{k} 个分群的运行"),
        Request::Narrate(run, None) if en => format!("texts of run {run}"),
        Request::Narrate(run, None) => format!("运行 {run} 的文本"),
        Request::Narrate(_, Some(segment)) if en => format!("text of segment {segment}"),
        Request::Narrate(_, Some(segment)) => format!("分群 {segment} 的文本"),
        Request::Compare(_, one, other) if en => format!("segment {one} against {other}"),
        Request::Compare(_, one, other) => format!("分群 {one} 与 {other} 的对比"),
        Request::PlanCampaign(run) if en => format!("campaign over run {run}"),
        Request::PlanCampaign(run) => format!("运行 {run} 的活动计划"),
        Request::Save(..) if en => "result into a file".into(),
        Request::Save(..) => "结果写入文件".into(),
        _ => Word::Reading.get(lang).into(),
    }
}

/// What is said when a change was made.
#[must_use]
pub fn ended(done: &Request, newer: Option<i64>, lang: Lang) -> String {
    match (done, newer) {
        (Request::Revise(..) | Request::Annotate(..), _) => (if lang == Lang::En {
            "Kept."
        } else {
            "已保存。"
        })
        .to_owned(),
        (_, Some(run)) => loaded(run, lang),
        (_, None) if lang == Lang::En => format!("Done: {}.", request(done, lang)),
        (_, None) => format!("完成：{}。", request(done, lang)),
    }
}

/// The busiest hour of a week of 168, with its share of events in per cent.
#[must_use]
pub fn peak(hour: usize, share: f64, shop: Option<f64>, lang: Lang) -> String {
    let when = format!("{} {}:00", weekday(hour / 24, lang), hour % 24);
    let shop = shop.map_or_else(String::new, |shop| match lang {
        Lang::En => format!(", the shop {shop:.1}%"),
        Lang::Zh => format!("，全店 {shop:.1}%"),
    });
    match lang {
        Lang::En => format!("busiest {when}: {share:.1}%{shop}"),
        Lang::Zh => format!("最忙 {when}：{share:.1}%{shop}"),
    }
}

/// How a job that outlives its terminal stands, with the tone to say it in.
#[must_use]
pub fn standing(standing: Standing, lang: Lang) -> (&'static str, Tone) {
    let (zh, tone) = match standing {
        Standing::Running => ("运行中", Tone::Plain),
        Standing::Done => ("完成", Tone::Good),
        Standing::Failed => ("失败", Tone::Bad),
        Standing::Cancelled => ("已取消", Tone::Quiet),
        Standing::Interrupted => ("已中断", Tone::Warning),
    };
    (
        if lang == Lang::En {
            standing.name()
        } else {
            zh
        },
        tone,
    )
}
