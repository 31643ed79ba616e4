//! What the words of a sentence tell, against its codes.

use super::super::codes::{Direction, Measure};
use super::super::lexicon::{Cover, List};
use super::{Claim, Complaint};

/// Whether the phrases tell the topic, the direction, the strength and the measure of the claim.
pub(super) fn check(
    taken: &[(String, u16)],
    claim: Claim,
    cover: &Cover,
    complaints: &mut Vec<Complaint>,
) {
    let wanted = match claim.direction {
        Direction::MuchLess | Direction::Less => List::Down,
        Direction::Same => List::Same,
        Direction::More | Direction::MuchMore => List::Up,
    };
    let is_strong = matches!(claim.direction, Direction::MuchLess | Direction::MuchMore);
    let is_mild = matches!(claim.direction, Direction::Less | Direction::More);
    let any = |list: List| taken.iter().any(|(_, lists)| list.is_in(*lists));
    if !any(List::Words) && cover.has(List::Words) {
        complaints.push(Complaint::NoTopic);
    }
    if !any(wanted) && cover.has(wanted) {
        complaints.push(Complaint::NoDirection);
    }
    for (phrase, lists) in taken {
        let is = |list: List| list.is_in(*lists);
        if [List::Up, List::Down, List::Same]
            .into_iter()
            .any(|list| list != wanted && is(list))
        {
            complaints.push(Complaint::Direction(phrase.clone()));
        }
        if is(List::Strong) && !is_strong || is(List::Mild) && !is_mild {
            complaints.push(Complaint::Strength(phrase.clone()));
        }
        if is(List::Median) && claim.measure != Measure::Median
            || is(List::Mean) && claim.measure != Measure::Mean
        {
            complaints.push(Complaint::Measure(phrase.clone()));
        }
    }
}
