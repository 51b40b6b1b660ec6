/** Writes changes of accounts into the YAML of a config, and leaves every other line of it as it is. */
import { isDeepStrictEqual } from 'node:util';
import { Document, isMap, isNode, isScalar, isSeq, parse, parseDocument, type YAMLMap, type YAMLSeq } from 'yaml';
import type { ConfigChanges, Edit } from '../core/tenants/config-changes.ts';
import { clip, harmless } from './render/text.ts';

/** A line of a config is never folded: one value, one line. */
const UNFOLDED = { lineWidth: 0, flowCollectionPadding: false };

/** Columns of the name beside an account: whoever names accounts elsewhere must not make lines without end. */
const WIDEST_COMMENT = 80;

/**
 * The text with the changes in it. Where its form does not allow to leave the rest as it is (accounts in brackets, or shared by aliases) all
 * of it is written anew.
 */
export function patchConfig(text: string, changes: ConfigChanges): string {
  const rewritten = rewrite(text, changes);
  const patched = patchLines(text, changes);
  return patched !== undefined && means(patched, parse(rewritten)) ? patched : rewritten;
}

function means(text: string, value: unknown): boolean {
  const document = parseDocument(text);
  return document.errors.length === 0 && isDeepStrictEqual(document.toJS(), value);
}

function rewrite(text: string, { additions, edits }: ConfigChanges): string {
  const document = parseDocument(text);
  for (const { index, path, value } of edits) document.setIn(['accounts', index, ...path], value);
  const accounts = document.get('accounts');
  if (isSeq(accounts)) {
    if (additions.length > 0) accounts.flow = false;
    for (const addition of additions) accounts.add(nodeOf(addition));
  }
  return document.toString(UNFOLDED);
}

function nodeOf({ fields, comment }: ConfigChanges['additions'][number]): YAMLMap {
  const node = new Document().createNode(fields);
  if (!isMap(node)) throw new Error('an account is a map');
  const regions = node.get('regions', true);
  if (isSeq(regions)) regions.flow = true;
  annotate(node.get('account', true), comment);
  return node;
}

function annotate(node: unknown, comment: string): void {
  if (isScalar(node) && comment !== '') node.comment = ` ${clip(harmless(comment), WIDEST_COMMENT)}`;
}

/** Undefined where the accounts are no list of lines. */
function patchLines(text: string, { additions, edits }: ConfigChanges): string | undefined {
  const accounts = parseDocument(text).get('accounts');
  if (!isSeq(accounts) || accounts.flow || accounts.items.length === 0) return undefined;
  const indent = indentOf(text, accounts);
  // Before anything is edited: new values have no position in the text.
  const end = endOfList(text, accounts, indent);
  const pieces = [...Map.groupBy(edits, ({ index }) => index)].map(([index, ofOne]) =>
    edited(text, accounts, index, ofOne),
  );
  const added = additions.map((addition) => `${indent}- ${shifted(stringOf(nodeOf(addition)), indent)}\n`).join('');
  const last = { start: end, end, text: text.slice(0, end).endsWith('\n') || added === '' ? added : `\n${added}` };
  // From the end on, so that positions before stay what they are.
  return [...pieces, last].sort((a, b) => b.start - a.start).reduce(replace, text);
}

interface Piece {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

function replace(text: string, piece: Piece): string {
  return text.slice(0, piece.start) + piece.text + text.slice(piece.end);
}

/** What stands before the dash of the first account. */
function indentOf(text: string, accounts: YAMLSeq): string {
  const start = startOf(accounts.items[0]);
  const line = text.slice(text.lastIndexOf('\n', start - 1) + 1, start);
  return /^ */.exec(line)?.[0] ?? '';
}

function startOf(node: unknown): number {
  return (isNode(node) ? node.range?.[0] : undefined) ?? 0;
}

/** Where the last value ends: the range of a list of lines goes on to the next one. */
function endOf(node: unknown): number {
  if (isMap(node) && !node.flow) return endOf(node.items.at(-1)?.value);
  if (isSeq(node) && !node.flow) return endOf(node.items.at(-1));
  return (isNode(node) ? node.range?.[1] : undefined) ?? 0;
}

/** One account, written anew with its new values. */
function edited(text: string, accounts: YAMLSeq, index: number, edits: readonly Edit[]): Piece {
  const indent = indentOf(text, accounts);
  const node = accounts.items[index];
  const start = startOf(node);
  // With the comment behind the last value, which is written anew too.
  const end = lineEnd(text, endOf(node));
  if (!isMap(node)) return { start, end, text: '' };
  for (const { path, value, comment } of edits) {
    node.setIn(path, new Document().createNode(value, { flow: true }));
    annotate(node.getIn(path, true), comment);
  }
  // What stands around an account is not a part of its text.
  node.comment = null;
  node.commentBefore = null;
  return { start, end, text: `${shifted(stringOf(node), indent)}\n` };
}

function stringOf(node: YAMLMap): string {
  const document = new Document();
  document.contents = node;
  return document.toString(UNFOLDED).trimEnd();
}

/** All lines but the first, as far in as the fields of an account are. */
function shifted(text: string, indent: string): string {
  return text.replaceAll('\n', `\n${indent}  `);
}

/** Behind the line of the last value, and behind comments that belong to the last account. */
function endOfList(text: string, accounts: YAMLSeq, indent: string): number {
  const from = lineEnd(text, endOf(accounts));
  const comments = new RegExp(`(?:${indent} +#.*(?:\\n|$))*`, 'y');
  comments.lastIndex = from;
  return from + (comments.exec(text)?.[0].length ?? 0);
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end + 1;
}
