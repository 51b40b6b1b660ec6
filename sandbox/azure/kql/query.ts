/**
 * The part of Kusto's query language that the project's queries use, computed over tables: operator by operator, and what
 * is not understood is refused, so that a changed query gets a changed result.
 * https://learn.microsoft.com/kusto/query/
 */
import { type Aggregate, aggregateOf } from './functions.ts';
import { cursorOver, KqlError, lex, listOf, type Token, type TokenCursor } from './lexer.ts';
import { columnOf, parseConjunction, parseScalar } from './scalar.ts';
import type { Cell, Column, Row, Scalar } from './types.ts';

/** Rows that have some columns in common. */
interface Partition {
  /** The columns that have one value in all rows: conditions on these are looked at once. */
  readonly shared: Row;
  rows(): Iterable<Row>;
}

export interface Table {
  readonly columns: readonly Column[];
  readonly partitions: readonly Partition[];
}

export interface QueryResult {
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
}

/** Computes a query: the last statement is the answer, the others name tables. Throws `KqlError`. */
export function runQuery(text: string, tables: ReadonlyMap<string, Table>): QueryResult {
  const known = new Map(tables);
  const statements = split(lex(text), ';');
  for (const statement of statements.slice(0, -1)) {
    const cursor = cursorOver(statement);
    cursor.expects('let');
    const name = cursor.word();
    cursor.expects('=');
    known.set(name, tableOf(runPipeline(cursor, known)));
  }
  return runPipeline(cursorOver(statements.at(-1) ?? []), known);
}

export function tableOf({ columns, rows }: QueryResult): Table {
  return { columns, partitions: [{ shared: {}, rows: () => rows }] };
}

type Operator = (table: Table, cursor: TokenCursor, known: ReadonlyMap<string, Table>) => Table;

function runPipeline(cursor: TokenCursor, known: ReadonlyMap<string, Table>): QueryResult {
  let table = named(cursor.word(), known);
  while (cursor.takes('|')) {
    const name = cursor.word();
    const operator = Object.hasOwn(OPERATORS, name) ? OPERATORS[name] : undefined;
    if (operator === undefined) throw new KqlError(`Unknown operator: ${name}`);
    table = operator(table, cursor, known);
  }
  const rest = cursor.peek();
  if (rest !== undefined) throw new KqlError(`syntax error at ${rest.text}`);
  return { columns: table.columns, rows: rowsOf(table) };
}

function named(name: string, known: ReadonlyMap<string, Table>): Table {
  const table = known.get(name);
  if (table === undefined) throw new KqlError(`Failed to resolve table or column expression named '${name}'`);
  return table;
}

function rowsOf({ partitions }: Table): Row[] {
  return partitions.flatMap((partition) => [...partition.rows()]);
}

function split(tokens: readonly Token[], sign: string): Token[][] {
  const parts: Token[][] = [[]];
  for (const token of tokens) {
    if (token.kind === 'sign' && token.text === sign) parts.push([]);
    else parts.at(-1)?.push(token);
  }
  return parts;
}

const OPERATORS: Readonly<Record<string, Operator>> = {
  where({ columns, partitions }, cursor) {
    const conditions = parseConjunction(cursor, columns);
    if (conditions.some(({ type }) => type !== 'bool')) throw new KqlError('where takes a condition');
    return { columns, partitions: partitions.flatMap((partition) => narrowed(partition, conditions)) };
  },

  extend(table, cursor) {
    const added = listOf(cursor, ',', () => parseAssigned(cursor, table.columns));
    const names = new Set(added.map(({ name }) => name));
    return tableOf({
      columns: [...table.columns.filter(({ name }) => !names.has(name)), ...added.map(columnIn)],
      rows: rowsOf(table).map((row) => withCells({ ...row }, added, row)),
    });
  },

  project(table, cursor) {
    const kept = listOf(cursor, ',', () => parseNamed(cursor, table.columns));
    return tableOf({ columns: kept.map(columnIn), rows: rowsOf(table).map((row) => rowFrom(kept, row)) });
  },

  summarize(table, cursor) {
    const folds = listOf(cursor, ',', () => parseFold(cursor, table.columns)).flat();
    cursor.expects('by');
    const keys = listOf(cursor, ',', () => parseNamed(cursor, table.columns));
    const groups = Map.groupBy(rowsOf(table), (row) => JSON.stringify(keys.map(({ value }) => value.of(row))));
    return tableOf({
      columns: [...keys.map(columnIn), ...folds.map(({ name, aggregate: { type } }) => ({ name, type }))],
      rows: [...groups.values()].map((group) => ({
        ...rowFrom(keys, group[0] ?? {}),
        ...Object.fromEntries(folds.map(({ name, aggregate }) => [name, aggregate.fold(group)])),
      })),
    });
  },

  /** Adds the columns of a smaller table by a key: https://learn.microsoft.com/kusto/query/lookup-operator */
  lookup(table, cursor, known) {
    cursor.expects('kind');
    cursor.expects('=');
    const kind = cursor.word();
    if (kind !== 'leftouter' && kind !== 'inner') throw new KqlError(`lookup has no kind ${kind}`);
    const right = named(cursor.word(), known);
    cursor.expects('on');
    const key = cursor.word();
    return lookedUp(table, right, key, kind);
  },

  take({ columns, ...table }, cursor) {
    const { kind, value } = cursor.next();
    if (kind !== 'number') throw new KqlError('take takes a number');
    return tableOf({ columns, rows: rowsOf({ columns, ...table }).slice(0, Number(value)) });
  },

  'make-series': makeSeries,

  order(table, cursor) {
    cursor.expects('by');
    const keys = listOf(cursor, ',', () => {
      const value = columnOf(cursor.word(), table.columns);
      cursor.expects('asc');
      return value;
    });
    const rows = rowsOf(table).sort((a, b) => {
      const differs = keys.find((key) => key.of(a) !== key.of(b));
      return differs === undefined ? 0 : order(differs.of(a), differs.of(b));
    });
    return tableOf({ columns: table.columns, rows });
  },
};

/**
 * A row for each key, with a value for each step from one time to another; null where there is none, which is the only default that is
 * computed. https://learn.microsoft.com/kusto/query/make-series-operator
 */
function makeSeries(table: Table, cursor: TokenCursor): Table {
  const [fold] = parseFold(cursor, table.columns);
  for (const expected of ['default', '=', 'real', '(', 'null', ')', 'on']) cursor.expects(expected);
  const on = columnOf(cursor.word(), table.columns);
  const [from, to, step] = ['from', 'to', 'step'].map((word) => {
    cursor.expects(word);
    return Number(parseScalar(cursor, table.columns).of({}));
  });
  cursor.expects('by');
  const key = parseNamed(cursor, table.columns);
  if (fold === undefined || from === undefined || to === undefined || !step)
    throw new KqlError('make-series needs a span');
  const steps = Math.ceil((to - from) / step);
  const groups = Map.groupBy(rowsOf(table), (row) => key.value.of(row));
  const rows = [...groups.values()].map((group) => {
    const byStep = Map.groupBy(group, (row) => Math.floor((Number(on.of(row)) - from) / step));
    const values = Array.from({ length: steps }, (_, at): Cell => {
      const inStep = byStep.get(at);
      return inStep === undefined ? null : fold.aggregate.fold(inStep);
    });
    return { ...rowFrom([key], group[0] ?? {}), [fold.name]: values };
  });
  return tableOf({ columns: [columnIn(key), { name: fold.name, type: 'dynamic' }], rows });
}

/** Leaves out an entire partition where a condition on what its rows share does not hold. */
function narrowed({ shared, rows }: Partition, conditions: readonly Scalar[]): Partition[] {
  const isShared = ({ columns }: Scalar) => columns.every((name) => Object.hasOwn(shared, name));
  const [once, each] = [conditions.filter(isShared), conditions.filter((condition) => !isShared(condition))];
  if (!once.every((condition) => condition.of(shared) === true)) return [];
  const kept = function* () {
    for (const row of rows()) if (each.every((condition) => condition.of(row) === true)) yield row;
  };
  return [{ shared, rows: kept }];
}

interface Named {
  readonly name: string;
  readonly value: Scalar;
}

function parseAssigned(cursor: TokenCursor, columns: readonly Column[]): Named {
  const name = cursor.word();
  cursor.expects('=');
  return { name, value: parseScalar(cursor, columns) };
}

/** A column by its name, or a new one. */
function parseNamed(cursor: TokenCursor, columns: readonly Column[]): Named {
  if (cursor.peek(1)?.text === '=') return parseAssigned(cursor, columns);
  const name = cursor.word();
  return { name, value: columnOf(name, columns) };
}

function columnIn({ name, value: { type } }: Named): Column {
  return { name, type };
}

function rowFrom(named: readonly Named[], row: Row): Row {
  return withCells({}, named, row);
}

/** Sets cells that are computed from a row. A loop: hundreds of thousands of rows pass here. */
function withCells(made: Record<string, Cell>, named: readonly Named[], row: Row): Row {
  for (const { name, value } of named) made[name] = value.of(row);
  return made;
}

interface Fold {
  readonly name: string;
  readonly aggregate: Aggregate;
}

/** `name = aggregation(value)`, or `arg_max(by, columns)`, which gives several columns of one row. */
function parseFold(cursor: TokenCursor, columns: readonly Column[]): Fold[] {
  const name = cursor.word();
  if (name === 'arg_max') return parseArgMax(cursor, columns);
  cursor.expects('=');
  const aggregation = cursor.word();
  cursor.expects('(');
  const given = listOf(cursor, ',', () => parseScalar(cursor, columns));
  cursor.expects(')');
  return [{ name, aggregate: aggregateOf(aggregation, given) }];
}

function parseArgMax(cursor: TokenCursor, columns: readonly Column[]): Fold[] {
  cursor.expects('(');
  const names = listOf(cursor, ',', () => cursor.word());
  cursor.expects(')');
  const [by, ...others] = names.map((name) => ({ name, value: columnOf(name, columns) }));
  if (by === undefined) throw new KqlError('arg_max takes columns');
  const greatest = (rows: readonly Row[]) =>
    rows.reduce((best, row) => (order(by.value.of(row), by.value.of(best)) > 0 ? row : best));
  return [by, ...others].map(({ name, value }) => ({
    name,
    aggregate: { type: value.type, fold: (rows) => value.of(greatest(rows)) },
  }));
}

/** Kusto gives a column of both tables another name, which no query of ours uses. */
function lookedUp(table: Table, right: Table, key: string, kind: 'leftouter' | 'inner'): Table {
  const [own, other] = [columnOf(key, table.columns), columnOf(key, right.columns)];
  const added = right.columns.filter(({ name }) => name !== key);
  const twice = added.find(({ name }) => table.columns.some((column) => column.name === name));
  if (twice) throw new KqlError(`both tables have the column ${twice.name}`);
  const found = Map.groupBy(rowsOf(right), (row) => other.of(row));
  // A text is never null in Kusto: what is missing is empty.
  const missing = Object.fromEntries(added.map(({ name, type }) => [name, type === 'string' ? '' : null]));
  const rows = rowsOf(table).flatMap((row) => {
    const matches = found.get(own.of(row)) ?? (kind === 'leftouter' ? [missing] : []);
    return matches.map((match) => ({ ...match, ...row }));
  });
  return tableOf({ columns: [...table.columns, ...added], rows });
}

function order(a: Cell, b: Cell): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  const [left, right] = [String(a), String(b)];
  return left < right ? -1 : Number(left > right);
}
