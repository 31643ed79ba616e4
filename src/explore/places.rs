//! Users as places in a plane: the first two principal components of the features that the clusters were made from.

/// A user's place.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    /// Its pseudonym.
    pub pseudonym: String,
    /// Its segment.
    pub segment: u32,
    /// Along the first component, in standardised units.
    pub x: f64,
    /// Along the second one.
    pub y: f64,
}

/// A principal component.
#[derive(Debug, Clone, PartialEq)]
pub struct Axis {
    /// The share of all variance along it, 0 to 1.
    pub explained: f64,
    /// The features with the largest weights, that with the largest absolute one first.
    pub weights: Vec<(String, f64)>,
}

/// The plane with a sample of users.
#[derive(Debug, Clone, PartialEq)]
pub struct Map {
    /// The first component and the second one.
    pub axes: [Axis; 2],
    /// The same users each time: those whose hash is smallest.
    pub points: Vec<Point>,
    /// Users that have a place, shown or not.
    pub users: u64,
}
