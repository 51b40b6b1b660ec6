/** The pages of one answer, followed by their tokens. Bounded, and a failure is a value and not an exception. */
import { type Failure, OUT_OF_TIME, withoutEnd } from './failure.ts';

export type PageOrFailure<Page> = { readonly kind: 'page'; readonly page: Page } | FailedPage;

export interface FailedPage {
  readonly kind: 'failed';
  readonly failure: Failure;
  /** What was thrown, where something was. */
  readonly cause?: unknown;
}

/** Why there is no page; undefined where there is one. */
export function failureIn(answer: PageOrFailure<unknown>): Failure | undefined {
  return answer.kind === 'failed' ? answer.failure : undefined;
}

export interface Pagination<Page> {
  /** The name of the request, for the message about an answer without end. */
  readonly subject: string;
  /** Pages after which the answer counts as one without end. */
  readonly maxPages: number;
  readonly signal: AbortSignal;
  /** Requests the first page, or the one behind a token. Does not throw. */
  request(token: string | undefined): Promise<PageOrFailure<Page>>;
  /** The token of the next page; nothing, or an empty text, on the last one. */
  nextToken(page: Page): string | null | undefined;
}

/** Follows the tokens. A failure ends the pages; those before it stand. A token that repeats is an answer without end. */
export async function* paginate<Page>(pagination: Pagination<Page>): AsyncGenerator<PageOrFailure<Page>> {
  const { subject, maxPages, signal, request, nextToken } = pagination;
  const tokens = new Set<string>();
  let token: string | undefined;
  do {
    const answer: PageOrFailure<Page> = signal.aborted
      ? { kind: 'failed', failure: OUT_OF_TIME }
      : await request(token);
    yield answer;
    if (answer.kind === 'failed') return;
    token = nextToken(answer.page) || undefined;
    if (token === undefined) return;
    if (tokens.has(token) || tokens.size + 1 >= maxPages) {
      yield { kind: 'failed', failure: withoutEnd(subject) };
      return;
    }
    tokens.add(token);
  } while (true);
}
