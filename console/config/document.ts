/**
 * A config as it is edited: one text, which the form and the editor of the text both show. What the form sets is written into the text,
 * so that the comments and the order of its author stay.
 */
import { Document, isCollection, isMap, isScalar, isSeq, LineCounter, type ParsedNode, parseDocument } from 'yaml';
import { isRecord } from './json.ts';

/** Steps into a document: names of fields, and indices of lists. */
export type Path = readonly (string | number)[];

export interface TextIssue {
  /** From 1; null where it is not known. */
  readonly line: number | null;
  /** `accounts.0.regions`; empty for the document. */
  readonly path: string;
  readonly message: string;
}

export interface ReadText {
  /** Undefined where the text is no document. */
  readonly value: Readonly<Record<string, unknown>> | undefined;
  readonly issues: readonly TextIssue[];
}

/** Long lines stay as they are. */
const AS_WRITTEN = { lineWidth: 0, flowCollectionPadding: true } as const;

/** Errors that are listed: one slip can make a parser complain about every line after it. */
const MOST_ISSUES = 5;

export function readText(text: string): ReadText {
  const document = parseDocument(text, { prettyErrors: true });
  if (document.errors.length > 0) {
    const issues = document.errors.slice(0, MOST_ISSUES).map(({ message, linePos }) => ({
      line: linePos?.[0].line ?? null,
      path: '',
      // The parser quotes the lines around an error; the editor shows them.
      message: message.split(/ at line \d+|\n/)[0] ?? message,
    }));
    return { value: undefined, issues };
  }
  return readValue(document);
}

function readValue(document: Document.Parsed): ReadText {
  try {
    const value: unknown = document.toJS();
    if (isRecord(value)) return { value, issues: [] };
    return { value: undefined, issues: [{ line: 1, path: '', message: 'must have fields such as `version: 1`' }] };
  } catch {
    // Aliases that expand without end show only when they are followed.
    return { value: undefined, issues: [{ line: null, path: '', message: 'aliases (*name) expand to too much' }] };
  }
}

/** What stands at a path of a value; undefined where there is nothing. */
export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((at, step) => {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, step)) return undefined;
    return Reflect.get(at, step);
  }, value);
}

/**
 * The text with another value at a path. Undefined takes the field out, and what is empty by that but for entries of lists.
 * @param text A document without errors.
 */
export function withValue(text: string, path: Path, value: unknown): string {
  const document = parseDocument(text);
  if (value === undefined) remove(document, path);
  else put(document, path, value);
  return document.toString(AS_WRITTEN);
}

function put(document: Document.Parsed, path: Path, value: unknown): void {
  // `policy:` without a value is null, which nothing can be put into.
  for (let length = path.length - 1; length > 0; length--) {
    const parent = path.slice(0, length);
    if (document.hasIn(parent) && !isCollection(document.getIn(parent, true))) document.deleteIn(parent);
  }
  const before = document.getIn(path, true);
  if (typeof value !== 'object' || value === null) {
    document.setIn(path, value);
    return;
  }
  const node = document.createNode(value);
  if (isCollection(node)) {
    const isList = isSeq(node) && node.items.every((item) => isScalar(item));
    node.flow = isCollection(before) ? before.flow === true : isList;
    if (isCollection(before)) Object.assign(node, { comment: before.comment, commentBefore: before.commentBefore });
  }
  document.setIn(path, node);
}

function remove(document: Document.Parsed, path: Path): void {
  if (!document.hasIn(path)) return;
  document.deleteIn(path);
  const parent = path.slice(0, -1);
  // An entry of a list stays, empty: the next of the list would take its number while somebody types.
  if (parent.length === 0 || typeof parent.at(-1) === 'number') return;
  const rest = document.getIn(parent, true);
  if (isCollection(rest) && rest.items.length === 0) remove(document, parent);
}

/** One field of a document as a text of its own, with its comments; empty where it is absent or the text is no document. */
export function sectionText(text: string, field: string): string {
  const document = parseDocument(text);
  const section = document.errors.length === 0 && document.hasIn([field]) ? document.getIn([field], true) : undefined;
  if (!isCollection(section)) return '';
  const own = new Document();
  own.contents = section;
  return own.toString(AS_WRITTEN);
}

/** The text with a field as `sectionText` has it; an empty section takes it out. Both texts have no errors. */
export function withSection(text: string, field: string, section: string): string {
  const document = parseDocument(text);
  const { contents } = parseDocument(section);
  if (contents === null) document.delete(field);
  else document.set(field, contents);
  return document.toString(AS_WRITTEN);
}

export interface ReadSection {
  /** Undefined where the text is none. */
  readonly value: JsonFields | undefined;
  readonly issue: TextIssue | undefined;
}

type JsonFields = { [name: string]: Json };
type Json = string | number | boolean | null | Json[] | JsonFields;

/** Reads the text of a field that has fields; an empty one has none of them. */
export function readSection(text: string): ReadSection {
  const isEmpty = parseDocument(text).contents === null;
  const { value, issues } = readText(isEmpty ? '{}' : text);
  // What YAML knows and JSON does not, such as dates and endless numbers, becomes what the API would read.
  const json: JsonFields | undefined = value === undefined ? undefined : JSON.parse(JSON.stringify(value));
  return { value: json, issue: issues[0] };
}

/** Whether the text has comments: they are not stored with the config. */
export function hasComments(text: string): boolean {
  return /(^|\s)#/m.test(text.replace(/'[^'\n]*'|"[^"\n]*"/g, ''));
}

/** The line of the field that an issue is about, or of the nearest that stands around it. */
export function lineOf(text: string, path: string): number | null {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  let node: unknown = document.contents;
  let offset = isNode(node) ? node.range[0] : 0;
  let rest = path;
  while (rest !== '') {
    const step = stepInto(node, rest);
    if (step === undefined) break;
    ({ node, offset, rest } = step);
  }
  return lines.linePos(offset).line || null;
}

/** Names of fields may have dots in them: the longest that is there counts. */
function stepInto(node: unknown, path: string): { node: unknown; offset: number; rest: string } | undefined {
  if (isSeq<ParsedNode>(node)) {
    const [, index = ''] = /^(\d+)(?:\.|$)/.exec(path) ?? [];
    const item = index === '' ? undefined : node.items[Number(index)];
    return item?.range ? { node: item, offset: item.range[0], rest: path.slice(index.length + 1) } : undefined;
  }
  if (!isMap<ParsedNode, ParsedNode | null>(node)) return undefined;
  const named = node.items
    .map((pair) => ({ pair, name: isScalar(pair.key) ? String(pair.key.value) : '' }))
    .filter(({ name }) => path === name || path.startsWith(`${name}.`))
    .toSorted((a, b) => b.name.length - a.name.length)[0];
  if (named?.pair.key.range === undefined) return undefined;
  return { node: named.pair.value, offset: named.pair.key.range[0], rest: path.slice(named.name.length + 1) };
}

function isNode(value: unknown): value is ParsedNode {
  return typeof value === 'object' && value !== null && 'range' in value && Array.isArray(value.range);
}

/** An issue of the API with its line: it names a path, or the line in its message. */
export function located(text: string, { path, message }: { path: string; message: string }): TextIssue {
  const [, line, rest] = /^line (\d+): (.*)$/s.exec(message) ?? [];
  if (line !== undefined && rest !== undefined) return { line: Number(line), path, message: rest };
  return { line: path === '' ? null : lineOf(text, path), path, message };
}
