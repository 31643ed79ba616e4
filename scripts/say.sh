#!/usr/bin/env bash
# Says before a long job what it will do and about how long that takes: WHAT, the target folder, and
# the minutes that the job itself takes once everything is built.
set -eu
what=$1 target=$2 minutes=$3
if compgen -G "$target/release/deps/libllama_cpp_2-*" >/dev/null; then
    time="about $minutes to $((minutes + 3)) minutes, since the dependencies are built"
elif [ "$(uname -sm)" = "Linux x86_64" ]; then
    time="about 10 to 15 minutes on two cores the first time, most of it compiling"
else
    time="about 40 minutes on two cores the first time: DuckDB is compiled from its sources here"
fi
echo "This will $what: $time." >&2
