/**
 * What weeks add to a run: what is kept of its hosts goes into their verdicts, and once a day they are read deeply, after the verdicts and
 * their records, so that weeks never keep a finding waiting. What fails here costs certainty, and never a run.
 */
import type { Knowledge } from '../detector/knowledge.ts';
import { compareKeys } from '../model/host-baseline.ts';
import type { Resource } from '../model/series.ts';
import type { DeepShard } from '../model/shard-result.ts';
import { StoreError } from '../ports/errors.ts';
import type { MemorySource } from '../ports/memory-source.ts';
import { reserveMs, whenOnlyLeft } from './deadline.ts';
import { isDeepDue, readsDeeply } from './deep-moment.ts';
import { beginDeepRead } from './keep-baselines.ts';
import { readDeeply } from './read-deeply.ts';
import type { WeeksPorts } from './region-run.ts';
import type { RunContext } from './run-context.ts';
import { type CallsMade, createMeter, NOTHING_SPENT } from './run-summary.ts';
import {
  keyOf,
  keyText,
  knowledgeFrom,
  readManifest,
  readStored,
  type StoredBaselines,
  type StoredManifest,
  versionsBefore,
} from './stored-baselines.ts';

/** The weeks of one invocation's shards. */
export interface RunWeeks {
  /** Reads what is kept. @param hosts Undefined where they are not known before they are read. */
  of(hosts: readonly Resource[] | undefined): Promise<ShardWeeks>;
}

export interface ShardWeeks {
  knowledgeOf(host: Resource): Knowledge;
  /** Reads the hosts deeply that are due, and stores what was learned. Nothing is thrown. */
  read(shard: DeepRequest): Promise<DeepOutcome>;
}

export interface DeepRequest {
  /** The number of the shard. */
  readonly shard: number;
  /** Undefined where it could not be opened. */
  readonly source: MemorySource | undefined;
  /** Hosts that were evaluated. */
  readonly hosts: readonly Resource[];
}

export interface DeepOutcome {
  /** Undefined where there is nothing to report. */
  readonly deep: DeepShard | undefined;
  readonly made: CallsMade;
}

const NOTHING: DeepOutcome = { deep: undefined, made: NOTHING_SPENT };

const NO_WEEKS: RunWeeks = {
  of: async () => ({ knowledgeOf: () => ({}), read: async () => NOTHING }),
};

export function weeksOfRun(context: RunContext): RunWeeks {
  const { ports, run, policies, spans } = context;
  const { weeks } = ports;
  if (weeks === undefined || policies.common.deepReadDays === 0) return NO_WEEKS;
  let manifest: StoredManifest | undefined;
  return {
    async of(hosts) {
      const before = manifest ?? (await readManifest(run, weeks.baselines));
      manifest = before;
      const stored = await readStored(run, versionsBefore(before.manifest, run.scheduledTime), hosts, weeks.baselines);
      const problems = [...before.problems, ...stored.problems];
      return {
        knowledgeOf: (host) => knowledgeFrom(stored, host, spans.evaluated.window.end),
        async read(request) {
          const isDue = !before.isDown && readsDeeply(run, before.manifest);
          const isRepeated = before.manifest?.versions.some(({ slot }) => slot === run.scheduledTime) === true;
          const outcome = isDue ? await readDue(context, weeks, { stored, isRepeated }, request) : NOTHING;
          return withProblems(outcome, problems);
        },
      };
    },
  };
}

/** Failures that are kept of a shard. */
const PROBLEMS = 3;

function withProblems({ deep, made }: DeepOutcome, problems: readonly string[]): DeepOutcome {
  if (problems.length === 0) return { deep, made };
  return {
    made,
    deep: { ...(deep ?? NOTHING_READ), problems: [...problems, ...(deep?.problems ?? [])].slice(0, PROBLEMS) },
  };
}

const NOTHING_READ: DeepShard = { hosts: 0, metricsBilled: 0, learned: 0, putOff: null, problems: [], part: null };

interface Known {
  /** As of before the run. */
  readonly stored: StoredBaselines;
  /** The run has begun to read deeply before. */
  readonly isRepeated: boolean;
}

async function readDue(
  context: RunContext,
  weeks: WeeksPorts,
  { stored, isRepeated }: Known,
  { shard, source, hosts }: DeepRequest,
): Promise<DeepOutcome> {
  const { run, clock } = context;
  const kept = isRepeated ? await keptBefore(context, weeks, shard) : [];
  const records = new Map([...stored.records, ...kept.map((record) => [keyText(record), record] as const)]);
  const due = hosts.filter((host) => isDeepDue(run, records.get(keyText(keyOf(host)))));
  if (due.length === 0 || source === undefined) return keptAlone(shard, kept);
  const off = await putOff(context, weeks);
  if (off !== undefined) return { ...NOTHING, deep: { ...NOTHING_READ, ...off, part: partOf(shard, kept) } };
  const meter = createMeter();
  const signal = whenOnlyLeft(clock, 'record');
  const only = due.length < hosts.length || source.listing === undefined ? due : undefined;
  const known = { ...stored, records };
  const read = await readDeeply({ context, weeks, stored: known, source, due, only, meter }, signal);
  const { part, problem } = await storePart(context, weeks, shard, together(kept, read.records));
  const made: CallsMade = { calls: meter.calls, metricsBilled: meter.metricsBilled };
  const problems = [...read.problems, ...(problem === undefined ? [] : [problem])].slice(0, PROBLEMS);
  const { hosts: count, learned } = read;
  return { made, deep: { hosts: count, metricsBilled: meter.metricsBilled, learned, putOff: null, problems, part } };
}

/** What an earlier attempt of the same run learned of the shard: it is not read, and paid for, again. */
async function keptBefore({ run }: RunContext, { baselines }: WeeksPorts, shard: number): Promise<Records> {
  try {
    return (await baselines.part({ ...run, slot: run.scheduledTime }, shard)) ?? [];
  } catch (error) {
    if (error instanceof StoreError) return [];
    throw error;
  }
}

function keptAlone(shard: number, kept: Records): DeepOutcome {
  const part = partOf(shard, kept);
  if (part === null) return NOTHING;
  const hosts = kept.filter(({ host }) => host !== null).length;
  return { ...NOTHING, deep: { ...NOTHING_READ, hosts, part } };
}

/** In the order of their keys. What was kept before stays as it is. */
function together(kept: Records, read: Records): Records {
  const isKept = new Set(kept.map(keyText));
  return [...kept, ...read.filter((record) => !isKept.has(keyText(record)))].toSorted(compareKeys);
}

type PutOff = Pick<DeepShard, 'putOff' | 'problems'>;

/** Why nothing is read now; undefined where it is. What cannot be known or kept is not paid for. */
async function putOff({ run, tenant, clock }: RunContext, weeks: WeeksPorts): Promise<PutOff | undefined> {
  try {
    if (await weeks.isPutOff(tenant)) return { putOff: 'cost_cap', problems: [] };
    if (clock.remainingMs() <= reserveMs(clock, 'region')) return { putOff: 'time', problems: [] };
    await beginDeepRead(weeks.baselines, run);
    return undefined;
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    return { putOff: null, problems: [error.message] };
  }
}

type Records = Parameters<WeeksPorts['baselines']['putPart']>[2];

async function storePart({ run }: RunContext, { baselines }: WeeksPorts, shard: number, records: Records) {
  const part = partOf(shard, records);
  if (part === null) return { part };
  try {
    await baselines.putPart({ ...run, slot: run.scheduledTime }, shard, records);
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    return { part: null, problem: error.message };
  }
  return { part };
}

/** What is normal for a group is beside its hosts, in each shard that has some of them. */
function partOf(shard: number, records: Records): DeepShard['part'] {
  const hosts = records.filter(({ host }) => host !== null);
  const [first, last] = [hosts[0], hosts.at(-1)];
  if (first === undefined || last === undefined) return null;
  const keyed = ({ group, host }: typeof first) => ({ group, host });
  return { shard, records: records.length, first: keyed(first), last: keyed(last) };
}
