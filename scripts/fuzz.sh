#!/usr/bin/env bash
# Fuzz targets, one after the other: scripts/fuzz.sh TARGET_FOLDER DUCKDB_FOLDER [SECONDS [TARGET…]]
#
# Begins from tests/hostile/seeds and what is kept in tests/hostile/corpus, and packs what reaches new code there. An input
# that breaks a promise stays in TARGET_FOLDER/fuzz-found: name it for what it shows, put it into tests/hostile/findings.
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
fuzz() {
    LD_LIBRARY_PATH="$duckdb" CARGO_TARGET_DIR="$target/fuzz" cargo fuzz "$1" --sanitizer none "${@:2}"
}
export DUCKDB_LIB_DIR=$duckdb
fuzz build
failed=0
for name in "$@"; do
    corpus=$target/fuzz-corpus/$name found=$target/fuzz-found/$name
    mkdir -p "$corpus" "$found" "$hostile/corpus"
    [ ! -e "$hostile/corpus/$name.tar.gz" ] || tar -xzf "$hostile/corpus/$name.tar.gz" -C "$corpus"
    fuzz run "$name" "$corpus" "$hostile/seeds/$name" -- -artifact_prefix="$found/" -max_len=65536 \
        -timeout=30 -rss_limit_mb=4096 -print_final_stats=1 -max_total_time="$seconds" 2>&1 |
        tee "$target/fuzz-$name.log" | grep -aE "panicked|^SUMMARY|stat::number_of|DONE" || true
    [ "${PIPESTATUS[0]}" -eq 0 ] || failed=1
    fuzz cmin "$name" "$corpus" >/dev/null 2>&1
    tar --sort=name --owner=0 --group=0 --numeric-owner --mtime=@0 -C "$corpus" -cf - . | gzip -9n >"$hostile/corpus/$name.tar.gz"
    ls "$found" | sed "s|^|$name: found |"
done
exit "$failed"
