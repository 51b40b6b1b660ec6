/** Which rows of a long table are near the window. */
import {
  observeWindowOffset,
  observeWindowRect,
  Virtualizer,
  type VirtualizerOptions,
  windowScroll,
} from '@tanstack/virtual-core';
import type { RefObject } from 'preact';
import { useEffect, useLayoutEffect, useMemo, useReducer, useState } from 'preact/hooks';

/** Row heights by styles/components.css: dense on wide screens, two lines with larger targets on narrow ones. */
const WIDE_ROW = 36;
const NARROW_ROW = 60;
const NARROW = '(max-width: 759.98px)';
/** Rows that are kept beyond both ends of the window. */
const OVERSCAN = 12;
/** Rows that are printed at the most. */
const MOST_PRINTED = 1_000;
/** Below the sticky head of the page and of the table. */
const HEAD_PX = 96;

export interface VirtualRows {
  /** Indices of the rows that are in the document. */
  readonly items: readonly number[];
  /** Pixels above and below them. */
  readonly before: number;
  readonly after: number;
  readonly scrollTo: (index: number) => void;
}

export function useVirtualRows(body: RefObject<HTMLTableSectionElement | null>, count: number): VirtualRows {
  const [, update] = useReducer((n: number) => n + 1, 0);
  const rowHeight = useRowHeight();
  const [margin, setMargin] = useState(0);
  const isPrinting = usePrinting();
  const options: VirtualizerOptions<Window, HTMLElement> = {
    count,
    getScrollElement: () => window,
    estimateSize: () => rowHeight,
    overscan: OVERSCAN,
    scrollMargin: margin,
    scrollPaddingStart: HEAD_PX,
    scrollPaddingEnd: rowHeight,
    initialOffset: () => window.scrollY,
    observeElementRect: observeWindowRect,
    observeElementOffset: observeWindowOffset,
    scrollToFn: windowScroll,
    onChange: () => update(0),
  };
  const virtualizer = useMemo(() => new Virtualizer<Window, HTMLElement>(options), []);
  virtualizer.setOptions(options);
  useEffect(() => virtualizer._didMount(), [virtualizer]);
  useLayoutEffect(() => virtualizer._willUpdate());
  useLayoutEffect(() => virtualizer.measure(), [virtualizer, rowHeight]);
  // What stands above the table may have another height after any render.
  useLayoutEffect(() => {
    const table = body.current?.closest('table')?.tHead;
    const top = table ? table.getBoundingClientRect().bottom + window.scrollY : 0;
    if (Math.abs(top - margin) > 1) setMargin(top);
  });
  const scrollTo = (index: number) => virtualizer.scrollToIndex(index);
  if (isPrinting) return { items: range(Math.min(count, MOST_PRINTED)), before: 0, after: 0, scrollTo };
  const shown = virtualizer.getVirtualItems();
  const first = shown[0];
  const last = shown.at(-1);
  return {
    items: shown.map(({ index }) => index),
    before: first === undefined ? 0 : first.start - margin,
    after: last === undefined ? 0 : virtualizer.getTotalSize() - (last.end - margin),
    scrollTo,
  };
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

function useRowHeight(): number {
  const media = useMemo(() => window.matchMedia(NARROW), []);
  const [isNarrow, setNarrow] = useState(media.matches);
  useEffect(() => {
    const onChange = () => setNarrow(media.matches);
    media.addEventListener('change', onChange);
    return () => media.removeEventListener('change', onChange);
  }, [media]);
  return isNarrow ? NARROW_ROW : WIDE_ROW;
}

function usePrinting(): boolean {
  const [isPrinting, setPrinting] = useState(false);
  useEffect(() => {
    const begin = () => setPrinting(true);
    const end = () => setPrinting(false);
    window.addEventListener('beforeprint', begin);
    window.addEventListener('afterprint', end);
    return () => {
      window.removeEventListener('beforeprint', begin);
      window.removeEventListener('afterprint', end);
    };
  }, []);
  return isPrinting;
}
