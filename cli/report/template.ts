/** The file that reports are made from: built where the sources are, shipped where they are not. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { PlimsollError } from '../../core/ports/errors.ts';

/** In the clone and in the package alike. */
const FILE = fileURLToPath(new URL('../../dist/report/report.html', import.meta.url));
const BUILDER = fileURLToPath(new URL('../../console/report/build.ts', import.meta.url));

/** A report cannot be made. The message states what to do. */
class MissingTemplateError extends PlimsollError {}

interface Builder {
  readonly buildReport: (options: { readonly outFile: string }) => Promise<unknown>;
}

/** In a clone it is built where its sources have changed. Throws `MissingTemplateError` where there is none. */
export async function reportTemplate(): Promise<string> {
  if (existsSync(BUILDER)) {
    // By its address: the bundle of the command line has no part of the builder.
    const builder: Builder = await import(pathToFileURL(BUILDER).href);
    await builder.buildReport({ outFile: FILE });
  }
  if (!existsSync(FILE))
    throw new MissingTemplateError(`The page of reports is not at ${FILE}. Install the package again.`);
  return readFile(FILE, 'utf8');
}
