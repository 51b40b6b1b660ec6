/** Filters of a list: the chips of those that are set, and the buttons beside a value that set them. */
import { type FilterKind, listFilters } from '../filters.ts';
import { plain, Text } from './text.tsx';
import type { ListState } from './use-filters.ts';

interface ChipsProps {
  readonly state: ListState;
  /** Names of the fields for people. */
  readonly labels: Readonly<Record<string, string>>;
}

/** The filters that are set; a click on one takes it out. */
export function FilterChips({ state, labels }: ChipsProps) {
  const set = listFilters(state.filters);
  if (set.length === 0) return null;
  return (
    <ul class="chips" aria-label="Filters">
      {set.map(({ field, value, kind }) => (
        <li key={`${field} ${kind} ${value}`}>
          <button
            type="button"
            class={`chip chip-${kind}`}
            title="Take this filter out"
            onClick={() => state.toggle(field, value, kind)}
          >
            <span class="chip-field">{labels[field] ?? field}</span>
            <span>{kind === 'include' ? 'is' : 'is not'}</span>{' '}
            <Text value={value === '' ? '(none)' : value} length={60} />
            <span aria-hidden="true" class="chip-close">
              ×
            </span>
          </button>
        </li>
      ))}
      <li>
        <button type="button" class="button-plain" onClick={state.clear}>
          Clear filters
        </button>
      </li>
    </ul>
  );
}

interface FilterableProps {
  readonly field: string;
  /** Compared with; shown too where `text` is not given. */
  readonly value: string;
  readonly text?: string;
  readonly onFilter: (field: string, value: string, kind: FilterKind) => void;
  readonly tabIndex?: 0 | -1;
}

/** A value that becomes a filter by one click: plus shows only it, minus hides it. */
export function Filterable({ field, value, text = value, onFilter, tabIndex = 0 }: FilterableProps) {
  const name = plain(text, 60);
  return (
    <span class="filterable">
      <span class="filterable-text" title={plain(text, 1000)}>
        <Text value={text} />
      </span>
      <span class="filterable-actions">
        <button
          type="button"
          tabIndex={tabIndex}
          aria-label={`Show only ${name}`}
          title={`Show only ${name}`}
          onClick={() => onFilter(field, value, 'include')}
        >
          +
        </button>
        <button
          type="button"
          tabIndex={tabIndex}
          aria-label={`Hide ${name}`}
          title={`Hide ${name}`}
          onClick={() => onFilter(field, value, 'exclude')}
        >
          −
        </button>
      </span>
    </span>
  );
}
