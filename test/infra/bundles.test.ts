/** What is inside the bundles of the inspect functions, built as serverless.yml says: each its own cloud's SDK and no other's. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type BuildOptions, build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import * as z from 'zod';

const PROJECT = join(import.meta.dirname, '../..');

/** Packages that read a cloud. What AWS's own services need, every function needs: the table, the topics, the queue. */
const SDKS: Readonly<Record<string, RegExp>> = {
  aws: /^@aws-sdk\/client-cloudwatch$/,
  gcp: /^(@google-cloud\/.*|google-gax|google-auth-library|@grpc\/.*)$/,
  azure: /^(@azure\/.*|@typespec\/.*)$/,
};
const PROVIDERS = Object.keys(SDKS);

interface Bundle {
  readonly file: string;
  /** Names of the packages inside. */
  readonly packages: ReadonlySet<string>;
}

const bundles = new Map<string, Bundle>();
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plimsoll-bundles-'));
  const options = await buildOptions();
  for (const provider of PROVIDERS) bundles.set(provider, await bundle(provider, options));
}, 120_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

describe.each(PROVIDERS)('the bundle of inspect-%s', (provider) => {
  it('can be imported by a real module', async () => {
    const importer = join(folder, `import-${provider}.mjs`);
    await writeFile(
      importer,
      `import { handler } from ${JSON.stringify(bundleOf(provider).file)};\nconsole.log(typeof handler);\n`,
    );

    const { stdout } = await promisify(execFile)(process.execPath, [importer], { env: {} });

    expect(stdout).toBe('function\n');
  });

  it('holds its own SDK', () => {
    expect(sdksIn(bundleOf(provider))).toContain(provider);
  });

  it('holds no SDK of another cloud', () => {
    expect(sdksIn(bundleOf(provider))).toEqual([provider]);
  });
});

describe('a bundle of everything', () => {
  it('is one that holds all SDKs, so that a foreign one would be seen', async () => {
    const entry = join(folder, 'everything.ts');
    const imports = PROVIDERS.map(
      (provider) => `export * as ${provider} from '${PROJECT}/functions/inspect-${provider}.ts';`,
    );
    await writeFile(entry, imports.join('\n'));

    const everything = await bundleFrom(entry, join(folder, 'everything.mjs'), await buildOptions());

    expect(sdksIn(everything)).toEqual(PROVIDERS);
  });
});

function bundleOf(provider: string): Bundle {
  const found = bundles.get(provider);
  if (!found) throw new Error(`inspect-${provider} was not built`);
  return found;
}

function sdksIn({ packages }: Bundle): string[] {
  return PROVIDERS.filter((provider) => [...packages].some((name) => SDKS[provider]?.test(name)));
}

const serviceSchema = z.object({ custom: z.object({ esbuild: z.record(z.string(), z.unknown()) }) });

/** The options of serverless.yml, without those that are the plugin's own. */
async function buildOptions(): Promise<BuildOptions> {
  const service = parse(await readFile(join(PROJECT, 'serverless.yml'), 'utf8'), { logLevel: 'silent' });
  const { outputFileExtension: _, exclude: __, ...options } = serviceSchema.parse(service).custom.esbuild;
  return options;
}

function bundle(provider: string, options: BuildOptions): Promise<Bundle> {
  return bundleFrom(
    join(PROJECT, `functions/inspect-${provider}.ts`),
    join(folder, `inspect-${provider}.mjs`),
    options,
  );
}

async function bundleFrom(entry: string, file: string, options: BuildOptions): Promise<Bundle> {
  const { metafile } = await build({
    ...options,
    entryPoints: [entry],
    outfile: file,
    metafile: true,
    absWorkingDir: PROJECT,
    logLevel: 'error',
  });
  const [output] = Object.values(metafile.outputs);
  // Inputs that were shaken out entirely are not inside.
  const inside = Object.entries(output?.inputs ?? {}).filter(([, { bytesInOutput }]) => bytesInOutput > 0);
  return { file, packages: new Set(inside.map(([path]) => packageOf(path)).filter((name) => name !== undefined)) };
}

/** `@aws-sdk/client-sns` of `node_modules/@aws-sdk/client-sns/dist-es/index.js`. */
function packageOf(path: string): string | undefined {
  return /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1];
}
