/** The check of a job with real processes, in seconds instead of minutes. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { start } from '../../fixtures/command-process.ts';

/** Samples of some seconds, of which most are evaluated. */
const FAST = ['--every', '50ms', '--warm-up', '1s', '--at-least', '3s', '--grace', '1s'];
const STEADY = "console.log('started'); setInterval(() => undefined, 100)";
const LEAKY = 'const kept = []; setInterval(() => kept.push(Buffer.alloc(400_000, 1)), 50)';

const NODE = process.execPath;
const PROJECT = join(import.meta.dirname, '../../..');
const WAIT = { timeout: 60_000, interval: 200 };

let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plimsoll-job-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

function check(options: readonly string[], command: readonly string[]) {
  return start(['gate', ...FAST, ...options, '--', ...command]);
}

/** Whether a process is there whose command line has these words. */
function runs(words: string): boolean {
  const all = execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' }).split('\n');
  return all.some((line) => line.includes(words) && !line.includes(' gate '));
}

describe('the check of a job', () => {
  it('fails a job whose process leaks, names it, and writes the results', async () => {
    const files = [
      '--json',
      join(folder, 'a.json'),
      '--junit',
      join(folder, 'a.xml'),
      '--picture',
      join(folder, 'a.svg'),
    ];

    const { code, err } = await check(['--for', '8s', ...files], [NODE, '-e', LEAKY]).ended;

    expect({ code, err }).toMatchObject({ code: 3, err: expect.stringMatching(/^node grows like a leak: /) });
    expect(JSON.parse(await readFile(join(folder, 'a.json'), 'utf8'))).toMatchObject({ outcome: 'leak', exitCode: 3 });
    expect(await readFile(join(folder, 'a.xml'), 'utf8')).toContain('<failure type="leak"');
    expect(await readFile(join(folder, 'a.svg'), 'utf8')).toContain('<polyline');
  });

  it('finds the leak of a grandchild', async () => {
    const { code, err } = await check(['--for', '8s'], ['sh', '-c', `sh -c '"${NODE}" -e "${LEAKY}"; true'; true`])
      .ended;

    expect({ code, err }).toMatchObject({ code: 3, err: expect.stringMatching(/^node grows like a leak: /) });
  });

  it('lets a steady job pass, whose output stays its own', async () => {
    const { code, out, err } = await check(['--for', '8s'], [NODE, '-e', STEADY]).ended;

    expect({ code, out, err }).toMatchObject({
      code: 0,
      out: 'started\n',
      err: expect.stringContaining('No process of node'),
    });
  });

  it('ends with the code of a command that fails, and with 4 where too short must not pass', async () => {
    const failed = await check([], ['sh', '-c', 'exit 7']).ended;
    const passed = await check([], ['sh', '-c', 'true']).ended;
    const undecided = await check(['--undecided', 'fail'], ['sh', '-c', 'true']).ended;

    expect([failed.code, passed.code, undecided.code]).toEqual([7, 0, 4]);
    expect(undecided.err).toMatch(/^Too short to decide: /);
  });

  it('ends what is left of the tree, by force where a process does not end', async () => {
    const stubborn = `process.on('SIGTERM', () => undefined); setInterval(() => 'stubborn-${process.pid}', 100)`;
    const { ended } = check(['--for', '3s'], ['sh', '-c', `"${NODE}" -e "${stubborn}" & wait`]);
    await vi.waitFor(() => expect(runs(`stubborn-${process.pid}`)).toBe(true), WAIT);

    expect((await ended).code).toBe(0);
    await vi.waitFor(() => expect(runs(`stubborn-${process.pid}`)).toBe(false), WAIT);
  });

  it('passes a signal on and ends with its number', async () => {
    const { child, ended } = check(
      [],
      [NODE, '-e', `process.on('SIGTERM', () => { console.log('passed on'); process.exit(0) }); ${STEADY}`],
    );
    let out = '';
    child.stdout?.on('data', (chunk) => {
      out += chunk;
    });
    await vi.waitFor(() => expect(out).toContain('started'), WAIT);

    child.kill('SIGTERM');

    expect(await ended).toMatchObject({ code: 143, out: 'started\npassed on\n' });
  });

  it('kills a job that ignores the signal, when its time to end is over', async () => {
    const deaf = `process.on('SIGTERM', () => undefined); console.log('deaf-${process.pid}'); ${STEADY}`;
    const { child, ended } = check([], [NODE, '-e', deaf]);
    let out = '';
    child.stdout?.on('data', (chunk) => {
      out += chunk;
    });
    await vi.waitFor(() => expect(out).toContain('started'), WAIT);

    child.kill('SIGTERM');

    expect(await ended).toMatchObject({ code: 143, err: expect.stringContaining('then interrupted by a signal') });
    expect(runs(`deaf-${process.pid}`)).toBe(false);
  });

  it('states what to do about a command that is not there, and about a folder that is not', async () => {
    const missing = await check([], ['no-such-program']).ended;
    const nowhere = await check(['--json', join(folder, 'none/a.json')], ['true']).ended;

    expect(missing).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^error: no-such-program could not be started: .* PATH/s),
    });
    expect(nowhere).toMatchObject({ code: 1, err: expect.stringContaining('Make it first.') });
  });

  it('is an action that fails where the first of its commands fails', () => {
    const { status } = spawnSync('bash', [join(PROJECT, 'packaging/gate-action.sh')], {
      env: {
        ...process.env,
        CHECK_COMMAND: 'sh -c "exit 9"\necho later',
        CHECK_RESULTS: join(folder, 'failed'),
        GITHUB_ACTION_PATH: PROJECT,
      },
    });

    expect(status).toBe(9);
  });

  it('is an action, which takes its inputs from the environment and states the outcome', async () => {
    const [outputs, summary] = [join(folder, 'outputs'), join(folder, 'summary')];
    const inputs = {
      CHECK_COMMAND: `"${NODE}" -e "${LEAKY}"`,
      CHECK_FOR: '8s',
      CHECK_WARM_UP: '1s',
      CHECK_AT_LEAST: '3s',
      CHECK_EVERY: '50ms',
      CHECK_ALLOW_NAME: 'java\npython3.11\n',
      CHECK_RESULTS: join(folder, 'results of the action'),
    };

    const { status } = spawnSync('bash', [join(PROJECT, 'packaging/gate-action.sh')], {
      env: {
        ...process.env,
        ...inputs,
        GITHUB_ACTION_PATH: PROJECT,
        GITHUB_OUTPUT: outputs,
        GITHUB_STEP_SUMMARY: summary,
      },
    });

    expect(status).toBe(3);
    expect(await readFile(outputs, 'utf8')).toBe('outcome=leak\n');
    expect(await readFile(summary, 'utf8')).toMatch(/### Memory: leak.*node \| leak \|/s);
  });
});
