/** The licences of bundled packages, which ask to be passed on with the code. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';

const manifestSchema = z.object({
  name: z.string(),
  version: z.string(),
  /** An SPDX expression; old packages name it in an object. */
  license: z.union([z.string(), z.object({ type: z.string() }).transform(({ type }) => type)]).optional(),
});

const LICENSE_FILE = /^(licen[cs]e|copying|notice)/i;

interface Terms {
  /** Name, version and SPDX expression. */
  readonly title: string;
  /** Licence and notices, word for word; a sentence where the package has none. */
  readonly text: string;
}

/**
 * One text for a package: each licence once, under the packages that have it.
 * Throws where a package has neither a licence nor the name of one: it may not be passed on.
 * @param folders Paths of packages.
 */
export async function licensesOf(folders: readonly string[]): Promise<string> {
  const terms = await Promise.all(folders.map(termsOf));
  const byText = Map.groupBy(terms, ({ text }) => text);
  const sections = [...byText].map(([text, same]) => {
    const titles = same.map(({ title }) => title).sort();
    return `${[...new Set(titles)].join('\n')}\n\n${text}\n`;
  });
  const heading = 'Plimsoll contains the packages below, under the licences that follow their names.\n';
  return [heading, ...sections.sort()].join(`\n${'-'.repeat(80)}\n\n`);
}

async function termsOf(folder: string): Promise<Terms> {
  const manifest: unknown = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  const { name, version, license } = manifestSchema.parse(manifest);
  const files = (await readdir(folder, { withFileTypes: true }))
    .filter((entry) => entry.isFile() && LICENSE_FILE.test(entry.name))
    .map((entry) => entry.name)
    .sort();
  if (files.length === 0 && license === undefined) throw new Error(`${folder} states no licence`);
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
  const text = texts.map((each) => each.replaceAll('\r\n', '\n').trim()).join('\n\n');
  return {
    title: `${name} ${version} (${license ?? 'see below'})`,
    text: text || 'The package has no file with its licence and names the one above.',
  };
}
