/** The filters of a list, and its other parameters, kept in the address. */
import { useMemo } from 'preact/hooks';
import { useLocation } from 'preact-iso/router';
import { type FilterKind, type Filters, parseFilters, toggleFilter, withFilters } from '../filters.ts';

export interface ListState {
  readonly filters: Filters;
  readonly toggle: (field: string, value: string, kind: FilterKind) => void;
  readonly clear: () => void;
  /** Another parameter of the address: `text`, `sort`. Empty where it is absent. */
  readonly parameter: (name: string) => string;
  /** Sets other parameters; an empty value takes one out. The address is replaced: going back leaves the list. */
  readonly set: (values: Readonly<Record<string, string>>) => void;
}

/** @param fields Names of the fields that the list can be filtered by; a constant. */
export function useListState(fields: readonly string[]): ListState {
  const { url, path, route } = useLocation();
  const search = url.includes('?') ? url.slice(url.indexOf('?')) : '';
  return useMemo(() => {
    const filters = parseFilters(search, fields);
    const parameters = new URLSearchParams(search);
    const show = (next: Filters) => route(`${path}${withFilters(search, fields, next)}`, true);
    return {
      filters,
      toggle: (field, value, kind) => show(toggleFilter(filters, field, value, kind)),
      clear: () => show({}),
      parameter: (name) => parameters.get(name) ?? '',
      set: (values) => {
        const next = new URLSearchParams(search);
        for (const [name, value] of Object.entries(values)) {
          if (value === '') next.delete(name);
          else next.set(name, value);
        }
        const text = next.toString();
        route(text === '' ? path : `${path}?${text}`, true);
      },
    };
  }, [search, path, fields, route]);
}
