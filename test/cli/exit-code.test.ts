import { describe, expect, it } from 'vitest';
import { exitCodeOf } from '../../cli/exit-code.ts';
import { aRunSummary } from '../fixtures/builders.ts';

const NOTHING_FOUND = { confirmed: 0, suspected: 0, steady: 3, insufficientData: 0 };

describe('exitCodeOf', () => {
  it('is 0 when nothing grows like a leak, whatever is not monitored', () => {
    const notMonitored = { known: 5, inspected: 3, notMonitored: 2, unreadable: 0, notDue: 0 };

    expect(exitCodeOf([aRunSummary({ verdicts: NOTHING_FOUND, hosts: notMonitored })])).toBe(0);
  });

  it('is 3 when something does, be it only suspected', () => {
    const suspected = aRunSummary({ verdicts: { ...NOTHING_FOUND, suspected: 1 } });

    expect(exitCodeOf([aRunSummary({ verdicts: NOTHING_FOUND }), suspected])).toBe(3);
  });

  it('is 4 when no host at all was evaluated', () => {
    const unevaluated = aRunSummary({ verdicts: { ...NOTHING_FOUND, steady: 0, insufficientData: 3 } });
    const empty = aRunSummary({
      verdicts: { ...NOTHING_FOUND, steady: 0 },
      hosts: { known: 0, inspected: 0, notMonitored: 0, unreadable: 0, notDue: 0 },
    });

    expect(exitCodeOf([unevaluated])).toBe(4);
    expect(exitCodeOf([empty])).toBe(4);
    expect(exitCodeOf([empty, aRunSummary({ verdicts: NOTHING_FOUND })])).toBe(0);
  });

  it('is 4 when any run is partial, with findings or none', () => {
    const partial = aRunSummary({ outcome: 'partial', verdicts: NOTHING_FOUND });

    expect(exitCodeOf([aRunSummary(), partial])).toBe(4);
    expect(exitCodeOf([partial])).toBe(4);
  });
});
