/** What a page shows instead of data: reading, slow, nothing there, failed, not allowed. */
import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { formatDuration } from '../../core/messages/times.ts';
import type { ApiError } from '../data/api-error.ts';
import type { Read } from '../data/use-answer.ts';
import { Text } from './text.tsx';
import { FullMoment, now } from './time.tsx';

/** After so long a reader wonders whether anything happens. */
const SLOW_MS = 4_000;

/** Room for rows that are being read; it has their height, so that nothing moves when they come. */
export function Loading({ rows = 3, label = 'Reading' }: { rows?: number; label?: string }) {
  const [isSlow, setSlow] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setSlow(true), SLOW_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div class="loading" role="status" aria-busy="true">
      <span class={isSlow ? 'loading-text' : 'visually-hidden'}>
        {isSlow ? `${label} takes longer than usual. It goes on.` : `${label}…`}
      </span>
      {Array.from({ length: rows }, (_, row) => (
        <div class="loading-row" key={row} aria-hidden="true" />
      ))}
    </div>
  );
}

interface EmptyProps {
  readonly title: string;
  /** Why, and what to do. */
  readonly children?: ComponentChildren;
}

/** Nothing is there, and that is an answer. */
export function Empty({ title, children }: EmptyProps) {
  return (
    <div class="empty">
      <p class="empty-title">{title}</p>
      {children !== undefined && <div class="empty-detail">{children}</div>}
    </div>
  );
}

interface FailureProps {
  readonly error: ApiError;
  readonly retry?: (() => void) | undefined;
}

/** What happened, and what to do; a 403 and a 404 are stated as such. */
export function Failure({ error, retry }: FailureProps) {
  const isDenied = error.status === 403 || error.status === 401;
  return (
    <div class={isDenied ? 'failure failure-denied' : 'failure'} role="alert">
      <p class="failure-title">{isDenied ? 'Not allowed' : error.status === 404 ? 'Not found' : error.title}</p>
      <p>
        <Text value={error.message} length={1000} />
      </p>
      {error.issues.length > 0 && (
        <ul class="issues">
          {error.issues.map(({ path, message }) => (
            <li key={`${path} ${message}`}>
              <code>
                <Text value={path} />
              </code>{' '}
              <Text value={message} length={500} />
            </li>
          ))}
        </ul>
      )}
      {retry !== undefined && !isDenied && (
        <button type="button" class="button" onClick={retry}>
          Try again
        </button>
      )}
    </div>
  );
}

interface RemoteProps<T> {
  readonly answer: Read<T>;
  /** Rows that are reserved while the first answer is read. */
  readonly rows?: number;
  readonly children: (value: T) => ComponentChildren;
}

/** By this machine's clock, also in a simulation; it is counted again whenever the clock of the page moves. */
function ageOf(readAt: number): string {
  void now.value;
  return formatDuration(Date.now() - readAt);
}

/** When what is shown was true, below a page's title; `at` is undefined until the answer is there. */
export function AsOf({ answer, at }: { answer: Read<unknown>; at: string | undefined }) {
  if (at !== undefined) return <FullMoment at={at} />;
  return <>{answer.error === undefined ? 'Reading…' : 'Not read'}</>;
}

/** An answer in any state: reserved room, failure, or its value; a value that could not be renewed is shown with its age. */
export function Remote<T>({ answer, rows, children }: RemoteProps<T>) {
  const { value, error, readAt, reload } = answer;
  if (value === undefined) {
    return error === undefined ? (
      <Loading {...(rows === undefined ? {} : { rows })} />
    ) : (
      <Failure error={error} retry={reload} />
    );
  }
  return (
    <>
      {error !== undefined && readAt !== undefined && (
        <div class="stale" role="alert">
          <span>
            Not current: read {ageOf(readAt)} ago. <Text value={error.message} length={300} />
          </span>
          <button type="button" class="button button-small" onClick={reload}>
            Try again
          </button>
        </div>
      )}
      {children(value)}
    </>
  );
}
