/** Hosts in the order in which a list shows them, page after page, out of however many lines. */
import * as z from 'zod';
import type { ResultLine } from '../../core/model/result-line.ts';
import type { Scope } from '../../core/model/series.ts';
import { createCursor } from '../cursor.ts';
import { hostRef } from '../refs.ts';
import { type HostLine, hostOfLine } from '../views/host.ts';

/** Where a host stands: those that leak first, of these confirmed ones, and of these what is full sooner. */
const positionSchema = z.tuple([z.int().min(0).max(9), z.number(), z.string().max(3000)]);
export type Position = z.output<typeof positionSchema>;

const RANKS: Readonly<Record<ResultLine['verdict'], number>> = {
  leaking: 1,
  unreadable: 2,
  insufficient_data: 3,
  not_monitored: 4,
  steady: 5,
};

/** The reference makes it unique, so that a page goes on where the one before ended whatever later runs found. */
function positionOf(line: HostLine): Position {
  const rank = line.verdict === 'leaking' && line.grade === 'confirmed' ? 0 : RANKS[line.verdict];
  // Steady ones are listed region by region, whatever is known of their end.
  const exhaustion = line.verdict === 'steady' ? null : line.exhaustion;
  return [rank, exhaustion ?? Number.MAX_SAFE_INTEGER, hostRef(hostOfLine(line))];
}

/**
 * Orders regions as their steady hosts are listed: those of a region are together, because references begin with it. So a page of them
 * is read from one or two regions.
 */
export function regionPosition(scope: Scope): Position {
  return [RANKS.steady, Number.MAX_SAFE_INTEGER, hostRef({ ...scope, id: '' })];
}

export function comparePositions(a: Position, b: Position): number {
  return a[0] - b[0] || a[1] - b[1] || (a[2] < b[2] ? -1 : Number(a[2] > b[2]));
}

export const hostCursor = createCursor(positionSchema, 'hosts');

interface Placed {
  readonly line: HostLine;
  readonly position: Position;
}

export interface HostPage {
  readonly lines: readonly HostLine[];
  readonly next: Position | null;
  /** Lines that were added, before the page too. */
  readonly total: number;
}

/** Keeps the first lines behind a position: as many as a page has, and one more. */
export function createHostPage(limit: number, after: Position | undefined, positionIn = positionOf) {
  const kept: Placed[] = [];
  let total = 0;
  const shrink = () => {
    kept.sort((a, b) => comparePositions(a.position, b.position));
    kept.length = Math.min(kept.length, limit + 1);
  };
  return {
    /** Whether no line that comes behind all of these can be on the page. */
    isFull: () => kept.length > limit,
    add(line: HostLine): void {
      total++;
      const position = positionIn(line);
      if (after !== undefined && comparePositions(position, after) <= 0) return;
      kept.push({ line, position });
      // Sorted now and then: each line is looked at once, and no more than two pages are kept.
      if (kept.length > 2 * limit + 100) shrink();
    },
    end(): HostPage {
      shrink();
      const page = kept.slice(0, limit);
      const last = page.at(-1);
      const next = kept.length > limit && last !== undefined ? last.position : null;
      return { lines: page.map(({ line }) => line), next, total };
    },
  };
}
