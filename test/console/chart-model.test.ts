/** What the chart shows, as numbers. */
import { describe, expect, it } from 'vitest';
import { chartModel, defaultRange, levelRange, rangeToLimit, withGaps } from '../../console/chart/model.ts';
import { curvePaths } from '../../console/chart/small-curve-path.ts';
import { leakFactsOf } from '../../console/incident-facts.ts';
import { incidentTitle } from '../../console/incident-title.ts';
import { addressOfRange, rangeOfAddress, readWindowOf } from '../../console/incident-view.ts';
import { growthsOf, rangeOf, seriesOf, turnsOf, whatIf } from '../../console/what-if.ts';
import { detect } from '../../core/detector/detect.ts';
import { hostMemoryView, incidentView, pageCase } from '../fixtures/console/incident-page.ts';
import { tenantFixtures } from '../fixtures/console/tenants.ts';

const NOW = Date.UTC(2026, 10, 29, 12);
const HOUR = 3_600_000;
const [row] = tenantFixtures(NOW)[0]?.fleet.incidents ?? [];
if (row === undefined) throw new Error('the fixtures have no incident');

const page = pageCase(row, NOW);
const incident = incidentView(page, NOW);
const memory = hostMemoryView(page);
const over = pageCase({ ...row, status: 'closed' }, NOW);

describe('the facts of a leak', () => {
  it('are those of the newest message until the cloud was read', () => {
    const before = leakFactsOf(incident, undefined);
    const after = leakFactsOf(incident, memory);

    expect(before).toMatchObject({
      source: 'message',
      unit: '1',
      attribution: { kind: 'attributed', source: 'message' },
    });
    expect(after).toMatchObject({ source: 'read', asOf: memory.evaluated?.end, attribution: { source: 'read' } });
  });

  it('are those of the last message that states a leak, of one that is over', () => {
    const view = incidentView(over, NOW);

    const facts = leakFactsOf(view, hostMemoryView(over));

    expect(view.body?.data.leak).toBeUndefined();
    expect(facts).toMatchObject({ source: 'message', grade: 'confirmed' });
  });

  it('make the headline, which states no forecast after the end', () => {
    const leak = leakFactsOf(incident, memory);
    const ended = incidentView(over, NOW);

    expect(incidentTitle(incident, leak, NOW)).toMatch(
      /^checkout-api-00 grows like a leak, \+1\.0\d %\/h, likely full in /,
    );
    expect(incidentTitle(ended, leak, NOW)).toBe('checkout-api-00 no longer grows like a leak');
  });
});

describe('the chart', () => {
  it('is drawn from the messages at first, and from the samples when they were read', () => {
    const leak = leakFactsOf(incident, undefined);

    expect(chartModel(incident, leak, undefined)).toMatchObject({ source: 'message', limit: 1 });
    expect(chartModel(incident, leak, memory)?.samples.times).toHaveLength(memory.samples.times.length);
  });

  it('shows the forecast without pressing the history into a corner', () => {
    const model = chartModel(incident, leakFactsOf(incident, memory), memory);
    if (model === undefined) throw new Error('no model');
    const far = { ...model, forecast: { earliest: 4e9, likely: 5e9, latest: null } };
    const length = model.history.to - model.history.from;

    expect(defaultRange(far).to).toBeLessThan(model.history.to + 0.8 * length);
    expect(rangeToLimit(far)?.to).toBeGreaterThan(5e9);
    expect(levelRange(model, defaultRange(model), false)[1]).toBeGreaterThan(1);
    expect(levelRange(model, { from: model.history.from, to: model.history.from + 6 * 3600 }, true)[1]).toBeLessThan(
      0.6,
    );
  });

  it('does not join samples over a gap', () => {
    expect(withGaps({ times: [0, 60, 600], values: [1, 2, 3] }, 60)).toEqual({
      times: [0, 60, 120, 600],
      values: [1, 2, null, 3],
    });
  });

  it('breaks small curves at gaps, line and area alike', () => {
    const { line, area } = curvePaths({ times: [0, 1, 2, 3], values: [0, 1, null, 1] }, { from: 0, to: 4 }, [0, 1]);

    expect(line).toBe('M0 60L50 0M150 0h0.5');
    expect(area).toBe('M0 60L0 60L50 0L50 60ZM150 60L150 0L150 60Z');
  });
});

describe('the address', () => {
  it('keeps a range to the minute', () => {
    const range = { from: NOW / 1000, to: NOW / 1000 + 3600 };
    const address = new URLSearchParams(addressOfRange(range));

    expect(rangeOfAddress((name) => address.get(name) ?? '')).toEqual(range);
    expect(rangeOfAddress(() => 'nonsense')).toBeUndefined();
  });

  it('decides nothing about the read: it ends after the growth, or now', () => {
    const ended = { ...incident, status: 'closed' as const, since: new Date(NOW - 400 * HOUR).toISOString() };

    expect(readWindowOf({ ...ended, endedAt: new Date(NOW - 300 * HOUR).toISOString() }, NOW)).toEqual({
      to: new Date(NOW - 288 * HOUR).toISOString(),
      lookbackHours: 136,
    });
    expect(readWindowOf(incident, NOW)).toEqual({ to: undefined, lookbackHours: undefined });
  });
});

describe('the slider', () => {
  it('gives the verdict itself for the growth that was measured', () => {
    const measured = memory.growth?.estimate ?? 0;

    const answer = whatIf(memory, measured);

    expect(detect(seriesOf(memory), memory.policy).state).toBe('leaking');
    expect(answer).toMatchObject({ reported: true, grade: memory.grade, confidence: memory.confidence });
  });

  it('turns where the counterfactual of the read states it', () => {
    const turnsAt = memory.counterfactual?.turnsAt ?? 0;
    const range = rangeOf(memory);
    if (range === undefined) throw new Error('no range');
    const answers = growthsOf(range, 21).map((growth) => whatIf(memory, growth));

    expect(whatIf(memory, turnsAt).reported).toBe(false);
    expect(turnsOf(answers).some((growth) => Math.abs(growth - turnsAt) < (range.high - range.low) / 20)).toBe(true);
  });
});
