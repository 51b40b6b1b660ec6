/** Reads lists that have a cursor: page after page, so that the first rows are there while the last are on their way. */
import { type Signal, signal } from '@preact/signals';
import { useCallback, useEffect, useMemo, useRef } from 'preact/hooks';
import { type ApiError, asApiError } from './api-error.ts';

export interface Page<Item> {
  readonly items: readonly Item[];
  readonly cursor: string | null;
}

export interface Pages<Item, P extends Page<Item>> {
  readonly items: readonly Item[];
  /** The newest page, for what it states beside its items. */
  readonly latest: P | undefined;
  readonly error: ApiError | undefined;
  readonly reading: boolean;
  /** There are more: `most` was reached, or `more` reads the next page. */
  readonly hasMore: boolean;
  readonly more: () => void;
  readonly reload: () => void;
}

export interface PagesOptions {
  /** Reading goes on by itself until so many items are there. */
  readonly most: number;
}

type ReadPage<P> = (cursor: string | undefined, signal: AbortSignal) => Promise<P>;

interface State<Item, P> {
  readonly items: readonly Item[];
  readonly latest: P | undefined;
  readonly error: ApiError | undefined;
  readonly reading: boolean;
}

/** @param read Reads one page; another function begins anew, so give it one that `useCallback` keeps. */
export function usePages<Item, P extends Page<Item>>(read: ReadPage<P>, { most }: PagesOptions): Pages<Item, P> {
  const state = useMemo(
    () => signal<State<Item, P>>({ items: [], latest: undefined, error: undefined, reading: true }),
    [read],
  );
  const running = useRef<AbortController | null>(null);
  const start = useCallback(
    (isAnew: boolean, until: number) => {
      running.current?.abort();
      running.current = new AbortController();
      void readPages({ state, read, until, isAnew, abort: running.current.signal });
    },
    [read, state],
  );
  useEffect(() => {
    start(true, most);
    return () => running.current?.abort();
  }, [start, most]);
  const { items, latest, error, reading } = state.value;
  return {
    items,
    latest,
    error,
    reading,
    hasMore: !reading && latest?.cursor != null,
    more: () => start(false, items.length + 1),
    reload: () => start(true, Math.max(most, items.length)),
  };
}

interface Reading<Item, P> {
  readonly state: Signal<State<Item, P>>;
  readonly read: ReadPage<P>;
  readonly until: number;
  readonly isAnew: boolean;
  readonly abort: AbortSignal;
}

/** The rows that are shown stay until the first page of another reading is there. */
async function readPages<Item, P extends Page<Item>>({ state, read, until, isAnew, abort }: Reading<Item, P>) {
  const before = state.peek();
  let items = isAnew ? [] : before.items;
  let cursor = isAnew ? undefined : (before.latest?.cursor ?? undefined);
  state.value = { ...before, reading: true, error: undefined };
  try {
    do {
      const latest = await read(cursor, abort);
      if (abort.aborted) return;
      items = [...items, ...latest.items];
      cursor = latest.cursor ?? undefined;
      state.value = { items, latest, error: undefined, reading: cursor !== undefined && items.length < until };
    } while (state.peek().reading);
  } catch (error) {
    if (!abort.aborted) state.value = { ...state.peek(), error: asApiError(error), reading: false };
  }
}
