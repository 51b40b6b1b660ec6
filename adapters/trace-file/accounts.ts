/** The accounts that trace files stand for. */
import { resolve, sep } from 'node:path';
import { InvalidInputError } from '../../core/ports/errors.ts';

/**
 * The account of each file: its base name, or as much of the end of its path as distinguishes it from files of the same base name,
 * `monday/web.csv` and `tuesday/web.csv`. Throws `InvalidInputError` where a file is given twice.
 */
export function accountsOf(files: readonly string[]): ReadonlyMap<string, string> {
  const paths = files.map((file) => resolve(file));
  const repeated = files.filter((_, index) => paths.indexOf(paths[index] ?? '') !== index);
  if (repeated.length > 0) {
    throw new InvalidInputError(
      'list of trace files',
      repeated.map((file) => `${file} is given twice: give it once`),
    );
  }
  const parts = paths.map((path) => path.split(sep).slice(1));
  const most = parts.reduce((longest, { length }) => Math.max(longest, length), 1);
  const accounts = new Map<string, string>();
  for (let depth = 1; depth <= most && accounts.size < files.length; depth++) {
    const names = parts.map((part) => part.slice(-depth).join('/'));
    const isUnique = (name: string) => names.indexOf(name) === names.lastIndexOf(name);
    for (const [index, file] of files.entries()) {
      const name = names[index] ?? file;
      if (!accounts.has(file) && isUnique(name)) accounts.set(file, name);
    }
  }
  return accounts;
}
