/** The little of Kusto's query language that the sandbox understands: where a table's rows come from and which are kept. */

export type Value = string | number;
export type Row = Readonly<Record<string, Value>>;

export interface Query {
  /** The table that the last statement begins with. */
  readonly table: string;
  /** Whether a row passes all `where` operators of the last statement. */
  readonly keeps: (row: Row) => boolean;
  /** The last statement without its literals: what was asked, whatever names were in it. */
  readonly shape: string;
}

interface Token {
  readonly kind: 'word' | 'string' | 'number' | 'datetime' | 'sign';
  readonly text: string;
  readonly value: Value;
}

/** Thrown at what the language does not allow, or the sandbox does not understand. */
export class KqlError extends Error {}

/** Reads a query. A string that is not ended, and a sign that nobody knows, are syntax errors. */
export function parseQuery(text: string): Query {
  const statements = split(lex(text), ';');
  const [source = [], ...operators] = split(statements.at(-1) ?? [], '|');
  const conditions = operators.filter(([first]) => first?.text === 'where').map(([, ...rest]) => parseCondition(rest));
  const [table] = source;
  if (table === undefined || source.length > 1) throw new KqlError('a query begins with a table');
  return {
    table: table.text,
    keeps: (row) => conditions.every((condition) => condition(row)),
    shape: (statements.at(-1) ?? []).map(({ kind, text }) => (kind === 'string' ? '""' : text)).join(' '),
  };
}

const LEXEMES: readonly (readonly [Token['kind'] | 'space', RegExp])[] = [
  ['space', /\s+/y],
  ['datetime', /datetime\(([\dT:.Z-]+)\)/y],
  ['string', /@"[^"\n]*"/y],
  ['string', /"(?:[^"\\\n]|\\["\\]|\\u[\da-f]{4})*"/y],
  ['number', /\d+(?:\.\d+)?/y],
  ['word', /[A-Za-z_]\w*/y],
  ['sign', /==|=~|>=|<=|!in|[=<>|;,()[\].*-]/y],
];

function lex(text: string): Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < text.length; ) {
    const [kind, found] = nextLexeme(text, at);
    at += found.length;
    if (kind !== 'space') tokens.push({ kind, text: found, value: literalOf(kind, found) });
  }
  return tokens;
}

function nextLexeme(text: string, at: number): [Token['kind'] | 'space', string] {
  for (const [kind, pattern] of LEXEMES) {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    if (found !== undefined) return [kind, found];
  }
  throw new KqlError(`syntax error at ${JSON.stringify(text.slice(at, at + 20))}`);
}

function literalOf(kind: Token['kind'], text: string): Value {
  switch (kind) {
    case 'string':
      return text.startsWith('@') ? text.slice(2, -1) : unescaped(text.slice(1, -1));
    case 'datetime':
      return Date.parse(text.slice('datetime('.length, -1));
    case 'number':
      return Number(text);
    default:
      return text;
  }
}

function unescaped(text: string): string {
  return text.replaceAll(/\\u([\da-f]{4})|\\(.)/g, (_, code: string | undefined, character: string) =>
    code === undefined ? character : String.fromCharCode(Number.parseInt(code, 16)),
  );
}

function split(tokens: readonly Token[], sign: string): Token[][] {
  const parts: Token[][] = [[]];
  for (const token of tokens) {
    if (token.kind === 'sign' && token.text === sign) parts.push([]);
    else parts.at(-1)?.push(token);
  }
  return parts;
}

type Condition = (row: Row) => boolean;

/** `or` of `and` of comparisons and parentheses. */
function parseCondition(tokens: readonly Token[]): Condition {
  const rest = [...tokens];
  const condition = parseAny(rest);
  if (rest.length > 0) throw new KqlError(`syntax error at ${rest[0]?.text}`);
  return condition;
}

function parseAny(rest: Token[]): Condition {
  const conditions = [parseAll(rest)];
  while (takes(rest, 'or')) conditions.push(parseAll(rest));
  return (row) => conditions.some((condition) => condition(row));
}

function parseAll(rest: Token[]): Condition {
  const conditions = [parseOne(rest)];
  while (takes(rest, 'and')) conditions.push(parseOne(rest));
  return (row) => conditions.every((condition) => condition(row));
}

function parseOne(rest: Token[]): Condition {
  if (takes(rest, '(')) {
    const inner = parseAny(rest);
    if (!takes(rest, ')')) throw new KqlError('a parenthesis is not closed');
    return inner;
  }
  const column = rest.shift()?.text ?? '';
  const operator = rest.shift()?.text ?? '';
  if (operator === 'in' || operator === '!in') {
    const list = parseList(rest);
    return (row) => list.includes(row[column] ?? '') === (operator === 'in');
  }
  const literal = rest.shift();
  const compare = COMPARISONS[operator];
  if (literal === undefined || compare === undefined || ['word', 'sign'].includes(literal.kind)) {
    throw new KqlError(`syntax error at ${operator}`);
  }
  return (row) => compare(row[column] ?? '', literal.value);
}

const COMPARISONS: Readonly<Record<string, (a: Value, b: Value) => boolean>> = {
  '==': (a, b) => a === b,
  '=~': (a, b) => String(a).toLowerCase() === String(b).toLowerCase(),
  startswith: (a, b) => String(a).toLowerCase().startsWith(String(b).toLowerCase()),
  '>=': (a, b) => a >= b,
  '<': (a, b) => a < b,
};

function parseList(rest: Token[]): Value[] {
  if (!takes(rest, '(')) throw new KqlError('a list begins with a parenthesis');
  const values: Value[] = [];
  do values.push(rest.shift()?.value ?? '');
  while (takes(rest, ','));
  if (!takes(rest, ')')) throw new KqlError('a list is not closed');
  return values;
}

function takes(rest: Token[], text: string): boolean {
  if (rest[0]?.text !== text || rest[0].kind === 'string') return false;
  rest.shift();
  return true;
}
