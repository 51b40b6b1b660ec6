import { describe, expect, it } from 'vitest';
import { compareWithExpected, type Expected, mishapsOf } from '../../../cli/demo/comparison.ts';
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

const EXPECTED: readonly Expected[] = [
  { resource: LEAK, expected: { state: 'leaking' } },
  { resource: FLAT, expected: { state: 'steady' } },
  { resource: YOUNG, expected: { state: 'insufficient_data', reason: 'too_short' } },
  { resource: DARK, expected: { state: 'not_monitored', reason: 'not_reported' } },
  { resource: GONE, expected: { state: 'absent' } },
  { resource: HIDDEN, expected: { state: 'unreadable', reason: 'denied' } },
];

const { id: _, ...HIDDEN_ACCOUNT } = HIDDEN;

const AS_EXPECTED: readonly Inspected[] = [
  { kind: 'evaluated', series: aSeries([0.5], { resource: LEAK }), verdict: aLeakingVerdict() },
  { kind: 'evaluated', series: aSeries([0.5], { resource: FLAT }), verdict: aSteadyVerdict() },
  { kind: 'evaluated', series: aSeries([0.5], { resource: YOUNG }), verdict: anInsufficientVerdict() },
  { kind: 'not_monitored', resource: DARK, reason: 'not_reported', hint: '' },
  { kind: 'unreadable', scope: HIDDEN_ACCOUNT, reason: 'denied', detail: '' },
];

const REPORTED = new Set(['i-leak']);

describe('compareWithExpected', () => {
  it('finds no difference where everything is as expected', () => {
    expect(compareWithExpected(EXPECTED, AS_EXPECTED, REPORTED)).toEqual({
      expected: { leaking: 1, steady: 1, insufficient_data: 1, not_monitored: 1, unreadable: 1, absent: 1 },
      topConsumers: 0,
      differences: [],
    });
  });

  it('reports a leak that was missed', () => {
    const missed: Inspected = {
      kind: 'evaluated',
      series: aSeries([0.5], { resource: LEAK }),
      verdict: aSteadyVerdict(),
    };

    expect(compareWithExpected(EXPECTED, [missed, ...AS_EXPECTED.slice(1)], new Set()).differences).toEqual([
      'checkout-1 (i-leak) is expected to be leaking and was found as steady',
      'checkout-1 (i-leak) leaks and was not published',
    ]);
  });

  it('counts the top consumers that were named first, and reports those that were not', () => {
    const blamed: Expected = { resource: LEAK, expected: { state: 'leaking', topConsumer: 'node' } };
    const named = (attribution: Attribution, collects?: string) => {
      const host: Inspected = {
        kind: 'evaluated',
        series: aSeries([0.5], { resource: LEAK }),
        verdict: aLeakingVerdict(),
        attribution,
      };
      const { topConsumers, differences } = compareWithExpected(
        [{ ...blamed, ...(collects && { collects }) }],
        [host],
        REPORTED,
      );
      return [topConsumers, ...differences];
    };
    const nobody: Attribution = { kind: 'unattributed', reason: 'not_collected', detail: 'turn it on', traces: [] };

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

  it('reports a healthy host that was found leaking', () => {
    const alarm: Inspected = {
      kind: 'evaluated',
      series: aSeries([0.5], { resource: FLAT }),
      verdict: aLeakingVerdict(),
    };
    const inspected = [...AS_EXPECTED.filter((_, index) => index !== 1), alarm];

    expect(compareWithExpected(EXPECTED, inspected, new Set(['i-leak', 'i-flat'])).differences).toEqual([
      'i-flat is expected to be steady and was found as leaking',
      'i-flat was published as a leak and is none',
    ]);
  });

  it('reports a host that was not found at all, and a wrong reason', () => {
    const wrong: Inspected = { kind: 'not_monitored', resource: DARK, reason: 'stopped_reporting', hint: '' };
    const inspected = [...AS_EXPECTED.filter((_, index) => index !== 1 && index !== 3), wrong];

    expect(compareWithExpected(EXPECTED, inspected, REPORTED).differences).toEqual([
      'i-flat is expected to be steady and was found as absent',
      'i-dark is expected to be not_monitored (not_reported) and was found as not_monitored (stopped_reporting)',
    ]);
  });

  it('reports what was found and is not expected', () => {
    const extra: Inspected = {
      kind: 'not_monitored',
      resource: aResource({ id: 'i-extra' }),
      reason: 'not_reported',
      hint: '',
    };

    expect(compareWithExpected(EXPECTED, [...AS_EXPECTED, extra], new Set(['i-leak', 'i-ghost'])).differences).toEqual([
      'i-extra was found and is not expected',
      'i-ghost was found and is not expected',
    ]);
  });
});

describe('mishapsOf', () => {
  it('finds nothing in an undisturbed demo', () => {
    expect(mishapsOf([{ failed: 0, rejected: 0, events: [aNotification()] }])).toEqual([]);
  });

  it('reports messages that failed, and events that came twice', () => {
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
