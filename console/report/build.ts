/**
 * Builds the report's page to one file without data: script and style are inside, and a policy allows these by their hashes and nothing
 * else. Whoever writes a report puts the data in (cli/report/compose.ts).
 */
import { createHash } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { build } from 'vite';
import { viteSingleFile } from 'vite-plugin-singlefile';
import { hashOfSources, viteConfig } from '../build.ts';

/** The hash of the sources that a file was built from, as a comment at its end. */
const STAMP = /<!-- sources ([0-9a-f]{64}) -->\s*$/;

/** @param outFile An absolute path. @throws what Vite throws where the sources do not build. */
export async function buildReport({ outFile }: { outFile: string }): Promise<{ readonly built: boolean }> {
  const hash = await hashOfSources();
  if (STAMP.exec(await readIfThere(outFile))?.[1] === hash) return { built: false };
  const folder = `${outFile}.parts`;
  const config = viteConfig({ outDir: folder });
  await build({
    ...config,
    root: import.meta.dirname,
    build: { ...config.build, assetsInlineLimit: Number.MAX_SAFE_INTEGER, cssCodeSplit: false },
    plugins: [viteSingleFile()],
  });
  const html = withPolicy(await readFile(join(folder, 'index.html'), 'utf8'));
  await mkdir(dirname(outFile), { recursive: true });
  await writeFile(outFile, `${html.trimEnd()}\n<!-- sources ${hash} -->\n`);
  await rm(folder, { recursive: true });
  return { built: true };
}

/** Nothing is requested: fonts are the system's, and the data is in the file. */
function withPolicy(html: string): string {
  const policy = [
    "default-src 'none'",
    `script-src ${hashesOf(html, 'script')}`,
    `style-src ${hashesOf(html, 'style')}`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return html.replace(
    '<meta charset',
    () => `<meta http-equiv="Content-Security-Policy" content="${policy}" />\n    <meta charset`,
  );
}

function hashesOf(html: string, element: 'script' | 'style'): string {
  const inside = html.matchAll(new RegExp(`<${element}\\b[^>]*>([\\s\\S]*?)</${element}>`, 'g'));
  return [...inside].map(([, text = '']) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`).join(' ');
}

async function readIfThere(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  }
}
