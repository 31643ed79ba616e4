#!/usr/bin/env bash
# Makes a sample shop with a campaign, exports its report in both languages, and checks the pages in Chromium.
# Arguments: the program, a folder for what is made.
set -euo pipefail
portray=$1 folder=$2
here=$(cd "$(dirname "$0")" && pwd)
browser=${CHROMIUM:-/usr/bin/chromium}
if ! command -v npm >/dev/null || [ ! -x "$browser" ]; then
  echo "npm or $browser is missing: the page was not checked"
  exit 0
fi
mkdir -p "$folder"
cp "$here/package.json" "$here/check.mjs" "$folder/"
(cd "$folder" && npm install --silent --no-audit --no-fund)
workspace=$(mktemp -d)
trap 'rm -rf "$workspace"' EXIT
run() { "$portray" --workspace "$workspace" --quiet "$@" >/dev/null; }
run demo --users 800
for lang in en zh; do
  run --lang "$lang" campaign plan --messages 1
  rm -rf "$folder/$lang"
  run --lang "$lang" export --format html --out "$folder/$lang"
done
(cd "$folder" && node check.mjs en/report.html zh/report.html)
