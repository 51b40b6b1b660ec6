/** A host as the lists show it, and which series are its own. */
import * as z from 'zod';
import type { Resource } from '../../core/model/series.ts';
import type { PlannedHost } from '../../core/ports/memory-source.ts';
import { entryOf } from '../reading/host-list.ts';
import type { Labels } from './answers.ts';

export interface KnownHost extends HostEntry {
  readonly resource: Resource;
}

/**
 * `live` at the end of the window. `stopped`: it has series in the window, and is still expected to. `gone`: it has, and is not expected to
 * any more: its target was removed, its pod deleted. `lost`: it has, and nobody knows which of both: it is expected for a day. `down`: it
 * has stopped, and the server states that it cannot be scraped.
 */
const STATES = ['live', 'stopped', 'gone', 'lost', 'down'] as const;

const entrySchema = z.object({
  /** Which samples: the key of a `SampleSource`. */
  source: z.string().max(256),
  /** The values of the identifying labels, but for the one by which hosts are requested. A label that is not there is empty. */
  at: z.array(z.string()).max(16).readonly(),
  /** The values of that one: several of a workload whose pods follow each other. */
  names: z.array(z.string()).min(1).max(64).readonly(),
  /** Bytes. */
  limit: z.number().positive().exactOptional(),
  state: z.enum(STATES),
});

type HostEntry = z.output<typeof entrySchema>;

export function plannedOf({ resource, ...entry }: KnownHost): PlannedHost {
  return { resource, entry };
}

/** Throws `SourceError` for a host that another version planned. */
export function knownHostOf(planned: PlannedHost): KnownHost {
  return { resource: planned.resource, ...entryOf(planned, entrySchema) };
}

/** Labels have no such character. */
const SEPARATOR = '\u0000';

/** Several texts as one. */
export function keyOf(texts: readonly (string | undefined)[]): string {
  return texts.map((text) => text ?? '').join(SEPARATOR);
}

/** The values of labels, empty where one is not there. */
export function valuesOf(labels: Labels, names: readonly string[]): string[] {
  return names.map((name) => labels[name] ?? '');
}

/** The id of a host: its names, after its cluster where it has one. */
export function idOf(cluster: string, ...names: readonly string[]): string {
  return [...(cluster === '' ? [] : [cluster]), ...names].join('/');
}

/** The longest id of a host: it is a part of keys and messages. */
const MAX_ID = 400;

/** Whether a text of a server can be an id or a name: there is something of it, and nothing that would change a terminal. */
export function isId(text: string): boolean {
  return text.length > 0 && text.length <= MAX_ID && !/[\p{Cc}\p{Cf}]/u.test(text);
}

export function isName(text: string | undefined): text is string {
  return text !== undefined && isId(text);
}
