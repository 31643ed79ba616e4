//! The fixed texts of the screen.

use crate::words::Lang;

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
    HintMove => "move", "移动";
    HintKeep => "keep", "确定";
    HintCancel => "cancel", "取消";
    HintBreak => "new line", "换行";
    HintYes => "yes", "是";
    HintNo => "no", "否";
    HintDo => "do it", "执行";
    HintBack => "back", "返回";
    HintRun => "run", "运行";
    HintComplete => "complete", "补全";
    HintHistory => "history", "历史";
    HintLeave => "leave", "离开";

    Segments => "Segments", "分群";
    Segment => "Segment", "画像";
    Map => "Map", "地图";
    Compare => "Compare", "对比";
    Users => "Users", "用户";
    Offers => "Offers", "推荐";
    Plan => "Plan", "活动";
    Choice => "k", "群数";
    Data => "Data", "数据";
    Runs => "Runs", "运行";
    Sql => "SQL", "查询";
    Import => "Import", "导入";
    Jobs => "Jobs", "任务";

    Facts => "Facts", "事实";
    Narrative => "Narrative", "画像描述";
    Charts => "Charts", "图表";
    Help => "Help", "帮助";
    Actions => "Actions", "操作";
    Question => "Sure?", "确认";
    NoAction => "No action has these words.", "没有匹配的操作。";
    Notes => "Run notes", "运行说明";
    Cohorts => "Cohort retention", "同期群留存";
    CohortsWhat => "Users by the month of their first purchase, and the share of them that bought again so many months later. –: too few to be told.", "按首次购买的月份分组，以及其中在之后各月再次购买的比例。–：人数太少，不予列出。";
    CohortsNone => "No month has enough buyers, or the data ends before a month after the first has passed.", "没有足够买家的月份，或数据不足两个整月。";
    CohortMonth => "first", "首购";
    CohortUsers => "users", "用户数";
    Trouble => "Something went wrong", "出错了";
    Mend => "What to do", "处理办法";
    BugMend => "This is a bug: an internal step stopped. The workspace is unharmed. Press r to try again; please report it with the text above.", "这是程序缺陷：某个内部步骤中断。工作区没有受损。按 r 重试；请附上以上文字报告此问题。";
    TryAgain => "then press r to read again", "然后按 r 重新读取";
    Reading => "Reading…", "正在读取…";
    Stopped => "stopped, as it was asked to", "已按要求停止";
    OneJob => "A job is under way: wait for it, or cancel it in the view of jobs.", "已有任务在进行：请等待，或在任务视图中取消。";
    QuitJob => "A job is under way. Leave all the same? What is done stays; the rest is to be started again.", "有任务正在进行。仍要退出吗？已完成的部分会保留，其余需重新开始。";
    Copied => "Copied:", "已复制：";
    CopiedText => "Copied.", "已复制。";
    MouseOn => "The mouse is the program's.", "鼠标由程序使用。";
    MouseOff => "The mouse is the terminal's: it selects text.", "鼠标交还终端：可选择文本。";
    NothingNew => "Nothing new.", "没有更新。";

    ColNumber => "number", "编号";
    ColName => "name", "名称";
    ColUsers => "users", "用户";
    ColShare => "share", "占比";
    ColRevenue => "rev.", "收入";
    ColAov => "AOV", "客单价";
    ColRecency => "last", "近度";
    ColConversion => "conv.", "转化";
    ColTrend => "trend", "变化";
    ColTrait => "lead trait", "主要特征";
    ColFact => "fact", "事实";
    ColValue => "segment", "本群";
    ColShop => "shop", "全店";
    Others => "everybody else", "其余用户";
    Nearest => "nearest segment", "最近人群";
    Before => "run before", "上次运行";
    Withheld => "not told, over a quarter of it is one user's", "不说明：超过四分之一来自一位用户";
    ColDifference => "difference", "差异";
    ColApart => "apart", "相差";
    ColUsersOf => "users", "用户";
    ColLift => "lift", "提升";
    ColPseudonym => "pseudonym", "化名";
    ColEvents => "events", "事件";
    ColSpent => "spent", "消费";
    ColLast => "last", "最近";
    ColUser => "user", "用户";
    ColMedian => "median", "中位数";
    ColRows => "rows", "行";
    ColNet => "net", "净额";
    ColFiles => "files", "文件";
    ColTransform => "form", "变换";
    ColMissing => "missing", "缺失";
    ColDistribution => "distribution", "分布";
    ColRun => "run", "运行";
    ColLine => "line", "行";
    ColTime => "time", "时间";
    ColType => "type", "类型";
    ColProduct => "product or query", "商品或搜索";
    ColPrice => "price", "价格";
    ColQuantity => "pieces", "件数";
    ColOffer => "product", "商品";
    ColBecause => "because", "理由";
    ColScore => "score", "得分";
    ColOnLists => "on lists", "上榜率";
    ColGoal => "goal", "目标";
    ColAudience => "audience", "受众";
    ColHeld => "held out", "对照";
    ColChannel => "by", "渠道";
    SortedBy => "by", "按";
    BelowMinimum => "too little activity to group", "活动太少，未参与聚类";
    NoTrait => "close to the shop's average", "接近全店平均";

    FilterSegments => "Segments with", "筛选分群";
    FilterFacts => "Facts with", "筛选事实";
    EditText => "Text", "文本";
    EditName => "Name (empty: the program's)", "名称（留空用程序所起）";
    EditTags => "Tags, by commas", "标签，逗号分隔";
    EditNote => "Note", "备注";
    FindPseudonym => "Pseudonym begins with", "化名开头";
    FindId => "The shop's own id (not kept)", "商店原始编号（不保存）";
    SaveTo => "Write to (.csv, .json, .jsonl)", "写入（.csv、.json、.jsonl）";
    TypePath => "File or folder", "文件或文件夹";

    NoNarrative => "No text yet: R writes it.", "尚无文本：按 R 生成。";
    NoText => "There is no text yet: R writes it.", "尚无文本：按 R 生成。";
    NoOther => "There is no other version: R writes some.", "没有其他版本：按 R 生成。";
    BeingWritten => "Being written", "正在生成";
    Accepted => "accepted", "已采纳";
    NotBorneOut => "Not borne out by the facts:", "事实不支持：";
    InEnglish => "in English", "英文";
    InChinese => "in Chinese", "中文";
    Tags => "Tags:", "标签：";
    Note => "Note:", "备注：";
    NoFact => "No fact holds this text. Esc clears the filter.", "没有匹配的事实。按 Esc 清除筛选。";
    NoFacts => "Too few users for facts: groups under the support limit stay untold.", "用户太少：低于支持数下限的事实不予显示。";
    NoSegment => "No segment holds this text. Esc clears the filter.", "没有匹配的分群。按 Esc 清除筛选。";
    NoSelection => "No segment is selected.", "未选择分群。";
    NoOtherSegment => "There is no other segment to compare with.", "没有其他分群可对比。";
    Comparison => "What sets them apart", "差异描述";
    CompareWrite => "R writes what sets them apart. ←→ takes another segment, Enter turns the two round.", "按 R 生成差异描述。←→ 换另一分群，Enter 互换两者。";

    Week => "Hours of the week (share of the segment's events)", "一周各时段（占本群事件）";
    WeekLegend => "hour", "小时";
    TooFew => "? too few users", "? 人数太少";
    ShopBeside => "(beside: the whole shop)", "（右侧：全店）";
    Funnel => "Funnel: users who…", "漏斗：用户中……";
    FunnelViewed => "viewed a product", "浏览商品";
    FunnelSearched => "searched", "搜索";
    FunnelMarked => "marked one", "收藏";
    FunnelCart => "filled a cart", "加购";
    FunnelBought => "bought", "购买";
    FunnelReturned => "sent back", "退货";
    Prices => "Prices of what they buy", "所购商品价格";

    OffersUser => "Recommended to", "推荐给";
    OffersWhat => "On lists: the share of the segment's members on whose own list of ten it stands.", "上榜率：本群成员各自的十个推荐中含有它的比例。";
    NoOffers => "Nothing is recommended: no member had to do with a product, or all are left out.", "没有推荐：成员没有接触过商品，或商品均被排除。";
    NoOffersUser => "Nothing is known of what this user bought or looked at.", "没有该用户的购买或浏览记录。";
    PlanWhat => "Why, for whom, in which words", "依据、对象与文案";
    NoPlan => "No campaign is planned over this run: M plans one, with messages.", "本次运行还没有活动计划：按 M 制定并撰写消息。";
    NoOtherMessage => "There is no other message: e writes one of your own.", "没有其他消息：按 e 自己撰写。";
    EditMessage => "Message", "消息";

    MapTitle => "Users by the two main directions in which they differ", "按差异最大的两个方向排列的用户";
    NoMap => "This run has no map: it is of an older version, or nothing was grouped. A new run has one (view 6, M).", "本次运行没有地图：版本较旧或未聚类。新建运行即可（视图 6，按 M）。";
    Profile => "Profile", "用户档案";
    NoUser => "No user of that name is here.", "没有这样的用户。";
    NoUserSo => "No user begins so. / finds by pseudonym, i by the shop's id.", "没有匹配的用户。/ 按化名查找，i 按商店编号查找。";
    InSegment => "in segment", "所属分群";
    InNoSegment => "in no segment of this run: nothing of it counts", "不属于本次运行的任何分群";
    Memberships => "Membership in segments", "归属各分群的概率";
    Features => "Features", "特征";
    Timeline => "What it did, the latest first", "行为记录，最近在前";
    TimelineCut => "…and more before that", "……更早的略";

    Tried => "Numbers of segments tried", "试过的分群数";
    Curves => "By the number of segments", "随分群数变化";
    Chosen => "← taken", "← 选用";
    WhyThis => "Why this number", "为何选它";
    ChoiceAuto => "The largest mean silhouette is taken among the numbers whose segments are clearer than those of shuffled features and come out again; a split in two only where it is 1.4 times as clear as any finer one, and none with a segment too small to be told about.", "在比打乱特征更清晰且可重现的分群数中，取平均轮廓系数最大者；两群仅在比更细划分清晰 1.4 倍时才取，且不取含过小分群者。";
    ChoiceAsked => "A person asked for this number.", "由人指定。";
    ChoiceRules => "Rules made the segments of this run: there was nothing to choose.", "本次运行按规则分群，无需选择。";
    ChoiceMake => "M makes a run with the number under the cursor, and writes its texts.", "按 M 以光标处的分群数新建运行并生成文本。";
    NoCandidates => "Nothing was tried: the number was given, or rules made the segments.", "未尝试：分群数已指定，或按规则分群。";

    Ingests => "Files read in", "已读入的文件";
    EventTypes => "Events by type", "各类事件";
    KeptAside => "Rows kept aside, and why", "隔离的行及原因";
    LeftOut => "events that count for no segment", "不计入任何分群的事件";
    Shown => "← shown", "← 当前";
    NoBefore => "There is no run before it to compare with.", "没有更早的运行可比较。";
    IsNew => "not like any segment before", "与以往分群都不同";

    Query => "Query", "查询";
    ReadOnly => "read only", "只读";
    SqlHint => "i to type: SELECT segment, count(*) FROM members GROUP BY ALL", "按 i 输入：SELECT segment, count(*) FROM members GROUP BY ALL";
    Tables => "What can be asked", "可查询的表";
    NoRows => "no rows", "没有行";

    PickFile => "Pick a file", "选择文件";
    HowRead => "how it is read (c changes)", "读取方式（c 更改）";
    FirstRows => "The first rows as they will be read", "前几行的读取结果";
    SayWhich => "Choose the field's line and give it a column.", "请选中该字段所在行，为它指定一列。";
    NoColumn => "no column", "无对应列";
    Unmapped => "Columns that mean nothing here:", "未使用的列：";
    WouldBeKeptAside => "would be kept aside:", "将被隔离：";

    DetachedJobs => "Jobs of this workspace that outlive their terminal", "本工作区的独立任务";
    DetachedHint => "`portray jobs attach N` follows one, `cancel N` stops it, `resume N` goes on with one that was interrupted; `portray run --detach` starts one.", "`portray jobs attach N` 跟随，`cancel N` 停止，`resume N` 继续中断的任务；`portray run --detach` 启动新任务。";
    NoJobs => "Nothing runs in the background.", "没有后台任务。";
    Progress => "Progress", "进度";
    Log => "Log", "日志";

    Empty => "This workspace holds no run yet.", "工作区还没有运行。";
    EmptyDemo => "make a sample shop and look at it (a minute or two)", "生成示例商店并查看（一两分钟）";
    EmptyOwn => "read a file of your own in", "读入自己的文件";
    EmptyAgain => "look again", "重新查看";
    EmptyShell => "The same in a script:", "在脚本中：";

    HelpEverywhere => "Everywhere", "通用";
    HelpTerms => "Terms", "术语";
    TermShare => "share: users of the segment among all of the run.", "占比：本群用户占本次运行全部用户的比例。";
    TermDifference => "difference, σ: (segment mean − shop mean) / standard deviation of the shop; for lifts, log2 of the lift.", "差异 σ：（本群均值 − 全店均值）/ 全店标准差；提升度取以 2 为底的对数。";
    TermTrait => "lead trait: the largest difference, where it is at least 0.2.", "主要特征：差异最大的一项（至少 0.2）。";
    TermTrend => "trend: users against the same segment of the run before.", "变化：与上一运行中对应分群的用户数相比。";
    TermChecked => "checked: each sentence of the narrative was compared with the facts; ✓ borne out, ✖ not, · plain facts.", "已核对：描述的每句话都与事实比对过；✓ 相符，✖ 不符，· 事实直述。";
    TermSilhouette => "silhouette: how clearly the segments part, from -1 to 1; beside it the same on shuffled features.", "轮廓系数：分群的清晰程度，-1 到 1；旁列打乱特征后的同一指标。";
    TermStability => "stability: how far refits to other draws of the same users agree (adjusted Rand index), to 1; ? marks a segment that they hardly find again.", "稳定性：换一批抽样重新聚类的一致程度（调整兰德指数），最高 1；? 标出难以重现的分群。";
    TermInertia => "inertia: squared distances to the own centroid, summed; it always falls as k grows.", "惯量：到本群质心的平方距离之和；k 越大总是越小。";
    TermMap => "map: the two directions (principal components) along which users differ most; + and − name the features behind them.", "地图：用户差异最大的两个方向（主成分）；+ 与 − 标出相关特征。";
    TermMembership => "membership: the probability of belonging to a segment, by squared distances, calibrated on refits.", "归属概率：按到各质心的距离平方计算，并以重抽样校准。";

    NoteMade => "made", "时间";
    NoteSeed => "seed", "随机种子";
    NoteUsers => "users", "用户";
    NoteRead => "Rows read", "读入行数";
    Reconciliation => "From all sales to these segments", "从全部销售到各分群";
    DaysThatCount => "Days that count", "统计期";
    NoteEvents => "events", "事件";
    NoteDuplicates => "duplicates", "重复";
    NoteQuarantined => "kept aside", "隔离";
    NoteDecisions => "Left out or decided", "省略与决定";
    NoteNone => "Nothing.", "无。";
    OwnName => "English", "中文";
    Silhouette => "silhouette", "轮廓系数";
    WhatMakesIt => "What makes it", "构成条件";
    Shuffled => "shuffled", "打乱后";
    Stability => "stability", "稳定性";
    Inertia => "inertia", "惯量";

    FamilySize => "Size", "规模";
    FamilyRfm => "Recency, frequency, monetary", "近度、频度、金额";
    FamilyEngagement => "Engagement and funnel", "参与与转化";
    FamilyBasket => "Basket", "购物篮";
    FamilyRhythm => "Rhythm", "节奏";
    FamilySignup => "Since they signed up", "注册以来";
    FamilyBreadth => "Breadth and taste", "广度与偏好";
    FamilyPrice => "Price", "价格";
    FamilySearch => "Search", "搜索";
    FamilyFunnel => "Funnel", "漏斗";
    FamilyCategory => "Categories", "品类";
    FamilyProduct => "Products", "商品";
    FamilyQuery => "Query words", "搜索词";
    FamilyTime => "Hours and days", "时段";
    FamilyRevenue => "Revenue", "收入";
    FamilyEvents => "Activity", "活跃";
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
