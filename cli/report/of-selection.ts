/** The report about recorded series, or the demo's fleet: what a replay of the last week would have reported, with each host as of then. */
import { hostRef } from '../../api/refs.ts';
import { addressOf } from '../../console/data/routes.ts';
import { readWindowOf } from '../../console/incident-view.ts';
import { backtestHosts, type Replayed } from '../../core/backtest/hosts.ts';
import { composeHostMemory } from '../../core/inspection/compose-host-memory.ts';
import { readHost } from '../../core/inspection/read-host.ts';
import { createMeter } from '../../core/inspection/run-summary.ts';
import { inspectionSpans } from '../../core/inspection/window.ts';
import type { HostMemory } from '../../core/model/host-memory.ts';
import { overridden } from '../../core/model/policy.ts';
import type { Resource } from '../../core/model/series.ts';
import type { CommandContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { openSelection, type SelectionContext } from '../source/selection.ts';
import type { Selection, SourceOptions, Target } from '../source/targets.ts';
import { type Answered, type Ask, byUrgency, type Collected, collectReport, MOST_INCIDENTS } from './collect.ts';
import { type ReplayedIncident, replayedIncident } from './replayed-incident.ts';

export interface SelectionReport extends Collected {
  readonly tenant: string;
  readonly title: string;
  /** Epoch milliseconds: the end of the samples. */
  readonly asOf: number;
  readonly code: ExitCode;
}

const HOUR = 3_600_000;
const WEEK = 7 * 24 * HOUR;
const TENANT = 'local';

interface Found {
  readonly target: Target;
  readonly incident: ReplayedIncident;
}

/** Exit code 3 where something would have been reported, 4 where something could not be read or nothing could be evaluated. */
export async function reportOfSelection(options: SourceOptions, context: SelectionContext): Promise<SelectionReport> {
  await using selection = await openSelection(options, context);
  const { scheduledTime: asOf } = selection;
  const replay = await replayAll(selection, context);
  const found = replay.found.sort((a, b) => byUrgency(a.incident.view, b.incident.view));
  const refs = found.map(({ incident }) => incident.view.ref);
  const ask = createAsk(found, asOf, context);
  const onStep = (done: number, of: number) => context.terminal.progress(`reading host ${done + 1} of ${of} …`);
  const collected = await collectReport(ask, { tenant: TENANT, refs, now: asOf, onStep });
  const title = options.demo === true ? 'The simulated fleet of the demo' : (options.traces ?? []).join(', ');
  const code = replay.failed || replay.hosts === 0 ? EXIT.partial : found.length > 0 ? EXIT.findings : EXIT.clean;
  return { tenant: TENANT, title, asOf, code, ...collected, gaps: [...replay.gaps, ...collected.gaps] };
}

interface ReplayOutcome {
  readonly found: Found[];
  readonly gaps: string[];
  hosts: number;
  failed: boolean;
}

async function replayAll({ targets, scheduledTime }: Selection, context: CommandContext): Promise<ReplayOutcome> {
  const { terminal, signal } = context;
  const outcome: ReplayOutcome = { found: [], gaps: [], hosts: 0, failed: false };
  const to = Math.floor(scheduledTime / HOUR) * HOUR;
  for (const target of targets) {
    const { source, metric, filters, policies } = target;
    const request = { source, metric, filters, meter: createMeter(), tenant: TENANT, policies: [policies] };
    for await (const result of backtestHosts({ ...request, from: to - WEEK, to, everyMs: HOUR }, signal)) {
      signal.throwIfAborted();
      if (result.kind === 'replayed') addHost(outcome, target, result, scheduledTime);
      else if (result.kind === 'unreadable') {
        outcome.failed = true;
        outcome.gaps.push(`could not be read: ${result.detail}`);
      }
      terminal.progress(`replaying: ${outcome.hosts} hosts …`);
    }
  }
  return outcome;
}

function addHost(outcome: ReplayOutcome, target: Target, replayed: Replayed, asOf: number): void {
  outcome.hosts++;
  const incident = replayedIncident(replayed, { tenant: TENANT, metric: target.metric, asOf });
  if (incident !== undefined) outcome.found.push({ target, incident });
}

/** Answers as the API would, for the incidents that were found. */
function createAsk(found: readonly Found[], asOf: number, { signal }: CommandContext): Ask {
  const answers = new Map<string, () => Promise<unknown>>();
  for (const one of found.slice(0, MOST_INCIDENTS)) {
    const { view, events } = one.incident;
    const params = { tenant: TENANT, incident: view.ref };
    const path = '/tenants/{tenant}/incidents/{incident}' as const;
    const host = { tenant: TENANT, host: view.host.ref };
    const { to, lookbackHours } = readWindowOf(view, asOf);
    answers.set(addressOf(path, params), async () => view);
    answers.set(addressOf(`${path}/events`, params, { limit: 100 }), async () => ({ items: events, cursor: null }));
    answers.set(addressOf(`${path}/export`, params, { format: 'json' }), async () => ({ incident: view, events }));
    answers.set(addressOf('/tenants/{tenant}/hosts/{host}/memory', host, { to, lookbackHours }), () =>
      memoryOf(one, { to: to === undefined ? asOf : Date.parse(to), lookbackHours }, signal),
    );
  }
  return async (address): Promise<Answered> => {
    const answer = await answers.get(address)?.();
    return answer === undefined ? { problem: NOT_RECORDED } : { answer };
  };
}

const NOT_RECORDED = {
  type: 'about:blank',
  title: 'Not in this report',
  status: 404,
  detail: 'Recorded series have no such thing.',
};

interface ReadWindow {
  readonly to: number;
  readonly lookbackHours: number | undefined;
}

/** As a request of the page reads it; undefined where the samples are gone meanwhile. */
async function memoryOf({ target, incident }: Found, { to, lookbackHours }: ReadWindow, signal: AbortSignal) {
  const { source, metric, filters } = target;
  const values = lookbackHours === undefined ? undefined : { lookBackHours: lookbackHours };
  const policies = overridden(target.policies, values);
  const spans = inspectionSpans(to, source, policies.common);
  const meter = createMeter();
  const { id, group } = incident.resource;
  const first = new Set<string>();
  const request = {
    source,
    metric,
    spans,
    filters,
    policies,
    host: id,
    first,
    meter,
    ...(group !== undefined && { group }),
  };
  const outcome = await readHost(request, signal);
  if (outcome.kind !== 'read') return undefined;
  const policy = policies.of(outcome.resource);
  const facts = { policy, metric, spans, readAt: to, spent: meter, price: source.price };
  return withRefs(composeHostMemory(outcome, facts));
}

function withRefs(memory: HostMemory) {
  const referred = (host: HostMemory['host']) => ({ ...host, ref: hostRef(resourceOf(host)) });
  return {
    ...memory,
    host: referred(memory.host),
    siblings: memory.siblings.map((sibling) => ({ ...sibling, host: referred(sibling.host) })),
  };
}

function resourceOf({ provider, account, region, id }: HostMemory['host']): Resource {
  return { provider, account, region, id };
}
