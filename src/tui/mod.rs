//! x
/// x
pub enum ColorChoice { /// x
Auto, /// x
Always, /// x
Never }
/// x
pub fn run(_: &std::path::Path, _: crate::words::Lang, _: ColorChoice) -> crate::Result<()> { Ok(()) }
