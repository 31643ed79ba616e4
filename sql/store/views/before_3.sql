-- Before version 3 there was no catalogue, and nothing of what users want.
CREATE TABLE {new}.catalogue (
    ingest INTEGER, product_id INTEGER, name VARCHAR, brand VARCHAR, category_id INTEGER, price DECIMAL(18, 4),
    currency VARCHAR, stock DECIMAL(18, 3), url VARCHAR, attributes VARCHAR
);
CREATE TABLE {new}.people (ingest INTEGER, user_id INTEGER, signed_up DATE);
CREATE TABLE {new}.consents (ingest INTEGER, user_id INTEGER, purpose VARCHAR, agrees BOOLEAN);
CREATE TABLE {new}.opt_outs (ingest INTEGER, user_id INTEGER, channel VARCHAR, stops BOOLEAN);
