import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { licensesOf } from '../../packaging/licenses.ts';

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'plimsoll-licenses-'));
});

afterEach(() => rm(root, { recursive: true, force: true }));

/** Writes a package with these files and returns its folder. */
async function aPackage(manifest: { readonly name: string; readonly license?: unknown }, files = {}): Promise<string> {
  const folder = join(root, manifest.name);
  await mkdir(folder);
  await writeFile(join(folder, 'package.json'), JSON.stringify({ version: '1.2.3', ...manifest }));
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), String(text));
  return folder;
}

describe('the licences of bundled packages', () => {
  it('state a licence once, under every package that has it', async () => {
    const folders = [
      await aPackage({ name: 'pear', license: 'MIT' }, { 'LICENSE.md': 'Permission is granted.\n' }),
      await aPackage({ name: 'apple', license: { type: 'MIT' } }, { LICENCE: 'Permission is granted.\r\n' }),
    ];

    const text = await licensesOf(folders);

    expect(text).toContain('apple 1.2.3 (MIT)\npear 1.2.3 (MIT)\n\nPermission is granted.\n');
    expect(text.split('Permission')).toHaveLength(2);
  });

  it('pass on notices with the licence', async () => {
    const folder = await aPackage({ name: 'plum', license: 'Apache-2.0' }, { NOTICE: 'By Plum.', LICENSE: 'Terms.' });

    expect(await licensesOf([folder])).toContain('plum 1.2.3 (Apache-2.0)\n\nTerms.\n\nBy Plum.\n');
  });

  it('name the licence of a package that has no file with it', async () => {
    const text = await licensesOf([await aPackage({ name: 'fig', license: 'MIT-0' }, { 'index.js': '' })]);

    expect(text).toContain('fig 1.2.3 (MIT-0)\n\nThe package has no file with its licence');
  });

  it('are not written where a package states none', async () => {
    const folder = await aPackage({ name: 'quince' });

    await expect(licensesOf([folder])).rejects.toThrow('quince states no licence');
  });
});
