/** Builds one file as serverless.yml builds the functions, and lists the packages in it. */
import { readFile } from 'node:fs/promises';
import { basename, join, parse as parsePath } from 'node:path';
import { type BuildOptions, build } from 'esbuild';
import { parse } from 'yaml';
import * as z from 'zod';

export const PROJECT = join(import.meta.dirname, '..');

export interface Bundle {
  readonly file: string;
  readonly bytes: number;
  /** Names of the packages inside. */
  readonly packages: ReadonlySet<string>;
}

/** @param entry A TypeScript file, by its path. */
export async function bundleOf(entry: string, outfile: string): Promise<Bundle> {
  const { dir, name } = parsePath(outfile);
  const [bundle] = Object.values(await bundlesOf({ [name]: entry }, dir));
  if (bundle === undefined) throw new Error(`${entry} was not built`);
  return bundle;
}

/**
 * Builds several files, each by itself; what they share is read once.
 *
 * @param entries TypeScript files by their paths, under the names that their bundles get.
 */
export async function bundlesOf(
  entries: Readonly<Record<string, string>>,
  outdir: string,
): Promise<Readonly<Record<string, Bundle>>> {
  const { metafile } = await build({
    ...(await buildOptions()),
    entryPoints: entries,
    outdir,
    outExtension: { '.js': EXTENSION },
    metafile: true,
    absWorkingDir: PROJECT,
    nodePaths: [join(PROJECT, 'node_modules')],
    logLevel: 'error',
  });
  const bundles = Object.entries(metafile.outputs).map(([path, { bytes, inputs }]) => {
    // Inputs that were shaken out entirely are not inside.
    const inside = Object.entries(inputs).filter(([, { bytesInOutput }]) => bytesInOutput > 0);
    const packages = new Set(inside.map(([input]) => packageOf(input)).filter((name) => name !== undefined));
    const name = basename(path, EXTENSION);
    return [name, { file: join(outdir, `${name}${EXTENSION}`), bytes, packages }] as const;
  });
  return Object.fromEntries(bundles);
}

const EXTENSION = '.mjs';

const serviceSchema = z.object({ custom: z.object({ esbuild: z.record(z.string(), z.unknown()) }) });

/** The options of serverless.yml, without those that are the plugin's own. */
export async function buildOptions(): Promise<BuildOptions> {
  const service = parse(await readFile(join(PROJECT, 'serverless.yml'), 'utf8'), { logLevel: 'silent' });
  const { outputFileExtension: _, exclude: __, ...options } = serviceSchema.parse(service).custom.esbuild;
  return options;
}

/** `@aws-sdk/client-sns` of `node_modules/@aws-sdk/client-sns/dist-es/index.js`. */
function packageOf(path: string): string | undefined {
  return /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1];
}
