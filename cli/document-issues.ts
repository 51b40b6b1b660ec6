/** Adds to the issues of a document what its author needs to find them: the line, and the field that was probably meant. */
import { isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import { type FieldIssue, issueText, UNKNOWN_FIELD } from '../core/model/issues.ts';
import { policySchema } from '../core/model/policy.ts';
import { InvalidFieldsError, InvalidInputError } from '../core/ports/errors.ts';
import { nearestOf } from '../core/tenants/near-names.ts';

/** Runs `parse`; an `InvalidFieldsError` is thrown again with lines and suggestions. */
export function withLines<Parsed>(text: string, what: string, fields: readonly string[], parse: () => Parsed): Parsed {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof InvalidFieldsError)) throw error;
    const lines = linesByPath(text);
    const issues = error.fields.map((issue) => issueText(issue) + lineText(issue, lines) + suggestion(issue, fields));
    throw new InvalidInputError(what, issues);
  }
}

type Path = FieldIssue['path'];

function lineText({ path }: FieldIssue, lines: ReadonlyMap<string, number>): string {
  // A missing field has no line of its own.
  const line = lines.get(keyOf(path)) ?? lines.get(keyOf(path.slice(0, -1)));
  return line === undefined ? '' : ` (line ${line})`;
}

/** Names may have dots and brackets in them: only JSON keeps `a.b` and `b` in `a` apart. */
function keyOf(path: Path): string {
  return JSON.stringify(path);
}

/** `. Did you mean accounts?` after an unknown field, or where it belongs. */
export function suggestion({ path, code }: FieldIssue, fields: readonly string[]): string {
  if (code !== UNKNOWN_FIELD) return '';
  const [near] = nearestOf(String(path.at(-1)), fields);
  if (near !== undefined && near === path.at(-1))
    return near in policySchema.shape ? '. It belongs under `policy`' : '. It belongs elsewhere';
  return near === undefined ? '' : `. Did you mean ${near}?`;
}

function linesByPath(text: string): ReadonlyMap<string, number> {
  const counter = new LineCounter();
  const lines = new Map<string, number>();
  collectLines(parseDocument(text, { lineCounter: counter }).contents, [], counter, lines);
  return lines;
}

function collectLines(node: unknown, path: Path, counter: LineCounter, lines: Map<string, number>): void {
  if (isMap(node)) {
    for (const { key, value } of node.items) {
      if (!isScalar(key)) continue;
      const field = [...path, String(key.value)];
      setLine(key, field, counter, lines);
      collectLines(value, field, counter, lines);
    }
  } else if (isSeq(node)) {
    for (const [index, item] of node.items.entries()) {
      setLine(item, [...path, index], counter, lines);
      collectLines(item, [...path, index], counter, lines);
    }
  }
}

function setLine(node: unknown, path: Path, counter: LineCounter, lines: Map<string, number>): void {
  const start = isNode(node) ? node.range?.[0] : undefined;
  if (start !== undefined) lines.set(keyOf(path), counter.linePos(start).line);
}
