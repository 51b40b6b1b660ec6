/**
 * What package-lock.json promises. npm leaves the hash of a package out where it was locked from an install of another
 * platform, and would then install whatever the registry hands out.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';

const lockFileSchema = z.object({
  packages: z.record(z.string(), z.looseObject({ integrity: z.string().optional(), resolved: z.string().optional() })),
});

const text = await readFile(join(import.meta.dirname, '../../package-lock.json'), 'utf8');
const { '': _project, ...packages } = lockFileSchema.parse(JSON.parse(text)).packages;
const entries = Object.entries(packages);

describe('the lock file', () => {
  it('has a SHA-512 of every package, on every platform', () => {
    const without = entries.filter(([, { integrity = '' }]) => !integrity.startsWith('sha512-'));

    expect(entries.length).toBeGreaterThan(0);
    expect(without.map(([path]) => path)).toEqual([]);
  });

  it('names no registry', () => {
    const named = entries.filter(([, { resolved }]) => resolved !== undefined);

    expect(named.map(([path]) => path)).toEqual([]);
  });
});
