/** Levels of the rows that are shown, read for some hosts at a time and once for each. */
import { signal } from '@preact/signals';
import { useCallback, useMemo, useRef } from 'preact/hooks';
import type { HostRow, SparklineView } from '../../../api/contract/hosts.ts';
import { useTenant } from '../../components/tenant.ts';
import { useSource } from '../../data/use-answer.ts';

/** Hosts of one request: the contract takes no more. */
const BATCH = 100;
/** Scrolling passes rows that nobody looks at: they are read when it has rested so long. */
const REST_MS = 150;

export type Sparklines = ReadonlyMap<string, SparklineView['values']>;

export interface LazySparklines {
  readonly known: Sparklines;
  /** Takes the rows that are in the document. */
  readonly show: (rows: readonly HostRow[]) => void;
}

export function useSparklines(): LazySparklines {
  const source = useSource();
  const { tenant } = useTenant();
  const known = useMemo(() => signal<Sparklines>(new Map()), [tenant]);
  const asked = useRef(new Set<string>());
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  const read = useCallback(
    async (refs: string[]) => {
      for (const ref of refs) asked.current.add(ref);
      try {
        const { items } = await source.send('post', '/tenants/{tenant}/sparklines', { tenant }, { body: { refs } });
        known.value = new Map([...known.peek(), ...items.map(({ ref, values }) => [ref, values] as const)]);
      } catch {
        // A row without its line is still a row; it is read again when it is scrolled to again.
        for (const ref of refs) asked.current.delete(ref);
      }
    },
    [source, tenant, known],
  );

  const show = useCallback(
    (rows: readonly HostRow[]) => {
      clearTimeout(timer.current);
      timer.current = setTimeout(() => {
        const refs = rows.filter(({ level }) => level !== null).map(({ ref }) => ref);
        const missing = refs.filter((ref) => !asked.current.has(ref));
        for (let start = 0; start < missing.length; start += BATCH) void read(missing.slice(start, start + BATCH));
      }, REST_MS);
    },
    [read],
  );

  return { known: known.value, show };
}
