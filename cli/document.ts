/** Reads a YAML or JSON document from a file, or names the line where it stops being one. */
import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { parseDocument, type YAMLParseError } from 'yaml';
import { isBinary } from '../adapters/trace-file/file/encoding.ts';
import { fileFault } from '../adapters/trace-file/file/file-fault.ts';
import { InvalidInputError } from '../core/ports/errors.ts';
import { UsageError } from './usage-error.ts';

/** The name of a file that stands for standard input. */
export const STDIN = '-';

/** Bytes of a config: a thousand accounts are far below it, and an accident with another file is far above. */
const MOST_BYTES = 4 * 1024 * 1024;

/**
 * The text and the value of the document in `file`, or on standard input where that is `-`. JSON is YAML, so one parser
 * serves both. Throws `UsageError` where the file cannot be read and `InvalidInputError` with line and column where it
 * is not a document.
 */
export async function readDocument(file: string): Promise<{ readonly text: string; readonly value: unknown }> {
  const text = await readText(file);
  const document = parseDocument(text, { prettyErrors: true });
  if (document.errors.length > 0) {
    throw new InvalidInputError(`The document ${file}`, issuesOf(document.errors));
  }
  if (document.contents === null) throw new InvalidInputError(`The document ${file}`, ['it is empty']);
  try {
    return { text, value: document.toJS() };
  } catch (error) {
    // Aliases that expand without end show only when they are followed.
    throw new InvalidInputError(`The document ${file}`, ['its aliases (*name) expand to too much'], { cause: error });
  }
}

async function readText(file: string): Promise<string> {
  let content: Buffer;
  try {
    content = await (file === STDIN ? buffer(process.stdin) : readFile(file));
  } catch (error) {
    throw new UsageError(`The file ${file} cannot be read: ${fileFault(error)}.`, { cause: error });
  }
  if (content.length > MOST_BYTES)
    throw new UsageError(`The file ${file} has ${content.length} bytes: that is no config.`);
  const text = content.toString('utf8');
  if (isBinary(text)) throw new UsageError(`The file ${file} is no text in UTF-8: a config is YAML or JSON.`);
  return text;
}

/** Errors that are listed: one slip can make a parser complain about every line after it. */
const ISSUES_LISTED = 5;

const TOO_DEEP = 'nests too deeply for a config';

function issuesOf(errors: readonly YAMLParseError[]): string[] {
  // A parser whose stack is full complains about all that it does not see any more.
  if (errors.some(({ message }) => message.includes('call stack'))) return [TOO_DEEP];
  // What follows in one line follows from its first error.
  const firsts = errors.filter((one, index) => one.linePos === undefined || lineOf(one) !== lineOf(errors[index - 1]));
  const issues = firsts.slice(0, ISSUES_LISTED).map(issueOf);
  return firsts.length > ISSUES_LISTED ? [...issues, `${firsts.length - ISSUES_LISTED} more like these`] : issues;
}

function lineOf(error: YAMLParseError | undefined): number | undefined {
  return error?.linePos?.[0].line;
}

function issueOf({ code, message, linePos }: YAMLParseError): string {
  if (code === 'MULTIPLE_DOCS') return 'holds several documents (---): give one at a time';
  // The parser quotes the lines around an error, which breaks a list of issues.
  const [, parsers = message] = /^(.*?)(?: at line \d+, column \d+)?:?(?:\n|$)/.exec(message) ?? [];
  return `${linePos === undefined ? '' : `line ${linePos[0].line}: `}${PLAIN[code] ?? parsers}`;
}

/** The slips that are made most, in plain words. */
const PLAIN: Partial<Record<YAMLParseError['code'], string>> = {
  BLOCK_AS_IMPLICIT_KEY:
    'the value that begins here has a colon in it: is the next line indented too far, or does a text need quotes?',
  BAD_INDENT: 'is not indented as the lines beside it',
  DUPLICATE_KEY: 'names a field a second time',
  TAB_AS_INDENT: 'is indented by a tab: use spaces',
};
