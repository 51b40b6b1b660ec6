/** What the probe prints about itself. */

/** An option or argument that cannot be followed. The message names it, and what would do. */
export class UsageProblem extends Error {}

/** @param program How it is called, for example `plimsoll record`. */
export function usageOf(program: string): string {
  return `Usage: ${program} [OPTIONS] [-- COMMAND [ARGUMENT …]]

Samples the memory of this host and of chosen processes, keeps it on disk, and
sends it as OTLP to POST /v1/metrics. It reads names and sizes: never command
lines or environments. What may be repeated is marked with +.

Which processes
  --self              the probe itself
  --pid NUMBER      + a process
  --name PATTERN    + every process of this name; * stands for any text, ? for
                      one character
  --tree              those of --pid and --name with what they start
  -- COMMAND …        start this command and sample it with all that it starts,
                      until it ends; its exit code and signals pass through
  --allow PATTERN   + what recordings may select on this host, by name; without
                      it, nothing

Where to
  --url ADDRESS       the receiver (or the variable PLIMSOLL_URL)
  --token-file FILE   the ingest token (or the variable PLIMSOLL_INGEST_TOKEN)
  --plain-http        an address without encryption that is not this machine
  --host-id ID        for example a cloud's instance id (default: made of the
                      machine's id, which is not sent itself)
  --host-name NAME    (default: the host's name)
  --label NAME=VALUE+ a further attribute of the host, for example
                      service.name=checkout (up to 10)

How often and how much
  --every TIME        between samples (default: 60s; of a command 10s)
  --send-every TIME   between requests (default: 5m; while a recording runs 1m)
  --folder FOLDER     where samples wait (default: the state folder of the
                      system or user)
  --max-disk NUMBER   megabytes of that folder, the oldest are dropped first
                      (default: 64)

Instead of running
  --once              sample once, send, and end
  --dry-run           sample once, and print what would be sent
  --unit              print a unit for systemd with these options
  --help, --version

Exit codes: 0 when it was ended, 1 an error or samples that did not arrive in
--once, 2 a wrong option; of a command, its own.`;
}
