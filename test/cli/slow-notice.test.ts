import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { noticeWhenSlow } from '../../cli/slow-notice.ts';
import { aContext } from './a-context.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

describe('noticeWhenSlow', () => {
  it('prints nothing in a pipe where the work is done within two seconds', () => {
    const { context, err } = aContext();
    {
      using _ = noticeWhenSlow('reading web-1 …', context.terminal);
      vi.advanceTimersByTime(1_900);
    }

    vi.advanceTimersByTime(60_000);

    expect(err()).toBe('');
  });

  it('prints one line in a pipe where the work takes longer', () => {
    const { context, err, out } = aContext();
    using _ = noticeWhenSlow('reading web-1 …', context.terminal);

    vi.advanceTimersByTime(60_000);

    expect([err(), out()]).toEqual(['reading web-1 …', '']);
  });

  it('shows it at once on a terminal, on the line of the progress alone', () => {
    const { context, err, progress } = aContext({ live: true });
    using _ = noticeWhenSlow('reading web-1 …', context.terminal);

    vi.advanceTimersByTime(60_000);

    expect([err(), progress()]).toEqual(['', ['reading web-1 …']]);
  });
});
