#!/usr/bin/env bash
# Puts libduckdb.so beside the program and makes target/release/portray lead there, wherever the
# target folder is: TARGET and the folder of the fetched DuckDB.
set -eu
target=$1 duckdb=$2
if [ -e "$duckdb/libduckdb.so" ] && ! cmp -s "$duckdb/libduckdb.so" "$target/release/libduckdb.so"; then
    # By rename: another program may be running with the old file.
    cp "$duckdb/libduckdb.so" "$target/release/libduckdb.so.new"
    mv "$target/release/libduckdb.so.new" "$target/release/libduckdb.so"
fi
if [ "$target" != "$PWD/target" ]; then
    mkdir -p target/release
    for file in portray libduckdb.so; do
        [ ! -e "$target/release/$file" ] || ln -sfn "$target/release/$file" "target/release/$file"
    done
fi
echo "The program is target/release/portray." >&2
