/** Signing in with the Azure CLI, over the real identity client and a script that plays the CLI. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ownCredentials } from '../../../adapters/azure/own-credentials.ts';
import { isolatedVariables } from '../../../cli/environment.ts';

const SCOPE = 'https://management.azure.com/.default';

describe('one’s own credentials', () => {
  it('are a token of the Azure CLI, requested once', async () => {
    const until = Math.floor(Date.now() / 1000) + 3_600;
    const answer = JSON.stringify({ accessToken: 'a token', expires_on: until, tokenType: 'Bearer' });
    await using az = await anAzureCli(`echo run >>"$(dirname "$0")/runs"; echo '${answer}'`);
    using _ = az.onPath();
    const credential = ownCredentials();

    const tokens = await Promise.all([credential.getToken(SCOPE), credential.getToken(SCOPE)]);

    expect(tokens).toMatchObject([{ token: 'a token' }, { token: 'a token' }]);
    expect(await readFile(join(az.folder, 'runs'), 'utf8')).toBe('run\n');
  });

  it.each([
    ['nobody is signed in', `echo "Please run 'az login' to setup account." >&2; exit 1`, /Please run 'az login'/],
    [
      'their session is over',
      'echo "AADSTS70043: The refresh token has expired." >&2; exit 1',
      /AADSTS70043.*`az login`/,
    ],
    ['there is no Azure CLI', 'echo "az: command not found" >&2; exit 127', /Azure CLI could not be found.*'az login'/],
  ])('explain how to sign in where %s', async (_, script, message) => {
    await using az = await anAzureCli(script);
    using _path = az.onPath();

    await expect(ownCredentials().getToken(SCOPE)).rejects.toMatchObject({
      name: 'SourceError',
      reason: 'denied',
      stage: 'sign_in',
      message: expect.stringMatching(message),
    });
  });
});

/** The Azure CLI that a script plays, in a folder of its own. */
async function anAzureCli(script: string) {
  const folder = await mkdtemp(join(tmpdir(), 'plimsoll-az-'));
  await writeFile(join(folder, 'az'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return {
    folder,
    onPath: () => isolatedVariables({ PATH: `${folder}${delimiter}${process.env['PATH']}` }),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}
