import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Answer } from '../../probe/answers.ts';
import { matchesGlob } from '../../probe/glob.ts';
import { createNotices } from '../../probe/notices.ts';
import { createSelectionClient } from '../../probe/selection-client.ts';
import { followSelection, type HostSelection, parseSelections } from '../../probe/selections.ts';
import { processOf } from './builders.ts';

const SELECTION = { recording: 'r-abc', processes: [{ name: 'java*', tree: true }], from: 0, to: 1000, everyS: 10 };

describe('a pattern', () => {
  it.each([
    ['*', 'anything', true],
    ['*', '', true],
    ['java', 'java', true],
    ['java', 'javac', false],
    ['java*', 'javac', true],
    ['*va', 'java', true],
    ['j?va', 'java', true],
    ['j?va', 'jva', false],
    ['a*b*c', 'a1b2b3c', true],
    ['a*b*c', 'a1c2b', false],
    ['', '', true],
    ['', 'a', false],
    ['Java', 'java', false],
    ['a.c', 'abc', false],
  ])('%j matches %j: %s', (pattern, text, expected) => {
    expect(matchesGlob(pattern, text)).toBe(expected);
  });

  it('takes no time that explodes', () => {
    expect(matchesGlob('*a'.repeat(100), `${'a'.repeat(250)}b`)).toBe(false);
  });
});

describe('selections', () => {
  it('are read as they are answered, times within bounds', () => {
    expect(parseSelections({ version: 1, selections: [{ ...SELECTION, everyS: 0, later: 'field' }] })).toEqual([
      { ...SELECTION, everyS: 5 },
    ]);
  });

  it.each([
    ['null', null],
    ['a list', []],
    ['another version', { version: 2, selections: [] }],
    ['a rule without name and pid', { version: 1, selections: [{ ...SELECTION, processes: [{ tree: true }] }] }],
    ['times that are texts', { version: 1, selections: [{ ...SELECTION, from: '0' }] }],
    ['a name without end', { version: 1, selections: [{ ...SELECTION, processes: [{ name: 'x'.repeat(300) }] }] }],
    ['more than a host can follow', { version: 1, selections: Array.from({ length: 1001 }, () => SELECTION) }],
  ])('are refused where they are %s', (_, value) => {
    expect(() => parseSelections(value)).toThrow(/selections/);
  });

  it('select what the host admits, and name what it does not', () => {
    const follower = followSelection(SELECTION, ['java', 'worker*']);
    const sweep = [
      processOf(1, { name: 'java' }),
      processOf(2, { name: 'javac', ppid: 0 }),
      processOf(3, { name: 'worker-1', ppid: 1, startedAt: 9000 }),
      processOf(4, { name: 'sh', ppid: 1, startedAt: 9000 }),
      processOf(5, { name: 'worker-2', ppid: 0 }),
    ];
    const { admitted, refused } = follower.selectedOf(sweep);
    expect(admitted.map(({ pid }) => pid)).toEqual([1, 3]);
    expect(refused).toEqual(['javac', 'sh']);
  });
});

describe('the client of selections', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'plimsoll-selections-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function arrange(...answers: Answer[]) {
    const etags: (string | undefined)[] = [];
    const lines: string[] = [];
    const get = async (etag: string | undefined) => {
      etags.push(etag);
      return answers.shift() ?? { status: 304, body: '' };
    };
    const notices = createNotices(
      (line) => lines.push(line),
      () => 0,
    );
    const clock = { at: 0 };
    const client = createSelectionClient({ get, folder, notices, random: () => 0, elapsed: () => clock.at });
    return { client, etags, lines, clock };
  }

  const answered = (selections: readonly HostSelection[]): Answer => ({
    status: 200,
    body: JSON.stringify({ version: 1, selections }),
    etag: '"one"',
  });

  it('requests once a minute, with the tag of what it knows', async () => {
    const { client, etags } = arrange(answered([SELECTION]));
    expect(await client.refresh()).toBe(60_000);
    expect(await client.refresh()).toBe(60_000);
    expect(client.current()).toEqual([SELECTION]);
    expect(etags).toEqual([undefined, '"one"']);
  });

  it('requests nothing while what it knows is current, by the receiver and by answers to samples', async () => {
    const { client, etags, clock } = arrange({ ...answered([SELECTION]), maxAge: 420 });
    const requestsAfter = async (minutes: number) => {
      for (let minute = 0; minute < minutes; minute++) {
        expect(await client.refresh()).toBe(60_000);
        clock.at += 60_000;
      }
      return etags.length;
    };

    expect(await requestsAfter(5)).toBe(1);
    client.see('"one"');
    expect(await requestsAfter(7)).toBe(1);
    expect(await requestsAfter(1)).toBe(2);
  });

  it('requests at the next look what has another tag than it knows', async () => {
    const { client, etags } = arrange({ ...answered([SELECTION]), maxAge: 420 });
    await client.refresh();

    client.see(undefined);
    await client.refresh();
    expect(etags).toHaveLength(1);
    client.see('"two"');
    await client.refresh();
    expect(etags).toHaveLength(2);
  });

  it('knows after a restart without a network what it knew', async () => {
    await arrange(answered([SELECTION])).client.refresh();
    const { client, etags } = arrange({ status: undefined, body: 'offline' });
    expect(client.current()).toEqual([SELECTION]);
    expect(await client.refresh()).toBe(60_000);
    expect(client.current()).toEqual([SELECTION]);
    expect(etags).toEqual(['"one"']);
  });

  it.each([
    ['nonsense', '<html>'],
    ['another version', '{"version":2}'],
  ])('keeps what it knows where the answer is %s', async (_, body) => {
    const { client, lines } = arrange(answered([SELECTION]), { status: 200, body });
    await client.refresh();
    await client.refresh();
    expect(client.current()).toEqual([SELECTION]);
    expect(lines).toHaveLength(1);
  });

  it('requests slowly where the token is refused or there are no selections', async () => {
    const { client } = arrange({ status: 401, body: '' }, { status: 404, body: '' });
    expect([await client.refresh(), await client.refresh()]).toEqual([900_000, 900_000]);
  });

  it('begins with nothing where its file is damaged', () => {
    writeFileSync(join(folder, 'selections.json'), '{"version":1,"sel');
    expect(arrange().client.current()).toEqual([]);
  });
});
