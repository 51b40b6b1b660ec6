/** Reads YAML or JSON that a person wrote, or names the line where it stops being one. */
import {
  Composer,
  type CST,
  isAlias,
  isCollection,
  isMap,
  isPair,
  isScalar,
  Lexer,
  LineCounter,
  Parser,
  type YAMLParseError,
} from 'yaml';
import { InvalidInputError } from '../core/ports/errors.ts';

/**
 * JSON is YAML, so one parser serves both. Takes time in proportion to the text: what the parser does for each pair of fields, for each
 * error's quote or for each alias is left out, done here, or bounded. Throws `InvalidInputError` with lines. @param what `The document config.yaml`.
 */
export function parseYaml(text: string, what: string): unknown {
  const lineCounter = new LineCounter();
  const lineAt: LineAt = (offset) => lineCounter.linePos(offset).line;
  const composer = new Composer({ prettyErrors: false, uniqueKeys: false });
  const [document, second] = composer.compose(tokensOf(text, lineCounter, what), true, text.length);
  if (document !== undefined && document.errors.length > 0)
    throw new InvalidInputError(what, issuesOf(document.errors, lineAt));
  if (second !== undefined) throw new InvalidInputError(what, ['holds several documents (---): give one at a time']);
  if (document === undefined || document.contents === null) throw new InvalidInputError(what, ['it is empty']);
  const issues = nodeIssues(document.contents, lineAt);
  if (issues.length > 0) throw new InvalidInputError(what, listed(issues));
  try {
    return document.toJS();
  } catch (error) {
    // Aliases that expand without end show only when they are followed.
    throw new InvalidInputError(what, ['its aliases (*name) expand to too much'], { cause: error });
  }
}

type LineAt = (offset: number) => number;

/** Errors that are listed: one slip can make a parser complain about every line after it. */
const ISSUES_LISTED = 5;

const TOO_DEEP = 'nests too deeply for a config';

/** A config of 1,000 accounts has some 50,000. */
const MOST_LEXEMES = 100_000;
const MOST_LEVELS = 200;

/** Ends at the first text that is no YAML, or that is too much. Throws `InvalidInputError`. */
function* tokensOf(text: string, lineCounter: LineCounter, what: string): Generator<CST.Token> {
  const parser = new Parser(lineCounter.addNewLine);
  lineCounter.addNewLine(0);
  // Counted before anything is made of them.
  const lexemes: string[] = [];
  for (const lexeme of new Lexer().lex(text))
    if (lexemes.push(lexeme) > MOST_LEXEMES)
      throw new InvalidInputError(what, ['has too many fields and values for a config']);
  for (const lexeme of lexemes) {
    for (const token of parser.next(lexeme)) {
      yield token;
      if (token.type === 'error') return;
    }
    if (parser.stack.length > MOST_LEVELS) throw new InvalidInputError(what, [TOO_DEEP]);
  }
  yield* parser.end();
}

/** An alias is looked for in all that was written before it. */
const MOST_ALIASES = 1000;

/** What the parser does not check, or only in the square of the number of fields. */
function nodeIssues(contents: unknown, lineAt: LineAt): string[] {
  const issues: string[] = [];
  let aliases = 0;
  for (const node of nodesOf(contents)) {
    if (isAlias(node)) aliases++;
    if (isMap(node)) issues.push(...keyIssues(node.items, lineAt));
  }
  return aliases > MOST_ALIASES
    ? [...issues, `has ${aliases} aliases (*name): at most ${MOST_ALIASES} are read`]
    : issues;
}

/** A node and what is in it, by line. Keys are left out. */
function* nodesOf(contents: unknown): Generator<unknown> {
  const open: unknown[] = [contents];
  while (open.length > 0) {
    const node = open.pop();
    yield node;
    if (!isCollection(node)) continue;
    for (const item of [...node.items].reverse()) open.push(isPair(item) ? item.value : item);
  }
}

function keyIssues(pairs: readonly { readonly key: unknown }[], lineAt: LineAt): string[] {
  const issues: string[] = [];
  const keys = new Set<string>();
  for (const { key } of pairs) {
    const start = isScalar(key) ? key.range?.[0] : undefined;
    const line = start === undefined ? '' : `line ${lineAt(start)}: `;
    if (!isScalar(key)) issues.push(`${line}names a field by what is no text`);
    else if (keys.has(String(key.value))) issues.push(`${line}names a field a second time`);
    else keys.add(String(key.value));
  }
  return issues;
}

function listed(issues: readonly string[]): string[] {
  if (issues.length <= ISSUES_LISTED) return [...issues];
  return [...issues.slice(0, ISSUES_LISTED), `${issues.length - ISSUES_LISTED} more like these`];
}

function issuesOf(errors: readonly YAMLParseError[], lineAt: LineAt): string[] {
  // What follows in one line follows from its first error.
  const byLine = new Map<number, YAMLParseError>();
  for (const error of errors) if (!byLine.has(lineAt(error.pos[0]))) byLine.set(lineAt(error.pos[0]), error);
  const firsts = [...byLine.values()];
  return listed(firsts.map((error) => issueOf(error, lineAt)));
}

function issueOf({ code, message, pos }: YAMLParseError, lineAt: LineAt): string {
  return `line ${lineAt(pos[0])}: ${PLAIN[code] ?? message}`;
}

/** The slips that are made most, in plain words. */
const PLAIN: Partial<Record<YAMLParseError['code'], string>> = {
  BLOCK_AS_IMPLICIT_KEY:
    'the value that begins here has a colon in it: is the next line indented too far, or does a text need quotes?',
  BAD_INDENT: 'is not indented as the lines beside it',
  TAB_AS_INDENT: 'is indented by a tab: use spaces',
};
