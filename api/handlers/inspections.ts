/** Inspections on demand, and the results of runs. */

import { remainingInspections } from '../../core/health/project-spend.ts';
import { readableItems } from '../../core/health/readable-items.ts';
import { tenantSpend } from '../../core/health/tenant-spend.ts';
import { chosenScopes, newestRuns } from '../../core/inspection/newest-runs.ts';
import { linesAsKept } from '../../core/inspection/read-results.ts';
import { answeredRegions, expectedRegions } from '../../core/inspection/request-progress.ts';
import { resolveRequest } from '../../core/inspection/resolve-request.ts';
import { exhaustionText } from '../../core/messages/exhaustion.ts';
import { formatTime } from '../../core/messages/times.ts';
import { formatGrowth, formatLevel, formatUsd } from '../../core/messages/units.ts';
import { type ListedFinding, outcomeOfAll, type RegionResult } from '../../core/model/inspection-result.ts';
import { fieldIssues, parseInput } from '../../core/model/issues.ts';
import { type InspectionRequest, inspectionRequestSchema } from '../../core/model/message.ts';
import { encoded, isoText } from '../../core/model/notation.ts';
import { type ResultLine, resultLineSchema } from '../../core/model/result-line.ts';
import { InvalidFieldsError } from '../../core/ports/errors.ts';
import type { LoggedRequest } from '../../core/ports/request-log.ts';
import { inspectionSubject } from '../audit-subjects.ts';
import type { Call, HandlersOf, TenantCall } from '../call.ts';
import type { InspectionView } from '../contract/inspections.ts';
import { notFound, ProblemError } from '../problem.ts';
import { hostView } from '../views/host.ts';

const HOUR = 3_600_000;

/** How long a request may wait for its dispatch: what was not dispatched by then never will be. */
const WAITS_MS = 6 * HOUR;

export const inspectionHandlers: HandlersOf<'requestInspection' | 'getInspection' | 'exportResults'> = {
  async requestInspection({ tenant, body, now, api, audit }) {
    const request = requestOf(tenant.id, `api-${now.toString(36)}-${api.newId()}`, body);
    const resolved = resolveRequest(request, tenant.stored, { sentAt: now, now });
    if (resolved.kind !== 'resolved')
      throw new ProblemError(422, `Nothing was requested: ${resolved.reason}`, { kind: 'refused' });
    await requireRoom(tenant, now);
    const id = request.id ?? '';
    audit.subject = inspectionSubject(body, id);
    // First: nobody is given the id of a request that the queue does not take.
    await tenant.ports.requests.putRequested({ tenant: tenant.id, id }, now);
    await tenant.ports.queue.send(request);
    return { id };
  },

  async getInspection({ tenant, params: { inspection: id }, now }) {
    const key = { tenant: tenant.id, id };
    const logged = await tenant.ports.requests.read(key);
    if (logged?.dispatched !== undefined) return inspectionView(id, logged, now);
    const requestedAt = await tenant.ports.requests.requestedAt(key);
    if (requestedAt === undefined || now - requestedAt > WAITS_MS) throw notFound('such inspection');
    return { id, state: 'waiting', reason: null, regions: [], requestedAt: isoText(requestedAt) };
  },

  async exportResults({ tenant, query: { provider, account, region, at }, now }) {
    const scopes = chosenScopes(tenant.stored, { account, region }).filter((scope) => scope.provider === provider);
    const until = at === undefined ? undefined : Date.parse(at);
    const [run] = await newestRuns(tenant.id, scopes.slice(0, 1), tenant.ports.runs, { at: until, now });
    if (run === undefined) throw notFound('such account and region');
    if (run.kind === 'missing')
      throw new ProblemError(404, `There are no results of it: ${run.why}.`, { kind: 'no-results' });
    const filename = `results-${run.summary.scope.account}-${region}-${run.summary.results?.run}.ndjson`;
    return { body: await begun(linesOf(run, tenant)), filename: filename.replaceAll(/[^\w.-]/g, '_') };
  },
};

/** Throws `InvalidFieldsError`. */
function requestOf(tenant: string, id: string, body: Call<'requestInspection'>['body']): InspectionRequest {
  const given = Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));
  const parsed = parseInput(inspectionRequestSchema, { version: 1, id, tenant, trigger: 'on_demand', ...given });
  if (!parsed.success) throw new InvalidFieldsError('The request', fieldIssues(parsed.error));
  return parsed.data;
}

/** Throws a 429 where the cost cap of the month is used up. */
async function requireRoom({ id, stored, ports }: TenantCall, now: number): Promise<void> {
  if (stored.config.costCap === undefined) return;
  const health = await readableItems(ports.health.list(id), []);
  const time = { now, remaining: remainingInspections(now) };
  const { capUsd, spentUsd, month } = await tenantSpend(stored, health, ports.spend, time);
  if (capUsd === null || spentUsd < capUsd) return;
  const detail = `${formatUsd(spentUsd)} of ${formatUsd(capUsd)} are spent in ${month}, so nothing was requested. Raise the cost cap, or wait for the next month.`;
  throw new ProblemError(429, detail, { kind: 'cost-cap' });
}

function inspectionView(id: string, logged: LoggedRequest, now: number): InspectionView {
  const { dispatched } = logged;
  const regions = answeredRegions(logged);
  const requestedAt = dispatched === undefined ? null : isoText(dispatched.sentAt);
  if (dispatched !== undefined && dispatched.outcome !== 'dispatched')
    return { id, state: dispatched.outcome, reason: dispatched.reason, regions: [], requestedAt };
  const isComplete = regions.length >= expectedRegions(logged).size;
  const setAside = dispatched?.setAside ?? null;
  return {
    id,
    state: isComplete ? outcomeOfAll(regions, setAside) : 'running',
    reason: setAside?.reason ?? null,
    regions: [...regions.map((region) => regionView(region, now)), ...missingRegions(logged)],
    requestedAt,
  };
}

function regionView(
  { scope, outcome, reason, run, findings, found }: RegionResult,
  now: number,
): InspectionView['regions'][number] {
  return {
    ...scopeFields(scope),
    outcome,
    reason: reason ?? run?.failures[0] ?? null,
    hosts: run?.hosts.inspected ?? null,
    findings: findings.map((finding) => findingView(finding, now)),
    found,
    costUsd: run?.cost.perRun ?? null,
  };
}

type Cloud = InspectionView['regions'][number]['provider'];

function scopeFields({ provider, account, region }: { provider: Cloud; account: string; region: string | null }) {
  return { provider, account, region };
}

/** The forecast is counted from now, as everywhere else. */
function findingView(finding: ListedFinding, now: number): InspectionView['regions'][number]['findings'][number] {
  const { host, severity, grade, level, unit, growthPerHour, exhaustion, asOf } = finding;
  const grows = `${formatLevel(level, unit)} used, ${formatGrowth(growthPerHour.estimate, unit)}`;
  const full = exhaustionText(exhaustion, now);
  return { host: hostView(host), severity, grade, summary: `${grows} at ${formatTime(asOf)}, full: ${full}` };
}

function missingRegions(logged: LoggedRequest): InspectionView['regions'] {
  const known = new Set(answeredRegions(logged).map(({ scope }) => JSON.stringify(scopeFields(scope))));
  const expected = (logged.dispatched?.accounts ?? []).flatMap(({ provider, account, regions }) =>
    regions.map((region) => ({ provider, account, region })),
  );
  const nothing = { outcome: null, reason: null, hosts: null, findings: [], found: 0, costUsd: null };
  return expected.filter((scope) => !known.has(JSON.stringify(scope))).map((scope) => ({ ...scope, ...nothing }));
}

async function* linesOf(run: Parameters<typeof linesAsKept>[0][number], { ports }: TenantCall): AsyncGenerator<string> {
  const corrupt = new Map();
  const reading = { wanted: 'all', store: ports.results, corrupt, begin: () => undefined, addressOf } as const;
  for await (const line of linesAsKept([run], reading)) yield lineText(line);
  // A transfer that breaks off is no shorter list of healthy hosts.
  for (const error of corrupt.values()) throw error;
}

/** Of what cannot be read back, without the name of the bucket. */
function addressOf(_: unknown, part: 'head' | number): string {
  return part === 'head' ? 'the head of the run' : `shard ${part}`;
}

function lineText(line: ResultLine): string {
  return `${JSON.stringify(encoded(resultLineSchema, line))}\n`;
}

/** Reads the first text, so that a store which fails at once is a problem and not an answer that breaks off. */
async function begun(texts: AsyncGenerator<string>): Promise<AsyncIterable<string>> {
  const first = await texts.next();
  return (async function* () {
    if (first.done) return;
    yield first.value;
    yield* texts;
  })();
}
