/** Keeps what recordings select on this host: requested as often as the receiver states, and on disk for a start without a network. */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Answer, outcomeOf, reasonOf } from './answers.ts';
import type { Notices } from './notices.ts';
import { type HostSelection, parseSelections } from './selections.ts';

export interface SelectionClient {
  /** As far as it is known now. */
  current(): readonly HostSelection[];
  /** Never throws. @returns Milliseconds after which it is called again. */
  refresh(): Promise<number>;
}

export interface SelectionClientOptions {
  get(etag: string | undefined): Promise<Answer>;
  /** Where the last answer is kept. */
  readonly folder: string;
  readonly notices: Notices;
  /** From 0 to 1. */
  readonly random: () => number;
}

/** Where the receiver states nothing else: once a minute, and never more often. */
const EVERY_MS = 60_000;
/** Where the token is refused, or the receiver has no selections. */
const DENIED_EVERY_MS = 900_000;

interface Known {
  readonly etag: string | undefined;
  readonly selections: readonly HostSelection[];
}

export function createSelectionClient({ get, folder, notices, random }: SelectionClientOptions): SelectionClient {
  const file = join(folder, 'selections.json');
  let known = readKnown(file);

  function take(answer: Answer): void {
    try {
      const selections = parseSelections(JSON.parse(answer.body));
      known = { etag: answer.etag, selections };
      writeFileSync(`${file}.new`, JSON.stringify({ version: 1, ...known }), { mode: 0o600 });
      renameSync(`${file}.new`, file);
      notices.over('selections', 'What recordings select here is known again.');
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      notices.trouble('selections', `What recordings select here is not understood or not kept: ${reason}`);
    }
  }

  async function request(): Promise<number> {
    const answer = await get(known.etag);
    if (answer.status === 304) {
      notices.over('selections', 'What recordings select here is known again.');
      return everyOf(answer);
    }
    if (outcomeOf(answer) === 'accepted') {
      take(answer);
      return everyOf(answer);
    }
    notices.trouble('selections', `What recordings select here cannot be read: ${reasonOf(answer)}.`);
    return outcomeOf(answer) === 'again' ? EVERY_MS : DENIED_EVERY_MS;
  }

  return {
    current: () => known.selections,
    // Up to a quarter sooner: hosts that started together would be refused together, each time.
    refresh: async () => (await request()) * (1 - random() / 4),
  };
}

function everyOf({ maxAge = 0 }: Answer): number {
  return Math.min(Math.max(1000 * maxAge, EVERY_MS), DENIED_EVERY_MS);
}

function readKnown(file: string): Known {
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
    const selections = parseSelections(value);
    const etag = typeof value === 'object' && value !== null && 'etag' in value ? value.etag : undefined;
    return { etag: typeof etag === 'string' ? etag : undefined, selections };
  } catch {
    // None was kept, or it was kept by another version: the next answer replaces it.
    return { etag: undefined, selections: [] };
  }
}
