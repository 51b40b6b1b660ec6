#!/usr/bin/env bash
# Runs the packaged functions against moto, an AWS on localhost that others wrote, and cfn-lint over the packaged
# template and over the one that accounts are onboarded with. Arguments go to vitest. Needs python3, and PyPI on the first run.
set -euo pipefail
cd "$(dirname "$0")/../.."
export PATH="$PWD/node_modules/.bin:$PATH"

venv=.venv
requirements=test/acceptance/requirements.txt
work=$(mktemp -d)
moto=

finish() {
  if [[ -n $moto ]]; then kill "$moto" && wait "$moto" || true; fi 2>/dev/null
  rm -rf "$work"
}
trap finish EXIT

log() { printf 'acceptance: %s\n' "$1"; }

# The copy of the requirements is written last: a virtual environment without it is not finished.
if ! cmp -s "$requirements" "$venv/requirements.txt"; then
  log 'making a virtual environment with moto and cfn-lint'
  rm -rf "$venv"
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check --requirement "$requirements"
  cp "$requirements" "$venv/requirements.txt"
fi

"$venv/bin/moto_server" --host 127.0.0.1 --port 0 >"$work/moto.log" 2>&1 &
moto=$!
# Port 0 lets the system choose a free one, which moto writes to its log.
for _ in {1..300}; do
  endpoint=$(grep --only-matching --max-count=1 'http://127.0.0.1:[0-9]*' "$work/moto.log" || true)
  if [[ -n $endpoint ]]; then break; fi
  sleep 0.1
done
if [[ -z $endpoint ]]; then
  log 'moto did not start:'
  cat "$work/moto.log"
  exit 1
fi
log "moto answers at $endpoint"

log 'running the packaged functions against it'
MOTO_ENDPOINT=$endpoint vitest run --config test/acceptance/vitest.config.ts "$@"

log 'packaging the service for cfn-lint'
serverless package --package "$work/package" >"$work/package.log" 2>&1 || { cat "$work/package.log"; exit 1; }

# W3005: Serverless writes a DependsOn for each role that its own reference implies already.
"$venv/bin/cfn-lint" --ignore-checks W3005 -- "$work"/package/cloudformation-template-*.json
"$venv/bin/cfn-lint" -- infra/onboarding/aws.yml
log 'cfn-lint accepts the packaged templates and the onboarding of an account'
