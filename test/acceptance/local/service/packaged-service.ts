/** Runs `serverless package` as a deployment does, in a copy of the project, and reads what came out. */
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { inflateRawSync } from 'node:zlib';
import * as z from 'zod';

const PROJECT = join(import.meta.dirname, '../../../..');
const SERVERLESS = join(PROJECT, 'node_modules/serverless/bin/serverless.js');

/** Where osls keeps its compiled schema of configs, which takes longer to make than all the rest. */
const SCHEMAS = join(PROJECT, 'node_modules/.cache/osls');

/** Where node keeps what it has compiled of osls: without it, packaging takes a fifth longer. */
const COMPILED = join(PROJECT, 'node_modules/.cache/node');

/** What the service is made of. Copied, because packaging writes into the folder that it runs in. */
const SERVICE = [
  'adapters',
  'api',
  'core',
  'docs/schemas',
  'functions',
  'infra',
  'package.json',
  'serverless.yml',
  'tsconfig.json',
];

const outputSchema = z.object({ stdout: z.string() });

const resourceSchema = z.looseObject({
  Type: z.string(),
  Properties: z.record(z.string(), z.unknown()).default({}),
  Metadata: z.record(z.string(), z.unknown()).default({}),
});
const templateSchema = z.looseObject({ Resources: z.record(z.string(), resourceSchema) });

export type CloudResource = z.output<typeof resourceSchema>;
export type Template = z.output<typeof templateSchema>;

export interface PackagedService {
  readonly folder: string;
  /** The text of the template, as it would be uploaded. */
  readonly templateText: string;
  readonly template: Template;
  /** Paths of the functions' bundles, unpacked, by the name of the function. */
  readonly bundles: Readonly<Record<string, string>>;
  remove(): Promise<void>;
}

/**
 * Packages with an environment that holds nothing but paths and an empty home: no credentials, no region, no stage.
 *
 * @param parameters What a deployer gives as `--param`.
 */
export async function packageService(parameters: Readonly<Record<string, string>> = {}): Promise<PackagedService> {
  return await packageIn(await copyProject(), parameters);
}

/** Packages functions that do nothing: for the template, in which no code stands, they need not be bundled. */
export async function packageTemplate(parameters: Readonly<Record<string, string>>): Promise<PackagedService> {
  const folder = await copyProject();
  const functions = join(folder, 'functions');
  const files = await readdir(functions);
  await Promise.all(files.map((file) => writeFile(join(functions, file), 'export const handler = async () => {};\n')));
  return await packageIn(folder, parameters);
}

async function copyProject(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'plimsoll-package-'));
  await Promise.all(SERVICE.map((name) => cp(join(PROJECT, name), join(folder, name), { recursive: true })));
  await symlink(join(PROJECT, 'node_modules'), join(folder, 'node_modules'));
  await writePage(join(folder, 'dist/console'));
  return folder;
}

/** A page as console/build.ts leaves one, without its sources: building it takes longer than packaging. */
async function writePage(folder: string): Promise<void> {
  await mkdir(join(folder, 'assets'), { recursive: true });
  await writeFile(join(folder, 'index.html'), '<!doctype html>');
  await writeFile(join(folder, 'assets/main-1a2b.js'), '');
}

async function packageIn(folder: string, parameters: Readonly<Record<string, string>>): Promise<PackagedService> {
  const given = Object.entries(parameters).flatMap(([name, value]) => ['--param', `${name}=${value}`]);
  try {
    await promisify(execFile)(process.execPath, [SERVERLESS, 'package', ...given], {
      cwd: folder,
      env: {
        PATH: dirname(process.execPath),
        HOME: folder,
        SLS_SCHEMA_CACHE_BASE_DIR: SCHEMAS,
        NODE_COMPILE_CACHE: COMPILED,
      },
    });
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    // It prints why on its standard output.
    throw new Error(`serverless package failed: ${outputSchema.parse(error).stdout}`, { cause: error });
  }
  const packaged = join(folder, '.serverless');
  const templateText = await readFile(join(packaged, 'cloudformation-template-update-stack.json'), 'utf8');
  const archives = (await readdir(packaged)).filter((name) => name.endsWith('.zip'));
  const bundles = await Promise.all(archives.map((name) => unpack(join(packaged, name))));
  return {
    folder,
    templateText,
    template: templateSchema.parse(JSON.parse(templateText)),
    bundles: Object.fromEntries(bundles.map((path, index) => [archives[index]?.replace('.zip', ''), path])),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/**
 * Writes the bundle of an archive beside it and returns its path. Node reads no zip files: the little that is needed of the format is
 * the central directory (APPNOTE 4.3.12) and the local header before the data (4.3.7).
 */
async function unpack(archive: string): Promise<string> {
  const bytes = await readFile(archive);
  const entries = entriesOf(bytes);
  const bundles = entries.filter(({ name }) => !name.startsWith(PAGE));
  const [bundle] = bundles;
  if (bundle === undefined || bundles.length > 1)
    throw new Error(
      `${archive} holds ${entries.map(({ name }) => name).join(', ')}: a function's bundle is one file, beside the page`,
    );
  const { header, size } = bundle;
  const start = header + 30 + bytes.readUInt16LE(header + 26) + bytes.readUInt16LE(header + 28);
  const file = archive.replace('.zip', '.mjs');
  await writeFile(file, inflateRawSync(bytes.subarray(start, start + size)));
  return file;
}

/** Files of the page in the browser, which the archive of one function has. */
const PAGE = 'dist/console/';

interface Entry {
  readonly name: string;
  /** Compressed bytes, and where the local header begins. */
  readonly size: number;
  readonly header: number;
}

/** Names of all files in an archive. */
export async function namesIn(archive: string): Promise<string[]> {
  return entriesOf(await readFile(archive)).map(({ name }) => name);
}

function entriesOf(bytes: Buffer): Entry[] {
  const end = bytes.lastIndexOf('PK\x05\x06', undefined, 'latin1');
  const entries: Entry[] = [];
  let at = bytes.readUInt32LE(end + 16);
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left--) {
    const [length, extra, comment] = [28, 30, 32].map((offset) => bytes.readUInt16LE(at + offset));
    const name = bytes.toString('utf8', at + 46, at + 46 + (length ?? 0));
    entries.push({ name, size: bytes.readUInt32LE(at + 20), header: bytes.readUInt32LE(at + 42) });
    at += 46 + (length ?? 0) + (extra ?? 0) + (comment ?? 0);
  }
  return entries;
}
