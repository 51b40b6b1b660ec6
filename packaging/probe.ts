/** Bundles the probe into one file that needs node and nothing else. */
import { build } from 'esbuild';
import { PROJECT } from '../bench/bundle.ts';
import packageJson from '../package.json' with { type: 'json' };

/** Hosts have what their distribution has. */
const OLDEST_NODE = 'node20';

/**
 * @param outfile A path that ends in `.mjs`.
 * @throws Error Something of it is a package: the file would not run where it is copied to.
 */
export async function buildProbe(outfile: string): Promise<void> {
  const { metafile } = await build({
    entryPoints: ['probe/main.ts'],
    outfile,
    absWorkingDir: PROJECT,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: OLDEST_NODE,
    define: { PROBE_VERSION: JSON.stringify(packageJson.version) },
    metafile: true,
    logLevel: 'warning',
  });
  const packages = Object.keys(metafile.inputs).filter((path) => path.includes('node_modules'));
  if (packages.length > 0) throw new Error(`probe/ imports packages: ${packages.slice(0, 3).join(', ')}`);
}
