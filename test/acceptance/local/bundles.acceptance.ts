/**
 * What is inside the bundles of the inspect functions, built as serverless.yml configures: each its own cloud's SDK and
 * no other's. That of the API holds none.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Bundle, bundlesOf, PROJECT } from '../../../bench/bundle.ts';

/** Packages that read a cloud. Every function needs those of AWS's own services: the table, the topics, the queue. */
const SDKS: Readonly<Record<string, RegExp>> = {
  aws: /^@aws-sdk\/client-cloudwatch$/,
  gcp: /^(@google-cloud\/.*|google-gax|google-auth-library|@grpc\/.*)$/,
  azure: /^(@azure\/.*|@typespec\/.*)$/,
};
const PROVIDERS = Object.keys(SDKS);

let bundles: Readonly<Record<string, Bundle>>;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plimsoll-bundles-'));
  const everything = join(folder, 'everything.ts');
  const functions = PROVIDERS.map((provider) => [provider, join(PROJECT, `functions/inspect-${provider}.ts`)] as const);
  const imports = functions.map(([provider, file]) => `export * as ${provider} from '${file}';`);
  await writeFile(everything, imports.join('\n'));
  const api = join(PROJECT, 'functions/api.ts');
  const prometheus = join(PROJECT, 'functions/inspect-prometheus.ts');
  const otlp = join(PROJECT, 'functions/inspect-otlp.ts');
  bundles = await bundlesOf({ ...Object.fromEntries(functions), prometheus, otlp, api, everything }, folder);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe.each(PROVIDERS)('the bundle of inspect-%s', (provider) => {
  it('can be imported by a real module', async () => {
    const importer = join(folder, `import-${provider}.mjs`);
    await writeFile(
      importer,
      `import { handler } from ${JSON.stringify(built(provider).file)};\nconsole.log(typeof handler);\n`,
    );

    const { stdout } = await promisify(execFile)(process.execPath, [importer], { env: {} });

    expect(stdout).toBe('function\n');
  });

  it('holds its own SDK', () => {
    expect(sdksIn(built(provider))).toContain(provider);
  });

  it('holds no SDK of another cloud', () => {
    expect(sdksIn(built(provider))).toEqual([provider]);
  });
});

/** Bytes: what signs in to each cloud, and nothing that reads one. */
const MOST_PROMETHEUS_BYTES = 4_000_000;

describe('the bundle of inspect-prometheus', () => {
  it('holds no client that reads a cloud', () => {
    const bundle = built('prometheus');

    const readers = /^(@aws-sdk\/client-cloudwatch|@google-cloud\/.*|google-gax|@grpc\/.*|@azure\/(arm-|monitor-).*)$/;
    expect([...bundle.packages].filter((name) => readers.test(name))).toEqual([]);
    expect(bundle.bytes).toBeLessThan(MOST_PROMETHEUS_BYTES);
  });
});

describe('the bundle of inspect-otlp', () => {
  it('holds no client of a cloud, but for those of the deployment', () => {
    expect(sdksIn(built('otlp'))).toEqual([]);
    expect(built('otlp').bytes).toBeLessThan(MOST_PROMETHEUS_BYTES);
  });
});

/**
 * Bytes. A person waits while a function starts, and each half of a megabyte more takes it some 50 ms. The tables of all evaluators are in it: a host
 * that is looked at is decided as runs decide it.
 */
const MOST_API_BYTES = 2_450_000;

describe('the bundle of the API', () => {
  it('holds no SDK that reads a cloud, and starts before a person notices', () => {
    const api = built('api');

    expect(sdksIn(api)).toEqual([]);
    expect(api.bytes).toBeLessThan(MOST_API_BYTES);
  });
});

describe('a bundle of everything', () => {
  it('is one that holds all SDKs, so that a foreign one would be seen', () => {
    expect(sdksIn(built('everything'))).toEqual(PROVIDERS);
  });
});

function built(name: string): Bundle {
  const found = bundles[name];
  if (!found) throw new Error(`${name} was not built`);
  return found;
}

function sdksIn({ packages }: Bundle): string[] {
  return PROVIDERS.filter((provider) => [...packages].some((name) => SDKS[provider]?.test(name)));
}
