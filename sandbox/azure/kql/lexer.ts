/** The words of Kusto's query language: a text becomes tokens, or is refused. */

export interface Token {
  readonly kind: 'word' | 'string' | 'number' | 'timespan' | 'datetime' | 'sign';
  readonly text: string;
  /** What a literal stands for: times in milliseconds. */
  readonly value: string | number;
}

/** Thrown at what the language does not allow, or the sandbox does not understand. */
export class KqlError extends Error {}

const LEXEMES: readonly (readonly [Token['kind'] | 'space', RegExp])[] = [
  ['space', /\s+/y],
  ['datetime', /datetime\(([\dT:.Z-]+)\)/y],
  ['string', /@"[^"\n]*"/y],
  ['string', /"(?:[^"\\\n]|\\["\\]|\\u[\da-f]{4})*"/y],
  ['timespan', /\d+s\b/y],
  ['number', /\d+(?:\.\d+)?\b/y],
  // The only operator with such a name that is computed.
  ['word', /make-series\b|(?!in~)[A-Za-z_]\w*/y],
  ['sign', /==|=~|>=|!in\b|in~|[=<>|;,()[\].*/-]/y],
];

export function lex(text: string): Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < text.length; ) {
    const [kind, found] = nextLexeme(text, at);
    at += found.length;
    if (kind !== 'space') tokens.push({ kind, text: found, value: literalOf(kind, found) });
  }
  return tokens;
}

/** A query without its texts: what it asks, whatever names are in it. */
export function shapeOf(query: string): string {
  return lex(query)
    .map(({ kind, text }) => (kind === 'string' ? '""' : text))
    .join(' ');
}

function nextLexeme(text: string, at: number): [Token['kind'] | 'space', string] {
  for (const [kind, pattern] of LEXEMES) {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    if (found !== undefined) return [kind, found];
  }
  throw new KqlError(`syntax error at ${JSON.stringify(text.slice(at, at + 20))}`);
}

function literalOf(kind: Token['kind'], text: string): string | number {
  switch (kind) {
    case 'string':
      return text.startsWith('@') ? text.slice(2, -1) : unescaped(text.slice(1, -1));
    case 'datetime':
      return Date.parse(text.slice('datetime('.length, -1));
    case 'timespan':
      return Number(text.slice(0, -1)) * 1_000;
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

/** Where a parser stands in its tokens. */
export interface TokenCursor {
  /** The token to be read next; undefined at the end. */
  peek(ahead?: number): Token | undefined;
  next(): Token;
  /** Reads the sign or word if it comes next. */
  takes(text: string): boolean;
  expects(text: string): void;
  /** Reads a name. */
  word(): string;
}

export function cursorOver(tokens: readonly Token[]): TokenCursor {
  let at = 0;
  const next = () => {
    const token = tokens[at++];
    if (token === undefined) throw new KqlError('syntax error: the query ends too early');
    return token;
  };
  const takes = (text: string) => {
    const token = tokens[at];
    if (token?.text !== text || (token.kind !== 'word' && token.kind !== 'sign')) return false;
    at++;
    return true;
  };
  return {
    peek: (ahead = 0) => tokens[at + ahead],
    next,
    takes,
    expects(text) {
      if (!takes(text)) throw new KqlError(`syntax error: ${text} is expected, not ${tokens[at]?.text}`);
    },
    word() {
      const { kind, text } = next();
      if (kind !== 'word') throw new KqlError(`syntax error at ${text}`);
      return text;
    },
  };
}

/** What comes between the signs, one or more of it. */
export function listOf<T>(cursor: TokenCursor, sign: string, parse: () => T): T[] {
  const parsed = [parse()];
  while (cursor.takes(sign)) parsed.push(parse());
  return parsed;
}
