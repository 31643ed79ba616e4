//! Many at one workspace: readers read whole states and wait for nobody, the second writer is told who is first.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use crate::support::{Bench, Call, call};
use crate::{events, is_whole, shop, times};

#[test]
fn readers_and_writers_do_not_get_in_each_others_way() {
    let bench = Bench::new();
    let first = bench.write("first.csv", shop(30, 0));
    bench.run(&["ingest", first.to_str().unwrap()]).ok();
    bench.run(&["segment", "--k", "2"]).ok();
    let each = 200 * 7 * 2;
    let (done, slowest, refused) = (AtomicBool::new(false), AtomicU64::new(0), AtomicU64::new(0));
    let until = Instant::now() + Duration::from_secs(times(6) as u64).min(Duration::from_secs(60));
    let readers = times(4).min(20) as u32;
    let read = |arguments: &[&str]| -> Call {
        let begun = Instant::now();
        let call = call(bench.command().args(arguments).output().unwrap());
        slowest.fetch_max(begun.elapsed().as_millis() as u64, Ordering::Relaxed);
        call
    };
    let written: u64 = std::thread::scope(|scope| {
        let writers: Vec<_> = (0..2_u32)
            .map(|writer| {
                let (bench, done, refused) = (&bench, &done, &refused);
                scope.spawn(move || {
                    let mut written = 0;
                    for number in 0.. {
                        if Instant::now() > until {
                            done.store(true, Ordering::Relaxed);
                            break;
                        }
                        let from = 10_000 * (1 + number) + 5_000 * writer;
                        let file = bench.write(&format!("{writer}-{number}.csv"), shop(200, from));
                        let call = call(
                            bench
                                .command()
                                .args(["ingest", file.to_str().unwrap()])
                                .output()
                                .unwrap(),
                        );
                        match call.code {
                            0 => written += 1,
                            4 => {
                                let me = format!("process {}", std::process::id());
                                assert!(
                                    call.err.contains("process ") && !call.err.contains(&me),
                                    "{}",
                                    call.err
                                );
                                assert!(call.err.contains("--wait"), "{}", call.err);
                                refused.fetch_add(1, Ordering::Relaxed);
                            }
                            _ => panic!("{call:?}"),
                        }
                    }
                    written
                })
            })
            .collect();
        let reading: Vec<_> = (0..readers)
            .map(|_| {
                let (read, done) = (&read, &done);
                scope.spawn(move || {
                    let mut last = 0;
                    while !done.load(Ordering::Relaxed) {
                        let counted =
                            read(&["--json", "sql", "SELECT count(*) AS n FROM events"]).ok();
                        let now = counted.json()["rows"][0]["n"].as_u64().unwrap();
                        assert!(
                            now >= last && (now - 30 * 14) % each == 0,
                            "half an ingest: {now} after {last}"
                        );
                        last = now;
                        read(&["segments"]).ok();
                    }
                })
            })
            .collect();
        for reader in reading {
            reader.join().unwrap();
        }
        writers
            .into_iter()
            .map(|writer| writer.join().unwrap())
            .sum()
    });
    assert!(written > 0);
    assert_eq!(events(&bench), 30 * 14 + written * each);
    is_whole(&bench, "a crowd");
    println!(
        "{readers} readers; {written} ingests, {} refused; the slowest answer took {} ms, on as many cores as there are",
        refused.load(Ordering::Relaxed),
        slowest.load(Ordering::Relaxed)
    );
}

#[test]
fn a_second_writer_gets_code_4_and_the_name_of_the_first() {
    let bench = Bench::new();
    bench.ingest("a.csv", &shop(5, 0)).ok();
    // The lock as another process holds it.
    let lock = std::fs::File::options()
        .write(true)
        .open(bench.workspace().join("ingest.lock"))
        .unwrap();
    lock.try_lock().unwrap();
    std::fs::write(
        bench.workspace().join("ingest.lock"),
        "process 77 of anna on shop-7, since 2026-01-01 \u{1b}[31m",
    )
    .unwrap();
    let busy = bench.ingest("b.csv", &shop(5, 50));
    assert_eq!(busy.code, 4);
    assert!(
        busy.err.contains("process 77 of anna on shop-7") && !busy.err.contains('\u{1b}'),
        "{}",
        busy.err
    );
    drop(lock);
    bench.ingest("b.csv", &shop(5, 50)).ok();
}
