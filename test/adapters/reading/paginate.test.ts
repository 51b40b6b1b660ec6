/** Following tokens: where the pages end, and what a page that fails leaves. */
import { describe, expect, it } from 'vitest';
import { failureFor } from '../../../adapters/reading/failure.ts';
import { type PageOrFailure, paginate } from '../../../adapters/reading/paginate.ts';

interface Page {
  readonly value: number;
  readonly next?: string | null;
}

const THROTTLED = { kind: 'failed', failure: failureFor('throttled', 'slow down') } as const;
const ENDLESS = {
  kind: 'failed',
  failure: { reason: 'truncated', retryable: false, detail: 'List gives further pages without end' },
};

/** Answers with the page that belongs to a token, the first one's being empty. */
async function follow(
  pages: Record<string, Page | typeof THROTTLED>,
  maxPages = 10,
  signal = AbortSignal.timeout(60_000),
) {
  const tokens: (string | undefined)[] = [];
  const answers = await Array.fromAsync(
    paginate<Page>({
      subject: 'List',
      maxPages,
      signal,
      async request(token): Promise<PageOrFailure<Page>> {
        tokens.push(token);
        const page = pages[token ?? ''];
        if (page === undefined) throw new Error(`no page ${token}`);
        return 'kind' in page ? page : { kind: 'page', page };
      },
      nextToken: ({ next }) => next,
    }),
  );
  return { tokens, answers };
}

const page = (value: number, next?: string | null) => ({ value, ...(next !== undefined && { next }) });
const answer = (value: number, next?: string | null) => ({ kind: 'page', page: page(value, next) });

describe('the pages of an answer', () => {
  it.each([undefined, null, ''])('end where the next token is %j', async (last) => {
    const { tokens, answers } = await follow({ '': page(1, 'b'), b: page(2, last) });

    expect(tokens).toEqual([undefined, 'b']);
    expect(answers).toEqual([answer(1, 'b'), answer(2, last)]);
  });

  it('are kept before one that fails, which is the last', async () => {
    const { answers } = await follow({ '': page(1, 'b'), b: THROTTLED });

    expect(answers).toEqual([answer(1, 'b'), THROTTLED]);
  });

  it('count as endless when a token comes back', async () => {
    const { tokens, answers } = await follow({ '': page(1, 'b'), b: page(2, 'c'), c: page(3, 'b') });

    expect(tokens).toEqual([undefined, 'b', 'c']);
    expect(answers.at(-1)).toEqual(ENDLESS);
  });

  it('count as endless when the limit is reached and one more page is offered', async () => {
    const pages = { '': page(1, 'b'), b: page(2, 'c'), c: page(3) };

    expect((await follow(pages, 2)).answers).toEqual([answer(1, 'b'), answer(2, 'c'), ENDLESS]);
    expect((await follow(pages, 3)).answers).toEqual([answer(1, 'b'), answer(2, 'c'), answer(3)]);
  });

  it('are not requested once the time is over', async () => {
    const { tokens, answers } = await follow({ '': page(1) }, 10, AbortSignal.abort());

    expect(tokens).toEqual([]);
    expect(answers).toMatchObject([{ kind: 'failed', failure: { reason: 'timeout', retryable: true } }]);
  });
});
