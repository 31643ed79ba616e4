#!/usr/bin/env bash
# Fuzz targets, one after the other: scripts/fuzz.sh TARGET_FOLDER DUCKDB_FOLDER [SECONDS [TARGET…]]
#
# Begins from tests/hostile/seeds and what is kept in tests/hostile/corpus, and packs there the fewest inputs that reach
# what was reached. An input that breaks a promise stays in TARGET_FOLDER/fuzz-found: name it for what it shows, and put it
# into tests/hostile/findings.
set -euo pipefail
cd "$(dirname "$0")/.."
target=$1 duckdb=$2 seconds=${3:-600}
shift $(($# < 3 ? $# : 3))
hostile=tests/hostile
[ $# -gt 0 ] || set -- $(ls "$hostile/seeds")
command -v cargo-fuzz >/dev/null || {
    echo "cargo-fuzz is not installed: cargo install cargo-fuzz" >&2
    exit 1
}
# No sanitizer: the code under test has no unsafe, and without one the stable compiler will do.
[ -n "${PORTRAY_FUZZ_AS_BUILT:-}" ] ||
    DUCKDB_LIB_DIR="$duckdb" CARGO_TARGET_DIR="$target/fuzz" cargo fuzz build --sanitizer none
programs=$target/fuzz/x86_64-unknown-linux-gnu/release
export LD_LIBRARY_PATH=$duckdb
failed=0
for name in "$@"; do
    corpus=$target/fuzz-corpus/$name found=$target/fuzz-found/$name log=$target/fuzz-$name.log
    rm -rf "$corpus"
    mkdir -p "$corpus" "$found" "$hostile/corpus"
    [ ! -e "$hostile/corpus/$name.tar.zst" ] || zstd -dcq "$hostile/corpus/$name.tar.zst" | tar -xf - -C "$corpus"
    "$programs/$name" "$corpus" "$hostile/seeds/$name" -artifact_prefix="$found/" -max_len=65536 -timeout=30 \
        -rss_limit_mb=4096 -print_final_stats=1 -max_total_time="$seconds" >"$log" 2>&1 || failed=1
    tried=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
    rm -rf "$corpus.least" && mkdir "$corpus.least"
    "$programs/$name" -merge=1 -max_len=65536 "$corpus.least" "$corpus" >>"$log" 2>&1
    tar --sort=name --owner=0 --group=0 --numeric-owner --mtime=@0 -C "$corpus.least" -cf - . | zstd -19 --long=27 -cq >"$hostile/corpus/$name.tar.zst"
    echo "$name: ${tried:-0} inputs tried in $seconds s, $(ls "$corpus.least" | wc -l) kept, $(ls "$found" | wc -l) findings in $found"
done
exit "$failed"
