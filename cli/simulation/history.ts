/** Fills the past of a simulation: inspections every few hours, hourly in the last day, and what people did meanwhile. */
import type { Hono } from 'hono';
import * as z from 'zod';
import { API_ROOT } from '../../api/app.ts';
import { SHOWN_FIRST } from '../../sandbox/scenario/living-hosts.ts';
import type { Simulation } from './simulation.ts';

const HOUR = 3_600_000;

/** Hours of the last day are inspected each; those before it every so many. */
const LAST_DAY = 24;
const EVERY = 8;

const DAYS = 7;

export interface HistoryOptions {
  /** Hours before the end at which the past is inspected, the oldest first. Default: those of a week. */
  readonly hours?: readonly number[];
  /** Called after each inspection. */
  readonly onStep?: (step: HistoryStep) => void;
  readonly signal: AbortSignal;
}

export interface HistoryStep {
  readonly done: number;
  readonly of: number;
  /** The time of the simulation, epoch milliseconds. */
  readonly at: number;
  /** The incident of the host that is shown first, once there is one. */
  readonly shown?: FoundIncident;
}

export interface FoundIncident {
  readonly tenant: string;
  readonly ref: string;
  readonly id: string;
}

/** The last one is 0. */
export function inspectedHours(days: number): number[] {
  const hours: number[] = [];
  for (let hour = -24 * days; hour <= 0; hour += hour < -LAST_DAY ? EVERY : 1) hours.push(hour);
  return hours;
}

/** Returns the incident to look at first: of the worst that are open the one whose host is full first. */
export async function fillHistory(
  simulation: Simulation,
  { hours = inspectedHours(DAYS), onStep, signal }: HistoryOptions,
): Promise<FoundIncident> {
  const acts = [...ACTS];
  let shown: FoundIncident | undefined;
  simulation.preparing = true;
  for (const [index, hour] of hours.entries()) {
    const at = simulation.asOf + hour * HOUR;
    await simulation.inspectAll(at, signal);
    for (let act = acts[0]; act !== undefined && act.hour <= hour; act = acts[0]) {
      await act.do(simulation);
      acts.shift();
    }
    shown ??= await incidentOf(simulation.api, SHOWN_FIRST);
    onStep?.({ done: index + 1, of: hours.length, at, ...(shown && { shown }) });
  }
  simulation.preparing = false;
  if (shown === undefined) throw new Error(`${SHOWN_FIRST.host} has no incident, although it leaks.`);
  return (await worstOf(simulation.api, shown.tenant)) ?? shown;
}

/** What people did, after the inspection of an hour. */
interface Act {
  readonly hour: number;
  do(simulation: Simulation): Promise<void>;
}

const HARBOUR = { tenant: 'harbour' } as const;

const ACTS: readonly Act[] = [
  {
    hour: -22,
    async do({ past: api }) {
      const found = await incidentOf(api, { ...HARBOUR, host: 'cart-gc-1' });
      if (found === undefined) return;
      const subject = { incident: found.id };
      const reason = 'A cache without a limit, mended in v1.8.1.';
      await send(api, 'POST', '/tenants/harbour/labels', { kind: 'true-positive', subject, reason });
    },
  },
  {
    hour: -14,
    async do({ past: api }) {
      const found = await incidentOf(api, { ...HARBOUR, host: 'search-1' });
      if (found === undefined) return;
      const path = `/tenants/harbour/incidents/${found.ref}`;
      const note = 'Known since the new index. The team of search looks for it; until then it is restarted.';
      await send(api, 'POST', `${path}/acknowledgement`, { note });
      await send(api, 'PUT', `${path}/owner`, { owner: 'search team' });
    },
  },
  {
    hour: -12,
    async do({ past: api, asOf }) {
      const found = await incidentOf(api, { ...HARBOUR, host: 'render-1' });
      if (found === undefined) return;
      const subject = { incident: found.id };
      const until = new Date(asOf + 36 * HOUR).toISOString();
      await send(api, 'POST', '/tenants/harbour/mutes', { subject, reason: 'Is replaced on Tuesday.', until });
    },
  },
];

const pageSchema = z.looseObject({ items: z.array(z.looseObject({ ref: z.string(), id: z.string() })) });

const SEVERITIES = ['critical', 'high', 'medium', 'low'] as const;
const overviewSchema = z.looseObject({
  soonest: z.array(z.looseObject({ incident: z.string().nullable(), severity: z.enum(SEVERITIES) })),
});
const incidentSchema = z.looseObject({ ref: z.string(), id: z.string() });

/** Undefined where no host with an incident is expected to be full. */
async function worstOf(api: Hono, tenant: string): Promise<FoundIncident | undefined> {
  const { soonest } = overviewSchema.parse(await send(api, 'GET', `/tenants/${tenant}/overview`));
  const known = soonest.filter(({ incident }) => incident !== null);
  const worst = SEVERITIES.map((severity) => known.find((one) => one.severity === severity)).find((one) => one);
  if (worst === undefined) return undefined;
  const { ref, id } = incidentSchema.parse(await send(api, 'GET', `/tenants/${tenant}/incidents/${worst.incident}`));
  return { tenant, ref, id };
}

/** The newest incident of a host, by its name. */
async function incidentOf(
  api: Hono,
  { tenant, host }: { readonly tenant: string; readonly host: string },
): Promise<FoundIncident | undefined> {
  const answer = await send(api, 'GET', `/tenants/${tenant}/incidents?host=${encodeURIComponent(host)}`);
  const [first] = pageSchema.parse(answer).items;
  return first && { tenant, ref: first.ref, id: first.id };
}

/** @returns The JSON of the answer; null where it has none. */
async function send(api: Hono, method: string, path: string, body?: object): Promise<unknown> {
  const response = await api.request(API_ROOT + path, {
    method,
    ...(body && { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
  return text === '' ? null : JSON.parse(text);
}
