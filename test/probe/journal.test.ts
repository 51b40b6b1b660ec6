import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Journal, openJournal } from '../../probe/journal.ts';
import { lineOf, type Sweep, sweepsOf } from '../../probe/sweep.ts';
import { processOf, sweepAt } from './builders.ts';

const MB = 1024 * 1024;

let folder: string;
const seen = { notWritten: 0, notRead: 0, written: 0, dropped: 0, damaged: 0 };

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'plimsoll-journal-'));
  Object.assign(seen, { notWritten: 0, notRead: 0, written: 0, dropped: 0, damaged: 0 });
});
afterEach(() => rmSync(folder, { recursive: true }));

function open(mostBytes = 64 * MB, write?: (descriptor: number, bytes: Buffer) => number): Journal {
  const events = {
    notWritten() {
      seen.notWritten += 1;
    },
    notRead() {
      seen.notRead += 1;
    },
    written() {
      seen.written += 1;
    },
    dropped(sweeps: number) {
      seen.dropped += sweeps;
    },
    damaged(lines: number) {
      seen.damaged += lines;
    },
  };
  return openJournal({ folder, mostBytes, events, ...(write && { write }) });
}

const timesIn = (journal: Journal) =>
  journal.segments().flatMap((segment) => (segment.sweeps() ?? []).map(({ time }) => time));
const sizeOfFolder = () => readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);

/** Some 1.4 KB. */
const tenProcesses = (time: number): Sweep =>
  sweepAt(time, ...Array.from({ length: 10 }, (_, index) => processOf(index + 1, { name: 'x'.repeat(60) })));

describe('a line', () => {
  it('is read as the sweep that was written', () => {
    const sweep = sweepAt(5, processOf(1, { name: 'ünï\ncode', data: 7, stack: 8, swap: 9 }));
    expect(sweepsOf(lineOf(sweep))).toEqual({ sweeps: [sweep], damaged: 0 });
  });

  it('is skipped and counted where a part of it is missing, wherever it ends', () => {
    const [first, second] = [lineOf(sweepAt(1)), lineOf(sweepAt(2))];
    for (let length = 1; length < second.length - 1; length++) {
      const { sweeps, damaged } = sweepsOf(first + second.slice(0, length));
      expect({ times: sweeps.map(({ time }) => time), damaged }).toEqual({ times: [1], damaged: 1 });
    }
  });

  it('is skipped where one of its characters is another', () => {
    const line = lineOf(sweepAt(1, processOf(3)));
    fc.assert(
      fc.property(fc.nat(line.length - 2), fc.constantFrom('0', '1', 'x', '"'), (at, other) => {
        const changed = line.slice(0, at) + other + line.slice(at + 1);
        expect(sweepsOf(changed).sweeps).toHaveLength(changed === line ? 1 : 0);
      }),
      { numRuns: 200 },
    );
  });
});

describe('the journal', () => {
  it('has what was appended, oldest first, after a restart as well', () => {
    const before = open();
    before.append(sweepAt(1));
    before.append(sweepAt(2));
    // It is killed: nothing is closed.
    const after = open();
    after.append(sweepAt(3));
    expect(timesIn(after)).toEqual([1, 2, 3]);
  });

  it('keeps what was not removed', () => {
    const journal = open();
    journal.append(sweepAt(1));
    const [first] = journal.segments();
    journal.append(sweepAt(2));
    first?.remove();
    expect(timesIn(journal)).toEqual([2]);
    expect(timesIn(open())).toEqual([2]);
  });

  it('skips the line that a kill has left in pieces, and no other', () => {
    const before = open();
    for (const time of [1, 2, 3]) before.append(sweepAt(time));
    const file = join(folder, readdirSync(folder)[0] ?? '');
    truncateSync(file, statSync(file).size - 5);
    const after = open();
    after.append(sweepAt(4));
    expect(timesIn(after)).toEqual([1, 2, 4]);
    expect(seen.damaged).toBe(1);
  });

  it('reads files of garbage as nothing', () => {
    writeFileSync(join(folder, '000000000007.sweeps'), Buffer.alloc(5000, 0));
    const journal = open();
    journal.append(sweepAt(1));
    expect(timesIn(journal)).toEqual([1]);
  });

  it('goes on where somebody has deleted a file', () => {
    const journal = open();
    journal.append(sweepAt(1));
    const [segment] = journal.segments();
    for (const name of readdirSync(folder)) rmSync(join(folder, name));
    expect(segment?.sweeps()).toEqual([]);
    segment?.remove();
    journal.append(sweepAt(2));
    expect(timesIn(journal)).toEqual([2]);
    expect(seen).toMatchObject({ notRead: 0, notWritten: 0 });
  });

  it('does not take a file that cannot be read for one without sweeps', () => {
    const journal = open();
    journal.append(sweepAt(1));
    const [segment] = journal.segments();
    const file = join(folder, '000000000001.sweeps');
    renameSync(file, `${file}.away`);
    mkdirSync(file);
    expect(segment?.sweeps()).toBeUndefined();
    expect(seen.notRead).toBe(1);
    rmdirSync(file);
    renameSync(`${file}.away`, file);
    expect(segment?.sweeps()).toEqual([sweepAt(1)]);
  });

  it('drops the oldest and counts them where the folder is full', () => {
    const journal = open(MB);
    for (let time = 1; time <= 2000; time++) journal.append(tenProcesses(time));
    const times = timesIn(journal);
    expect(sizeOfFolder()).toBeLessThanOrEqual(MB);
    expect(times.length).toBeGreaterThan(400);
    expect(times.at(-1)).toBe(2000);
    expect(times[0]).toBe(2000 - times.length + 1);
    expect(seen.dropped).toBe(2000 - times.length);
  });

  it('keeps refused sweeps aside, which are not sent again and are dropped first', () => {
    const journal = open(MB);
    journal.append(sweepAt(1));
    const [segment] = journal.segments();
    segment?.setAside([sweepAt(1)]);
    segment?.remove();
    expect(timesIn(open())).toEqual([]);
    expect(readdirSync(folder).map((name) => name.split('.')[1])).toEqual(['refused']);
    for (let time = 2; time <= 1000; time++) journal.append(tenProcesses(time));
    expect(readdirSync(folder).filter((name) => name.endsWith('.refused'))).toEqual([]);
  });
});

describe('a full disk', () => {
  /** Takes so many bytes, then fails as ENOSPC does, after a part of the line. */
  function diskOf(bytes: number) {
    const disk = { free: bytes };
    const write = (descriptor: number, part: Buffer) => {
      if (disk.free === 0) throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
      const taken = writeSync(descriptor, part.subarray(0, disk.free));
      disk.free -= taken;
      return taken;
    };
    return { disk, write };
  }

  it('holds sweeps in memory, from where they are sent too', () => {
    const { write } = diskOf(lineOf(sweepAt(1)).length + 10);
    const journal = open(64 * MB, write);
    for (const time of [1, 2, 3]) journal.append(sweepAt(time));
    expect(timesIn(journal)).toEqual([1, 2, 3]);
    for (const segment of journal.segments()) segment.remove();
    expect(timesIn(journal)).toEqual([]);
    expect(seen.notWritten).toBe(2);
  });

  it('gets what was held as soon as it has room again, behind the torn line', () => {
    const { disk, write } = diskOf(lineOf(sweepAt(1)).length + 10);
    const journal = open(64 * MB, write);
    for (const time of [1, 2, 3]) journal.append(sweepAt(time));
    disk.free = 10_000;
    journal.append(sweepAt(4));
    const text = readFileSync(join(folder, readdirSync(folder)[0] ?? ''), 'utf8');
    expect(sweepsOf(text).sweeps.map(({ time }) => time)).toEqual([1, 2, 3, 4]);
    expect(timesIn(journal)).toEqual([1, 2, 3, 4]);
    expect(seen.written).toBe(1);
  });

  it('drops the oldest of memory and counts them', () => {
    const journal = open(64 * MB, diskOf(0).write);
    for (let time = 1; time <= 1000; time++) journal.append(sweepAt(time));
    const times = timesIn(journal);
    expect(times).toHaveLength(150);
    expect(times.at(-1)).toBe(1000);
    expect(seen.dropped).toBe(850);
  });
});
