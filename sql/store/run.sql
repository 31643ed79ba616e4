-- What a run keeps on disk beside the catalog: who is in which segment, and the features that say why.
CREATE TABLE run.members (user_id INTEGER NOT NULL, segment INTEGER NOT NULL, distance DOUBLE);

-- A row a value, of a table with a column a feature (src/pipeline/make.rs), which is written in half the time; of runs of older
-- versions a table. This one is of a run without features.
CREATE VIEW run.feature_values AS
SELECT CAST(NULL AS VARCHAR) AS feature, CAST(NULL AS INTEGER) AS user_id, CAST(NULL AS DOUBLE) AS value WHERE false;

-- Where active users lie: in the plane of the first two principal components of the matrix that the clusters were made
-- from, and how far from their nearest segments (at most five each), with the probability of belonging to each. Of each component (1 and 2) the share of the
-- variance along it and the weight of each feature.
CREATE TABLE run.places (user_id INTEGER NOT NULL, x REAL NOT NULL, y REAL NOT NULL);
CREATE TABLE run.axes (axis INTEGER NOT NULL, explained DOUBLE NOT NULL, feature VARCHAR NOT NULL, weight DOUBLE NOT NULL);
CREATE TABLE run.nearness (user_id INTEGER NOT NULL, segment INTEGER NOT NULL, distance DOUBLE NOT NULL, probability DOUBLE);

-- The geometry that the clusters were made in, so that other users can be put into them: how each feature comes onto the
-- common scale (missing values filled, pulled in between low and high, transformed, less center, times factor), and the
-- centroid of each segment.
CREATE TABLE run.scales (
    position INTEGER NOT NULL, feature VARCHAR NOT NULL, fill DOUBLE NOT NULL, low DOUBLE NOT NULL, high DOUBLE NOT NULL,
    transform VARCHAR NOT NULL, center DOUBLE NOT NULL, factor DOUBLE NOT NULL
);
CREATE TABLE run.centroids (segment INTEGER NOT NULL, position INTEGER NOT NULL, value DOUBLE NOT NULL);
