import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readDocument } from '../../cli/document.ts';
import { InvalidInputError } from '../../core/ports/errors.ts';

let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plimsoll-document-'));
});

afterAll(() => rm(folder, { recursive: true }));

async function issuesOf(text: string): Promise<readonly string[]> {
  const file = join(folder, 'config.yml');
  await writeFile(file, text);
  const error = await readDocument(file).catch((thrown: unknown) => thrown);
  return error instanceof InvalidInputError ? error.issues : [];
}

describe('a document that is none', () => {
  it.each([
    ['holds several documents', 'a: 1\n---\na: 2\n', 'holds several documents (---): give one at a time'],
    ['nests five thousand levels', `a: ${'['.repeat(5000)}`, 'nests too deeply for a config'],
    [
      'expands without end',
      `a: &a [x,x,x,x,x,x,x,x,x,x]\n${[...'bcdefghij'].map((name, index) => `${name}: &${name} [${Array(10).fill(`*${'abcdefghij'[index]}`)}]`).join('\n')}\n`,
      'its aliases (*name) expand to too much',
    ],
  ])('%s: one sentence names it', async (_, text, issue) => {
    expect(await issuesOf(text)).toEqual([issue]);
  });

  it('has its first five errors listed, and the others counted', async () => {
    const issues = await issuesOf(Array.from({ length: 20 }, (_, line) => `k${line}: [`).join('\n'));

    expect(issues.length).toBeLessThanOrEqual(6);
    expect(issues.at(-1)).toMatch(/^\d+ more like these$/);
  });
});
