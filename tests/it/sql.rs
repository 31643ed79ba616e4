//! The SQL prompt: what it shows, and that it does nothing else.

use std::time::{Duration, Instant};

use portray::Kind;
use portray::explore::{Limits, query, schema};
use portray::progress::Progress;
use portray::settings::Settings;

use crate::support::{Bench, SMALL, tree};

/// A cross join that no machine ends in a minute.
const ENDLESS: &str = "SELECT count(*) FROM range(1000000) a, range(1000000) b, range(100000) c WHERE a.range + b.range = c.range % 7";

/// A workspace with events of a small shop, an alias and no run.
fn small() -> Bench {
    let bench = Bench::new();
    bench.ingest("a.csv", SMALL).ok();
    let aliases = bench.write("aliases.csv", "old,new\nu4,u3\n");
    bench
        .run(&["ingest", "--aliases", aliases.to_str().unwrap()])
        .ok();
    bench
}

/// What stands in the workspace but logs.
fn kept(bench: &Bench) -> Vec<(String, Vec<u8>)> {
    let mut files = tree(&bench.workspace());
    // This very process may hold a folder to spill into.
    files.retain(|(name, _)| !name.starts_with("logs/") && !name.starts_with("tmp/spill-"));
    files
}

#[test]
fn plain_views_answer_without_a_run_and_with_one() {
    let bench = small();
    let before = kept(&bench);
    let by_type =
        "SELECT type, count(*) AS n FROM events GROUP BY type ORDER BY n DESC, type; -- all";
    let told = bench.run(&["--json", "sql", by_type]).ok().json();
    assert_eq!(told["columns"], serde_json::json!(["type", "n"]));
    assert_eq!(
        told["rows"][0],
        serde_json::json!({"type": "purchase", "n": 3})
    );
    assert_eq!(told["is_cut"], false);
    let table = bench.run(&["sql", by_type]).ok();
    assert!(
        table.out.starts_with("type      n\npurchase  3\n"),
        "{}",
        table.out
    );
    // The user who is another by now is that other.
    let users = bench
        .run(&["--json", "sql", "FROM users ORDER BY events"])
        .ok()
        .json();
    assert_eq!(users["rows"].as_array().unwrap().len(), 3);
    assert_eq!(kept(&bench), before);

    bench.run(&["segment", "--min-support", "1"]).ok();
    let before = kept(&bench);
    let joined = "SELECT segment, count(DISTINCT user) AS users, sum(amount) AS sold
                  FROM events JOIN members USING (\"user\") GROUP BY segment";
    let rows = bench
        .run(&["--json", "sql", joined, "--run", "1"])
        .ok()
        .json();
    let users: u64 = rows["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["users"].as_u64().unwrap())
        .sum();
    assert_eq!(users, 3);
    for sql in [
        "DESCRIBE events",
        "SHOW TABLES",
        "SHOW ALL TABLES",
        "SUMMARIZE events",
        "FROM ingests",
        "TABLE quarantine",
        "VALUES (1), (2)",
        "PIVOT events ON type USING count(*) GROUP BY \"user\"",
        "EXPLAIN SELECT * FROM features",
        "WITH a AS (SELECT 1 AS x) SELECT x, x FROM a",
        "SELECT 1 AS a, 2 AS a",
        "FROM store.events",
        "FROM run.feature_values",
        "SELECT [1, 2], NULL, '\\xC3'::BLOB",
        "FROM products",
    ] {
        let told = bench.run(&["--json", "sql", sql]).ok().json();
        assert!(!told["columns"].as_array().unwrap().is_empty(), "{sql}");
    }
    assert_eq!(kept(&bench), before);
    let missing = bench.run(&["sql", "SELECT 1", "--run", "9"]);
    assert!(
        missing.code == 1 && missing.err.contains("run 9"),
        "{missing:?}"
    );
}

#[test]
fn what_can_be_asked_is_told_for_completion() {
    let bench = small();
    let told = schema(&bench.workspace(), None, &Settings::default()).unwrap();
    let names: Vec<_> = told.iter().map(|relation| relation.name.as_str()).collect();
    assert_eq!(
        names[..5],
        ["events", "ingests", "products", "quarantine", "users"]
    );
    assert!(names[5..].iter().all(|name| name.starts_with("store.")));
    assert!(names.contains(&"store.events"));
    let time = ("time".to_owned(), "TIMESTAMP".to_owned());
    assert_eq!(told[0].columns[0], time);
}

#[test]
fn rows_beyond_the_limit_are_left_out_and_said() {
    let bench = small();
    let cut = bench
        .run(&["--json", "sql", "FROM events", "--rows", "2"])
        .ok();
    assert_eq!(cut.json()["rows"].as_array().unwrap().len(), 2);
    assert_eq!(cut.json()["is_cut"], true);
    assert!(cut.err.contains("only the first 2 rows"), "{cut:?}");
    let whole = bench
        .run(&["--json", "sql", "FROM events", "--rows", "8"])
        .ok();
    assert!(
        whole.json()["is_cut"] == false && whole.err.is_empty(),
        "{whole:?}"
    );
}

#[test]
fn nothing_but_looking_is_done() {
    let bench = small();
    let before = kept(&bench);
    let file = bench.write("secret.csv", "a\n1\n");
    let file = file.to_str().unwrap();
    let store = bench.workspace().join("events.000002.duckdb");
    let store = store.to_str().unwrap();
    let logs = bench.path("logged");
    for (sql, why) in [
        ("", "is empty"),
        ("/* nothing */", "is empty"),
        (
            "INSERT INTO store.events SELECT * FROM store.events",
            "begins with `insert`",
        ),
        ("DELETE FROM store.events", "begins with `delete`"),
        ("CREATE TABLE x (a INTEGER)", "begins with `create`"),
        ("ATTACH 'x.duckdb'", "begins with `attach`"),
        ("COPY events TO 'x.csv'", "begins with `copy`"),
        ("INSTALL httpfs", "begins with `install`"),
        ("LOAD httpfs", "begins with `load`"),
        ("SET memory_limit = '1GB'", "begins with `set`"),
        ("PRAGMA database_list", "begins with `pragma`"),
        ("CALL pragma_version()", "begins with `call`"),
        ("EXPLAIN ANALYZE SELECT 1", "explains `analyze`"),
        ("SELECT 1; DROP TABLE x", "more than one statement"),
        ("SELECT 1; -- \n SELECT 2", "more than one statement"),
        (
            "SELECT 1 /* ; */ ; /* */ DROP TABLE x",
            "more than one statement",
        ),
        (
            "SELECT 1) ; DELETE FROM store.events; SELECT (1",
            "more than one statement",
        ),
        ("SELECT 1) UNION ALL (SELECT 2", "did not open"),
        ("SELECT $$a$$, $x", "`$`"),
        ("SELECT $$; DROP TABLE x", "not closed"),
        ("SELECT ?", "parameters"),
        (
            "WITH x AS (DELETE FROM store.events RETURNING *) FROM x",
            "CTE",
        ),
        (&format!("SELECT * FROM read_csv('{file}')"), "reads a file"),
        (&format!("FROM '{file}'"), "reads a file"),
        ("SELECT * FROM read_csv('/etc/passwd')", "reads a file"),
        ("FROM read_text('/etc/passwd')", "reads a file"),
        ("FROM glob('/*')", "reads a file"),
        (
            &format!(
                "FROM enable_logging(storage = 'file', storage_path = '{}')",
                logs.display()
            ),
            "more than look",
        ),
        (
            &format!("FROM query('SELECT * FROM read_text(''{store}'')')"),
            "more than look",
        ),
        ("FROM read_json('/etc/passwd')", "reads a file"),
        ("FROM read_ndjson_objects('/etc/passwd')", "reads a file"),
        ("FROM read_blob('/etc/passwd')", "reads a file"),
        ("FROM sniff_csv('/etc/passwd')", "reads a file"),
        (
            "SELECT content FROM read_text('/proc/self/environ')",
            "reads a file",
        ),
        ("EXPORT DATABASE 'x'", "begins with `export`"),
        ("IMPORT DATABASE 'x'", "begins with `import`"),
        ("USE store", "begins with `use`"),
        ("DETACH store", "begins with `detach`"),
        ("UPDATE store.events SET price = 0", "begins with `update`"),
        ("TRUNCATE store.events", "begins with `truncate`"),
        ("ALTER TABLE store.events DROP price", "begins with `alter`"),
        ("PREPARE x AS SELECT 1", "begins with `prepare`"),
        ("VACUUM", "begins with `vacuum`"),
        ("RESET enable_external_access", "begins with `reset`"),
        ("FROM force_checkpoint()", "more than look"),
        ("SELECT usr FROM events", "line 1, at `usr FROM events`"),
        ("SELECT 1 FROM", "ends before it is complete"),
        ("SELECT 'a'::INTEGER", "Conversion Error"),
    ] {
        let call = bench.run(&["sql", sql]);
        assert_eq!(call.code, 2, "{sql}: {call:?}");
        assert!(call.err.contains(why), "{sql}: {call:?}");
        assert!(
            !call.err.contains("COLUMNS(*)") && call.out.is_empty(),
            "{sql}: {call:?}"
        );
    }
    // As deep as it can be, and deeper: neither ends the program.
    for levels in [200, 400, 700] {
        let steps: String = (1..levels)
            .map(|i| format!(", a{i} AS (FROM a{})", i - 1))
            .collect();
        let call = bench.run(&[
            "sql",
            &format!("WITH a0 AS (SELECT 1){steps} FROM a{}", levels - 1),
        ]);
        assert!([0, 2].contains(&call.code), "{levels}: {call:?}");
    }
    // What stands in quotes and comments is text.
    let quoted = "SELECT ';' AS a, $$; DROP TABLE x (($$ AS b, \"type\" /* ; ( */ FROM events LIMIT 1 -- ; )";
    let told = bench.run(&["--json", "sql", quoted]).ok().json();
    assert_eq!(told["rows"][0]["b"], "; DROP TABLE x ((");
    assert_eq!(kept(&bench), before);
    assert!(!logs.exists());
}

/// DuckDB's own shell knows `getenv`; a program must not tell its environment to whoever may ask.
#[test]
fn the_environment_and_secrets_are_not_told() {
    let bench = small();
    for sql in [
        "SELECT getenv('HOME')",
        "SELECT getvariable('HOME') AS x",
        "SELECT name, secret_string FROM duckdb_secrets()",
    ] {
        let call = bench.run(&["--json", "sql", sql]);
        assert!(
            !call.out.contains("/root") && !call.out.contains("/home"),
            "{sql}: {call:?}"
        );
        assert!(
            call.code == 2 || call.json()["rows"].to_string().matches(':').count() < 2,
            "{sql}: {call:?}"
        );
    }
}

/// An analyst's SQL files come by mail and in bundles: they see the store, and nothing else.
#[test]
fn added_sql_files_reach_nothing_but_the_store() {
    let bench = small();
    let secret = bench.write("secret.csv", "user_id,a\n1,2\n");
    let (secret, out) = (secret.to_str().unwrap(), bench.path("out.csv"));
    let feature = |body: &str| {
        format!(
            "-- family: mine\n-- title: Mine | 我的\n-- column: a | unit: number | transform: none | missing: zero | en: A | zh: 甲\n{body}\n"
        )
    };
    let rule = |body: &str| format!("-- rule: mine\n-- title: Mine | 我的\n{body}\n");
    let key = bench.workspace().join("pseudonym.key");
    for (folder, text) in [
        (
            "features",
            feature(&format!("SELECT user_id, a FROM read_csv('{secret}')")),
        ),
        (
            "features",
            feature(&format!(
                "SELECT 1 AS user_id, length(content) AS a FROM read_text('{}')",
                key.display()
            )),
        ),
        (
            "features",
            feature("SELECT 1 AS user_id, length(getenv('HOME')) AS a"),
        ),
        (
            "features",
            feature(&format!(
                "SELECT 1) ; COPY (SELECT 1) TO '{}'; SELECT * FROM (SELECT 1 AS user_id, 2 AS a",
                out.display()
            )),
        ),
        (
            "features",
            feature(&format!("COPY (SELECT 1) TO '{}'", out.display())),
        ),
        (
            "features",
            feature("SELECT 1 AS user_id, 2 AS a FROM query('SELECT 1')"),
        ),
        ("features", feature("INSTALL httpfs")),
        (
            "exclude",
            rule(&format!(
                "SELECT row_id FROM rows WHERE row_id IN (SELECT a FROM read_csv('{secret}'))"
            )),
        ),
        ("exclude", rule("SELECT 1 AS row_id; DROP TABLE rows")),
        ("exclude", rule("SET enable_external_access = true")),
    ] {
        let folder = bench.workspace().join(folder);
        std::fs::create_dir_all(&folder).unwrap();
        let file = folder.join("mine.sql");
        std::fs::write(&file, &text).unwrap();
        let call = bench.run(&["segment", "--min-support", "1"]);
        assert!(
            call.code != 0 && call.err.contains("mine.sql"),
            "{text}: {call:?}"
        );
        assert!(!out.exists(), "{text}");
        std::fs::remove_file(&file).unwrap();
    }
    let rules = bench.write("rules.sql", format!("-- segments: Mine | 我的\n-- 1: A | 甲\nSELECT a AS user_id, 1 AS segment FROM read_csv('{secret}')\n"));
    let call = bench.run(&["segment", "--method", "rules", rules.to_str().unwrap()]);
    assert!(call.code != 0 && call.err.contains("rules.sql"), "{call:?}");
    bench.run(&["segment", "--min-support", "1"]).ok();
}

#[test]
fn a_query_without_an_end_is_ended() {
    let bench = small();
    let workspace = bench.workspace();
    let settings = Settings::default();
    let limits = Limits {
        rows: 10,
        time: Duration::from_millis(300),
    };
    let begun = Instant::now();
    let error = query(
        &workspace,
        None,
        ENDLESS,
        limits,
        &settings,
        &Progress::silent(),
    )
    .unwrap_err();
    assert_eq!(error.kind(), Kind::Cancelled);
    assert!(error.to_string().contains("longer than 1 s"), "{error}");

    let progress = Progress::silent();
    let error = std::thread::scope(|scope| {
        let asked = scope.spawn(|| {
            query(
                &workspace,
                None,
                ENDLESS,
                Limits::default(),
                &settings,
                &progress,
            )
            .unwrap_err()
        });
        std::thread::sleep(Duration::from_millis(400));
        progress.cancel();
        asked.join().unwrap()
    });
    assert!(matches!(error, portray::Error::Cancelled), "{error}");
    // A sorted answer that streams is stopped just as well.
    let streaming = "SELECT a.range FROM range(3000000) a, range(3000000) b";
    let out = bench.path("all.csv");
    let call = bench.run(&[
        "sql",
        streaming,
        "--out",
        out.to_str().unwrap(),
        "--timeout",
        "1s",
    ]);
    assert_eq!(call.code, 6, "{call:?}");
    assert!(begun.elapsed() < Duration::from_secs(30));
    let left: Vec<_> = std::fs::read_dir(bench.path(""))
        .unwrap()
        .flatten()
        .map(|entry| entry.file_name())
        .collect();
    assert!(
        left.iter()
            .all(|name| !name.to_string_lossy().contains(".portray-") && name != "all.csv"),
        "{left:?}"
    );
}

#[test]
fn a_whole_answer_goes_into_a_new_file() {
    let bench = small();
    let sql = "SELECT '=1+1' AS \"=a\", -1.5 AS n, NULL AS e, 'x,\"y' AS t UNION ALL SELECT 'b', 2, 'e', 't' ORDER BY n";
    let path = |name: &str| bench.path(name).to_str().unwrap().to_owned();
    let (csv, json, lines) = (path("w.csv"), path("w.json"), path("w.jsonl"));
    for file in [&csv, &json, &lines] {
        let told = bench
            .run(&["--json", "sql", sql, "--out", file])
            .ok()
            .json();
        assert_eq!(told["rows"], 2);
    }
    let read = |path: &str| std::fs::read_to_string(path).unwrap();
    assert_eq!(
        read(&csv),
        "'=a,n,e,t\n'=1+1,-1.5,,\"x,\"\"y\"\nb,2.0,e,t\n"
    );
    let rows: serde_json::Value = serde_json::from_str(&read(&json)).unwrap();
    assert_eq!(
        rows[0],
        serde_json::json!({"=a": "=1+1", "n": -1.5, "e": null, "t": "x,\"y"})
    );
    assert_eq!(read(&lines).lines().count(), 2);
    let many = path("many.csv");
    bench.run(&["sql", "FROM range(5000)", "--out", &many]).ok();
    assert_eq!(read(&many).lines().count(), 5001);

    let there = bench.run(&["sql", sql, "--out", &csv]);
    assert!(
        there.code == 2 && there.err.contains("is there already"),
        "{there:?}"
    );
    let other = bench.run(&["sql", sql, "--out", &path("a.xlsx")]);
    assert!(other.code == 2 && other.err.contains(".jsonl"), "{other:?}");
    let wrong = bench.run(&["sql", "SELECT x", "--out", &path("b.csv")]);
    assert!(
        wrong.code == 2 && !bench.path("b.csv").exists(),
        "{wrong:?}"
    );
}

#[test]
fn a_query_comes_through_standard_input_too() {
    let bench = small();
    let mut command = assert_cmd::Command::from_std(bench.command());
    let call = command
        .args(["sql", "-"])
        .write_stdin("SELECT 42 AS a")
        .output()
        .unwrap();
    assert_eq!(String::from_utf8_lossy(&call.stdout), " a\n42\n");
    let empty = Bench::new();
    let call = empty.run(&["sql", "SELECT 1"]);
    assert!(
        call.code == 1 && call.err.contains("no events yet"),
        "{call:?}"
    );
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(48))]

    #[test]
    fn a_random_text_gives_a_table_or_an_error(words in proptest::collection::vec(
        proptest::sample::select(vec![
            "SELECT", "1", "*", "FROM", "events", "(", ")", ";", "'", "\"", "$$", "--", "/*", "*/", "WHERE", "a", ",",
            "UNION", "VALUES", "type", "LIMIT", "\n", "count(*)", "GROUP BY", "ALL", "DESCRIBE", "SHOW TABLES", "🦀",
        ]), 0..12,
    )) {
        static SHOP: std::sync::LazyLock<Bench> = std::sync::LazyLock::new(small);
        let limits = Limits { rows: 5, time: Duration::from_secs(5) };
        let sql = format!("FROM events SELECT {}", words.join(" "));
        for sql in [words.join(" "), sql] {
            let _ = query(&SHOP.workspace(), None, &sql, limits, &Settings::default(), &Progress::silent());
        }
    }
}
