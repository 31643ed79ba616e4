//! The table of bindings: what a person can ask for, where, with which keys, in which words. Keys, footer, help,
//! palette and `docs/keys.md` are all made from it.

use super::{At, Binding};
use crate::tui::views::ViewId as V;

macro_rules! bindings {
    ($($action:ident $name:literal [$($key:literal),*] $at:expr, $en:literal, $zh:literal $(, $hint_en:literal, $hint_zh:literal)?;)*) => {
        /// What a person can ask for.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[allow(missing_docs)] // the table's words say what each is
        pub enum Action { $($action,)* }

        /// Every action, in the order of help and palette; hints stand in the footer in this order.
        pub const BINDINGS: &[Binding] = &[$(Binding {
            action: Action::$action,
            name: $name,
            keys: &[$($key),*],
            at: $at,
            word: ($en, $zh),
            hint: hint!($($hint_en, $hint_zh)?),
        },)*];
    };
}

macro_rules! hint {
    () => {
        None
    };
    ($en:literal, $zh:literal) => {
        Some(($en, $zh))
    };
}

const ANY: &[At] = &[At::Any];
const LISTS: &[At] = &[At::View(V::Segments), At::View(V::Segment)];
const TEXTS: &[At] = &[At::View(V::Segments), At::View(V::Segment)];
const SEGMENT: &[At] = &[At::View(V::Segment)];
const MAP: &[At] = &[At::View(V::Map)];

bindings! {
    Up "up" ["up", "k"] ANY, "one line up", "上移一行";
    Down "down" ["down", "j"] ANY, "one line down", "下移一行";
    PageUp "page-up" ["pageup", "ctrl-b"] ANY, "one page up", "上翻一页";
    PageDown "page-down" ["pagedown", "ctrl-f", "space"] ANY, "one page down", "下翻一页";
    First "first" ["home", "g"] ANY, "to the first line", "到首行";
    Last "last" ["end", "G"] ANY, "to the last line", "到末行";
    Left "left" ["left", "h"] ANY, "to the left; the segment before", "向左；上一个分群";
    Right "right" ["right", "l"] ANY, "to the right; the segment after", "向右；下一个分群";
    SwitchPane "switch-pane" ["tab"] ANY, "keys go to the next pane", "切换窗格", "pane", "切换";
    PaneBefore "pane-before" ["backtab"] ANY, "keys go to the pane before", "切到上一个窗格";
    Open "open" ["enter"] ANY, "open what is selected", "打开所选", "open", "打开";
    Back "back" ["esc"] ANY, "one step back: close, clear, or the view before", "返回：关闭、清除或上一视图";
    Filter "filter" ["/"] &[At::View(V::Segments), At::View(V::Segment), At::View(V::Users), At::View(V::Compare)], "show only what holds a text", "按文字筛选", "filter", "筛选";
    Sort "sort" ["s"] LISTS, "sort by the next column", "按下一列排序", "sort", "排序";
    Reverse "reverse" ["S"] LISTS, "turn the order round", "反转顺序";
    Regenerate "regenerate" ["R"] &[At::View(V::Segments), At::View(V::Segment), At::View(V::Compare)], "write the text anew, streaming in", "重新生成文本", "write", "生成";
    Pick "pick" ["p"] TEXTS, "show the next version of the text", "换下一个版本", "version", "版本";
    Edit "edit" ["e"] TEXTS, "edit the text", "编辑文本", "edit", "编辑";
    Accept "accept" ["a"] TEXTS, "stand by the text, so that nothing replaces it", "采纳文本，不再被替换", "accept", "采纳";
    Recommend "recommend" ["R"] &[At::View(V::Users)], "what is recommended to the user", "为该用户推荐商品", "recommend", "推荐";
    PlanCampaign "plan-campaign" ["M"] &[At::View(V::Plan)], "plan a campaign over this run, with messages", "为本次运行制定活动计划并撰写消息", "plan", "制定";
    PickMessage "pick-message" ["p"] &[At::View(V::Plan)], "send the next message", "改发下一条消息", "message", "消息";
    EditMessage "edit-message" ["e"] &[At::View(V::Plan)], "write a message of your own", "自己撰写消息", "edit", "编辑";
    Rename "rename" ["N"] TEXTS, "give the segment a name", "重命名分群";
    Tag "tag" ["t"] TEXTS, "tag the segment", "为分群加标签";
    Note "note" ["o"] TEXTS, "write a note on the segment", "为分群写备注";
    Why "why" ["w"] SEGMENT, "the SQL behind the fact", "事实背后的 SQL", "SQL", "SQL";
    ZoomIn "zoom-in" ["+", "="] MAP, "closer", "放大", "closer", "放大";
    ZoomOut "zoom-out" ["_"] MAP, "farther", "缩小", "farther", "缩小";
    Marks "marks" ["m"] MAP, "a sign for each segment in place of dots", "以符号代替点", "signs", "符号";
    FindId "find-id" ["i"] &[At::View(V::Users)], "find a user by the shop's own id, which is not kept", "按商店原始编号查找（不保存）", "by id", "按编号";
    Make "make" ["M"] &[At::View(V::Choice)], "make a run with the number of segments selected", "按所选分群数新建运行", "make run", "新建运行";
    EditQuery "edit-query" ["i"] &[At::View(V::Sql)], "type a query", "输入查询", "type", "输入";
    Save "save" ["x"] &[At::View(V::Sql)], "write the whole result to a file", "将完整结果写入文件", "save", "保存";
    Change "change" ["c"] &[At::View(V::Import)], "the next column or type for the line selected", "为所选行换下一列或类型", "change", "更换";
    ChangeBack "change-back" ["C"] &[At::View(V::Import)], "the column or type before", "换上一列或类型";
    TypePath "type-path" ["i"] &[At::View(V::Import)], "type the path of a file or folder", "输入文件或文件夹路径", "path", "路径";
    Import "import" ["I"] &[At::View(V::Import)], "read the file into the workspace", "将文件读入工作区", "read in", "读入";
    CancelJob "cancel-job" ["x"] &[At::View(V::Jobs)], "cancel the job selected", "取消所选任务", "cancel", "取消";
    Notes "notes" ["n"] ANY, "how this run was made", "本次运行的说明";
    Cohorts "cohorts" ["b"] ANY, "who bought again, by month of the first purchase", "按首购月份看复购";
    CommandLine "command-line" ["y"] ANY, "copy the command line that does the same", "复制等价的命令行", "copy", "复制";
    Reload "reload" ["r"] ANY, "look for newer data", "查看是否有更新";
    Language "language" ["L"] ANY, "中文", "English", "中文", "English";
    Mouse "mouse" ["ctrl-o"] ANY, "mouse on or off (off: the terminal selects text)", "开关鼠标（关闭后可用终端选择文本）";
    Demo "demo" ["D"] &[At::Bare], "make a sample shop", "生成示例商店", "sample shop", "示例商店";
    ShowSegments "view-segments" ["1"] ANY, "view: segments", "视图：分群";
    ShowSegment "view-segment" ["2"] ANY, "view: one segment", "视图：单个分群";
    ShowMap "view-map" ["3"] ANY, "view: map", "视图：地图";
    ShowCompare "view-compare" ["4"] ANY, "view: two segments side by side", "视图：两个分群对比";
    ShowUsers "view-users" ["5"] ANY, "view: users", "视图：用户";
    ShowOffers "view-offers" ["O"] ANY, "view: recommendations", "视图：推荐";
    ShowPlan "view-plan" ["P"] ANY, "view: campaign", "视图：活动";
    ShowChoice "view-choice" ["6"] ANY, "view: the number of segments", "视图：分群数选择";
    ShowData "view-data" ["7"] ANY, "view: the data", "视图：数据";
    ShowRuns "view-runs" ["8"] ANY, "view: runs", "视图：运行";
    ShowSql "view-sql" ["9"] ANY, "view: SQL", "视图：SQL";
    ShowImport "view-import" ["0"] ANY, "view: import", "视图：导入";
    ShowJobs "view-jobs" ["-"] ANY, "view: jobs", "视图：任务";
    Palette "palette" [":"] ANY, "find any action by its words", "按文字查找操作", "actions", "操作";
    Help "help" ["?", "f1"] ANY, "the keys of this view, and terms", "本视图按键与术语", "help", "帮助";
    Suspend "suspend" ["ctrl-z"] ANY, "to the shell and back with `fg`", "暂回命令行，用 fg 返回";
    Quit "quit" ["q", "ctrl-c"] ANY, "quit", "退出", "quit", "退出";
}
