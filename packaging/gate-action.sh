#!/usr/bin/env bash
# What action.yml runs: its inputs, which come as CHECK_…, as options of the command, and the result as outputs and a summary.
set -uo pipefail

options=()
for name in FOR WARM_UP AT_LEAST EVERY MAX_GROWTH CONFIDENCE UNDECIDED; do
  variable="CHECK_$name"
  value="${!variable:-}"
  flag="--$(tr 'A-Z_' 'a-z-' <<<"$name")"
  [ -z "$value" ] || options+=("$flag" "$value")
done
while IFS= read -r name; do
  [ -z "$name" ] || options+=(--allow-name "$name")
done <<<"${CHECK_ALLOW_NAME:-}"

results="${CHECK_RESULTS:-plimsoll-results}"
mkdir -p "$results" || exit 1
options+=(--json "$results/memory.json" --junit "$results/memory.xml" --picture "$results/memory.svg")
rm -f "$results"/memory.{json,xml,svg}

# The job's own node stays what it is: this one is a dependency of Plimsoll.
node="$GITHUB_ACTION_PATH/node_modules/.bin/node"
"$node" "$GITHUB_ACTION_PATH/cli/main.ts" gate "${options[@]}" -- bash -eo pipefail -c "$CHECK_COMMAND"
code=$?

if [ -f "$results/memory.json" ]; then
  # shellcheck disable=SC2016 # JavaScript, in which nothing is expanded.
  summary='
    const { readFileSync } = require("node:fs");
    const { outcome, processes } = JSON.parse(readFileSync(process.argv[1], "utf8"));
    const mib = (bytes) => (bytes === undefined ? "" : (bytes / 2 ** 20).toFixed(1) + " MiB");
    const cell = (text) => String(text).replace(/[^\w .:+@-]/g, "?");
    const rows = processes.map(({ name, outcome, floor, bytesPerMinute, confidence = "" }) =>
      [cell(name), outcome, mib(floor?.first), mib(floor?.last), mib(bytesPerMinute), confidence].join(" | "));
    console.log([
      "### Memory: " + outcome, "",
      "process | outcome | floor | at the end | growth a minute | confidence",
      "---|---|---|---|---|---", ...rows, ""].join("\n"));'
  "$node" -e "$summary" "$results/memory.json" >>"${GITHUB_STEP_SUMMARY:-/dev/null}"
  outcome=$("$node" -p 'JSON.parse(require("node:fs").readFileSync(process.argv[1], "utf8")).outcome' "$results/memory.json")
  echo "outcome=$outcome" >>"${GITHUB_OUTPUT:-/dev/null}"
fi
exit "$code"
