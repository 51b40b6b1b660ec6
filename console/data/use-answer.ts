/** Hooks by which components read from the source. */
import { type Signal, signal } from '@preact/signals';
import { createContext } from 'preact';
import { useCallback, useContext, useEffect, useMemo, useRef } from 'preact/hooks';
import { type ApiError, asApiError } from './api-error.ts';
import { type AnswerOf, addressOf, type ParamsOf, type PathOf, type Query, type RouteAt } from './routes.ts';
import type { Source } from './source.ts';

export const SourceContext = createContext<Source | null>(null);

/** @throws Error outside of the page, which provides it. */
export function useSource(): Source {
  const source = useContext(SourceContext);
  if (source === null) throw new Error('No source of data is provided.');
  return source;
}

/**
 * `value` stays while a newer answer is read, and after a failure: what was true a moment ago is worth more than nothing, and `error`
 * states that it is not current.
 */
export interface Answer<T> {
  readonly value: T | undefined;
  readonly error: ApiError | undefined;
  readonly reading: boolean;
  /** When `value` was read, epoch milliseconds. */
  readonly readAt: number | undefined;
}

export interface Read<T> extends Answer<T> {
  /** Reads it again. */
  readonly reload: () => void;
}

export interface AnswerOptions {
  readonly query?: Query;
  /** Reads again every so many milliseconds while the page is visible. */
  readonly every?: number | undefined;
  /** False: nothing is read yet. */
  readonly enabled?: boolean;
}

const NOTHING = { value: undefined, error: undefined, reading: true, readAt: undefined };

/** Reads a route of the contract, and again when its parameters change: `useAnswer('/tenants/{tenant}/overview', { tenant })`. */
export function useAnswer<P extends PathOf<'get'>>(
  path: P,
  params: ParamsOf<P>,
  { query = {}, every, enabled = true }: AnswerOptions = {},
): Read<AnswerOf<RouteAt<'get', P>>> {
  const source = useSource();
  const address = addressOf(path, params, query);
  const latest = useRef({ path, params, query });
  latest.current = { path, params, query };
  const read = useCallback(
    (abort: AbortSignal) => {
      const { path: at, params: of, query: by } = latest.current;
      return source.get(at, of, { query: by, signal: abort });
    },
    // The address stands for path, parameters and query.
    [source, address],
  );
  return useReading(read, { every: source.live ? every : undefined, enabled });
}

/** Reads what a function reads, and again when the function is another: give it one that `useCallback` keeps. */
export function useReading<T>(
  read: (signal: AbortSignal) => Promise<T>,
  { every, enabled = true }: { every?: number | undefined; enabled?: boolean } = {},
): Read<T> {
  // Another question begins with no value: that of the last one would stand below the wrong name.
  const state = useMemo(() => signal<Answer<T>>(NOTHING), [read]);
  const running = useRef<AbortController | null>(null);
  const reload = useCallback(() => {
    running.current?.abort();
    running.current = new AbortController();
    void readInto(state, read, running.current.signal);
  }, [read, state]);
  useEffect(() => {
    if (!enabled) return undefined;
    reload();
    const stop = every === undefined ? () => {} : repeatWhileVisible(reload, every);
    return () => {
      stop();
      running.current?.abort();
    };
  }, [reload, every, enabled]);
  return { ...state.value, reload };
}

async function readInto<T>(state: Signal<Answer<T>>, read: (s: AbortSignal) => Promise<T>, abort: AbortSignal) {
  state.value = { ...state.peek(), reading: true };
  try {
    const value = await read(abort);
    if (!abort.aborted) state.value = { value, error: undefined, reading: false, readAt: Date.now() };
  } catch (error) {
    if (!abort.aborted) state.value = { ...state.peek(), error: asApiError(error), reading: false };
  }
}

function repeatWhileVisible(task: () => void, everyMs: number): () => void {
  const timer = setInterval(() => {
    if (document.visibilityState === 'visible') task();
  }, everyMs);
  return () => clearInterval(timer);
}
