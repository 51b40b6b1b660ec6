import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import packageJson from '../../../package.json' with { type: 'json' };

const PROJECT = join(import.meta.dirname, '../../..');

/** Packing bundles everything, and the machine may be busy. */
const ROOM_MS = 120_000;

const examinationSchema = z.object({
  scope: z.object({ provider: z.string() }),
  hosts: z.object({ withMemory: z.number() }),
});

let folder: string;
/** The package, installed outside of the clone. */
let installed: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plimsoll-package-'));
  installed = join(folder, 'node_modules/plimsoll');
  await npm(PROJECT, 'pack', '--silent', '--pack-destination', folder);
  await npm(folder, 'install', '--offline', '--no-audit', '--no-fund', `plimsoll-${packageJson.version}.tgz`);
}, ROOM_MS);

afterAll(() => rm(folder, { recursive: true, force: true }));

function npm(cwd: string, ...args: string[]) {
  return promisify(execFile)('npm', args, { cwd });
}

const CLIENT = { name: 'test', version: '1.0.0' };

/** Runs the installed command in a folder that has nothing but it. `messages` are JSON-RPC for its stdin. */
function plimsoll(args: readonly string[], nodeOptions: readonly string[] = [], messages: readonly object[] = []) {
  const script = join(folder, 'node_modules/.bin/plimsoll');
  return new Promise<{ code: unknown; out: string; err: string }>((resolve) => {
    const child = execFile(process.execPath, [...nodeOptions, script, ...args], { cwd: folder }, (error, out, err) =>
      resolve({ code: error?.code ?? 0, out, err }),
    );
    child.stdin?.end(messages.map((message) => `${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`).join(''));
  });
}

/** Node options under which a process takes itself for another version of node. */
function asNode(version: string): string[] {
  const code = `Object.defineProperty(process.versions, 'node', { value: '${version}' })`;
  return ['--import', `data:text/javascript,${encodeURIComponent(code)}`];
}

/** A host that is sampled each quarter of an hour and gains 0.4 percent points an hour for five days. */
function risingTrace(): string {
  const rows = Array.from({ length: 480 }, (_, quarter) => {
    const time = new Date(Date.UTC(2026, 10, 20) + quarter * 900_000).toISOString();
    return `${time},web-1,${(40 + quarter / 10).toFixed(1)}`;
  });
  return ['time,host,percent', ...rows, ''].join('\n');
}

describe('the package', () => {
  it('installs without a network, because it brings everything and needs no other package', async () => {
    expect(await readdir(join(folder, 'node_modules'))).toEqual(['.bin', '.package-lock.json', 'plimsoll']);
  });

  it('holds the bundle, the probe, the page, that of reports, their licences and the files that the demo reads, and nothing else', async () => {
    const entries = await readdir(installed, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    const names = files.map((file) => file.slice(installed.length + 1));

    const ofPage = names.filter((name) => name.startsWith('dist/console/'));
    expect(ofPage).toEqual(expect.arrayContaining(['dist/console/index.html', 'dist/console/index.html.br']));
    expect(names.filter((name) => !/^dist\/[\w-]+\.js$/.test(name) && !ofPage.includes(name)).sort()).toEqual([
      'LICENSE',
      'README.md',
      'cli/plimsoll.js',
      'dist/THIRD_PARTY_LICENSES',
      'dist/plimsoll-record.mjs',
      'dist/report/report.html',
      'infra/configs-table.yml',
      'infra/table.yml',
      'package.json',
      'sandbox/scenario/recorded/processes.ndjson',
    ]);
  });

  it('has the licences of the packages that are in the page', async () => {
    const licences = await readFile(join(installed, 'dist/THIRD_PARTY_LICENSES'), 'utf8');

    expect(licences).toMatch(/^preact \d/m);
  });

  it('answers an assistant on stdin and stdout, and ends when it hangs up', async () => {
    const { code, out } = await plimsoll(
      ['mcp', '--traces', 'memory.csv'],
      [],
      [
        {
          id: 1,
          method: 'initialize',
          params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: CLIENT },
        },
        { method: 'notifications/initialized' },
        { id: 2, method: 'tools/list' },
      ],
    );

    const answers = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(code).toBe(0);
    expect(answers).toMatchObject([
      { id: 1, result: { serverInfo: { name: 'plimsoll', version: packageJson.version } } },
      { id: 2, result: { tools: expect.arrayContaining([expect.objectContaining({ name: 'backtest' })]) } },
    ]);
  });

  it('prints its version', async () => {
    expect(await plimsoll(['--version'])).toEqual({ code: 0, out: `${packageJson.version}\n`, err: '' });
  });

  it('finds the leak in a trace file', async () => {
    await writeFile(join(folder, 'memory.csv'), risingTrace());

    const { code, out, err } = await plimsoll(['inspect', '--traces', 'memory.csv', '--json']);

    expect({ code, err }).toEqual({ code: 3, err: '' });
    expect(JSON.parse(out.split('\n')[0] ?? '')).toMatchObject({ state: 'leaking', host: { id: 'web-1' } });
  });

  it(
    'reads the simulated hosts of every provider with the clients that are bundled',
    async () => {
      const { out, err } = await plimsoll(['doctor', '--demo', '--json']);

      const read = out
        .trim()
        .split('\n')
        .map((line) => examinationSchema.parse(JSON.parse(line)));
      const withHosts = read.filter(({ hosts }) => hosts.withMemory > 0);
      expect(err).toBe('');
      expect(new Set(withHosts.map(({ scope }) => scope.provider))).toEqual(
        new Set(['aws', 'gcp', 'azure', 'prometheus']),
      );
    },
    ROOM_MS,
  );

  it('names in one sentence the node that it needs when it is run by an older one', async () => {
    const { code, out, err } = await plimsoll(['--version'], asNode('22.12.0'));

    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toBe(
      'error: plimsoll needs node 22.13 or later, and this is node 22.12.0. Install a newer one from https://nodejs.org.\n',
    );
    expect(packageJson.engines.node).toBe('>=22.13');
  });
});
