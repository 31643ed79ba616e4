-- What stores of every version have: {new} is an empty database of views over {old}, the published file.
CREATE VIEW {new}.meta AS SELECT * FROM {old}.meta;
CREATE VIEW {new}.ingests AS SELECT * FROM {old}.ingests;
CREATE VIEW {new}.users AS SELECT * FROM {old}.users;
CREATE VIEW {new}.categories AS SELECT * FROM {old}.categories;
CREATE VIEW {new}.products AS SELECT * FROM {old}.products;
CREATE VIEW {new}.queries AS SELECT * FROM {old}.queries;
CREATE VIEW {new}.attributes AS SELECT * FROM {old}.attributes;
