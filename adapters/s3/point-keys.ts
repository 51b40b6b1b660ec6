/** Keys of what jobs of anomaly inspection keep: their results below `anomalies/`, by day, and their states below `points/`. */
import type { Scope } from '../../core/model/series.ts';
import type { AnomalyCell, AnomalyLocation, FoundCell } from '../../core/ports/anomaly-results-store.ts';
import type { JobRef } from '../../core/ports/point-state-store.ts';
import { checked, dayFolder, encodePart, tenantFolder } from './keys.ts';

export function stateKey(of: JobRef): string {
  return checked(`${tenantFolder('points', of.tenant)}${jobPath(of)}.ndjson.gz`);
}

/** Beside the results, where queries by day do not look: whoever may read the one may read the other. */
export function newestRunKey(of: JobRef): string {
  return checked(`${tenantFolder('anomalies', of.tenant)}newest/${jobPath(of)}.json.gz`);
}

function jobPath({ scope, job }: JobRef): string {
  return `${locationOf(scope)}/${encodePart(job)}`;
}

export function cellKey(cell: AnomalyCell): string {
  const { tenant, start } = cell;
  const [day = '', time = ''] = new Date(start).toISOString().split('T');
  const name = time.slice(0, 8).replaceAll(':', '');
  return checked(`${dayFolder('anomalies', tenant, day)}${jobPath(cell)}/${name}.ndjson.gz`);
}

function locationOf({ provider, account, region }: Scope): string {
  return `${provider}/${encodePart(account)}/${encodePart(region)}`;
}

/** As far as it is narrowed from the left: the rest is for `foundCell`. */
export function cellsPrefix({ tenant, provider, account, region, job }: AnomalyLocation, day: string): string {
  const parts = [provider, account, region, job].map((part) => (part === undefined ? undefined : encodePart(part)));
  const open = parts.indexOf(undefined);
  const known = open < 0 ? parts : parts.slice(0, open);
  return dayFolder('anomalies', tenant, day) + known.map((part) => `${part}/`).join('');
}

const CELL = /\/date=([\d-]{10})\/([^/]+)\/([^/]+)\/([^/]+)\/([^/]+)\/(\d\d)(\d\d)(\d\d)\.ndjson\.gz$/;

/** The cell that a key is of; undefined of another one, and of one that is not wanted. */
export function foundCell(key: string, { provider, account, region, job }: AnomalyLocation): FoundCell | undefined {
  const [, day, ...rest] = CELL.exec(key) ?? [];
  const [hours, minutes, seconds] = rest.slice(4);
  if (day === undefined || hours === undefined) return undefined;
  const wanted = [provider, account, region, job];
  const isWanted = wanted.every((part, index) => part === undefined || encodePart(part) === rest[index]);
  return isWanted ? { key, start: Date.parse(`${day}T${hours}:${minutes}:${seconds}Z`) } : undefined;
}
