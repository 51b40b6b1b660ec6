/**
 * Expressions of Kusto's query language over one row, typed as Kusto types them: what it would refuse is refused here.
 * https://learn.microsoft.com/kusto/query/scalar-data-types/
 */
import { callOf } from './functions.ts';
import { KqlError, listOf, type TokenCursor } from './lexer.ts';
import { type Cell, type Column, isNumber, refuseUnlike, type Scalar, type Type } from './types.ts';

/** Reads a condition as its parts, all of which have to hold. */
export function parseConjunction(cursor: TokenCursor, columns: readonly Column[]): Scalar[] {
  const all = listOf(cursor, 'and', () => parseComparison(cursor, columns));
  if (cursor.peek()?.text !== 'or') return all;
  const others: Scalar[] = [conjunction(all)];
  while (cursor.takes('or')) others.push(conjunction(parseAnd(cursor, columns)));
  return [combine('bool', others, (row) => others.some((one) => one.of(row) === true))];
}

export function parseScalar(cursor: TokenCursor, columns: readonly Column[]): Scalar {
  return conjunction(parseConjunction(cursor, columns));
}

function parseAnd(cursor: TokenCursor, columns: readonly Column[]): Scalar[] {
  return listOf(cursor, 'and', () => parseComparison(cursor, columns));
}

function conjunction(all: readonly Scalar[]): Scalar {
  const [only] = all;
  if (only !== undefined && all.length === 1) return only;
  return combine('bool', all, (row) => all.every((one) => one.of(row) === true));
}

/** An expression of a type over others; `or` and `and` take conditions alone. */
function combine(type: Type, parts: readonly Scalar[], of: Scalar['of']): Scalar {
  if (type === 'bool' && parts.some((part) => part.type !== 'bool')) throw new KqlError('a condition is no bool');
  return { type, columns: parts.flatMap(({ columns }) => columns), of };
}

const TEXT_COMPARISONS: Readonly<Record<string, (a: string, b: string) => boolean>> = {
  '=~': (a, b) => a.toLowerCase() === b.toLowerCase(),
  startswith: (a, b) => a.toLowerCase().startsWith(b.toLowerCase()),
};

const COMPARISONS: Readonly<Record<string, (a: string | number, b: string | number) => boolean>> = {
  '==': (a, b) => a === b,
  '>=': (a, b) => a >= b,
  '>': (a, b) => a > b,
  '<': (a, b) => a < b,
};

function parseComparison(cursor: TokenCursor, columns: readonly Column[]): Scalar {
  const left = parseDifference(cursor, columns);
  const operator = cursor.peek()?.text ?? '';
  if (operator === 'in' || operator === '!in' || operator === 'in~') return parseMembership(cursor, columns, left);
  const ofTexts = TEXT_COMPARISONS[operator];
  const ofValues = COMPARISONS[operator];
  if (ofTexts === undefined && ofValues === undefined) return left;
  cursor.next();
  const right = parseProduct(cursor, columns);
  refuseUnlike(operator, left, right);
  if (ofTexts !== undefined && left.type !== 'string') throw new KqlError(`${operator} compares texts`);
  const parts = { type: 'bool', columns: [...left.columns, ...right.columns] } as const;
  if (ofTexts) return { ...parts, of: (row) => ofTexts(String(left.of(row)), String(right.of(row))) };
  return { ...parts, of: (row) => ofValues?.(plain(left.of(row)), plain(right.of(row))) === true };
}

function parseMembership(cursor: TokenCursor, columns: readonly Column[], left: Scalar): Scalar {
  const operator = cursor.next().text;
  const wanted = operator !== '!in';
  const same = operator === 'in~' ? (cell: Cell) => String(cell).toLowerCase() : (cell: Cell) => cell;
  cursor.expects('(');
  const list = listOf(cursor, ',', () => parsePrimary(cursor, columns));
  cursor.expects(')');
  for (const one of list) refuseUnlike('in', left, one);
  return {
    type: 'bool',
    columns: [left, ...list].flatMap((part) => part.columns),
    of: (row) => list.some((one) => same(one.of(row)) === same(left.of(row))) === wanted,
  };
}

function plain(cell: Cell): string | number {
  if (typeof cell === 'string' || typeof cell === 'number') return cell;
  throw new KqlError('a comparison of values that are neither texts nor numbers');
}

/** The only sum that is computed: what is left of a hundred. */
function parseDifference(cursor: TokenCursor, columns: readonly Column[]): Scalar {
  let left = parseProduct(cursor, columns);
  while (cursor.takes('-')) {
    const [from, right] = [left, parseProduct(cursor, columns)];
    if (!isNumber(from) || !isNumber(right)) throw new KqlError('- takes numbers');
    const type = from.type === 'long' && right.type === 'long' ? 'long' : 'real';
    left = combine(type, [from, right], (row) => Number(from.of(row)) - Number(right.of(row)));
  }
  return left;
}

function parseProduct(cursor: TokenCursor, columns: readonly Column[]): Scalar {
  let left = parsePostfix(cursor, columns);
  for (let sign = cursor.peek()?.text; sign === '*' || sign === '/'; sign = cursor.peek()?.text) {
    cursor.next();
    left = arithmetic(sign, left, parsePostfix(cursor, columns));
  }
  return left;
}

/** Integers divide to integers, as in Kusto. */
function arithmetic(sign: '*' | '/', left: Scalar, right: Scalar): Scalar {
  if (!isNumber(left) || !isNumber(right)) throw new KqlError(`${sign} takes numbers`);
  const type = left.type === 'long' && right.type === 'long' ? 'long' : 'real';
  return combine(type, [left, right], (row) => {
    const [a, b] = [Number(left.of(row)), Number(right.of(row))];
    if (sign === '*') return a * b;
    return type === 'long' ? Math.trunc(a / b) : a / b;
  });
}

/** A value, and what is inside it: `.name` and `[index]` of a dynamic value. */
function parsePostfix(cursor: TokenCursor, columns: readonly Column[]): Scalar {
  let value = parsePrimary(cursor, columns);
  for (;;) {
    if (cursor.takes('.')) value = inside(value, cursor.word());
    else if (cursor.takes('[')) {
      value = inside(value, parseIndex(cursor));
      cursor.expects(']');
    } else return value;
  }
}

/** A key, or an index; one from the end stands in parentheses: https://learn.microsoft.com/kusto/query/scalar-data-types/dynamic */
function parseIndex(cursor: TokenCursor): number | string {
  const fromEnd = cursor.takes('(');
  if (fromEnd) cursor.expects('-');
  const { kind, value } = cursor.next();
  if (kind === 'string' && !fromEnd) return String(value);
  if (kind !== 'number') throw new KqlError('an index is a number');
  if (fromEnd) cursor.expects(')');
  return fromEnd ? -Number(value) : Number(value);
}

function inside(value: Scalar, key: string | number): Scalar {
  if (value.type !== 'dynamic') throw new KqlError(`there is nothing inside a ${value.type}`);
  return {
    type: 'dynamic',
    columns: value.columns,
    of(row) {
      const complete = value.of(row);
      if (Array.isArray(complete)) return typeof key === 'number' ? (complete.at(key) ?? null) : null;
      const found: unknown = typeof complete === 'object' && complete !== null ? Reflect.get(complete, key) : undefined;
      return (found ?? null) as Cell;
    },
  };
}

const LITERALS = { string: 'string', timespan: 'timespan', datetime: 'datetime' } as const;

function parsePrimary(cursor: TokenCursor, columns: readonly Column[]): Scalar {
  if (cursor.takes('(')) {
    const grouped = parseScalar(cursor, columns);
    cursor.expects(')');
    return grouped;
  }
  const { kind, text, value } = cursor.next();
  if (kind === 'sign') throw new KqlError(`syntax error at ${text}`);
  if (kind === 'word') return cursor.takes('(') ? parseCall(cursor, columns, text) : columnOf(text, columns);
  const type = kind === 'number' ? (text.includes('.') ? 'real' : 'long') : LITERALS[kind];
  return { type, columns: [], of: () => value };
}

function parseCall(cursor: TokenCursor, columns: readonly Column[], name: string): Scalar {
  const given = listOf(cursor, ',', () => parseScalar(cursor, columns));
  cursor.expects(')');
  return callOf(name, given);
}

export function columnOf(name: string, columns: readonly Column[]): Scalar {
  const column = columns.find((each) => each.name === name);
  if (column === undefined) throw new KqlError(`Failed to resolve scalar expression named '${name}'`);
  return { type: column.type, columns: [name], of: (row) => row[name] ?? null };
}
