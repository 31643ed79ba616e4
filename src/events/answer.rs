//! Yes and no, as shops write them.

const YES: [&str; 10] = [
    "yes", "y", "true", "1", "granted", "on", "given", "accepted", "是", "同意",
];
const NO: [&str; 12] = [
    "no",
    "n",
    "false",
    "0",
    "denied",
    "withdrawn",
    "off",
    "refused",
    "rejected",
    "none",
    "否",
    "不同意",
];

/// What a cell says; none where it is neither.
pub fn answer(text: &str) -> Option<bool> {
    let plain = text.trim().to_lowercase();
    if YES.contains(&plain.as_str()) {
        return Some(true);
    }
    NO.contains(&plain.as_str()).then_some(false)
}
