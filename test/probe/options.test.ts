import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readToken } from '../../probe/exchange.ts';
import { lockFolder } from '../../probe/folder-lock.ts';
import { lockedFolder } from '../../probe/folders.ts';
import { createNotices } from '../../probe/notices.ts';
import { parseOptions } from '../../probe/options.ts';
import { runRecord } from '../../probe/record.ts';
import { NODE_FLAGS } from '../../probe/small-heap.ts';
import { unitOf } from '../../probe/unit.ts';

const parse = (...args: string[]) => parseOptions(args, {});

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'plimsoll-options-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('the options', () => {
  it('have defaults', () => {
    expect(parse()).toEqual({
      self: false,
      pids: [],
      names: [],
      tree: false,
      allow: [],
      everyMs: 60_000,
      sendEveryMs: 300_000,
      plainHttp: false,
      mostBytes: 64 * 1024 * 1024,
      labels: {},
      command: [],
      mode: 'run',
    });
  });

  it('are repeated and combined', () => {
    const given = [
      '--self',
      '--pid',
      '7',
      '--pid=8',
      '--name',
      'java*',
      '--allow',
      '*',
      '--label',
      'a.b=c=d',
      '--every',
      '5s',
    ];
    expect(parse(...given)).toMatchObject({
      self: true,
      pids: [7, 8],
      names: ['java*'],
      allow: ['*'],
      labels: { 'a.b': 'c=d' },
      everyMs: 5000,
    });
  });

  it.each([
    [
      ['--self', '--', 'node', '--name', 'x'],
      ['node', '--name', 'x'],
    ],
    [
      ['--every', '5s', 'node', '--self'],
      ['node', '--self'],
    ],
    [
      ['--', '--', 'x'],
      ['--', 'x'],
    ],
  ])('leave a command its own: %j', (args, command) => {
    expect(parse(...args).command).toEqual(command);
  });

  it('sample a command more often', () => {
    expect(parse('--', 'make').everyMs).toBe(10_000);
  });

  it('take the address from the environment', () => {
    expect(parseOptions([], { PLIMSOLL_URL: 'https://a.example' }).url).toBe('https://a.example/');
  });

  it.each([
    [['--bogus'], "Unknown option '--bogus'"],
    [['--pid', 'x'], '--pid takes a number'],
    [['--pid', '0'], '--pid takes a number'],
    [['--every', '10'], '--every takes a time'],
    [['--every', '2h'], '--every takes a time'],
    [['--max-disk', '0'], '--max-disk takes a number'],
    [['--label', 'novalue'], '--label takes NAME=VALUE'],
    [['--label', 'a=b\nc'], '--label takes NAME=VALUE'],
    [['--label', 'host.id=another'], 'stated by the probe itself'],
    [['--name', ''], '--name takes'],
    [['--url', 'nonsense'], '--url takes an address'],
    [['--url', 'ftp://a.example'], '--url takes an address'],
    [['--url', 'https://user:secret@a.example'], 'no user'],
    [['--url', 'http://a.example'], 'unencrypted'],
    [['--once', '--unit'], 'Give one of'],
    [['--once', '--', 'make'], '--once starts no command'],
  ])('refuse %j', (args, message) => {
    expect(() => parse(...args)).toThrow(message);
  });

  it.each(['http://localhost:4318', 'http://127.0.0.1:4318', 'http://[::1]:4318'])(
    'take %s, which nobody else hears',
    (url) => {
      expect(parse('--url', url).url).toBe(`${url}/`);
    },
  );

  it('take the address that collectors are given, with the path of metrics', () => {
    expect(parse('--url', 'https://a.example/v1/metrics').url).toBe('https://a.example/');
    expect(parse('--url', 'https://a.example/at/v1/metrics/').url).toBe('https://a.example/at/');
  });

  it('take an address without encryption where that is stated', () => {
    expect(parse('--url', 'http://a.example', '--plain-http').url).toBe('http://a.example/');
  });
});

describe('the one file', () => {
  it('starts node with a small heap, where it is started as a program', () => {
    const [first] = readFileSync(new URL('../../probe/main.ts', import.meta.url), 'utf8').split('\n');
    expect(first).toBe(`#!/usr/bin/env -S node ${NODE_FLAGS.join(' ')}`);
  });
});

describe('the unit', () => {
  it('starts the probe with its options, quoted for systemd', () => {
    const options = parse('--name', '100% $HOME "x"', '--url', 'https://a.example', '--unit');
    const [start] =
      unitOf(['/usr/bin/node', '/usr/local/lib/plimsoll-record.mjs'], options).match(/^ExecStart=.*$/m) ?? [];
    expect(start?.replaceAll(/\$\{(\w+)\}/g, (_, name) => `$${name}`)).toBe(
      'ExecStart=/usr/bin/node --max-semi-space-size=2 --max-old-space-size=96 /usr/local/lib/plimsoll-record.mjs --name "100%% $$HOME \\"x\\"" --url https://a.example/ --every 60s --send-every 300s --max-disk 64 --token-file $CREDENTIALS_DIRECTORY/token --folder $STATE_DIRECTORY',
    );
  });
});

describe('the probe', () => {
  async function run(...args: string[]) {
    const [printed, noted]: [string[], string[]] = [[], []];
    const code = await runRecord(args, {
      variables: {},
      print: (text) => printed.push(text),
      note: (line) => noted.push(line),
      version: '1.2.3',
      program: 'plimsoll record',
      startedAs: ['/usr/bin/node', '/home/me/record.mjs'],
      signal: new AbortController().signal,
    });
    return { code, printed: printed.join('\n'), noted: noted.join('\n') };
  }

  it('ends with 2 and what would do where an option is wrong', async () => {
    expect(await run('--nothing')).toEqual({
      code: 2,
      printed: '',
      noted: "error: Unknown option '--nothing'.\n--help lists what it takes.",
    });
    expect(await run()).toMatchObject({ code: 2, noted: expect.stringContaining('Give --url') });
  });

  it.each(['https://a.example', 'http://127.0.0.1:4319'])('does not start without a token for %s', async (url) => {
    const refused = { code: 2, printed: '', noted: expect.stringContaining('Give --token-file (or the variable') };
    expect(await run('--url', url)).toEqual(refused);
    expect(await run('--url', url, '--once')).toEqual(refused);
  });

  it('prints its help and its version', async () => {
    expect(await run('--help')).toMatchObject({ code: 0, printed: expect.stringContaining('Usage: plimsoll record') });
    expect(await run('--version')).toEqual({ code: 0, printed: '1.2.3', noted: '' });
  });

  it('has a help that fits 80 columns', async () => {
    const { printed } = await run('--help');
    expect(printed.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });

  it('prints what it would send, and sends nothing', async () => {
    const { code, printed } = await run('--dry-run', '--self', '--host-id', 'h-1');
    expect(code).toBe(0);
    const { resourceMetrics } = JSON.parse(printed);
    expect(resourceMetrics).toHaveLength(2);
    expect(printed).not.toContain('command');
  });

  it('prints no unit that would not know where to send', async () => {
    expect(await run('--unit')).toMatchObject({ code: 2, printed: '', noted: expect.stringContaining('Give --url') });
  });

  it('warns of a script that its unit would not see', async () => {
    const { code, noted } = await run('--unit', '--url', 'https://a.example');
    expect({ code, noted }).toMatchObject({ code: 0, noted: expect.stringContaining('/home/me/record.mjs') });
  });
});

describe('the folder', () => {
  it('belongs to one probe', () => {
    const now = Date.now();
    // Its parent runs, and is another process.
    writeFileSync(join(folder, 'lock'), String(process.ppid));
    expect(lockFolder(folder, now)).toBeUndefined();
    expect(() => lockedFolder(folder, 'unused', now)).toThrow('give this one another --folder');
    const other = lockedFolder(undefined, folder, now);
    expect(other.folder).toBe(`${folder}-2`);
    rmSync(other.folder, { recursive: true });
  });

  it.each(['999999999', '', 'nonsense', String(process.pid)])(
    'is taken over from a probe that is gone: %j',
    (content) => {
      writeFileSync(join(folder, 'lock'), content);
      expect(lockFolder(folder, Date.now())).toBeDefined();
    },
  );

  it.each([0o777, 0o770])('is refused where others can write to it: %o', (mode) => {
    chmodSync(folder, mode);
    expect(() => lockFolder(folder, Date.now())).toThrow('others can write to it');
  });

  it('is made for its user alone', () => {
    const made = join(folder, 'state');
    expect(lockFolder(made, Date.now())).toBeDefined();
    expect([made, join(made, 'lock')].map((path) => statSync(path).mode & 0o777)).toEqual([0o700, 0o600]);
  });

  it('is taken over where nobody has renewed the lock for minutes', () => {
    writeFileSync(join(folder, 'lock'), String(process.ppid));
    expect(lockFolder(folder, Date.now() + 200_000)).toBeDefined();
  });
});

describe('the token', () => {
  it('is the line of its file', () => {
    writeFileSync(join(folder, 'token'), 'plt_acme_abc_secret\n');
    expect(readToken(join(folder, 'token'))).toBe('plt_acme_abc_secret');
  });

  it.each(['', 'two\nlines', 'with space'])('is refused without being shown: %j', (content) => {
    writeFileSync(join(folder, 'token'), content);
    expect(() => readToken(join(folder, 'token'))).toThrow(/token does not hold a token on one line\.$/);
  });

  it('is missing where its file is: a sentence states which', () => {
    const file = join(folder, 'elsewhere');
    expect(() => readToken(file)).toThrow(`The token file ${file} is not there: put the ingest token into it.`);
    expect(() => readToken(folder)).toThrow(`The token file ${folder} is a folder.`);
  });
});

describe('a lasting trouble', () => {
  it('is logged once an hour, with how often it came', () => {
    const lines: string[] = [];
    let clock = 0;
    const notices = createNotices(
      (line) => lines.push(line),
      () => clock,
    );
    for (; clock <= 3_600_000; clock += 60_000) notices.trouble('send', 'down');
    notices.over('send', 'up');
    notices.over('send', 'up');
    expect(lines).toEqual(['down', 'down (59 times more in the last hour)', 'up']);
  });
});
