# What gcp.sh and azure.sh share: flags, names, changes that --dry-run shows, and retries. Both source this file. It runs
# on the bash 3.2 of macOS as well.
# shellcheck shell=bash disable=SC2154,SC2016 # read_flags sets a variable for each flag; backquotes stand for code.

# Where --dry-run writes to, also from inside of $(…).
exec 3>&1

stop() {
  printf '%s: %s\n' "${0##*/}" "$1" >&2
  exit "${2:-1}"
}

misused() { stop "$1. --help lists the flags." 2; }

# The comment at the top of the script, up to its first empty line, is its help.
show_help() { sed -n -e '/^$/q' -e '/^[^#]/q' -e '2,$s/^# \{0,1\}//p' "$0"; }

# needs COMMAND WHERE: stops where the provider's command line is not installed.
needs() { command -v "$1" >/dev/null || stop "$1 is not installed, or not on the PATH. Install it first: $2"; }

# read_flags "NAME..." "SWITCH..." ARGUMENT...: sets a variable for each flag (--external-id sets external_id). A switch
# takes no value.
read_flags() {
  local names=" $1 " switches=" $2 " name
  shift 2
  for name in $names $switches; do printf -v "$name" ''; done
  while (($# > 0)); do
    if [[ $1 == --help || $1 == -h ]]; then
      show_help
      exit 0
    fi
    name=${1#--}
    name=${name//-/_}
    if [[ ! $1 =~ ^--[a-z-]+$ || "$names$switches" != *" $name "* ]]; then misused "There is no flag $1"; fi
    if [[ $switches == *" $name "* ]]; then
      printf -v "$name" yes
    else
      (($# > 1)) || misused "$1 needs a value"
      printf -v "$name" %s "$2"
      shift
    fi
    shift
  done
}

# expect FLAG VALUE PATTERN WHAT: every value ends up in JSON, in a condition or in a command.
expect() {
  [[ -n $2 ]] || misused "$1 is missing: $4"
  [[ $2 =~ $3 ]] || misused "$1 is \"$2\", and has to be $4"
}

expect_tenant() {
  expect --stage "$stage" '^[A-Za-z0-9-]{1,30}$' 'the stage of Plimsoll that reads, for example prod'
  expect --tenant "$tenant" '^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$' 'the id of the tenant in Plimsoll'
  expect --external-id "$external_id" '^plimsoll-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' \
    'what `plimsoll tenants external-id` prints for the tenant'
}

# name_within LENGTH: the name of everything that is made for this stage and tenant. It ends with a part of the external id, so that
# neither a second tenant nor a second Plimsoll replaces what the first one made, even where the name is truncated.
name_within() {
  local name
  name=$(printf 'plimsoll-%s-%s' "$stage" "$tenant" | tr '[:upper:]' '[:lower:]' | cut -c "1-$(($1 - 9))")
  printf '%s-%s' "${name%-}" "${external_id:9:8}"
}

note() { echo "$1" >&2; }

# A quotation mark, and how it is written inside of two of them.
readonly QUOTE="'" ESCAPED="'\\''"

# change COMMAND...: every command that makes, alters or removes something passes here; with --dry-run it is only shown.
change() {
  local argument line=''
  if [[ -z $dry_run ]]; then
    "$@"
    return
  fi
  for argument; do
    if [[ ! $argument =~ ^[A-Za-z0-9_./:=@,-]+$ ]]; then argument="'${argument//$QUOTE/$ESCAPED}'"; fi
    line="$line $argument"
  done
  echo "${line# }" >&3
}

# made STAND_IN COMMAND...: prints the command's answer about the thing that it makes; with --dry-run the stand-in.
made() {
  local stand_in=$1
  shift
  change "$@" || return
  if [[ -n $dry_run ]]; then echo "$stand_in"; fi
}

# How the clouds answer while something that was just made, removed or enabled is not known everywhere.
readonly NOT_YET="does( not|n't) exist|not.?found|cannot find|unknown service account|SERVICE_DISABLED|has not been used|HasAssignments"

# retry COMMAND...: tries for 75 s while the answer is of that kind; any other failure is reported at once.
retry() {
  local attempt errors
  for attempt in 1 2 3 4 5 6; do
    if { errors=$("$@" 2>&1 >&4); } 4>&1; then
      [[ -z $errors ]] || note "$errors"
      return 0
    fi
    if ((attempt == 6)) || ! grep -Eiq "$NOT_YET" <<<"$errors"; then break; fi
    note "  not known everywhere yet: again in $((attempt * 5)) s"
    sleep $((attempt * 5))
  done
  note "$errors"
  return 1
}
