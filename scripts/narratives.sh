#!/usr/bin/env bash
# Prints docs/narratives.md: the narratives of made-up shops with fixed seeds that no training saw, as they come.
#   scripts/narratives.sh target/release/portray > docs/narratives.md
set -euo pipefail
portray=$1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat <<'HEAD'
# Narratives, unedited

Written by `scripts/narratives.sh`: every segment of four made-up shops whose seeds are used for nothing else, two told in English and two in Chinese. Nothing was picked or changed. Figures and names are the facts'; the words are the model's, each sentence checked.

HEAD
for shop in "900101 en" "900102 en" "900103 zh" "900104 zh"; do
  read -r seed lang <<<"$shop"
  printf '## Seed %s\n\n```\n' "$seed"
  "$portray" --quiet --color never --workspace "$folder/$seed" --seed "$seed" --lang "$lang" demo --users 700
  printf '```\n\n'
done
