/** Compares what the demo found with what its fleet expects, host by host, in both directions. */

import { unattributedText } from '../../core/messages/attribution.ts';
import type { Attribution } from '../../core/model/attribution.ts';
import { type Inspected, isLeaking } from '../../core/model/inspected-host.ts';
import type { Notification } from '../../core/model/notification.ts';
import { isResource, type Resource, type Scope } from '../../core/model/series.ts';

/** A host of the fleet and what should be found of it. */
export interface Expected {
  readonly resource: Resource;
  readonly expected: { readonly state: State; readonly reason?: string; readonly topConsumer?: string };
  /** `nothing`: nobody collects its processes or pods, and no top consumer can be named. */
  readonly collects?: string;
}

type State = 'leaking' | 'steady' | 'insufficient_data' | 'not_monitored' | 'unreadable' | 'absent';

export interface Comparison {
  /** Hosts by the state that they should be found in. */
  readonly expected: Readonly<Record<State, number>>;
  /** Leaks whose expected top consumer was named first. */
  readonly topConsumers: number;
  /** One sentence per host that was found to be something else. Empty: exactly what is expected was found. */
  readonly differences: readonly string[];
}

/** What was found of one host, in the words of the plan. */
interface Found {
  readonly state: State;
  readonly reason?: string;
}

const ABSENT: Found = { state: 'absent' };

/**
 * @param inspected Every result of the inspection.
 * @param reported Ids of the hosts of which a leak was published.
 */
export function compareWithExpected(
  fleet: readonly Expected[],
  inspected: readonly Inspected[],
  reported: ReadonlySet<string>,
): Comparison {
  const counts = { leaking: 0, steady: 0, insufficient_data: 0, not_monitored: 0, unreadable: 0, absent: 0 };
  const found = indexFound(inspected);
  const differences: string[] = [];
  for (const { resource, expected } of fleet) {
    counts[expected.state]++;
    const actual = found.get(resource.id) ?? found.get(scopeKey(resource)) ?? ABSENT;
    if (!matches(expected, actual)) {
      differences.push(
        `${nameOf(resource)} is expected to be ${stateText(expected)} and was found as ${stateText(actual)}`,
      );
    }
    if ((expected.state === 'leaking') !== reported.has(resource.id)) {
      const what = reported.has(resource.id) ? 'was published as a leak and is none' : 'leaks and was not published';
      differences.push(`${nameOf(resource)} ${what}`);
    }
  }
  const known = new Set(fleet.flatMap(({ resource }) => [resource.id, scopeKey(resource)]));
  const unknown = [...found.keys(), ...reported].filter((key) => !known.has(key));
  differences.push(...unknown.map((key) => `${key} was found and is not expected`));
  const { topConsumers, wrong } = compareTopConsumers(fleet, inspected);
  return { expected: counts, topConsumers, differences: [...differences, ...wrong] };
}

function compareTopConsumers(expected: readonly Expected[], inspected: readonly Inspected[]) {
  const plans = new Map(expected.map((one) => [one.resource.id, one]));
  const wrong: string[] = [];
  let topConsumers = 0;
  for (const { series, attribution } of inspected.filter(isLeaking)) {
    const plan = plans.get(series.resource.id);
    if (plan === undefined || attribution === undefined) continue;
    const difference = topConsumerDifference(plan, attribution);
    if (difference !== undefined) wrong.push(`${nameOf(plan.resource)} ${difference}`);
    else if (attribution.kind === 'attributed') topConsumers++;
  }
  return { topConsumers, wrong };
}

/** What is wrong with who is said to have grown; undefined where nothing is. */
function topConsumerDifference({ expected, collects }: Expected, named: Attribution): string | undefined {
  if (expected.topConsumer === undefined) return undefined;
  if (named.kind === 'unattributed') {
    return collects === 'nothing'
      ? undefined
      : `is to be blamed on ${expected.topConsumer}, and nobody was named: ${unattributedText(named)}`;
  }
  if (collects === 'nothing') return 'has no process data, and somebody was named';
  const first = named.grown[0]?.consumer.name ?? 'nobody';
  // Processes that two selectors find under one name go by both.
  const right = first === expected.topConsumer || first.startsWith(`${expected.topConsumer} (`);
  return right ? undefined : `is to be blamed on ${expected.topConsumer}, and ${first} was named first`;
}

/** By host id; by account and region where a failure concerns all hosts of it. */
function indexFound(inspected: readonly Inspected[]): ReadonlyMap<string, Found> {
  return new Map(inspected.map((one) => [keyOf(one), foundOf(one)]));
}

function keyOf(inspected: Inspected): string {
  switch (inspected.kind) {
    case 'evaluated':
      return inspected.series.resource.id;
    case 'not_monitored':
      return inspected.resource.id;
    case 'unreadable':
      return isResource(inspected.scope) ? inspected.scope.id : scopeKey(inspected.scope);
  }
}

function foundOf(inspected: Inspected): Found {
  if (inspected.kind !== 'evaluated') return { state: inspected.kind, reason: inspected.reason };
  const { verdict } = inspected;
  if (verdict.state === 'insufficient_data') return { state: verdict.state, reason: verdict.reason };
  return { state: verdict.state };
}

function scopeKey({ provider, account, region }: Scope): string {
  return `${provider} ${account} ${region}`;
}

function matches(expected: Found, actual: Found): boolean {
  return expected.state === actual.state && (expected.reason === undefined || expected.reason === actual.reason);
}

function stateText({ state, reason }: Found): string {
  return reason === undefined ? state : `${state} (${reason})`;
}

function nameOf({ name, id }: Resource): string {
  return name === undefined || name === id ? id : `${name} (${id})`;
}

/** One sentence for each thing that must not happen in an undisturbed demo. */
export function mishapsOf(
  inspections: readonly { failed: number; rejected: number; events: readonly Notification[] }[],
) {
  const mishaps: string[] = [];
  const seen = new Set<string>();
  for (const { failed, rejected, events } of inspections) {
    if (failed > 0) mishaps.push(`${failed} messages went back to the queue; --debug shows the log`);
    if (rejected > 0) mishaps.push(`${rejected} messages were put aside on the dead-letter queue`);
    for (const { id } of events) {
      if (seen.has(id)) mishaps.push(`the event ${id} was published twice`);
      seen.add(id);
    }
  }
  return mishaps;
}
