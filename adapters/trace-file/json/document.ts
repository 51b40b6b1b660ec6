/** What a reader of one kind of JSON document receives and returns. */
import type * as z from 'zod';
import { describeIssues } from '../../../core/model/issues.ts';
import type { Entry } from '../entry.ts';
import type { TraceOptions } from '../options.ts';

export interface DocumentContext {
  /** The host where the document names none: by the file's name. */
  readonly fileHost: string;
  readonly options: TraceOptions;
}

export interface DocumentReader {
  /** The command or query that writes such a document. */
  readonly name: string;
  /** Whether a document is of this kind, by the names of its fields. */
  matches(json: unknown): boolean;
  /** The document's entries, or what is wrong with the entire document: a part of a sentence. */
  read(json: unknown, context: DocumentContext): Iterable<Entry> | string;
}

/** The first thing that is wrong with a document: a part of a sentence. */
export function firstIssue(error: z.ZodError): string {
  return describeIssues(error)[0] ?? 'it is not as expected';
}

/** Whether a value is an object, or a list whose first member is one, that has all these fields. */
export function hasFields(json: unknown, ...fields: readonly string[]): boolean {
  const candidate: unknown = Array.isArray(json) ? json[0] : json;
  return (
    typeof candidate === 'object' && candidate !== null && fields.every((field) => Object.hasOwn(candidate, field))
  );
}
