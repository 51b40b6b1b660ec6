/** Scheduled runs, and the digest of a time. */
import pLimit from 'p-limit';
import * as z from 'zod';
import { accountStatuses } from '../../core/health/account-status.ts';
import { composeDigest } from '../../core/health/due-reports.ts';
import { remainingInspections } from '../../core/health/project-spend.ts';
import { readableItems } from '../../core/health/readable-items.ts';
import { hostName, scopeText } from '../../core/messages/locations.ts';
import { type IncidentEvent, isDecided } from '../../core/model/incident-event.ts';
import { CLOCK_SKEW_MS } from '../../core/model/message.ts';
import { isoText } from '../../core/model/notation.ts';
import type { RunSummary } from '../../core/model/run.ts';
import type { Answer, HandlersOf, TenantCall } from '../call.ts';
import { createCursor } from '../cursor.ts';
import { hostCounts } from '../fleet/counts.ts';
import { scopesOf } from '../fleet/regions.ts';
import { ProblemError } from '../problem.ts';
import { incidentRef } from '../refs.ts';

const DAY = 24 * 3_600_000;

/** Items of the table that are read at the same time. */
const AT_ONCE = 10;

/** Accounts and regions whose runs are listed together: each is a request of its own. */
const MOST_SCOPES = 300;

export const runHandlers: HandlersOf<'listRuns' | 'getDigest'> = {
  async listRuns({ tenant, query, now }) {
    const { limit, cursor } = query;
    const scopes = scopesOf(tenant, query);
    if (scopes.length > MOST_SCOPES)
      throw new ProblemError(
        422,
        `${scopes.length} regions are more than are listed together. Name an account or a region.`,
      );
    const after = cursor === undefined ? undefined : runCursor.decode(cursor);
    const until = after?.[0] ?? (query.until === undefined ? now + CLOCK_SKEW_MS : Date.parse(query.until));
    // Of the moment at which the page before ended there may be one more of each scope.
    const lists = await pLimit(AT_ONCE).map(scopes, (scope) =>
      tenant.ports.runs.newest(tenant.id, scope, limit + 1, until),
    );
    const runs = lists
      .flat()
      .filter((run) => after === undefined || compareRuns(positionOf(run), after) > 0)
      .sort((a, b) => compareRuns(positionOf(a), positionOf(b)));
    const page = runs.slice(0, limit);
    const last = page.at(-1);
    const changes = await changesIn(page, tenant);
    return {
      items: page.map((run) => runView(run, changes)),
      cursor: runs.length > limit && last !== undefined ? runCursor.encode(positionOf(last)) : null,
    };
  },

  async getDigest({ tenant, query: { every }, now }) {
    const { stored, ports, id } = tenant;
    const [health, watch] = await Promise.all([readableItems(ports.health.list(id), []), ports.health.getWatch(id)]);
    const accounts = accountStatuses(stored, health, watch?.value, now);
    const watching = { config: stored.config, scopes: health, assessment: { accounts } };
    const span = { from: now - (every === 'day' ? 1 : 7) * DAY, to: now };
    const timezone = stored.config.alerts?.digest?.timezone ?? stored.config.alerts?.timezone ?? 'UTC';
    const { list: incidentList, log, mutes, labels, spend } = ports;
    const reports = { incidentList, log, mutes, labels, spend };
    const time = { now, remaining: remainingInspections(now) };
    const { data } = await composeDigest(watching, { span, every, timezone }, reports, time);
    return { ...data, ...withRefs(data), from: isoText(span.from), to: isoText(span.to) };
  },
};

type DigestData = Extract<Awaited<ReturnType<typeof composeDigest>>['data'], { kind: 'digest' }>;

/** The incidents of a digest with references, by which the page opens them. */
function withRefs(data: Awaited<ReturnType<typeof composeDigest>>['data']) {
  if (data.kind !== 'digest') return {};
  const refs = ({ count, first }: DigestData['open']) => ({
    count,
    first: first.map((line) => ({ ...line, ref: incidentRef(line.incident) })),
  });
  return { open: refs(data.open), opened: refs(data.opened), recovered: refs(data.recovered) };
}

/** Scheduled time and scope: the latest first, and of one moment by account and region. */
const positionSchema = z.tuple([z.int(), z.string().max(1000)]);
type Position = z.output<typeof positionSchema>;

function positionOf({ scheduledTime, scope }: RunSummary): Position {
  return [scheduledTime, scopeText(scope)];
}

function compareRuns(a: Position, b: Position): number {
  return b[0] - a[0] || (a[1] < b[1] ? -1 : Number(a[1] > b[1]));
}

const runCursor = createCursor(positionSchema, 'runs');

type RunView = Answer<'listRuns'>['items'][number];
type Changes = ReadonlyMap<string, RunView['incidents']>;

/** Entries of the log that are read for a page of runs, in answers of 200. */
const MOST_ANSWERS = 5;

/** By account and region and the end of the window that the run evaluated, which is when its changes happened. */
async function changesIn(runs: readonly RunSummary[], { id, ports }: TenantCall): Promise<Changes> {
  const ends = runs.map(({ window }) => window.end);
  const changes = new Map<string, RunView['incidents']>();
  if (ends.length === 0) return changes;
  const span = { from: Math.min(...ends), to: Math.max(...ends) + 1 };
  let cursor: string | null = null;
  for (let answers = 0; answers < MOST_ANSWERS; answers++) {
    const page = await ports.log.list(id, { ...span, limit: 200, ...(cursor !== null && { cursor }) });
    for (const event of page.events) addChange(changes, event);
    cursor = page.cursor;
    if (cursor === null) break;
  }
  return changes;
}

function addChange(changes: Map<string, RunView['incidents']>, event: IncidentEvent): void {
  if (!isDecided(event) || event.host === undefined || event.incident === null) return;
  const { change, host, incident } = event;
  const key = keyOf(scopeText(host), change.at);
  const { kind, severity } = change;
  const before = changes.get(key) ?? [];
  changes.set(key, [...before, { ref: incidentRef(incident), kind, host: hostName(host), severity }]);
}

function keyOf(scope: string, at: number): string {
  return `${scope} ${at}`;
}

function runView(run: RunSummary, changes: Changes): RunView {
  const { scope, scheduledTime, outcome, verdicts, failures, stoppedReporting, calls, metricsBilled, cost, window } =
    run;
  const { provider, account, region } = scope;
  return {
    run: run.results?.run ?? null,
    provider,
    account,
    region,
    scheduledTime: isoText(scheduledTime),
    outcome,
    hosts: hostCounts(run),
    verdicts,
    failures: [...failures],
    stoppedReporting: [...stoppedReporting],
    calls,
    metricsBilled,
    costUsd: cost.perRun,
    incidents: changes.get(keyOf(scopeText(scope), window.end)) ?? [],
  };
}
