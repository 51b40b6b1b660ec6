/** Recordings, and what was recorded, in memory. What is kept is a copy, as it would be read back. */
import * as z from 'zod';
import { recordedHoursSchema, recordedLiveSchema, recordingSchema } from '../../core/model/recording.ts';
import { ItemError } from '../../core/ports/errors.ts';
import type {
  ArchivedDay,
  LivePart,
  RecordedSamples,
  RecordingRef,
  RecordingStore,
} from '../../core/ports/recording-store.ts';

export function createMemoryRecordingStore(): RecordingStore {
  const kept = new Map<string, string>();
  const keyOf = (tenant: string, id: string) => `${tenant}/${id}`;
  const parsed = (text: string) => recordingSchema.parse(JSON.parse(text));
  return {
    async get(tenant, id) {
      const text = kept.get(keyOf(tenant, id));
      return text === undefined ? undefined : parsed(text);
    },
    async list(tenant) {
      const all = [...kept.values()].map(parsed).filter((one) => one.tenant === tenant);
      return all.toSorted((a, b) => b.startedAt - a.startedAt);
    },
    async put(recording) {
      kept.set(keyOf(recording.tenant, recording.id), JSON.stringify(recording));
    },
    async change(tenant, id, change) {
      const text = kept.get(keyOf(tenant, id));
      if (text === undefined) return undefined;
      const recording = change(parsed(text));
      kept.set(keyOf(tenant, id), JSON.stringify(recording));
      return recording;
    },
    async remove(tenant, id) {
      kept.delete(keyOf(tenant, id));
    },
  };
}

interface HostDays {
  readonly live: Map<string, Map<string, LivePart['live']>>;
  readonly archived: Map<string, { readonly archive: ArchivedDay; readonly version: string }>;
}

export function createMemoryRecordedSamples(): RecordedSamples {
  const all = new Map<string, Map<string, HostDays>>();
  let writes = 0;

  function daysOf({ tenant, id }: RecordingRef, host: string): HostDays {
    const key = `${tenant}/${id}`;
    const hosts = all.get(key) ?? new Map<string, HostDays>();
    all.set(key, hosts);
    const days = hosts.get(host) ?? { live: new Map(), archived: new Map() };
    hosts.set(host, days);
    return days;
  }

  function partsOf(of: RecordingRef, host: string, day: string): Map<string, LivePart['live']> {
    const { live } = daysOf(of, host);
    const parts = live.get(day) ?? new Map<string, LivePart['live']>();
    live.set(day, parts);
    return parts;
  }

  return {
    async putLive(of, day, name, live) {
      requireReadable(z.array(recordedLiveSchema), live);
      for (const [host, processes] of Map.groupBy(live, (one) => one.host))
        partsOf(of, host, day).set(name, structuredClone(processes));
    },
    async hosts({ tenant, id }) {
      const hosts = [...(all.get(`${tenant}/${id}`) ?? [])].map(([host, { live, archived }]) => ({
        host,
        liveDays: [...live].map(([day, parts]) => ({ day, parts: parts.size })).filter(({ parts }) => parts > 0),
        archivedDays: [...archived.keys()].toSorted(),
      }));
      return hosts
        .map((one) => ({ ...one, liveDays: one.liveDays.toSorted((a, b) => (a.day < b.day ? -1 : 1)) }))
        .filter((one) => one.liveDays.length + one.archivedDays.length > 0)
        .toSorted((a, b) => (a.host < b.host ? -1 : 1));
    },
    async *live(of, host, day) {
      const parts = [...partsOf(of, host, day)].toSorted(([a], [b]) => (a < b ? -1 : 1));
      for (const [name, live] of parts) yield { name, live: structuredClone(live) };
    },
    async archive(of, host, day) {
      const found = daysOf(of, host).archived.get(day);
      return found && { ...structuredClone(found.archive), version: found.version };
    },
    async putArchive(of, host, day, archive, expected) {
      requireReadable(z.array(recordedHoursSchema), archive.hours);
      const { archived } = daysOf(of, host);
      if (archived.get(day)?.version !== expected) return 'conflict';
      archived.set(day, { archive: structuredClone(archive), version: String(++writes) });
      return 'stored';
    },
    async removeLive(of, host, day, names) {
      for (const name of names) partsOf(of, host, day).delete(name);
    },
    async removeArchive(of, host, day) {
      daysOf(of, host).archived.delete(day);
    },
    async removeAll({ tenant, id }) {
      all.delete(`${tenant}/${id}`);
    },
  };
}

function requireReadable(schema: z.ZodType, value: unknown): void {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new ItemError('it would not be read back', { cause: parsed.error });
}
