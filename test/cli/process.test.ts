/** That the command runs as a process. Its signals, colours and pipes are tested in test/acceptance/local, where many are started. */
import { describe, expect, it } from 'vitest';
import { start } from '../fixtures/command-process.ts';

describe('the process', () => {
  it('takes a config from standard input', async () => {
    const { child, ended } = start(['tenants', 'validate', '-']);
    child.stdin?.end('tenant: Acme');

    const { code, err } = await ended;

    expect(code).toBe(1);
    expect(err).toContain('tenant: must be 1 to 40 lower case letters');
  });

  it('explains on stderr what is wrong with its environment', async () => {
    const { ended } = start(['tenants', 'list'], { PLIMSOLL_CONFIGS_TABLE: 'x' });

    const { code, out, err } = await ended;

    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain('PLIMSOLL_CONFIGS_TABLE');
    expect(err).not.toContain('    at ');
  });
});
