"""A file of made-up events for measurements: users with a long tail, four types of events, searches.

    python benches/peers/events.py ROWS USERS OUT.csv       needs duckdb
"""
import sys

import duckdb

ROWS, USERS, OUT = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
duckdb.sql("SET threads = 1; SELECT setseed(0.42)")
duckdb.sql(
    f"""
    COPY (
        SELECT 'u' || CAST(floor(power(random(), 2) * {USERS}) AS BIGINT) AS user_id,
               TIMESTAMP '2024-01-01' + to_seconds(CAST(random() * 31536000 AS BIGINT)) AS event_time,
               CASE WHEN r < 0.70 THEN 'view' WHEN r < 0.85 THEN 'search' WHEN r < 0.95 THEN 'cart' ELSE 'purchase' END
                   AS event_type,
               'p' || CAST(floor(power(random(), 3) * 20000) AS BIGINT) AS product_id,
               'cat' || CAST(floor(random() * 40) AS BIGINT) AS category,
               round(5 + power(random(), 4) * 500, 2) AS price,
               1 + CAST(floor(random() * 3) AS INTEGER) AS quantity,
               CASE WHEN r >= 0.70 AND r < 0.85 THEN 'query term ' || CAST(floor(power(random(), 3) * 3000) AS BIGINT) END
                   AS query
        FROM (SELECT random() AS r FROM range({ROWS}))
    ) TO '{OUT}' (HEADER)
    """
)
