/** Reads what is kept of the hosts of a shard. What cannot be read costs certainty, and neither a verdict nor a run. */
import type { Knowledge } from '../detector/knowledge.ts';
import {
  type BaselineKey,
  type BaselineManifest,
  type BaselineVersion,
  compareKeys,
  type HostBaseline,
  type KeyRange,
  overlap,
} from '../model/host-baseline.ts';
import type { Resource } from '../model/series.ts';
import type { BaselineScope, BaselineStore } from '../ports/baseline-store.ts';
import { StoreError } from '../ports/errors.ts';

/** What the slow evaluator found counts for so long, in milliseconds. */
const OUTLOOK_LASTS_MS = 48 * 3_600_000;

/** What is kept, and why some of it could not be read. */
export interface StoredBaselines {
  readonly records: ReadonlyMap<string, HostBaseline>;
  readonly problems: readonly string[];
}

export interface StoredManifest {
  /** Undefined where there is none that can be read. */
  readonly manifest: BaselineManifest | undefined;
  readonly problems: readonly string[];
  /** The store does not answer: then nothing is read deeply, because nothing could be kept. */
  readonly isDown: boolean;
}

export async function readManifest(of: BaselineScope, store: Pick<BaselineStore, 'manifest'>): Promise<StoredManifest> {
  try {
    const found = await store.manifest(of);
    return { manifest: found?.value, problems: found?.damage === undefined ? [] : [found.damage], isDown: false };
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    return { manifest: undefined, problems: [error.message], isDown: true };
  }
}

/** What was kept before a run: a run that is late or repeated must not know what was learned after it, or by itself. */
export function versionsBefore(manifest: BaselineManifest | undefined, slot: number): BaselineManifest | undefined {
  return manifest && { ...manifest, versions: manifest.versions.filter((version) => version.slot < slot) };
}

/** @param hosts Undefined where they are not known yet: then all that is kept of the account and region. */
export async function readStored(
  of: BaselineScope,
  manifest: BaselineManifest | undefined,
  hosts: readonly Resource[] | undefined,
  store: Pick<BaselineStore, 'part'>,
): Promise<StoredBaselines> {
  const records = new Map<string, HostBaseline>();
  const problems: string[] = [];
  const keys = hosts?.map(keyOf);
  const range = keys && rangeOf(keys);
  if (keys !== undefined && range === undefined) return { records, problems };
  for (const version of manifest?.versions ?? []) {
    const read = await readVersion(of, version, range, store);
    problems.push(...read.problems);
    for (const record of read.records.filter((one) => !records.has(keyText(one)))) records.set(keyText(record), record);
    if (keys?.every((key) => records.has(keyText(key)))) break;
  }
  return { records, problems };
}

async function readVersion(
  of: BaselineScope,
  { slot, parts }: BaselineVersion,
  range: KeyRange | undefined,
  store: Pick<BaselineStore, 'part'>,
) {
  const records: HostBaseline[] = [];
  const problems: string[] = [];
  for (const { shard } of parts.filter((part) => range === undefined || overlap(part, range))) {
    const read = await readPart({ ...of, slot }, shard, store);
    if (typeof read === 'string') problems.push(read);
    else records.push(...read);
  }
  return { records, problems };
}

/** Its records, or why they cannot be read. A part that is gone was older than what is kept. */
async function readPart(
  of: BaselineScope & { readonly slot: number },
  shard: number,
  store: Pick<BaselineStore, 'part'>,
) {
  try {
    return (await store.part(of, shard)) ?? [];
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    return error.message;
  }
}

/** From the first key to the last; undefined without keys. */
function rangeOf(keys: readonly BaselineKey[]): KeyRange | undefined {
  const sorted = keys.toSorted(compareKeys);
  const [first, last] = [sorted[0], sorted.at(-1)];
  return first && last && { first, last };
}

export function keyOf({ provider, group = '', id }: Pick<Resource, 'provider' | 'group' | 'id'>): BaselineKey {
  // Azure writes one name in several cases.
  return provider === 'azure' ? { group: group.toLowerCase(), host: id.toLowerCase() } : { group, host: id };
}

/** The key of the record of the host's group. */
export function groupKeyOf(host: Parameters<typeof keyOf>[0]): BaselineKey {
  return { ...keyOf(host), host: null };
}

/** The key as one text, for maps. */
export function keyText({ group, host }: BaselineKey): string {
  return JSON.stringify([group, host]);
}

/**
 * What is known of a host, and was known at the end of the evaluated window. What is normal for its group stands in where the host is too young for a baseline of its own.
 *
 * @param asOf End of the evaluated window, epoch milliseconds.
 */
export function knowledgeFrom({ records }: Pick<StoredBaselines, 'records'>, host: Resource, asOf: number): Knowledge {
  const own = records.get(keyText(keyOf(host)));
  const ofGroup = isYoung(own) && host.group !== undefined ? records.get(keyText(groupKeyOf(host))) : undefined;
  const baseline = own?.baseline ?? ofGroup?.baseline ?? null;
  const weeks = own?.weeks ?? null;
  const age = asOf - (weeks?.window.end ?? Number.NEGATIVE_INFINITY);
  return {
    ...(baseline !== null && baseline.learnedAt <= asOf && { baseline }),
    ...(weeks !== null && age >= 0 && age <= OUTLOOK_LASTS_MS && { weeks }),
  };
}

/** Of an older host that has none, no baseline does better than its level. */
function isYoung(own: HostBaseline | undefined): boolean {
  const last = own?.refreshes.at(-1);
  return last === undefined || last.reason === 'unlearned' || last.reason === 'untested';
}
