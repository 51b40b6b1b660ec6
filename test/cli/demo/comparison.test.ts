import { describe, expect, it } from 'vitest';
import { comparePlanted, mishapsOf, type Planted } from '../../../cli/demo/comparison.ts';
import type { Attribution } from '../../../core/model/attribution.ts';
import type { Inspected } from '../../../core/model/inspected-host.ts';
import {
  aContribution,
  aLeakingVerdict,
  aNotification,
  anAttribution,
  anInsufficientVerdict,
  aResource,
  aSeries,
  aSteadyVerdict,
} from '../../fixtures/builders.ts';

const LEAK = aResource({ id: 'i-leak', name: 'checkout-1' });
const FLAT = aResource({ id: 'i-flat' });
const YOUNG = aResource({ id: 'i-young' });
const DARK = aResource({ id: 'i-dark' });
const GONE = aResource({ id: 'i-gone' });
const HIDDEN = aResource({ id: 'i-hidden', account: '444444444444' });

const PLANTED: readonly Planted[] = [
  { resource: LEAK, expected: { state: 'leaking' } },
  { resource: FLAT, expected: { state: 'steady' } },
  { resource: YOUNG, expected: { state: 'insufficient_data', reason: 'too_short' } },
  { resource: DARK, expected: { state: 'uncovered', reason: 'not_reported' } },
  { resource: GONE, expected: { state: 'absent' } },
  { resource: HIDDEN, expected: { state: 'unreadable', reason: 'denied' } },
];

const { id: _, ...HIDDEN_ACCOUNT } = HIDDEN;

const AS_PLANTED: readonly Inspected[] = [
  { kind: 'judged', series: aSeries([0.5], { resource: LEAK }), verdict: aLeakingVerdict() },
  { kind: 'judged', series: aSeries([0.5], { resource: FLAT }), verdict: aSteadyVerdict() },
  { kind: 'judged', series: aSeries([0.5], { resource: YOUNG }), verdict: anInsufficientVerdict() },
  { kind: 'uncovered', resource: DARK, reason: 'not_reported', hint: '' },
  { kind: 'unreadable', scope: HIDDEN_ACCOUNT, reason: 'denied', detail: '' },
];

const TOLD = new Set(['i-leak']);

describe('comparePlanted', () => {
  it('finds no difference where everything is as planted', () => {
    expect(comparePlanted(PLANTED, AS_PLANTED, TOLD)).toEqual({
      planted: { leaking: 1, steady: 1, insufficient_data: 1, uncovered: 1, unreadable: 1, absent: 1 },
      culprits: 0,
      differences: [],
    });
  });

  it('tells a leak that was missed', () => {
    const missed: Inspected = { kind: 'judged', series: aSeries([0.5], { resource: LEAK }), verdict: aSteadyVerdict() };

    expect(comparePlanted(PLANTED, [missed, ...AS_PLANTED.slice(1)], new Set()).differences).toEqual([
      'checkout-1 (i-leak) was planted as leaking and found as steady',
      'checkout-1 (i-leak) leaks and was not published',
    ]);
  });

  it('counts culprits that were named first, and tells those that were not', () => {
    const blamed: Planted = { resource: LEAK, expected: { state: 'leaking', culprit: 'node' } };
    const named = (attribution: Attribution, collects?: string) => {
      const host: Inspected = {
        kind: 'judged',
        series: aSeries([0.5], { resource: LEAK }),
        verdict: aLeakingVerdict(),
        attribution,
      };
      const { culprits, differences } = comparePlanted([{ ...blamed, ...(collects && { collects }) }], [host], TOLD);
      return [culprits, ...differences];
    };
    const nobody: Attribution = { kind: 'unattributed', reason: 'not_collected', says: 'turn it on' };

    expect(named(anAttribution())).toEqual([1]);
    expect(named(anAttribution({ grown: [aContribution('node (exe=node)', 1)] }))).toEqual([1]);
    expect(named(anAttribution({ grown: [aContribution('java', 1)] }))).toEqual([
      0,
      'checkout-1 (i-leak) is to be blamed on node, and java was named first',
    ]);
    expect(named(nobody)).toEqual([0, 'checkout-1 (i-leak) is to be blamed on node, and nobody was named: turn it on']);
    expect(named(nobody, 'nothing')).toEqual([0]);
    expect(named(anAttribution(), 'nothing')).toEqual([
      0,
      'checkout-1 (i-leak) has no process data, and somebody was named',
    ]);
  });

  it('tells a healthy host that was found leaking', () => {
    const alarm: Inspected = { kind: 'judged', series: aSeries([0.5], { resource: FLAT }), verdict: aLeakingVerdict() };
    const inspected = [...AS_PLANTED.filter((_, index) => index !== 1), alarm];

    expect(comparePlanted(PLANTED, inspected, new Set(['i-leak', 'i-flat'])).differences).toEqual([
      'i-flat was planted as steady and found as leaking',
      'i-flat was published as a leak and is none',
    ]);
  });

  it('tells a host that was not found at all, and a wrong reason', () => {
    const wrong: Inspected = { kind: 'uncovered', resource: DARK, reason: 'stopped_reporting', hint: '' };
    const inspected = [...AS_PLANTED.filter((_, index) => index !== 1 && index !== 3), wrong];

    expect(comparePlanted(PLANTED, inspected, TOLD).differences).toEqual([
      'i-flat was planted as steady and found as absent',
      'i-dark was planted as uncovered (not_reported) and found as uncovered (stopped_reporting)',
    ]);
  });

  it('tells what was found and never planted', () => {
    const extra: Inspected = {
      kind: 'uncovered',
      resource: aResource({ id: 'i-extra' }),
      reason: 'not_reported',
      hint: '',
    };

    expect(comparePlanted(PLANTED, [...AS_PLANTED, extra], new Set(['i-leak', 'i-ghost'])).differences).toEqual([
      'i-extra was found and was never planted',
      'i-ghost was found and was never planted',
    ]);
  });
});

describe('mishapsOf', () => {
  it('says nothing of an undisturbed demo', () => {
    expect(mishapsOf([{ failed: 0, rejected: 0, events: [aNotification()] }])).toEqual([]);
  });

  it('tells messages that failed, and events that came twice', () => {
    const event = aNotification();
    const mishaps = mishapsOf([
      { failed: 2, rejected: 1, events: [event] },
      { failed: 0, rejected: 0, events: [event] },
    ]);

    expect(mishaps).toEqual([
      '2 messages went back to the queue; --debug shows the log',
      '1 messages were put aside on the dead-letter queue',
      `the event ${event.id} was published twice`,
    ]);
  });
});
