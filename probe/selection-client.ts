/** Keeps what recordings select on this host: requested as seldom as the receiver states, and on disk for a start without a network. */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Answer, outcomeOf, reasonOf } from './answers.ts';
import type { Notices } from './notices.ts';
import { type HostSelection, parseSelections } from './selections.ts';

export interface SelectionClient {
  /** As far as it is known now. */
  current(): readonly HostSelection[];
  /** Requests them where they may have changed. Never throws. @returns Milliseconds after which it is called again. */
  refresh(): Promise<number>;
  /** @param etag Of the selections as they are now, from an answer to samples; undefined where it has none. */
  see(etag: string | undefined): void;
}

export interface SelectionClientOptions {
  get(etag: string | undefined): Promise<Answer>;
  /** Where the last answer is kept. */
  readonly folder: string;
  readonly notices: Notices;
  /** From 0 to 1. */
  readonly random: () => number;
  /** Milliseconds of a clock that only rises. */
  readonly elapsed: () => number;
}

/** How often it is looked whether they may have changed; where the receiver states nothing, how often they are requested. */
const EVERY_MS = 60_000;
/** Where the token is refused, or the receiver has no selections. */
const DENIED_EVERY_MS = 900_000;
/** A receiver that states a longer time is not believed. */
const MOST_CURRENT_S = 900;

interface Known {
  readonly etag: string | undefined;
  readonly selections: readonly HostSelection[];
}

export function createSelectionClient(options: SelectionClientOptions): SelectionClient {
  const { get, folder, notices, random, elapsed } = options;
  const file = join(folder, 'selections.json');
  let known = readKnown(file);
  /** By `elapsed`: until then they are as they are known. */
  let currentUntil = 0;
  let currentMs = 0;

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

  function holdCurrent({ maxAge = 0 }: Answer): void {
    currentMs = 1000 * Math.min(maxAge, MOST_CURRENT_S);
    currentUntil = elapsed() + currentMs;
  }

  async function request(): Promise<number> {
    const answer = await get(known.etag);
    if (answer.status !== 304 && outcomeOf(answer) !== 'accepted') {
      notices.trouble('selections', `What recordings select here cannot be read: ${reasonOf(answer)}.`);
      return outcomeOf(answer) === 'again' ? EVERY_MS : DENIED_EVERY_MS;
    }
    if (answer.status === 304) notices.over('selections', 'What recordings select here is known again.');
    else take(answer);
    // What was not understood is requested again.
    if (answer.status === 304 || answer.etag === known.etag) holdCurrent(answer);
    return EVERY_MS;
  }

  return {
    current: () => known.selections,
    async refresh() {
      // What is current still is so at the next call.
      const wait = elapsed() + EVERY_MS <= currentUntil ? EVERY_MS : await request();
      // Up to a quarter sooner: hosts that started together would be refused together, each time.
      return wait * (1 - random() / 4);
    },
    see(etag) {
      if (etag !== undefined) currentUntil = etag === known.etag ? elapsed() + currentMs : 0;
    },
  };
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
