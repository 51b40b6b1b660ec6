import { describe, expect, it } from 'vitest';
import { whyNothingEvaluated } from '../../../cli/inspect/nothing-evaluated.ts';
import { createTarget, type SourceOptions } from '../../../cli/source/targets.ts';
import type { Scope } from '../../../core/model/series.ts';
import type { MemorySource } from '../../../core/ports/memory-source.ts';
import { aRunSummary } from '../../fixtures/builders.ts';

const AWS: Scope = { provider: 'aws', account: '111122223333', region: 'eu-west-1' };
const SERVER: Scope = { provider: 'prometheus', account: 'production', region: 'global' };
const FILE: Scope = { provider: 'local', account: 'memory.csv', region: 'file' };

const NO_VERDICTS = { confirmed: 0, suspected: 0, steady: 0, insufficientData: 0 };
const EMPTY = aRunSummary({
  hosts: { known: 0, inspected: 0, notMonitored: 0, unreadable: 0, notDue: 0 },
  verdicts: NO_VERDICTS,
});

function targetsOf(scope: Scope, options: SourceOptions = {}) {
  const source: MemorySource = { scope, ingestionDelayMs: 0, async *read() {} };
  return { targets: [createTarget('local', source, options)], end: 'given' } as const;
}

describe('whyNothingEvaluated', () => {
  it('is undefined where some host was evaluated', () => {
    expect(whyNothingEvaluated([EMPTY, aRunSummary()], targetsOf(AWS))).toBeUndefined();
  });

  it('leaves it to what could not be read', () => {
    expect(whyNothingEvaluated([{ ...EMPTY, outcome: 'partial' }], targetsOf(AWS))).toBeUndefined();
  });

  it('names the filters also where not everything could be read', () => {
    const filtered = targetsOf(AWS, { include: [{ name: 'checkout-1' }] });

    expect(whyNothingEvaluated([{ ...EMPTY, outcome: 'partial' }], filtered)).toContain('None passes the filters');
  });

  it('names the filters, and how hosts of a cloud are known', () => {
    const filtered = { include: [{ name: 'checkout-1' }] };

    expect(whyNothingEvaluated([EMPTY], targetsOf(FILE, filtered))).toMatch(/^None passes the filters: [^.]*\.$/);
    expect(whyNothingEvaluated([EMPTY], targetsOf(AWS, filtered))).toContain('Hosts of AWS are known by their id');
  });

  it('has advice about a Prometheus server of its own', () => {
    const filtered = targetsOf(SERVER, { include: [{ name: 'redis*' }] });

    expect(whyNothingEvaluated([EMPTY], filtered)).toMatch(/^None passes the filters: [^.]*\.$/);
    expect(whyNothingEvaluated([EMPTY], targetsOf(SERVER))).toContain('plimsoll doctor states what the server has');
  });

  it('names the account that has no host', () => {
    expect(whyNothingEvaluated([EMPTY], targetsOf(FILE))).toBe('There is no sample in memory.csv.');
    expect(whyNothingEvaluated([EMPTY], targetsOf(AWS))).toContain('No host shows in aws 111122223333 eu-west-1');
  });

  it('states that no host reports its memory', () => {
    const dark = { ...EMPTY, hosts: { known: 3, inspected: 0, notMonitored: 3, unreadable: 0, notDue: 0 } };

    expect(whyNothingEvaluated([dark], targetsOf(AWS))).toBe('None of them reports its memory.');
  });

  it('names the window in which there is insufficient data', () => {
    const old = aRunSummary({ verdicts: { ...NO_VERDICTS, insufficientData: 8 } });

    expect(whyNothingEvaluated([old, old], targetsOf(FILE))).toBe(
      'There is insufficient data in 2026-11-16 08:00 – 11-20 12:00 UTC. The window ends with --at.',
    );
  });

  it.each([
    ['newest sample', 'The window ends with the newest sample of all files; --at ends it elsewhere.'],
    ['now', 'The window ends now; --at ends it elsewhere.'],
  ] as const)('explains where the window ends when nobody gave a time: %s', (end, message) => {
    const old = aRunSummary({ verdicts: { ...NO_VERDICTS, insufficientData: 8 } });

    expect(whyNothingEvaluated([old], { ...targetsOf(FILE), end })).toContain(message);
  });
});
