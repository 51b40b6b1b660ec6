import { describe, expect, it } from 'vitest';
import { type Failure, failureFor, OUT_OF_TIME } from '../../../adapters/reading/failure.ts';
import { createRetries, type Retries } from '../../../adapters/reading/retry.ts';
import { aRetryClock } from '../../../sandbox/retry-clock.ts';

const THROTTLED = failureFor('throttled', 'too many requests');
const UNAVAILABLE = failureFor('unavailable', 'HTTP 500');
const SIGNAL = new AbortController().signal;

type Answer = Failure | undefined;

/** A request whose tries end like this, the last end again and again. */
function script(...answers: readonly Answer[]) {
  let tries = 0;
  return { send: async (): Promise<Answer> => answers[Math.min(tries++, answers.length - 1)], tries: () => tries };
}

const attempt = (retries: Retries, send: () => Promise<Answer>, signal = SIGNAL) =>
  retries.attempt(send, (answer) => answer, signal);

describe('retries', () => {
  it('wait longer each time, up to a minute and a half for a service that throttles', async () => {
    const clock = aRetryClock();
    const { send, tries } = script(THROTTLED);

    const answer = await attempt(createRetries(clock), send);

    expect(answer).toBe(THROTTLED);
    expect(clock.waits).toEqual([250, 750, 2_250, 6_750, 20_250, 59_750]);
    expect(tries()).toBe(7);
  });

  it('outlast a quota that is there again after a minute', async () => {
    let answer: Answer = THROTTLED;
    const clock = aRetryClock((time) => {
      if (time >= 60_000) answer = undefined;
    });

    const outcome = await attempt(createRetries(clock), async () => answer);

    expect(outcome).toBeUndefined();
  });

  it('give a service up that does not answer for twenty seconds', async () => {
    const clock = aRetryClock();

    await attempt(createRetries(clock), script(UNAVAILABLE).send);

    expect(clock.waits).toEqual([250, 750, 2_250, 6_750, 10_000]);
  });

  it('are half as far apart where chance wants it', async () => {
    const clock = { ...aRetryClock(), random: () => 0 };
    const waits: number[] = [];
    const retries = createRetries({ ...clock, wait: async (ms) => void waits.push(ms) });

    await attempt(retries, script(UNAVAILABLE, UNAVAILABLE, undefined).send);

    expect(waits).toEqual([125, 375]);
  });

  it('wait as long as the service demands', async () => {
    const clock = aRetryClock();

    await attempt(createRetries(clock), script({ ...THROTTLED, retryAfterMs: 45_000 }, undefined).send);

    expect(clock.waits).toEqual([45_000]);
  });

  it('wait as long as a service demands that is down, though a blip would be over by then', async () => {
    const clock = aRetryClock();

    await attempt(createRetries(clock), script({ ...UNAVAILABLE, retryAfterMs: 45_000 }, undefined).send);

    expect(clock.waits).toEqual([45_000]);
  });

  it.each([
    ['would have to wait for an hour', { ...THROTTLED, retryAfterMs: 3_600_000 }],
    ['is denied', failureFor('denied', 'no right')],
    ['is answered otherwise than documented', failureFor('malformed', 'no JSON')],
  ])('do not try again what %s', async (_, failure) => {
    const { send, tries } = script(failure);

    const answer = await attempt(createRetries(aRetryClock()), send);

    expect(answer).toBe(failure);
    expect(tries()).toBe(1);
  });

  it('do not wait anew for each request to a service that is down', async () => {
    const clock = aRetryClock();
    const retries = createRetries(clock);
    await attempt(retries, script(UNAVAILABLE).send);
    const { send, tries } = script(UNAVAILABLE);

    await attempt(retries, send);

    expect(tries()).toBe(1);
  });

  it('begin anew after an answer', async () => {
    const clock = aRetryClock();
    const retries = createRetries(clock);
    await attempt(retries, script(UNAVAILABLE).send);
    await attempt(retries, script(undefined).send);
    const { send, tries } = script(UNAVAILABLE, undefined);

    const answer = await attempt(retries, send);

    expect(answer).toBeUndefined();
    expect(tries()).toBe(2);
  });

  it('begin anew when minutes have passed', async () => {
    let late = 0;
    const clock = aRetryClock();
    const retries = createRetries({ ...clock, now: () => clock.now() + late });
    await attempt(retries, script(UNAVAILABLE).send);
    late = 10 * 60_000;
    const { send, tries } = script(UNAVAILABLE, undefined);

    await attempt(retries, send);

    expect(tries()).toBe(2);
  });

  it('give one request up that fails while others are answered', async () => {
    const retries = createRetries(
      aRetryClock((time) => {
        if (time < 200_000) void attempt(retries, script(undefined).send);
      }),
    );
    const { send, tries } = script(UNAVAILABLE);

    await attempt(retries, send);

    expect(tries()).toBe(6);
  });

  it('end with the last failure when the time is over in a wait', async () => {
    const stop = new AbortController();
    const clock = { ...aRetryClock(), wait: async () => stop.abort() };
    const { send, tries } = script(THROTTLED);

    const answer = await attempt(createRetries(clock), send, stop.signal);

    expect(answer).toBe(THROTTLED);
    expect(tries()).toBe(1);
  });

  it('end a real wait with the signal', async () => {
    const stop = new AbortController();
    const outcome = attempt(createRetries(), script(THROTTLED).send, stop.signal);
    await new Promise(setImmediate);

    stop.abort();

    await expect(outcome).resolves.toBe(THROTTLED);
  });

  it('are none where the time is over', async () => {
    const { send, tries } = script(OUT_OF_TIME);

    await attempt(createRetries(aRetryClock()), send, AbortSignal.abort());

    expect(tries()).toBe(1);
  });
});
