/**
 * Builds the page in the browser to static files: hashed names, and a `.br` and a `.gz` beside each file that is worth it. The page has no
 * inline script or style, so that a strict Content-Security-Policy takes it.
 */
import { createHash } from 'node:crypto';
import { glob, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { build, type InlineConfig } from 'vite';

const ROOT = import.meta.dirname;
const PROJECT = join(ROOT, '..');

/** What the files are made from: when none of it has changed, neither have they. */
const SOURCES = [
  'console/**/*.{ts,tsx,css,html,svg,json}',
  'core/{model,messages,detector}/**/*.ts',
  'package-lock.json',
  'tsconfig.json',
];

/** Beside the files: the hash of their sources. */
const STAMP = '.sources';

/** Media types that are compressed; a smaller file gains nothing by it. */
const COMPRESSED = new Set(['.html', '.js', '.css', '.svg', '.json']);
const SMALLEST_COMPRESSED = 512;

export interface ConsoleBuild {
  readonly outDir: string;
  /** False where the files were built from the same sources before. */
  readonly built: boolean;
}

/**
 * Vite's configuration of the page. The report builds the same components with plugins of its own.
 * @param outDir Is emptied first.
 */
export function viteConfig({ outDir }: { outDir: string }): InlineConfig {
  return {
    root: ROOT,
    configFile: false,
    logLevel: 'warn',
    resolve: { alias: { zod: join(ROOT, 'no-schemas.ts') } },
    oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
    build: {
      outDir,
      emptyOutDir: true,
      target: 'es2024',
      // Files that are inlined as data: addresses would need a wider policy than 'self'.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
    },
  };
}

/**
 * @param outDir An absolute path; it is emptied.
 * @throws what Vite throws where the sources do not build.
 */
export async function buildConsole({ outDir }: { outDir: string }): Promise<ConsoleBuild> {
  const hash = await hashOfSources();
  const stamp = join(outDir, STAMP);
  if ((await readIfThere(stamp)) === hash) return { outDir, built: false };
  await build(viteConfig({ outDir }));
  await compressAll(outDir);
  await mkdir(outDir, { recursive: true });
  // Written last: without it the folder is not finished.
  await writeFile(stamp, hash);
  return { outDir, built: true };
}

/** Of all that the page and the report are made from. */
export async function hashOfSources(): Promise<string> {
  const files = await Array.fromAsync(glob(SOURCES, { cwd: PROJECT }));
  const hash = createHash('sha256');
  for (const file of files.sort()) {
    hash.update(`${file}\0`).update(await readFile(join(PROJECT, file)));
  }
  return hash.digest('hex');
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

async function compressAll(folder: string): Promise<void> {
  for await (const name of glob('**/*', { cwd: folder })) {
    const file = join(folder, name);
    const { size } = await stat(file);
    if (COMPRESSED.has(extname(name)) && size >= SMALLEST_COMPRESSED) await compress(file);
  }
}

async function compress(file: string): Promise<void> {
  const text = await readFile(file);
  const params = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY };
  await writeFile(`${file}.br`, await promisify(brotliCompress)(text, { params }));
  await writeFile(`${file}.gz`, await promisify(gzip)(text, { level: constants.Z_BEST_COMPRESSION }));
}
