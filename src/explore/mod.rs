//! Questions that a person asks of a workspace while looking at it: read only, one worker at a time, each with a
//! limit and a way to stop. What they give back is plain data; who shows it is unknown here.

mod overview;
mod people;
mod places;
mod prompt;
mod spread;
mod watched;

pub use overview::{Bin, FeatureView, IngestView, Overview, Quarantined, Reason, overview};
pub use people::{
    Happening, Listing, Membership, Order, Profile, ProfileFeature, UserLine, Who, profile, users,
};
pub use places::{Axis, Map, Point, map};
pub use prompt::{Limits, Relation, Table, query, save, schema};
