/** Hosts of which nothing is known, why, and what changes it. */
import { collectSnippet, doctorSnippet, type Snippet } from '../../core/messages/collect-snippets.ts';
import { isoText } from '../../core/model/notation.ts';
import type { ResultLine } from '../../core/model/result-line.ts';
import { UNREADABLE_REASONS } from '../../core/model/series.ts';
import type { HandlersOf } from '../call.ts';
import type { CoverageView } from '../contract/tenants.ts';
import { hostCounts, sumCounts } from '../fleet/counts.ts';
import { hasAccounts, omittedText, readRegions } from '../fleet/regions.ts';
import { type HostLine, hostOfLine, hostView, isHostLine } from '../views/host.ts';

/** Hosts of a gap that are named. */
const EXAMPLES = 20;

export const coverageHandlers: HandlersOf<'getCoverage'> = {
  async getCoverage({ tenant, now, heads, api }) {
    const names = { tenant: tenant.id, stage: api.signIn().stage ?? undefined };
    const regions = await readRegions(tenant, {}, { now, heads });
    const lines = regions.flatMap(({ kept }) => (kept?.head.lines ?? []).filter(isGap));
    const gaps = [...Map.groupBy(lines, keyOf).values()].flatMap((ofGap) => gapView(ofGap, names));
    return {
      asOf: isoText(now),
      hosts: sumCounts(regions.flatMap(({ run }) => (run.summary ? [hostCounts(run.summary)] : []))),
      gaps: gaps.sort((a, b) => b.hosts - a.hosts),
      missing: regions.flatMap((region) => {
        const { provider, account, region: name } = region.scope;
        const message = region.failure ?? omittedText(region);
        return message === undefined ? [] : [{ provider, account, region: name ?? '', message }];
      }),
    };
  },
};

interface Names {
  readonly tenant: string;
  readonly stage: string | undefined;
}

type Gap = CoverageView['gaps'][number];

function isGap({ verdict, reason }: ResultLine): boolean {
  return verdict !== 'leaking' && verdict !== 'steady' && reason !== null;
}

function keyOf({ provider, account, region, reason }: ResultLine): string {
  return JSON.stringify([provider, account, region, reason]);
}

/** @param lines Of one account, region and reason. */
function gapView(lines: readonly ResultLine[], names: Names): Gap[] {
  const [first] = lines;
  if (first?.reason == null) return [];
  const { provider, account, region, reason } = first;
  const hosts = lines.filter(isHostLine);
  const examples = hosts.slice(0, EXAMPLES).map((line: HostLine) => hostView(hostOfLine(line), line.version));
  const message = mostFrequent(lines.map(({ detail }) => detail ?? reason.replaceAll('_', ' ')));
  return [
    { provider, account, region, reason, message, hosts: hosts.length, examples, snippet: snippetFor(first, names) },
  ];
}

/** Advice is the same for most hosts of a gap. */
function mostFrequent(texts: readonly string[]): string {
  const counts = [...Map.groupBy(texts, (text) => text)].sort(([, a], [, b]) => b.length - a.length);
  return counts[0]?.[0] ?? '';
}

/** Reasons for which a host has to be set up in another way. */
const COLLECTED: ReadonlySet<string> = new Set(['not_reported', 'stopped_reporting']);

function snippetFor({ provider, account, reason }: ResultLine, { tenant, stage }: Names): Snippet | null {
  if (COLLECTED.has(reason ?? '')) return hasAccounts(provider) ? collectSnippet(provider) : null;
  return UNREADABLE_REASONS.some((one) => one === reason) ? doctorSnippet(tenant, account, stage) : null;
}
