/** The files of the page: built where the sources are, shipped where they are not. */
import { existsSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { PlimsollError } from '../../core/ports/errors.ts';

/** In the clone and in the package alike. */
const FILES = fileURLToPath(new URL('../../dist/console/', import.meta.url));
const BUILDER = fileURLToPath(new URL('../../console/build.ts', import.meta.url));

/** The page cannot be shown. The message states what to do. */
class MissingPageError extends PlimsollError {}

interface Builder {
  readonly buildConsole: (options: { readonly outDir: string }) => Promise<unknown>;
}

/** The folder of the built page. In a clone it is built where its sources have changed. Throws `MissingPageError` where there is none. */
export async function pageFolder(): Promise<string> {
  if (existsSync(BUILDER)) {
    // By its address: the bundle of the command line has no part of the builder.
    const builder: Builder = await import(pathToFileURL(BUILDER).href);
    await builder.buildConsole({ outDir: FILES });
  }
  if (!existsSync(`${FILES}index.html`))
    throw new MissingPageError(`The files of the page are not in ${FILES}. Install the package again.`);
  return FILES;
}
