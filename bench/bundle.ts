/** Builds one file as serverless.yml builds the functions, and lists the packages in it. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
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
  const { metafile } = await build({
    ...(await buildOptions()),
    entryPoints: [entry],
    outfile,
    metafile: true,
    absWorkingDir: PROJECT,
    nodePaths: [join(PROJECT, 'node_modules')],
    logLevel: 'error',
  });
  const [output] = Object.values(metafile.outputs);
  // Inputs that were shaken out entirely are not inside.
  const inside = Object.entries(output?.inputs ?? {}).filter(([, { bytesInOutput }]) => bytesInOutput > 0);
  const packages = new Set(inside.map(([path]) => packageOf(path)).filter((name) => name !== undefined));
  return { file: outfile, bytes: output?.bytes ?? 0, packages };
}

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
