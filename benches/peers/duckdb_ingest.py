"""DuckDB's own reading of the same file into a database file.

    python benches/peers/duckdb_ingest.py EVENTS.csv OUT.duckdb       prints seconds as JSON; needs duckdb
"""
import json
import sys
import time

import duckdb

start = time.perf_counter()
connection = duckdb.connect(sys.argv[2], config={"threads": 2})
connection.execute(f"CREATE TABLE events AS SELECT * FROM read_csv('{sys.argv[1]}')")
connection.execute("CHECKPOINT")
connection.close()
print(json.dumps({"ingest": time.perf_counter() - start}))
