import { describe, expect, it } from 'vitest';
import { renderRuns } from '../../../cli/findings/runs.ts';
import { renderConclusion, renderSummary } from '../../../cli/findings/summary.ts';
import { plain } from '../../../cli/render/text.ts';
import { aRunSummary } from '../../fixtures/builders.ts';

const PARTIAL = aRunSummary({
  scope: { provider: 'aws', account: '444455556666', region: 'us-east-1' },
  outcome: 'partial',
  hosts: { known: 3, inspected: 1, notMonitored: 0, unreadable: 2, notDue: 0 },
  verdicts: { confirmed: 0, suspected: 0, steady: 1, insufficientData: 0 },
  unreadable: { throttled: 1, denied: 1 },
  failures: ['aws/444455556666/us-east-1/i-1: throttled: Rate exceeded', 'aws/444455556666/us-east-1/i-2: denied: no'],
});

const FREE = aRunSummary({ calls: {}, metricsBilled: 0 });

describe('renderSummary', () => {
  it('shows what a run saw and cost', () => {
    expect(renderSummary(aRunSummary(), { paint: plain })).toMatchInlineSnapshot(`
      "aws 111122223333 eu-west-1  complete
        window     2026-11-16 08:00 – 11-20 12:00 UTC
        hosts      10 known: 8 inspected, 2 not monitored, 0 unreadable
        verdicts   1 confirmed, 0 suspected, 6 steady, 1 with insufficient data
        calls      1 ListMetrics, 1 GetMetricData; 8 metrics billed
        cost       $0.00008 a run, $0.06 a month on this schedule; price: 0.01 USD per 1,000 metrics on 2026-11-01"
    `);
  });

  it('lists what a partial run could not read, within the terminal', () => {
    expect(renderSummary(PARTIAL, { paint: plain, width: 72 })).toMatchInlineSnapshot(`
      "aws 444455556666 us-east-1  partial
        window     2026-11-16 08:00 – 11-20 12:00 UTC
        hosts      3 known: 1 inspected, 0 not monitored, 2 unreadable; 2
                   reads failed (1 throttled, 1 denied)
        verdicts   0 confirmed, 0 suspected, 1 steady, 0 with insufficient
                   data
        calls      1 ListMetrics, 1 GetMetricData; 8 metrics billed
        cost       $0.00008 a run, $0.06 a month on this schedule; price: 0.01
                   USD per 1,000 metrics on 2026-11-01
        not read   aws/444455556666/us-east-1/i-1: throttled: Rate exceeded
        not read   aws/444455556666/us-east-1/i-2: denied: no"
    `);
  });

  it('lists five failures, and counts the others', () => {
    const failures = Array.from({ length: 20 }, (_, index) => `aws/x/y/i-${index}: denied: no`);
    const text = renderSummary(aRunSummary({ outcome: 'partial', failures, unreadable: { denied: 1200 } }), {
      paint: plain,
    });

    expect(text.match(/not read {3}aws/g)).toHaveLength(5);
    expect(text).toMatch(/not read {3}1,195 more; --json lists all$/);
  });

  it('states that a run without billed metrics costs nothing', () => {
    const text = renderSummary(FREE, { paint: plain });

    expect(text).toContain('calls      none; no metrics billed\n  cost       nothing');
  });
});

describe('renderRuns', () => {
  it('puts one run on a line, with failures and the price below', () => {
    expect(renderRuns([aRunSummary(), PARTIAL], { paint: plain })).toMatchInlineSnapshot(`
      "account and region          run       hosts  leaking  steady  insufficient data  not monitored  unreadable  calls  billed  a month
      aws 111122223333 eu-west-1  complete     10        1       6                  1              2           0      2       8    $0.06
      aws 444455556666 us-east-1  partial       3        0       1                  0              0           2      2       8    $0.06
      not read: aws/444455556666/us-east-1/i-1: throttled: Rate exceeded
      not read: aws/444455556666/us-east-1/i-2: denied: no
      price: 0.01 USD per 1,000 metrics on 2026-11-01"
    `);
  });

  it('counts the failures that it does not list', () => {
    const failures = Array.from({ length: 9 }, (_, index) => `aws/x/y/i-${index}: denied: no`);
    const lines = renderRuns([aRunSummary({ failures })], { paint: plain }).split('\n');

    expect(lines).toContain('not read: 1 more');
  });
});

describe('the failures of several runs', () => {
  it('are listed in turn, so that none hides another', () => {
    const of = (account: string) => Array.from({ length: 9 }, (_, index) => `${account}/${index}`);
    const runs = [of('first'), of('second'), ['third/0']].map((failures) => aRunSummary({ failures }));

    const reported = renderRuns(runs, { paint: plain })
      .split('\n')
      .filter((line) => line.startsWith('not read: '));

    expect(reported.slice(0, 4)).toEqual([
      'not read: first/0',
      'not read: second/0',
      'not read: third/0',
      'not read: first/1',
    ]);
    expect(reported.at(-1)).toBe('not read: 11 more');
  });
});

describe('renderConclusion', () => {
  it('adds the runs up', () => {
    expect(renderConclusion([aRunSummary(), aRunSummary()], plain)).toBe('2 of 20 hosts grow like a leak.');
  });

  it('names full hosts beside what grows', () => {
    const full = (exhausted: number) => aRunSummary({ exhausted });

    expect(renderConclusion([full(1)], plain)).toBe(
      '1 of 10 hosts grows like a leak, and 1 is full, or fills again and again.',
    );
    expect(renderConclusion([full(1), full(2)], plain)).toBe(
      '2 of 20 hosts grow like a leak, and 3 are full, or fill again and again.',
    );
  });

  it('counts hosts in the plural, however few', () => {
    const one = aRunSummary({
      hosts: { known: 1, inspected: 1, notMonitored: 0, unreadable: 0, notDue: 0 },
      verdicts: { confirmed: 0, suspected: 0, steady: 1, insufficientData: 0 },
    });

    expect(renderConclusion([one], plain)).toBe('0 of 1 hosts grow like a leak.');
  });

  it('does not call a fleet healthy of which no host could be evaluated', () => {
    const unevaluated = aRunSummary({ verdicts: { confirmed: 0, suspected: 0, steady: 0, insufficientData: 8 } });

    expect(renderConclusion([unevaluated], plain)).toBe('None of the 10 hosts that are known could be evaluated.');
  });

  it('states that a partial run is only a part', () => {
    expect(renderConclusion([aRunSummary(), PARTIAL], plain)).toBe(
      '1 of 13 hosts grows like a leak; this is only a part, because not everything could be read.',
    );
  });

  it('does not call a fleet healthy that has no hosts', () => {
    const empty = aRunSummary({
      hosts: { known: 0, inspected: 0, notMonitored: 0, unreadable: 0, notDue: 0 },
      verdicts: { confirmed: 0, suspected: 0, steady: 0, insufficientData: 0 },
    });

    expect(renderConclusion([empty], plain)).toBe('There was no host to inspect.');
    expect(renderConclusion([empty], plain, 'The file is empty.')).toBe(
      'There was no host to inspect. The file is empty.',
    );
  });
});
