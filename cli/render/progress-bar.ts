/** How far a command is, on one line. */
import { formatDuration } from '../../core/messages/times.ts';
import { counted } from '../../core/messages/units.ts';

export interface Progress {
  /** Hosts. */
  readonly done: number;
  /** Undefined where it is not known how many there are. */
  readonly total: number | undefined;
  readonly elapsedMs: number;
}

const CELLS = 24;

/** Milliseconds after which the pace is steady enough for an estimate. */
const PACE_AFTER_MS = 3_000;

/** `replaying ━━━━━━──────  25 %  60 of 240 hosts, 1 min left`. */
export function progressBar(doing: string, { done, total, elapsedMs }: Progress): string {
  if (total === undefined || total < done || total === 0) return `${doing} … ${counted(done, 'host')}`;
  const filled = Math.round((done / total) * CELLS);
  const bar = '━'.repeat(filled) + '─'.repeat(CELLS - filled);
  const percent = String(Math.floor((done / total) * 100)).padStart(3);
  const left = elapsedMs < PACE_AFTER_MS ? '' : `, ${formatDuration((elapsedMs / done) * (total - done))} left`;
  return `${doing} ${bar} ${percent} %  ${done} of ${counted(total, 'host')}${left}`;
}
