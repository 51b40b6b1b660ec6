/** The head of a run has every host that is not steady, as long as there is room. */
import { describe, expect, it } from 'vitest';
import { createHeadBuilder } from '../../../core/inspection/run-head.ts';
import type { ResultLine } from '../../../core/model/result-line.ts';
import { MOST_WATCHED } from '../../../core/model/run-head.ts';
import { aResultLine, aRunHead, NOT_EVALUATED, STEADY } from '../../fixtures/result-lines.ts';

const { version: _, lines: __, omitted: ___, ...FACTS } = aRunHead();

function headOf(lines: readonly ResultLine[], mostLines?: number) {
  const builder = createHeadBuilder(mostLines);
  for (const line of lines) builder.add(line);
  return builder.head(FACTS);
}

const steady = (host: string) => aResultLine({ ...STEADY, host });
const notMonitored = (host: string) => aResultLine({ ...NOT_EVALUATED, host });
const unreadable = (host: string) => aResultLine({ ...NOT_EVALUATED, host, verdict: 'unreadable', reason: 'denied' });
const tooShort = (host: string) =>
  aResultLine({ ...NOT_EVALUATED, host, verdict: 'insufficient_data', reason: 'too_short' });
const leaking = (host: string) => aResultLine({ host });

describe('the head of a run', () => {
  it('has all hosts but the steady ones, leaking ones first, in their order', () => {
    const head = headOf([
      notMonitored('i-1'),
      steady('i-2'),
      leaking('i-3'),
      tooShort('i-4'),
      unreadable('i-5'),
      leaking('i-6'),
    ]);

    expect(head.lines.map(({ host }) => host)).toEqual(['i-3', 'i-6', 'i-5', 'i-4', 'i-1']);
    expect(head).toMatchObject({ version: 1, ...FACTS, omitted: 0 });
  });

  it('names as many watched hosts as there is room for', () => {
    const watched = Array.from({ length: MOST_WATCHED + 1 }, (_, index) => `i-${index}`);

    const head = createHeadBuilder().head({ ...FACTS, watched });

    expect(head.watched).toEqual(watched.slice(0, MOST_WATCHED));
  });

  it('counts the hosts for which there is no room, and leaves out those that are not monitored first', () => {
    const quiet = Array.from({ length: 100 }, (_, index) => notMonitored(`i-${index}`));

    const head = headOf([...quiet, leaking('leak'), unreadable('unread')], 5);

    expect(head.lines.map(({ host }) => host)).toEqual(['leak', 'unread', 'i-0', 'i-1', 'i-2']);
    expect(head.omitted).toBe(97);
  });

  it('has room for ten thousand hosts', () => {
    const head = headOf(Array.from({ length: 10_001 }, (_, index) => leaking(`i-${index}`)));

    expect(head.lines).toHaveLength(10_000);
    expect(head.omitted).toBe(1);
  });
});
