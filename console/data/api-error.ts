/** What went wrong with a question to the API, in words for the one who asked. */
import type { Problem } from '../../api/contract/route.ts';

/** `status` 0: nothing answered. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly title: string;
  readonly issues: readonly { readonly path: string; readonly message: string }[];

  constructor({ status, title, detail, issues }: Omit<Problem, 'type'>, options?: ErrorOptions) {
    super(detail, options);
    this.status = status;
    this.title = title;
    this.issues = issues ?? [];
  }
}

const NO_ANSWER = {
  status: 0,
  title: 'No answer',
  detail: 'The API did not answer. Check the network and try again.',
};

/** Of a request that did not reach the API, or whose answer did not arrive. */
export function noAnswer(cause: unknown): ApiError {
  return new ApiError(NO_ANSWER, { cause });
}

/** The problem of an answer; one that is no problem document is described by its status. */
export function problemOf(status: number, body: unknown): ApiError {
  const title = textIn(body, 'title') ?? `Status ${status}`;
  const detail = textIn(body, 'detail') ?? `The API answered with status ${status}. Try again, or look at its log.`;
  return new ApiError({ status, title, detail, issues: issuesIn(body) });
}

/** Any error as one of these, for pages that show errors. */
export function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  const detail = error instanceof Error ? error.message : String(error);
  return new ApiError({ status: 0, title: 'The page failed', detail: `${detail}. Reload the page.` }, { cause: error });
}

function textIn(body: unknown, field: 'title' | 'detail'): string | undefined {
  if (typeof body !== 'object' || body === null || !(field in body)) return undefined;
  const value: unknown = Reflect.get(body, field);
  return typeof value === 'string' ? value : undefined;
}

function issuesIn(body: unknown): { path: string; message: string }[] {
  const issues: unknown = typeof body === 'object' && body !== null ? Reflect.get(body, 'issues') : undefined;
  return Array.isArray(issues) ? issues.filter(isIssue) : [];
}

function isIssue(value: unknown): value is { path: string; message: string } {
  if (typeof value !== 'object' || value === null) return false;
  return 'path' in value && typeof value.path === 'string' && 'message' in value && typeof value.message === 'string';
}
