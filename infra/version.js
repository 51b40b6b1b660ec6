/** Which Plimsoll a stack runs: the version of package.json, and the commit where the folder is a clone. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** @type {{ version: string }} */
export const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));

export const commit = readCommit();

function readCommit() {
  try {
    const output = execFileSync('git', ['rev-parse', '--verify', 'HEAD'], {
      cwd: import.meta.dirname,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return output.trim();
  } catch {
    // No git, or a folder that is no clone: the version has to do.
    return 'unknown';
  }
}
