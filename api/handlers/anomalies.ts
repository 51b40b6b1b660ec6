/** Points that jobs of anomaly inspection have kept. */

import type { AnomalyLine } from '../../core/model/anomaly-line.ts';
import { isoText } from '../../core/model/notation.ts';
import { pointPositionSchema } from '../../core/model/point-position.ts';
import { keptPoints } from '../../core/points/kept-points.ts';
import type { Call, HandlersOf } from '../call.ts';
import type { AnomalyRow } from '../contract/anomalies.ts';
import { createCursor } from '../cursor.ts';
import { ProblemError } from '../problem.ts';
import { hostOfRef } from '../refs.ts';
import { hostView } from '../views/host.ts';

const DAY_MS = 86_400_000;

/** Days before its end that a list may begin. */
const MOST_DAYS = 7;

const cursor = createCursor(pointPositionSchema, 'anomalies');

export const anomalyHandlers: HandlersOf<'listAnomalies'> = {
  async listAnomalies({ tenant, query, now }) {
    const { host: ref, metric, job, minScore, limit } = query;
    const host = ref === undefined ? undefined : hostOfRef(ref);
    const { id, ...scope } = host ?? {};
    const { lines, next, unreadable } = await keptPoints(
      {
        within: { tenant: tenant.id, ...scope, ...(job !== undefined && { job }) },
        window: windowOf(query, now),
        host: id,
        metric,
        minScore,
        limit,
        after: query.cursor === undefined ? undefined : cursor.decode(query.cursor),
      },
      tenant.ports.anomalyResults,
    );
    return { items: lines.map(rowOf), cursor: next ? cursor.encode(next) : null, unreadable: [...unreadable] };
  },
};

/** Throws a 400 of a window that is none, or is too long. */
function windowOf({ from, to }: Call<'listAnomalies'>['query'], now: number) {
  const end = to === undefined ? now : Date.parse(to);
  const start = from === undefined ? end - DAY_MS : Date.parse(from);
  if (start >= end) throw new ProblemError(400, 'The list has no time: let `from` be before `to`.');
  if (end - start > MOST_DAYS * DAY_MS + DAY_MS / 24)
    throw new ProblemError(
      400,
      `The list spans more than ${MOST_DAYS} days: let \`from\` be later, or \`to\` earlier.`,
    );
  return { start, end };
}

function rowOf(line: AnomalyLine): AnomalyRow {
  const { time, provider, account, region, host: id, name, group, is_anomaly: _, ...point } = line;
  const resource = {
    ...{ provider, account, region, id },
    ...(name !== null && { name }),
    ...(group !== null && { group }),
  };
  return { time: isoText(time), host: hostView(resource), ...point };
}
