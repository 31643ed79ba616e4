//! Every word of the screen, in English and Chinese.

use crate::records::NarrativeStatus;
use crate::words::{Lang, number};

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident => $en:literal, $zh:literal;)*) => {
        /// A fixed text of the screen.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[allow(missing_docs)] // the name and the English text say what each is
        pub enum Word { $($(#[$doc])* $name,)* }

        impl Word {
            /// Every word, for the test that looks at all of them.
            #[cfg(test)]
            const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The text in `lang`.
            #[must_use]
            pub fn get(self, lang: Lang) -> &'static str {
                match (self, lang) {
                    $((Self::$name, Lang::En) => $en, (Self::$name, Lang::Zh) => $zh,)*
                }
            }
        }
    };
}

words! {
    KeyUp => "one line up", "上移一行";
    KeyDown => "one line down", "下移一行";
    KeyPageUp => "one page up", "上翻一页";
    KeyPageDown => "one page down", "下翻一页";
    KeyFirst => "to the first line", "到首行";
    KeyLast => "to the last line", "到末行";
    KeyPrevious => "to the segment before", "上一个分群";
    KeyNext => "to the segment after", "下一个分群";
    KeySwitchPane => "keys go to the list or to the detail", "在列表与详情之间切换";
    KeyOpen => "detail on the whole screen", "全屏显示详情";
    KeyBack => "close, clear the filter, or go back", "关闭、清除筛选或返回";
    KeyFilter => "show only segments or facts with a text", "按文字筛选分群或事实";
    KeySort => "sort the list another way", "切换列表排序";
    KeyCohorts => "who bought again, by month of the first purchase", "按首购月份看复购";
    KeyNotes => "how this run was made", "本次运行的说明";
    KeyReload => "look for a newer run", "查看是否有更新的运行";
    KeyLanguage => "中文", "English";
    KeyHelp => "this page", "本页";
    KeySuspend => "to the shell and back with `fg`", "暂回命令行，用 fg 返回";
    KeyQuit => "quit", "退出";
    HintMove => "move", "移动";
    HintNext => "next", "下一个";
    HintPane => "pane", "切换";
    HintOpen => "open", "打开";
    HintBack => "back", "返回";
    HintFilter => "filter", "筛选";
    HintSort => "sort", "排序";
    HintNotes => "notes", "说明";
    HintReload => "reload", "重新读取";
    HintLanguage => "中文", "English";
    HintHelp => "help", "帮助";
    HintQuit => "quit", "退出";
    HintKeep => "keep", "保留";
    HintCancel => "cancel", "取消";

    Segments => "Segments", "分群";
    Facts => "Facts", "事实";
    Narrative => "Narrative", "画像描述";
    Help => "Help", "帮助";
    Notes => "Run notes", "运行说明";
    Cohorts => "Cohort retention", "同期群留存";
    CohortsWhat => "Users by the month of their first purchase, and the share of them that bought again so many months later. –: too few to be told.", "按首次购买的月份分组，以及其中在之后各月再次购买的比例。–：人数太少，不予列出。";
    CohortsNone => "No month has enough buyers, or the data ends before a month after the first has passed.", "没有足够买家的月份，或数据不足两个整月。";
    CohortMonth => "first", "首购";
    CohortUsers => "users", "用户数";
    Trouble => "Something went wrong", "出错了";
    Mend => "What to do", "处理办法";
    Bug => "This is a bug: an internal step stopped. The workspace is unharmed.", "这是程序缺陷：某个内部步骤中断。工作区没有受损。";
    BugMend => "press r to try again; please report it with the text above", "按 r 重试；请附上以上文字报告此问题";
    TryAgain => "then press r to read again", "然后按 r 重新读取";

    ColName => "name", "名称";
    ColUsers => "customers", "用户数";
    ColShare => "share", "占比";
    ColTrait => "lead trait", "主要特征";
    ColFact => "fact", "事实";
    ColValue => "segment", "本群";
    ColShop => "shop", "全店";
    ColDifference => "difference", "差异";
    BelowMinimum => "too little activity to group", "活动太少，未参与聚类";
    NoTrait => "close to the shop's average", "接近全店平均";

    SortId => "by number", "按编号";
    SortUsers => "by customers", "按用户数";
    SortName => "by name", "按名称";
    SortRevenue => "by revenue share", "按收入占比";

    NoNarrative => "None yet: `portray narrate` writes one.", "尚无：运行 `portray narrate` 生成。";
    Accepted => "accepted", "已采纳";
    NotBorneOut => "Not borne out by the facts:", "事实不支持：";
    InEnglish => "in English", "英文";
    InChinese => "in Chinese", "中文";
    NoFact => "No fact holds this text. Esc clears the filter.", "没有匹配的事实。按 Esc 清除筛选。";
    NoFacts => "Too few customers for facts: groups under the support limit stay untold.", "用户太少：低于支持数下限的事实不予显示。";
    NoSegment => "No segment holds this text. Esc clears the filter.", "没有匹配的分群。按 Esc 清除筛选。";
    NoSelection => "No segment is selected.", "未选择分群。";

    Loading => "Reading the workspace…", "正在读取工作区…";
    NothingNew => "Nothing new: this is the newest run.", "没有更新：这已是最新的运行。";
    Empty => "No segments here yet", "这里还没有分群";
    EmptyWhy => "Portray turns a shop's events into customer segments, each with its facts and a narrative. This workspace holds no finished run:", "Portray 把商店的行为事件变成用户分群，并为每个分群给出事实与描述。此工作区还没有完成的运行：";
    EmptyDemo => "Try it on a made-up shop, in a workspace of its own:", "先用虚构的商店试试（使用单独的工作区）：";
    EmptyOwn => "Or give it your own events (CSV, JSON lines, Parquet):", "或用您自己的事件数据（CSV、JSON 行、Parquet）：";
    EmptyAgain => "When your own run is done, press r here to read it.", "您自己的运行完成后，在此按 r 读取。";

    HelpKeys => "Keys", "按键";
    HelpTerms => "Terms", "术语";
    TermShare => "share: this segment's customers among all customers of the run.", "占比：本群用户占本次运行全部用户的比例。";
    TermDifference => "difference: how far the segment's mean lies from the shop's, in standard deviations; 0.2 is small, 0.8 large. For names: log2 of the lift, +1 is twice as common as in the shop.", "差异：本群均值与全店均值相差多少个标准差；0.2 为小，0.8 为大。对名称：提升度的以 2 为底的对数，+1 表示常见程度是全店的两倍。";
    TermTrait => "lead trait: the fact with the largest difference.", "主要特征：差异最大的一项事实。";
    TermChecked => "checked: each sentence of the narrative was compared with the facts.", "已核对：描述的每句话都与事实比对过。";
    TermSilhouette => "silhouette: how clearly the segments part, from -1 to 1; above 0.25 there is structure.", "轮廓系数：分群的清晰程度，-1 到 1；大于 0.25 表示有结构。";
    TermInertia => "inertia: squared distances to the own centroid, summed; it always falls as k grows.", "惯量：到本群质心的平方距离之和；k 越大总是越小。";

    NoteMade => "Made", "时间";
    NoteSeed => "Seed", "随机种子";
    NoteUsers => "Customers", "用户";
    NoteRead => "Rows read", "读入行数";
    Reconciliation => "From all sales to these segments", "从全部销售到各分群";
    DaysThatCount => "Days that count", "统计期";
    NoteEvents => "events", "事件";
    NoteDuplicates => "duplicates", "重复";
    NoteQuarantined => "quarantined", "隔离";
    NoteCandidates => "Numbers of segments tried", "试过的分群数";
    NoteDecisions => "Left out or decided", "省略与决定";
    NoteNone => "Nothing.", "无。";
    NoteChosen => "chosen", "选用";
    Silhouette => "silhouette", "轮廓系数";
    Inertia => "inertia", "惯量";

    FamilySize => "Size", "规模";
    FamilyRfm => "Recency, frequency, monetary", "近度、频度、金额";
    FamilyEngagement => "Engagement and funnel", "参与与转化";
    FamilyBasket => "Basket", "购物篮";
    FamilyRhythm => "Rhythm", "节奏";
    FamilyBreadth => "Breadth and taste", "广度与偏好";
    FamilyPrice => "Price", "价格";
    FamilySearch => "Search", "搜索";
    FamilyFunnel => "Funnel", "漏斗";
    FamilyCategory => "Categories", "品类";
    FamilyProduct => "Products", "商品";
    FamilyQuery => "Query words", "搜索词";
    FamilyTime => "Hours and days", "时段";
    FamilyRevenue => "Revenue", "收入";
}

/// Heading of a family of facts, by the first part of their ids; none for families that an analyst added.
#[must_use]
pub fn family(prefix: &str) -> Option<Word> {
    Some(match prefix {
        "size" | "users" | "segment" => Word::FamilySize,
        "rfm" | "recency" | "value" => Word::FamilyRfm,
        "engagement" => Word::FamilyEngagement,
        "basket" => Word::FamilyBasket,
        "rhythm" => Word::FamilyRhythm,
        "breadth" | "taste" => Word::FamilyBreadth,
        "price" => Word::FamilyPrice,
        "search" => Word::FamilySearch,
        "funnel" => Word::FamilyFunnel,
        "category" | "categories" => Word::FamilyCategory,
        "product" | "products" => Word::FamilyProduct,
        "query" | "queries" => Word::FamilyQuery,
        "hour" | "weekday" | "time" => Word::FamilyTime,
        "revenue" => Word::FamilyRevenue,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_stands_in_both_languages() {
        for word in Word::ALL {
            assert!(
                !word.get(Lang::En).is_empty() && !word.get(Lang::Zh).is_empty(),
                "{word:?}"
            );
            assert_ne!(word.get(Lang::En), word.get(Lang::Zh), "{word:?}");
        }
    }
}
