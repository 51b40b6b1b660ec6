/** A recording as a trace file: a sample a line, each process a host of its own. */
import { isoText } from '../model/notation.ts';
import type { Recording } from '../model/recording.ts';
import type { SentProcess } from '../model/sample.ts';
import type { RecordedHost } from '../ports/recording-store.ts';
import { endOfDay, startOf } from './days.ts';
import { type RecordedReader, readHistory } from './history.ts';
import { evaluatedFigure, pointsOf } from './verdicts.ts';

/** Lines of text that are handed on at once. */
const LINES_AT_ONCE = 1000;

/** What is evaluated of each process: live samples, and of archived hours the least. Processes that have neither are left out. */
export async function* exportedLines(
  recording: Recording,
  hosts: readonly RecordedHost[],
  reader: RecordedReader,
): AsyncGenerator<string> {
  for (const host of hosts) {
    const days = [...host.liveDays.map(({ day }) => day), ...host.archivedDays].toSorted();
    const [first = '', last = first] = [days.at(0), days.at(-1)];
    if (first === '') continue;
    const window = { start: startOf(first), end: endOfDay(last) };
    for (const history of await readHistory(reader, { of: recording, host, window })) {
      const figure = evaluatedFigure(history);
      const points = figure === undefined ? [] : pointsOf(history, figure);
      const name = nameOf(host.host, history.process);
      for (let at = 0; at < points.length; at += LINES_AT_ONCE)
        yield points
          .slice(at, at + LINES_AT_ONCE)
          .map(({ time, value }) => line(time, name, value))
          .join('');
    }
  }
}

function nameOf(host: string, { name, pid }: SentProcess): string {
  return `${host} ${name} ${pid}`;
}

function line(time: number, host: string, bytes: number): string {
  return `${JSON.stringify({ time: isoText(time), host, bytes })}\n`;
}
