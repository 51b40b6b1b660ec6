/** A recording as a trace file: a sample a line, each process a host of its own. */
import pLimit from 'p-limit';
import { isoText } from '../model/notation.ts';
import type { Recording } from '../model/recording.ts';
import type { SentProcess } from '../model/sample.ts';
import type { RecordedHost } from '../ports/recording-store.ts';
import { endOfDay, startOf } from './days.ts';
import { type RecordedReader, readHistory } from './history.ts';
import { evaluatedFigure, pointsOf } from './verdicts.ts';

/** Lines of text that are handed on at once. */
const LINES_AT_ONCE = 1000;

/** Names of hosts that are read at the same time, before the first line. */
const READS_AT_ONCE = 16;

/** What is evaluated of each process: live samples, and of archived hours the least. Processes that have neither are left out. */
export async function* exportedLines(
  recording: Recording,
  hosts: readonly RecordedHost[],
  reader: RecordedReader,
): AsyncGenerator<string> {
  const names = await uniqueNames(recording, hosts, reader);
  for (const host of hosts) {
    const days = [...host.liveDays.map(({ day }) => day), ...host.archivedDays].toSorted();
    const [first = '', last = first] = [days.at(0), days.at(-1)];
    if (first === '') continue;
    const window = { start: startOf(first), end: endOfDay(last) };
    for (const history of await readHistory(reader, { of: recording, host, window })) {
      const figure = evaluatedFigure(history);
      const points = figure === undefined ? [] : pointsOf(history, figure);
      const name = nameOf(names.get(host.host) ?? host.host, history.process);
      for (let at = 0; at < points.length; at += LINES_AT_ONCE)
        yield points
          .slice(at, at + LINES_AT_ONCE)
          .map(({ time, value }) => line(time, name, value))
          .join('');
    }
  }
}

/** What people call hosts, by their ids: where it is known, and is neither the name nor the id of another host of the recording. */
async function uniqueNames(
  of: Recording,
  hosts: readonly RecordedHost[],
  reader: RecordedReader,
): Promise<ReadonlyMap<string, string>> {
  const named = await pLimit(READS_AT_ONCE).map(hosts, async (host) => {
    const name = await newestName(of, host, reader);
    return name === undefined ? [] : [[host.host, name] as const];
  });
  const byName = Map.groupBy(named.flat(), ([, name]) => name);
  const ids = new Set(hosts.map(({ host }) => host));
  const isUnique = (id: string, name: string) => byName.get(name)?.length === 1 && (name === id || !ids.has(name));
  return new Map(named.flat().filter(([id, name]) => isUnique(id, name)));
}

/** Of the newest day, from one read: a host sends its name with each sample. */
async function newestName(
  of: Recording,
  { host, liveDays, archivedDays }: RecordedHost,
  reader: RecordedReader,
): Promise<string | undefined> {
  const isNamed = ({ hostName }: { readonly hostName?: string }) => hostName !== undefined;
  const live = liveDays.at(-1)?.day;
  if (live !== undefined)
    for await (const part of reader.live(of, host, live)) return part.live.find(isNamed)?.hostName;
  const archived = archivedDays.at(-1);
  if (archived === undefined) return undefined;
  return (await reader.archive(of, host, archived))?.hours.find(isNamed)?.hostName;
}

function nameOf(host: string, { name, pid }: SentProcess): string {
  return `${host} ${name} ${pid}`;
}

function line(time: number, host: string, bytes: number): string {
  return `${JSON.stringify({ time: isoText(time), host, bytes })}\n`;
}
