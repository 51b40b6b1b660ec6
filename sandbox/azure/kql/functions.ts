/** The functions of Kusto's query language that the sandbox computes. https://learn.microsoft.com/kusto/query/scalar-functions */
import { KqlError } from './lexer.ts';
import { type Cell, isNumber, type Row, refuseUnlike, type Scalar, type Type } from './types.ts';

interface FunctionCall {
  readonly type: Type;
  readonly of: (given: readonly Cell[]) => Cell;
}

/** Checks the types of a function's arguments, and returns the call that computes its value. */
type Signature = (given: readonly Scalar[]) => FunctionCall;

const FUNCTIONS: Readonly<Record<string, Signature>> = {
  tostring: (given) => {
    takes('tostring', given, [undefined]);
    return { type: 'string', of: ([value = null]) => textOf(value) };
  },
  split: (given) => {
    takes('split', given, ['string', 'string']);
    return { type: 'dynamic', of: ([text = '', by = '']) => String(text).split(String(by)) };
  },
  replace_regex: (given) => {
    takes('replace_regex', given, ['string', 'string', 'string']);
    return {
      type: 'string',
      of: ([text = '', regex = '', by = '']) => String(text).replaceAll(new RegExp(String(regex), 'g'), String(by)),
    };
  },
  iff: (given) => {
    takes('iff', given, ['bool', undefined, undefined]);
    const [, ...either] = given;
    refuseUnlike('iff', ...either);
    return { type: commonType(either), of: ([holds, then = null, otherwise = null]) => (holds ? then : otherwise) };
  },
  /** The first that is not null, and of texts the first that is not empty. */
  coalesce: (given) => {
    refuseUnlike('coalesce', ...given);
    const type = commonType(given);
    return {
      type,
      of: (values) => values.find((value) => value !== null && value !== '') ?? (type === 'string' ? '' : null),
    };
  },
  strcat: (given) => {
    takes(
      'strcat',
      given,
      given.map(() => 'string' as const),
    );
    return { type: 'string', of: (values) => values.join('') };
  },
  /** Below 0, 0 or above: texts are not compared with `>`. */
  strcmp: (given) => {
    takes('strcmp', given, ['string', 'string']);
    return { type: 'long', of: ([a = '', b = '']) => (String(a) < String(b) ? -1 : Number(String(a) > String(b))) };
  },
  isnotempty: (given) => {
    takes('isnotempty', given, ['string']);
    return { type: 'bool', of: ([text = '']) => text !== '' };
  },
  /** What is no JSON stays a text. */
  parse_json: (given) => {
    takes('parse_json', given, ['string']);
    return { type: 'dynamic', of: ([text = '']) => parsed(String(text)) };
  },
  bin: (given) => {
    takes('bin', given, ['datetime', 'timespan']);
    return { type: 'datetime', of: ([time, width]) => Math.floor(Number(time) / Number(width)) * Number(width) };
  },
};

/** A call of a function with what it is given. */
export function callOf(name: string, given: readonly Scalar[]): Scalar {
  const signature = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
  if (signature === undefined) throw new KqlError(`Unknown function: '${name}'`);
  const { type, of } = signature(given);
  return {
    type,
    columns: given.flatMap(({ columns }) => columns),
    of: (row) => of(given.map((one) => one.of(row))),
  };
}

/** What a group of rows is folded to. */
export interface Aggregate {
  readonly type: Type;
  fold(rows: readonly Row[]): Cell;
}

/** https://learn.microsoft.com/kusto/query/aggregation-functions */
export function aggregateOf(name: string, given: readonly Scalar[]): Aggregate {
  const [value] = given;
  if (value === undefined || given.length > 1) throw new KqlError(`${name} takes one value`);
  const numbers = (rows: readonly Row[]) => rows.map((row) => Number(value.of(row)));
  const total = (rows: readonly Row[]) => numbers(rows).reduce((sum, one) => sum + one, 0);
  if (['sum', 'avg', 'min', 'max'].includes(name) && !isNumber(value)) throw new KqlError(`${name} takes numbers`);
  switch (name) {
    case 'sum':
      return { type: value.type, fold: total };
    case 'min':
      return { type: value.type, fold: (rows) => numbers(rows).reduce((least, one) => Math.min(least, one)) };
    case 'max':
      return { type: value.type, fold: (rows) => numbers(rows).reduce((most, one) => Math.max(most, one)) };
    case 'avg':
      return { type: 'real', fold: (rows) => total(rows) / rows.length };
    case 'countif':
      takes('countif', given, ['bool']);
      return { type: 'long', fold: (rows) => rows.filter((row) => value.of(row) === true).length };
    case 'count_distinct':
      return { type: 'long', fold: (rows) => new Set(rows.map((row) => value.of(row))).size };
    default:
      throw new KqlError(`Unknown aggregation: '${name}'`);
  }
}

/** Undefined stands for any type. */
function takes(name: string, given: readonly Scalar[], types: readonly (Type | undefined)[]): void {
  const fits =
    given.length === types.length && given.every(({ type }, index) => [undefined, type].includes(types[index]));
  if (!fits) throw new KqlError(`${name} cannot take ${given.map(({ type }) => type).join(', ')}`);
}

function commonType(given: readonly Scalar[]): Type {
  const [first] = given;
  if (first === undefined) throw new KqlError('a function is given nothing');
  return given.every(({ type }) => type === first.type) ? first.type : 'real';
}

function parsed(text: string): Cell {
  try {
    const value: Cell = JSON.parse(text);
    return value;
  } catch {
    return text;
  }
}

function textOf(value: Cell): string {
  if (value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
