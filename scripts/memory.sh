#!/usr/bin/env bash
# What the job takes where memory is short: ROWS events (10 million) of 500,000 people are read and segmented within
# LIMIT (1 GiB), by a control group of Linux; that needs root. Prints time and peak memory of both steps.
#   scripts/memory.sh target/release/portray [ROWS] [LIMIT in bytes]
set -euo pipefail
program=$(realpath "$1")
rows=${2:-10000000}
limit=${3:-1073741824}
folder=$(mktemp -d)
group=portray-$$
if [ -e /sys/fs/cgroup/cgroup.controllers ]; then
  place=/sys/fs/cgroup/$group
  mkdir "$place"
  echo "$limit" > "$place/memory.max"
  join="$place/cgroup.procs"
else
  place=/sys/fs/cgroup/memory/$group
  mkdir "$place"
  echo "$limit" > "$place/memory.limit_in_bytes"
  join="$place/tasks"
fi
trap 'rm -rf "$folder"; rmdir "$place" 2> /dev/null || true' EXIT
awk -v rows="$rows" 'BEGIN {
  srand(1)
  split("view view view view view view cart search search purchase", types, " ")
  print "user_id,event_time,event_type,order_id,product_id,category,price,query"
  for (i = 0; i < rows; i++) {
    type = types[1 + int(rand() * 10)]
    product = int(rand() ^ 2 * 20000)
    printf "u%d,2025-%02d-%02d %02d:%02d:00,%s,%s,%s,c%d,%d.50,%s\n", int(rand() ^ 2 * 500000), 1 + int(rand() * 12), 1 + int(rand() * 28),
      i % 24, i % 60, type, (type == "purchase" ? "o" i : ""), (type == "search" ? "" : "p" product), product % 60, product % 200,
      (type == "search" ? "thing " product % 3000 : "")
  }
}' > "$folder/events.csv"
echo "$rows events within $limit bytes"
step() {
  # In a shell of its own, which joins the group and leaves it by ending.
  bash -c 'echo $$ > "$1"; shift; exec /usr/bin/time -f "  %e s, peak %M kB" "$@"' _ "$join" "$program" --quiet --workspace "$folder/workspace" "$@" > /dev/null
}
echo "ingest"; step ingest "$folder/events.csv"
echo "segment"; step segment
