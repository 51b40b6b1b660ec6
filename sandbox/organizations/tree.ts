/** An organization as the three clouds have one: a tree of parts, and the accounts that are directly in each. */

export interface PlayedAccount {
  readonly id: string;
  readonly name: string;
  /** The provider's own word, such as `ACTIVE`, `SUSPENDED`, `DELETE_REQUESTED` or `Disabled`. */
  readonly state: string;
  /** Of Google Cloud. */
  readonly number?: string;
  /** Of Azure: null where whoever lists may not read the subscription itself. */
  readonly directory?: string | null;
}

export interface Part {
  readonly id: string;
  readonly accounts: readonly PlayedAccount[];
  readonly parts?: readonly Part[];
}

/** A part with all that are below it, itself first. */
export function partsBelow(part: Part): Part[] {
  return [part, ...(part.parts ?? []).flatMap(partsBelow)];
}

/** Entries of one page, and the token of the next one. */
export interface Page<Entry> {
  readonly entries: readonly Entry[];
  readonly next: string | undefined;
}

/** Divides entries into pages; tokens are offsets. */
export function pageOf<Entry>(entries: readonly Entry[], token: string | null | undefined, size: number): Page<Entry> {
  const start = Number(token ?? 0);
  const end = start + size;
  return { entries: entries.slice(start, end), next: end < entries.length ? String(end) : undefined };
}
