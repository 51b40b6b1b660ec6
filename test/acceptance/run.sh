#!/usr/bin/env bash
# Runs the acceptance tests against two emulators of AWS on localhost that others wrote: moto, for the contracts of stores
# and messaging, and ministack, to which the service is deployed and which runs its functions; against a real Alertmanager and a real
# Prometheus, and the console in a real browser; beside them, what is built, packaged and started as a process. Then the service is
# packaged, and refused with wrong parameters, and cfn-lint checks its template and the one that accounts are onboarded with.
# Arguments go to vitest (for example: --project ministack).
# Needs python3 with venv, openssl, Debian's packages (apt-get) or the programs themselves in PATH (prometheus-alertmanager, prometheus
# with promtool, chromium), and PyPI on the first run.
set -euo pipefail
cd "$(dirname "$0")/../.."
bin=$PWD/node_modules/.bin
export PATH="$bin:$PATH"

work=$(mktemp -d)
servers=()

finish() {
  local status=$?
  for server in "${servers[@]}"; do kill "$server" 2>/dev/null && wait "$server" 2>/dev/null || true; done
  if ((status != 0)) && [[ -s $work/ministack.log ]]; then
    log 'the end of the log of ministack, with what the functions wrote:'
    tail -n 400 "$work/ministack.log"
  fi
  rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT TERM

log() { printf 'acceptance: %s\n' "$1"; }

# environment NAME: a virtual environment with test/acceptance/NAME/requirements.txt, made when they have changed. The copy of the
# requirements is written last: an environment without it is not finished.
environment() {
  local venv=.venv/$1 requirements=test/acceptance/$1/requirements.txt
  if cmp -s "$requirements" "$venv/requirements.txt"; then return; fi
  log "making the virtual environment of $1"
  rm -rf "$venv"
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check --requirement "$requirements"
  cp "$requirements" "$venv/requirements.txt"
}

# program NAME [PACKAGE]: the path of a program. Debian's package is installed where there is none.
program() {
  if ! type -P "$1" >/dev/null; then
    log "installing ${2:-$1}" >&2
    local root=()
    ((EUID == 0)) || root=(sudo)
    "${root[@]}" apt-get update -qq >&2
    "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -qq --no-install-recommends "${2:-$1}" >&2
  fi
  type -P "$1"
}

# The browser of the console's tests. CHROMIUM names another one.
find_chromium() {
  if [[ -n ${CHROMIUM:-} ]]; then
    echo "$CHROMIUM"
  else
    program chromium
  fi
}

# started FILE PATTERN: waits until the log has a line of the pattern, and prints what matches.
started() {
  local found
  for _ in {1..600}; do
    if found=$(grep --only-matching --max-count=1 "$2" "$1"); then
      echo "$found"
      return
    fi
    sleep 0.1
  done
  log "$(basename "$1" .log) did not start:" >&2
  cat "$1" >&2
  exit 1
}

start_moto() {
  .venv/moto/bin/moto_server --host 127.0.0.1 --port 0 >"$work/moto.log" 2>&1 &
  servers+=($!)
  # Port 0 lets the system choose a free one, which moto writes to its log.
  MOTO_ENDPOINT=$(started "$work/moto.log" 'http://127.0.0.1:[0-9]*')
  export MOTO_ENDPOINT
}

# ministack runs functions with the first node of its path and hands them its environment: next to nothing is in it.
start_ministack() {
  local port
  port=$(node -p 'const s = require("node:net").createServer().listen(0, "127.0.0.1"); s.on("listening", () => { console.log(s.address().port); s.close(); }); ""' | grep .)
  mkdir "$work/tmp" "$work/home"
  env -i PATH="$bin:/usr/bin:/bin" HOME="$work/home" TMPDIR="$work/tmp" BIND_HOST=127.0.0.1 GATEWAY_PORT="$port" USE_SSL=1 AUTH=true \
    MINISTACK_ACCOUNT_ID=999988887777 MINISTACK_REGION=eu-central-1 IOT_MTLS_ENABLED=0 SFTP_ENABLED=0 \
    .venv/ministack/bin/ministack >"$work/ministack.log" 2>&1 &
  servers+=($!)
  started "$work/ministack.log" 'Running on https://127.0.0.1:'"$port" >/dev/null
  export MINISTACK_ENDPOINT=https://127.0.0.1:$port
  export NODE_EXTRA_CA_CERTS=$work/tmp/ministack-tls/server.crt AWS_CA_BUNDLE=$work/tmp/ministack-tls/server.crt
}

environment moto
environment ministack
# The Alertmanager's templates have a fixed address, so that it cannot run from elsewhere.
ALERTMANAGER=$(program prometheus-alertmanager)
PROMETHEUS=$(program prometheus)
PROMTOOL=$(program promtool prometheus)
export ALERTMANAGER PROMETHEUS PROMTOOL
CHROMIUM=$(find_chromium)
export CHROMIUM
start_moto
start_ministack
log "moto answers at $MOTO_ENDPOINT, ministack at $MINISTACK_ENDPOINT"

log 'running the tests against them'
PATH="$PWD/.venv/moto/bin:$PATH" vitest run --config test/acceptance/vitest.config.ts "$@"

log 'packaging the service for cfn-lint'
serverless package --package "$work/package" >"$work/package.log" 2>&1 || { cat "$work/package.log"; exit 1; }

log 'packaging it with parameters that are refused'
if serverless package --package "$work/refused" --param key=alias/plimsoll-prod --param resultsDays=0 >"$work/refused.log" 2>&1; then
  log 'it was packaged all the same' >&2
  exit 1
fi
for refusal in 'The parameter key is "alias/plimsoll-prod".*output KeyArn' 'resultsDays is "0".*from 1 to 3660'; do
  grep --quiet "$refusal" "$work/refused.log" || { log "it was refused without: $refusal" >&2; cat "$work/refused.log" >&2; exit 1; }
done

# W3005: Serverless writes a DependsOn for each role that its own reference implies already.
.venv/moto/bin/cfn-lint --ignore-checks W3005 -- "$work"/package/cloudformation-template-*.json
.venv/moto/bin/cfn-lint -- infra/onboarding/aws.yml
log 'cfn-lint accepts the packaged templates and the onboarding of an account'
