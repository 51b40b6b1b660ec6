/** Reads lists that have a cursor: page after page, so that the first rows are there while the last are on their way. */
import { signal } from '@preact/signals';
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
    async (isAnew: boolean, until: number) => {
      running.current?.abort();
      const abort = new AbortController();
      running.current = abort;
      const before = state.peek();
      // The rows that are shown stay until the first page of the new reading is there.
      let items = isAnew ? [] : before.items;
      let cursor = isAnew ? undefined : (before.latest?.cursor ?? undefined);
      state.value = { ...before, reading: true, error: undefined };
      try {
        do {
          const latest = await read(cursor, abort.signal);
          if (abort.signal.aborted) return;
          items = [...items, ...latest.items];
          cursor = latest.cursor ?? undefined;
          state.value = { items, latest, error: undefined, reading: cursor !== undefined && items.length < until };
        } while (state.peek().reading);
      } catch (error) {
        if (!abort.signal.aborted) state.value = { ...state.peek(), error: asApiError(error), reading: false };
      }
    },
    [read, state],
  );
  useEffect(() => {
    void start(true, most);
    return () => running.current?.abort();
  }, [start, most]);
  const { items, latest, error, reading } = state.value;
  return {
    items,
    latest,
    error,
    reading,
    hasMore: !reading && latest?.cursor != null,
    more: () => void start(false, items.length + 1),
    reload: () => void start(true, Math.max(most, items.length)),
  };
}
