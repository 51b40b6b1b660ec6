/** Adds to the issues of a document what its author needs to find them: the line, and the field that was probably meant. */
import { isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import { InvalidInputError } from '../core/ports/errors.ts';
import { nearestOf } from './source/nearest.ts';

/** Runs `parse`; an `InvalidInputError` is thrown again with lines and suggestions. */
export function withLines<Parsed>(text: string, what: string, fields: readonly string[], parse: () => Parsed): Parsed {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    const lines = linesByPath(text);
    throw new InvalidInputError(
      what,
      error.issues.map((issue) => located(issue, lines, fields)),
    );
  }
}

/** @param lines By path, as `describeIssues` writes paths. */
function located(issue: string, lines: ReadonlyMap<string, number>, fields: readonly string[]): string {
  const [path = ''] = issue.split(': ', 1);
  const line = lines.get(path) ?? lines.get(parentOf(path));
  const at = line === undefined ? '' : ` (line ${line})`;
  return `${issue}${at}${suggestion(path, issue, fields)}`;
}

/** A missing field has no line of its own. */
function parentOf(path: string): string {
  return path.replace(/(\.[^.[\]]*|\[\d+\])$/, '');
}

/** ` Did you mean accounts?` after an unknown field. */
export function suggestion(path: string, issue: string, fields: readonly string[]): string {
  if (!issue.endsWith(': unknown field')) return '';
  const [near] = nearestOf(path.split('.').at(-1) ?? path, fields);
  return near === undefined ? '' : `. Did you mean ${near}?`;
}

function linesByPath(text: string): ReadonlyMap<string, number> {
  const counter = new LineCounter();
  const lines = new Map<string, number>();
  collectLines(parseDocument(text, { lineCounter: counter }).contents, '', counter, lines);
  return lines;
}

function collectLines(node: unknown, path: string, counter: LineCounter, lines: Map<string, number>): void {
  if (isMap(node)) {
    for (const { key, value } of node.items) {
      if (!isScalar(key)) continue;
      const field = path === '' ? String(key.value) : `${path}.${String(key.value)}`;
      setLine(key, field, counter, lines);
      collectLines(value, field, counter, lines);
    }
  } else if (isSeq(node)) {
    for (const [index, item] of node.items.entries()) {
      setLine(item, `${path}[${index}]`, counter, lines);
      collectLines(item, `${path}[${index}]`, counter, lines);
    }
  }
}

function setLine(node: unknown, path: string, counter: LineCounter, lines: Map<string, number>): void {
  const start = isNode(node) ? node.range?.[0] : undefined;
  if (start !== undefined) lines.set(path, counter.linePos(start).line);
}
