/** What the owner of a host can do where its memory, its processes or its swap are not sent. */
import { formatTime } from '../../core/messages/times.ts';
import type { Resource, Window } from '../../core/model/series.ts';

/** The newest minutes are no part of a window: a host whose first samples are of these is read by the next inspection. */
export function notReported(host: Resource, { start, end }: Window): string {
  return (
    `${nameOf(host)} has sent nothing of its own memory from ${formatTime(start)} to ${formatTime(end)}. Where it began to send later, wait for the ` +
    'next inspection. Where it sends processes alone, turn on the scraper memory of the OpenTelemetry collector’s host metrics receiver, with ' +
    'system.memory.limit and, on Linux, system.linux.memory.available.'
  );
}

export function stoppedReporting(host: Resource, last: number): string {
  return (
    `${nameOf(host)} has sent nothing after ${formatTime(last)}. Check on the host that its collector runs and what it logs of the exporter (a 401 is a ` +
    'token that was revoked). Where the host was removed nothing needs to be done: it is not listed a day after its last sample.'
  );
}

export const NO_PROCESSES =
  'This host has sent no processes. Turn on the scraper process of the OpenTelemetry collector’s host metrics receiver, with ' +
  'mute_process_all_errors: true, and put its metrics into the pipeline.';

export const NO_SWAP =
  'This host has sent no system.paging.usage: turn on the scraper paging of the host metrics receiver where it has swap.';

export const NO_PAGE_FAULTS =
  'This host has sent no system.paging.faults of the type major: turn it on in the scraper paging of the host metrics receiver.';

function nameOf({ name, id }: Resource): string {
  return name === undefined || name === id ? id : `${name} (${id})`;
}
