import { describe, expect, it } from 'vitest';
import { type Answer, outcomeOf, partialSuccessOf, reasonOf, waitAfter } from '../../probe/answers.ts';
import type { Journal, Segment } from '../../probe/journal.ts';
import { createNotices } from '../../probe/notices.ts';
import { createSender } from '../../probe/sender.ts';
import type { Sweep } from '../../probe/sweep.ts';
import { sweepAt } from './builders.ts';

const OK: Answer = { status: 200, body: '{}' };

/** A journal in memory, and a sender whose receiver answers by a function. */
function arrange(
  files: readonly (readonly number[])[],
  answer: (times: readonly number[]) => Answer,
  unread: ReadonlySet<number> = new Set(),
) {
  const stored = new Map(files.map((times, index) => [index, times.map((time) => sweepAt(time))]));
  const aside: number[] = [];
  const lines: string[] = [];
  const requests: number[][] = [];
  const segments = (): Segment[] =>
    [...stored].map(([index, sweeps]) => ({
      sweeps: () => (unread.has(index) ? undefined : sweeps),
      remove: () => void stored.delete(index),
      setAside: (refused) => void aside.push(...refused.map(({ time }) => time)),
    }));
  const journal: Journal = { segments, append() {}, sync() {}, close() {} };
  const post = async (sweeps: readonly Sweep[]) => {
    const times = sweeps.map(({ time }) => time);
    requests.push(times);
    return answer(times);
  };
  const notices = createNotices(
    (line) => lines.push(line),
    () => 0,
  );
  const sender = createSender({ journal, post, notices, random: () => 0, now: () => 0 });
  const left = () => [...stored.values()].flat().map(({ time }) => time);
  return { sender, requests, left, aside, lines };
}

describe('the sender', () => {
  it('sends each file as one request, oldest first, and removes it', async () => {
    const { sender, requests, left } = arrange([[1, 2], [3]], () => OK);
    expect(await sender.sendAll()).toBe(0);
    expect(requests).toEqual([[1, 2], [3]]);
    expect(left()).toEqual([]);
  });

  it('keeps a file that cannot be read now, sends the others, and comes back to it', async () => {
    const unread = new Set([0]);
    const { sender, requests, left } = arrange([[1, 2], [3]], () => OK, unread);
    expect(await sender.sendAll()).toBe(300_000);
    expect({ requests, left: left() }).toEqual({ requests: [[3]], left: [1, 2] });
    unread.clear();
    expect(await sender.sendAll()).toBe(0);
    expect(left()).toEqual([]);
  });

  it.each([undefined, 408, 429, 500, 502, 503, 504])(
    'keeps everything after %s and tries again later',
    async (status) => {
      const { sender, requests, left } = arrange([[1], [2]], () => ({ status, body: 'connect ECONNREFUSED' }));
      expect(await sender.sendAll()).toBe(2500);
      expect(await sender.sendAll()).toBe(5000);
      expect(requests).toEqual([[1], [1]]);
      expect(left()).toEqual([1, 2]);
    },
  );

  it.each([401, 403, 404, 415, 301])(
    'keeps everything after %s, logs it once, and tries again slowly',
    async (status) => {
      const { sender, left, lines } = arrange([[1]], () => ({ status, body: '{"message":"The token was revoked."}' }));
      expect(await sender.sendAll()).toBe(900_000);
      expect(await sender.sendAll()).toBe(900_000);
      expect(left()).toEqual([1]);
      expect(lines).toEqual([
        `Samples cannot be sent: it answers ${status}: The token was revoked. Samples stay on disk, and are sent again every quarter of an hour: see to the token and the address.`,
      ]);
    },
  );

  it('keeps everything where a page of something else answers 200', async () => {
    const { sender, left, lines } = arrange([[1]], () => ({ status: 200, body: '<html>Sign in</html>' }));
    expect(await sender.sendAll()).toBe(2500);
    expect(left()).toEqual([1]);
    expect(lines[0]).toContain('it answers 200: <html>Sign in</html>');
  });

  it('halves what is too large until it is taken', async () => {
    const { sender, requests, left, aside } = arrange([[1, 2, 3, 4]], (times) =>
      times.length > 1 ? { status: 413, body: '' } : OK,
    );
    await sender.sendAll();
    expect(requests).toEqual([[1, 2, 3, 4], [1, 2], [1], [2], [3, 4], [3], [4]]);
    expect({ left: left(), aside }).toEqual({ left: [], aside: [] });
  });

  it('sets aside the one sweep that is refused, and goes on', async () => {
    const refuse = (times: readonly number[]) => (times.includes(3) ? { status: 400, body: 'malformed' } : OK);
    const { sender, left, aside, lines } = arrange([[1, 2, 3, 4], [5]], refuse);
    expect(await sender.sendAll()).toBe(0);
    expect({ left: left(), aside }).toEqual({ left: [], aside: [3] });
    expect(lines).toEqual(['The receiver refuses 1 sweeps, which are kept aside: it answers 400: malformed.']);
  });

  it('makes no endless requests where everything is refused', async () => {
    const times = Array.from({ length: 500 }, (_, index) => index);
    const { sender, requests, left, aside } = arrange([times], () => ({ status: 400, body: '' }));
    await sender.sendAll();
    expect(requests).toHaveLength(32);
    expect(left()).toEqual([]);
    expect(aside.toSorted((a, b) => a - b)).toEqual(times);
  });

  it('keeps a file of which a part was taken when the receiver went down', async () => {
    let requests = 0;
    const { sender, left } = arrange([[1, 2]], () => {
      requests += 1;
      return { status: requests === 1 ? 413 : requests === 2 ? 200 : 503, body: '' };
    });
    expect(await sender.sendAll()).toBeGreaterThan(0);
    expect(left()).toEqual([1, 2]);
  });

  it('logs what a receiver rejects of a request that it takes', async () => {
    const body = '{"partialSuccess":{"rejectedDataPoints":"12","errorMessage":"too old"}}';
    const { sender, left, lines } = arrange([[1]], () => ({ status: 200, body }));
    await sender.sendAll();
    expect(left()).toEqual([]);
    expect(lines).toEqual(['The receiver rejected 12 data points: too old']);
  });

  it('logs the end of an outage', async () => {
    const answers: Answer[] = [{ status: 503, body: '' }, OK];
    const { sender, lines } = arrange([[1]], () => answers.shift() ?? OK);
    await sender.sendAll();
    await sender.sendAll();
    expect(lines).toEqual([
      'Samples cannot be sent: it answers 503. Samples stay on disk until it takes them.',
      'The receiver takes samples again.',
    ]);
  });
});

describe('the wait after a failure', () => {
  const down: Answer = { status: 503, body: '' };

  it('doubles up to five minutes, half of it random', () => {
    expect([1, 2, 3, 7, 50].map((failures) => waitAfter(down, failures, 1, 0))).toEqual([
      5000, 10_000, 20_000, 300_000, 300_000,
    ]);
    expect(waitAfter(down, 3, 0, 0)).toBe(10_000);
  });

  it.each([
    ['120', 120_000],
    ['999999', 3_600_000],
    ['Thu, 01 Jan 1970 00:02:00 GMT', 120_000],
    ['soon', 2500],
    ['-5', 2500],
  ])('follows Retry-After: %s', (retryAfter, expected) => {
    expect(waitAfter({ ...down, retryAfter }, 1, 0, 0)).toBe(expected);
  });
});

describe('an answer', () => {
  it('has a reason of one line without control characters', () => {
    expect(reasonOf({ status: 400, body: `bad\u001b[31m\r\nred${'x'.repeat(500)}` })).toMatch(
      /^it answers 400: bad \[31m redx+ …$/,
    );
    expect(reasonOf({ status: undefined, body: 'getaddrinfo ENOTFOUND' })).toBe('getaddrinfo ENOTFOUND');
  });

  it.each([
    '',
    '{}',
    'null',
    '[]',
    '{"partialSuccess":{}}',
    '{"partialSuccess":null}',
    '<html>',
    '{"partialSuccess":{"rejectedDataPoints":"x"}}',
  ])('is a complete success where its body is %j', (body) => {
    expect(partialSuccessOf(body)).toBeUndefined();
  });

  it('is refused for its content alone', () => {
    expect([400, 413].map((status) => outcomeOf({ status }))).toEqual(['refused', 'refused']);
  });
});
