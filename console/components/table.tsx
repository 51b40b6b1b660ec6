/**
 * A table of any length: only the rows near the window are in the document, `aria-rowcount` and `aria-rowindex` state where they are.
 * Arrow keys, Home, End and the page keys move a row, Enter opens it. When it is printed, all rows are there up to a limit.
 */
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso/router';
import { useVirtualRows } from './use-virtual-rows.ts';

export interface RowFocus {
  /** For links and buttons in a cell: only those of the current row are reached by Tab. */
  readonly tabIndex: 0 | -1;
}

export interface Column<Row> {
  readonly id: string;
  readonly title: string;
  /** Width in rem; absent in one column, which takes the rest. */
  readonly width?: number;
  /** Width below 760 px, where it is another. */
  readonly narrow?: number;
  /** 1 is always shown, 2 from 760 px on, 3 from 1,180 px on, 4 from 1,360 px on, 5 from 1,640 px on. */
  readonly priority: 1 | 2 | 3 | 4 | 5;
  readonly isNumber?: boolean;
  /** What `onSort` is called with; absent where the column does not sort. */
  readonly sort?: string;
  readonly cell: (row: Row, focus: RowFocus) => ComponentChildren;
}

export interface TableProps<Row> {
  /** Describes the table to those who do not see it. */
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  /** The page that a row opens. */
  readonly hrefOf?: (row: Row) => string;
  /** `growth` or `-growth`, the minus for descending. */
  readonly sort?: string;
  readonly onSort?: (sort: string) => void;
  /** Called with the rows that are in the document, for what is read lazily. */
  readonly onVisible?: (rows: readonly Row[]) => void;
}

export function Table<Row>({ caption, columns, rows, keyOf, hrefOf, sort, onSort, onVisible }: TableProps<Row>) {
  const { route } = useLocation();
  const body = useRef<HTMLTableSectionElement>(null);
  const { items, before, after, scrollTo } = useVirtualRows(body, rows.length);
  const [active, setActive] = useState(0);
  const wantsFocus = useRef(false);
  const current = Math.min(active, Math.max(0, rows.length - 1));

  useEffect(() => {
    onVisible?.(items.flatMap((index) => rows[index] ?? []));
  }, [items[0], items.at(-1), rows, onVisible]);
  useEffect(() => {
    if (!wantsFocus.current) return;
    const row = body.current?.querySelector<HTMLElement>(`tr[data-index="${current}"]`);
    if (row === null || row === undefined) return;
    wantsFocus.current = false;
    row.focus({ preventScroll: true });
  });

  const onKeyDown = (event: KeyboardEvent) => {
    const row = rows[current];
    if (
      event.key === 'Enter' &&
      hrefOf !== undefined &&
      row !== undefined &&
      event.target instanceof HTMLTableRowElement
    ) {
      route(hrefOf(row));
      return;
    }
    const next = rowAfter(event.key, current, rows.length);
    if (next === undefined || isTyping(event.target)) return;
    event.preventDefault();
    wantsFocus.current = true;
    setActive(next);
    scrollTo(next);
  };

  return (
    <table class="table" aria-rowcount={rows.length + 1} onKeyDown={onKeyDown}>
      <caption class="visually-hidden">{caption}</caption>
      <thead>
        <tr aria-rowindex={1}>
          {columns.map((column) => (
            <Heading key={column.id} column={column} sort={sort} onSort={onSort} />
          ))}
        </tr>
      </thead>
      <Spacer height={before} />
      <tbody ref={body}>
        {items.map((index) => {
          const row = rows[index];
          if (row === undefined) return null;
          const focus: RowFocus = { tabIndex: index === current ? 0 : -1 };
          return (
            <tr
              key={keyOf(row)}
              data-index={index}
              aria-rowindex={index + 2}
              tabIndex={focus.tabIndex}
              onFocusIn={() => setActive(index)}
            >
              {columns.map((column) => (
                <td key={column.id} class={cellClass(column)}>
                  {column.cell(row, focus)}
                </td>
              ))}
            </tr>
          );
        })}
      </tbody>
      <Spacer height={after} />
    </table>
  );
}

/** The room of the rows that are not in the document. */
function Spacer({ height }: { height: number }) {
  return (
    <tbody class="table-spacer" aria-hidden="true">
      {height > 0 && (
        <tr>
          <td style={{ height: `${height}px` }} />
        </tr>
      )}
    </tbody>
  );
}

interface HeadingProps<Row> {
  readonly column: Column<Row>;
  readonly sort: string | undefined;
  readonly onSort: ((sort: string) => void) | undefined;
}

function Heading<Row>({ column, sort, onSort }: HeadingProps<Row>) {
  const { sort: key, title, width, narrow = width } = column;
  const style = width === undefined ? {} : { '--width': `${width}rem`, '--narrow': `${narrow}rem` };
  if (key === undefined || onSort === undefined) {
    return (
      <th scope="col" class={cellClass(column)} style={style}>
        {title}
      </th>
    );
  }
  const direction = sort === key ? 'ascending' : sort === `-${key}` ? 'descending' : undefined;
  // What is looked for in a column of figures is its largest: the first click sorts it downwards.
  const first = column.isNumber ? `-${key}` : key;
  const next = sort === first ? (column.isNumber ? key : `-${key}`) : first;
  return (
    <th
      scope="col"
      class={cellClass(column)}
      style={style}
      {...(direction === undefined ? {} : { 'aria-sort': direction })}
    >
      <button type="button" class="sort" onClick={() => onSort(next)}>
        {title}
        <span aria-hidden="true" class="sort-mark">
          {direction === 'ascending' ? '↑' : direction === 'descending' ? '↓' : ''}
        </span>
      </button>
    </th>
  );
}

function cellClass({ priority, isNumber, id }: { priority: number; isNumber?: boolean; id: string }): string {
  return `col-${id} priority-${priority}${isNumber ? ' number' : ''}`;
}

const PAGE_ROWS = 15;

function rowAfter(key: string, index: number, count: number): number | undefined {
  const last = count - 1;
  switch (key) {
    case 'ArrowDown':
      return Math.min(last, index + 1);
    case 'ArrowUp':
      return Math.max(0, index - 1);
    case 'PageDown':
      return Math.min(last, index + PAGE_ROWS);
    case 'PageUp':
      return Math.max(0, index - PAGE_ROWS);
    case 'Home':
      return 0;
    case 'End':
      return last;
    default:
      return undefined;
  }
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLInputElement || target instanceof HTMLSelectElement || target instanceof HTMLTextAreaElement
  );
}
