/** What a tenant in shadow would have been notified of, and the threshold that keeps a budget of pages. */
import { confirmedFrom } from '../detector/detect.ts';
import { wouldBeSent } from '../incidents/policy/decide-all.ts';
import type { Change } from '../model/change.ts';
import type { IncidentEvent } from '../model/incident-event.ts';
import type { Resource } from '../model/series.ts';
import { sweptThresholds } from './alert-budget.ts';

const WEEK_MS = 7 * 24 * 3_600_000;

export interface ShadowSummary {
  /** Epoch milliseconds. */
  readonly from: number;
  readonly to: number;
  /** Changes that were recorded, and those of them that would have paged. */
  readonly changes: number;
  readonly pages: number;
  /** Those that would have been sent and not have paged. */
  readonly notifications: number;
  /** The hosts that would have paged, those with the most pages first. Entries of earlier versions name none. */
  readonly hosts: readonly ShadowedHost[];
  readonly pagesPerWeek: number;
  /** Pages by kind of change, where there are any. */
  readonly byKind: Readonly<Partial<Record<Change['kind'], number>>>;
  /**
   * The least threshold at which so many pages a week at most would have been left, by the confidence that each had when it was reported.
   * Null where none leaves so few, or no budget is given. A backtest computes it exactly.
   */
  readonly threshold: number | null;
}

export interface ShadowedHost {
  readonly host: Resource;
  readonly pages: number;
}

export interface ShadowSpan {
  /** Epoch milliseconds: when the shadow began, and when it ended. */
  readonly from: number;
  readonly to: number;
  /** Pages a week, at the most. */
  readonly budget?: number | undefined;
}

/** @param events Of the tenant's log, in any order. Others than those of the shadow are passed over. */
export function shadowSummary(events: Iterable<IncidentEvent>, { from, to, budget }: ShadowSpan): ShadowSummary {
  const changes: Change[] = [];
  const pages: Change[] = [];
  const hosts = new Map<string, ShadowedHost>();
  let notifications = 0;
  for (const event of events) {
    if (event.kind !== 'change' || event.decision.stage !== 'shadow' || event.at < from || event.at >= to) continue;
    changes.push(event.change);
    if (!event.decision.page && wouldBeSent(event.decision)) notifications++;
    if (!event.decision.page) continue;
    pages.push(event.change);
    if (event.host !== undefined) countPage(hosts, event.host);
  }
  const weeks = Math.max((to - from) / WEEK_MS, Number.MIN_VALUE);
  const byKind: Partial<Record<Change['kind'], number>> = {};
  for (const { kind } of pages) byKind[kind] = (byKind[kind] ?? 0) + 1;
  return {
    from,
    to,
    changes: changes.length,
    pages: pages.length,
    notifications,
    hosts: [...hosts.values()].toSorted((a, b) => b.pages - a.pages),
    pagesPerWeek: pages.length / weeks,
    byKind,
    threshold: budget === undefined ? null : thresholdFor(pages, budget * weeks),
  };
}

function countPage(hosts: Map<string, ShadowedHost>, host: Resource): void {
  const key = JSON.stringify([host.provider, host.account, host.region, host.id]);
  hosts.set(key, { host, pages: (hosts.get(key)?.pages ?? 0) + 1 });
}

function thresholdFor(pages: readonly Change[], most: number): number | null {
  const left = (threshold: number) => pages.filter((page) => wouldPage(page, threshold)).length;
  return sweptThresholds().find((threshold) => left(threshold) <= most) ?? null;
}

/** A change that states no confidence pages at any threshold. */
function wouldPage({ kind, leak }: Change, threshold: number): boolean {
  if (leak === undefined) return true;
  return leak.confidence >= (kind === 'suspected' ? threshold : confirmedFrom(threshold));
}
