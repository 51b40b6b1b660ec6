/** A request whose answer is kept, unless it failed. */
import { describe, expect, it } from 'vitest';
import { onceForKey, onceUnlessFailed } from '../../../adapters/reading/once.ts';

/** Gives the outcomes in turn, and counts how many were requested. */
function scripted<Result>(...outcomes: readonly (Result | Error)[]) {
  const requests: string[] = [];
  const request = async (argument: string): Promise<Result> => {
    const outcome = outcomes[requests.push(argument) - 1];
    if (outcome === undefined) throw new Error('nothing more is expected');
    if (outcome instanceof Error) throw outcome;
    return outcome;
  };
  return { request, requests };
}

describe('a request that is sent once', () => {
  it('serves all callers, also those that come at the same time', async () => {
    const { request, requests } = scripted(1);
    const once = onceUnlessFailed(request);

    const results = [...(await Promise.all([once('a'), once('b')])), await once('c')];

    expect(results).toEqual([1, 1, 1]);
    expect(requests).toEqual(['a']);
  });

  it('is sent again after it failed, with the arguments of the caller who needs it', async () => {
    const { request, requests } = scripted<number>(new Error('down'), 2);
    const once = onceUnlessFailed(request);

    await expect(Promise.all([once('a'), once('b')])).rejects.toThrow('down');

    expect(await once('c')).toBe(2);
    expect(requests).toEqual(['a', 'c']);
  });

  it('is sent again after an answer that is not worth keeping, which its own callers receive', async () => {
    const { request, requests } = scripted('failed', 'good');
    const once = onceUnlessFailed(request, (answer) => answer === 'good');

    const answers = [await once('a'), await once('b'), await once('c')];

    expect(answers).toEqual(['failed', 'good', 'good']);
    expect(requests).toEqual(['a', 'b']);
  });

  it('keeps a newer request when a caller of the failed one learns of the failure late', async () => {
    const first = Promise.withResolvers<string>();
    const { request, requests } = scripted('good');
    const once = onceUnlessFailed((argument: string) => (argument === 'a' ? first.promise : request(argument)));
    const early = once('a');
    // Runs between the two callers of the first request: after the early one has dropped it, before the late one learns of it.
    const newer = first.promise.catch(() => once('b'));
    const late = once('a');

    first.reject(new Error('down'));

    await expect(Promise.all([early, late])).rejects.toThrow('down');
    expect([await newer, await once('c')]).toEqual(['good', 'good']);
    expect(requests).toEqual(['b']);
  });
});

describe('an answer that is kept for a key', () => {
  const isSame = (kept: string, key: string) => kept === key;

  it('serves all callers of its key, also those that come at the same time, until another is requested', async () => {
    const { request, requests } = scripted(1, 2, 3);
    const once = onceForKey(isSame, request);

    const results = [...(await Promise.all([once('a'), once('a')])), await once('a'), await once('b'), await once('a')];

    expect(results).toEqual([1, 1, 1, 2, 3]);
    expect(requests).toEqual(['a', 'b', 'a']);
  });

  it('is requested again after it failed', async () => {
    const { request, requests } = scripted<number>(new Error('down'), 2);
    const once = onceForKey(isSame, request);

    await expect(Promise.all([once('a'), once('a')])).rejects.toThrow('down');

    expect(await once('a')).toBe(2);
    expect(requests).toEqual(['a', 'a']);
  });
});
