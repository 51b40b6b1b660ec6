/** Reads YAML or JSON that a person wrote, or names the line where it stops being one. */
import { parseDocument, type YAMLParseError } from 'yaml';
import { InvalidInputError } from '../core/ports/errors.ts';

/** JSON is YAML, so one parser serves both. Throws `InvalidInputError` with lines. @param what `The document config.yaml`. */
export function parseYaml(text: string, what: string): unknown {
  const document = parseDocument(text, { prettyErrors: true });
  if (document.errors.length > 0) throw new InvalidInputError(what, issuesOf(document.errors));
  if (document.contents === null) throw new InvalidInputError(what, ['it is empty']);
  try {
    return document.toJS();
  } catch (error) {
    // Aliases that expand without end show only when they are followed.
    throw new InvalidInputError(what, ['its aliases (*name) expand to too much'], { cause: error });
  }
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
