/**
 * Bundles the command line to dist/, with every package that it uses and their licences, and builds the page beside it, so that the tarball
 * of `npm pack` installs nothing else. `npm pack` runs it.
 */
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { build, type Metafile, type Plugin } from 'esbuild';
import { buildOptions, PROJECT } from '../bench/bundle.ts';
import { buildConsole } from '../console/build.ts';
import { buildReport } from '../console/report/build.ts';
import { licensesOf } from './licenses.ts';
import { buildProbe } from './probe.ts';

const OUT = join(PROJECT, 'dist');

/** The oldest version that the bundle runs on: what is newer in the language is rewritten. package.json states it to npm. */
const OLDEST_NODE = 'node22.13';

await rm(OUT, { recursive: true, force: true });
const metafile = await bundle();
// `plimsoll console` serves it from there.
await buildConsole({ outDir: join(OUT, 'console') });
// `plimsoll report` writes copies of it.
await buildReport({ outFile: join(OUT, 'report/report.html') });
// For hosts: it is copied to them alone.
await buildProbe(join(OUT, 'plimsoll-record.mjs'));
const folders = new Set([...packageFolders(metafile), ...packageFolders(await pageParts())]);
await writeFile(join(OUT, 'THIRD_PARTY_LICENSES'), await licensesOf([...folders]));

async function bundle(): Promise<Metafile> {
  const result = await build({
    ...(await buildOptions()),
    target: OLDEST_NODE,
    entryPoints: { main: 'cli/main.ts' },
    outdir: OUT,
    absWorkingDir: PROJECT,
    // A command loads its own part only. All files are in one folder: see `keptLocations`.
    splitting: true,
    chunkNames: '[name]-[hash]',
    // The demo's tables are in memory; the store on disk that its emulator could use is native code.
    alias: { level: 'memory-level' },
    plugins: [keptLocations(), fileNames()],
    metafile: true,
    logLevel: 'warning',
  });
  return result.metafile;
}

/** What the page is made of: its own build does not state it. Nothing is written. */
async function pageParts(): Promise<Metafile> {
  const result = await build({
    entryPoints: ['console/main.tsx'],
    outdir: OUT,
    absWorkingDir: PROJECT,
    bundle: true,
    format: 'esm',
    write: false,
    metafile: true,
    jsx: 'automatic',
    jsxImportSource: 'preact',
    loader: { '.svg': 'file' },
    logLevel: 'warning',
  });
  return result.metafile;
}

/**
 * The demo reads files that are in the package where they are in the clone, relative to the module that reads them. A module
 * in the bundle has another address than its source: here it is given that of its source, as a path from dist/.
 */
function keptLocations(): Plugin {
  return {
    name: 'kept-locations',
    setup({ onLoad }) {
      onLoad({ filter: /\.ts$/ }, async ({ path }) => {
        const location = relative(OUT, path).split(sep).join('/');
        const source = await readFile(path, 'utf8');
        const address = `new URL(${JSON.stringify(location)}, import.meta.url).href`;
        return { contents: source.replaceAll('import.meta.url', address), loader: 'ts' };
      });
    },
  };
}

/** The demo's emulator of DynamoDB loads its operations by computed names: esbuild finds the files where these end in .js. */
function fileNames(): Plugin {
  return {
    name: 'file-names',
    setup({ onLoad }) {
      onLoad({ filter: /[\\/]dynalite[\\/]index\.js$/ }, async ({ path }) => {
        const source = await readFile(path, 'utf8');
        return { contents: source.replaceAll("/' + action)", "/' + action + '.js')"), loader: 'js' };
      });
    },
  };
}

/** Paths of the packages that are in the bundle; what was left out as unused is not. */
function packageFolders({ outputs }: Metafile): string[] {
  const inputs = Object.values(outputs).flatMap((output) => Object.entries(output.inputs));
  const inside = inputs.filter(([, { bytesInOutput }]) => bytesInOutput > 0);
  const folders = inside.flatMap(([path]) => /.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? []);
  return [...new Set(folders)].map((folder) => join(PROJECT, folder));
}
