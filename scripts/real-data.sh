#!/usr/bin/env bash
# Prints the second part of docs/real-data.md: how each of some real files is read, and what of it counts.
#   scripts/real-data.sh target/release/portray FOLDER >> docs/real-data.md
set -euo pipefail
portray=$1 files=$2
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
for file in "$files"/*.gz; do
  name=$(basename "$file")
  workspace=$folder/${name%%.*}
  options=()
  case $name in
    taobao*) options=(--zone Asia/Shanghai) ;;
    ta_feng*) options=(--keep AGE_GROUP) ;;
  esac
  printf '### %s\n\n```\n' "$name"
  "$portray" --color never --workspace "$workspace" ingest "$file" "${options[@]}" 2>&1 | grep -v '…$\|^reading events' | fold -s -w 120
  printf '```\n'
  "$portray" --quiet --lang en --workspace "$workspace" segment >/dev/null
  "$portray" --quiet --lang en --workspace "$workspace" export --format md --out "$workspace-report" >/dev/null
  sed -n '/^## From all sales\|^Days that count/,/^## Input/p' "$workspace-report/report.md" | grep -v '^##' | cat -s
done
