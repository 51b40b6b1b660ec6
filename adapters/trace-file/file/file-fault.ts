/** Why a file is refused: by the file system, in words, or because of what it holds. */
import { SourceError } from '../../../core/ports/errors.ts';

const WORDS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'you may not read it',
  EPERM: 'you may not read it',
};

/** Why a file could not be read, to follow `cannot read x: `. */
export function fileFault(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return WORDS[code] ?? (error instanceof Error ? error.message : String(error));
}

/** Why a pipe or a device is refused. */
export const NO_REGULAR_FILE =
  'a regular file is needed, because it is read more than once: write what comes from a pipe to a file';

/** The error of a file that cannot be read as a trace. */
export function malformedFile(message: string): SourceError {
  return new SourceError(message, { reason: 'malformed', retryable: false });
}
