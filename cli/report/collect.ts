/** Collects what the page of an incident shows, by the addresses that it reads, up to the size of a report. */
import type { IncidentRow, IncidentView } from '../../api/contract/incidents.ts';
import type { Problem } from '../../api/contract/route.ts';
import { addressOf, type ParamsOf, type Query } from '../../console/data/routes.ts';
import { readWindowOf } from '../../console/incident-view.ts';
import type { ReportData, ReportedIncident } from '../../console/report/data.ts';

/** An answer as the API gives it, or the problem that it states. */
export type Answered = { readonly answer: unknown } | { readonly problem: Problem };

/** @param address Below the root of the API. */
export type Ask = (address: string) => Promise<Answered>;

/** A report that is sent to somebody has to pass as an attachment. */
const MOST_BYTES = 20_000_000;
/** Incidents of one report, the most urgent first. */
export const MOST_INCIDENTS = 50;
/** Events that the page reads. */
const EVENTS = 100;

const ONE = '/tenants/{tenant}/incidents/{incident}' as const;

export interface CollectOptions {
  readonly tenant: string;
  /** References, the most urgent first. */
  readonly refs: readonly string[];
  /** Epoch milliseconds. */
  readonly now: number;
  readonly onStep: (done: number, of: number) => void;
}

export type Collected = Pick<ReportData, 'incidents' | 'answers' | 'problems' | 'gaps'>;

export async function collectReport(ask: Ask, { tenant, refs, now, onStep }: CollectOptions): Promise<Collected> {
  const all: Parts = { incidents: [], answers: {}, problems: {}, gaps: [], bytes: 0 };
  for (const [index, incident] of refs.slice(0, MOST_INCIDENTS).entries()) {
    onStep(index, Math.min(refs.length, MOST_INCIDENTS));
    const parts = await partsOf(ask, { tenant, incident }, now);
    if (all.bytes + parts.bytes > MOST_BYTES) break;
    all.incidents.push(...parts.incidents);
    all.gaps.push(...parts.gaps);
    Object.assign(all.answers, parts.answers);
    Object.assign(all.problems, parts.problems);
    all.bytes += parts.bytes;
  }
  const left = refs.length - all.incidents.length - all.gaps.length;
  const gaps =
    left > 0
      ? [...all.gaps, `${left} further incidents are left out: a report has ${MOST_INCIDENTS} and 20 MB at the most.`]
      : all.gaps;
  return { incidents: all.incidents, answers: all.answers, problems: all.problems, gaps };
}

interface Parts {
  readonly incidents: ReportedIncident[];
  readonly answers: Record<string, unknown>;
  readonly problems: Record<string, Problem>;
  readonly gaps: string[];
  bytes: number;
}

async function partsOf(ask: Ask, params: ParamsOf<typeof ONE>, now: number): Promise<Parts> {
  const parts: Parts = { incidents: [], answers: {}, problems: {}, gaps: [], bytes: 0 };
  const keep = async <P extends string>(path: P, of: ParamsOf<P>, query: Query = {}): Promise<unknown> => {
    const address = addressOf(path, of, query);
    const answered = await ask(address);
    if ('problem' in answered) {
      parts.problems[address] = answered.problem;
      return undefined;
    }
    parts.answers[address] = answered.answer;
    return answered.answer;
  };
  const view = (await keep(ONE, params)) as IncidentView | undefined;
  if (view === undefined) {
    const why = Object.values(parts.problems)[0]?.detail ?? '';
    return { ...parts, gaps: [`An incident could not be read: ${why}`] };
  }
  await keep(`${ONE}/events`, params, { limit: EVENTS });
  for (const format of ['json', 'ocsf']) await keep(`${ONE}/export`, params, { format });
  if (view.finding !== 'fleet' && view.finding !== 'anomaly') {
    const { to, lookbackHours } = readWindowOf(view, now);
    const host = { tenant: params.tenant, host: view.host.ref };
    await keep('/tenants/{tenant}/hosts/{host}/memory', host, { to, lookbackHours });
  }
  parts.incidents.push(reportedOf(view));
  parts.bytes = Buffer.byteLength(JSON.stringify([parts.answers, parts.problems]));
  return parts;
}

function reportedOf({ ref, host, severity, status, since, curve }: IncidentView): ReportedIncident {
  const fullAt = curve?.exhaustion?.likely ?? null;
  return { ref, host: host.name ?? host.id, severity, status, since, fullAt };
}

const URGENCY = ['critical', 'high', 'medium', 'low'] as const;
const STATUSES = ['open', 'suspected', 'watched', 'closed'] as const;

/** For the order of a report: what goes on before what is over, then by severity, then the newest. */
export function byUrgency(
  a: Pick<IncidentRow, 'status' | 'severity' | 'since'>,
  b: Pick<IncidentRow, 'status' | 'severity' | 'since'>,
): number {
  return (
    STATUSES.indexOf(a.status) - STATUSES.indexOf(b.status) ||
    URGENCY.indexOf(a.severity) - URGENCY.indexOf(b.severity) ||
    (a.since < b.since ? 1 : -1)
  );
}
