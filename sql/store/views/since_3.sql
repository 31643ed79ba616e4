-- What stores have since version 3: a catalogue, and what users want.
CREATE VIEW {new}.catalogue AS SELECT * FROM {old}.catalogue;
CREATE VIEW {new}.people AS SELECT * FROM {old}.people;
CREATE VIEW {new}.consents AS SELECT * FROM {old}.consents;
