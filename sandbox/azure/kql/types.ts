/** What the values, columns and expressions of Kusto's query language are, and which types go together. */
import { KqlError } from './lexer.ts';

export type Cell = string | number | boolean | null | readonly Cell[] | { readonly [key: string]: Cell };
export type Row = Readonly<Record<string, Cell>>;

/** Times and spans of time are milliseconds. */
export type Type = 'string' | 'long' | 'real' | 'datetime' | 'timespan' | 'bool' | 'dynamic';

export interface Column {
  readonly name: string;
  readonly type: Type;
}

/** An expression, read against the columns of a table. */
export interface Scalar {
  readonly type: Type;
  /** The columns that it depends on. */
  readonly columns: readonly string[];
  of(row: Row): Cell;
}

const NUMBERS: readonly Type[] = ['long', 'real'];

export function isNumber({ type }: Pick<Scalar, 'type'>): boolean {
  return NUMBERS.includes(type);
}

/** Refuses values of two types, or of one that has to be cast first. */
export function refuseUnlike(what: string, ...all: readonly Scalar[]): void {
  const [first] = all;
  const alike = all.every((one) => one.type === first?.type) || all.every(isNumber);
  if (!alike || first?.type === 'dynamic') {
    throw new KqlError(`${what} cannot take ${all.map(({ type }) => type).join(' and ')}`);
  }
}
