import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseStat, parseStatus, readLinuxProcesses } from '../../probe/linux.ts';
import { parsePs } from '../../probe/macos.ts';
import { readProcesses } from '../../probe/processes.ts';
import { systemProgram } from '../../probe/programs.ts';
import { parseCim } from '../../probe/windows.ts';

const STATUS = `Name:\tnode
Umask:\t0022
State:\tS (sleeping)
Pid:\t1234
VmPeak:\t 1078224 kB
VmSize:\t 1012572 kB
VmRSS:\t   45056 kB
RssAnon:\t   12288 kB
VmData:\t  108200 kB
VmStk:\t     132 kB
VmExe:\t       8 kB
VmSwap:\t      64 kB
Threads:\t11
`;

const KERNEL_THREAD = 'Name:\tkworker/0:1\nState:\tI (idle)\nPid:\t9\nPPid:\t2\n';

const stat = (pid: number, name: string, ppid: number, ticks: number) =>
  `${pid} (${name}) S ${ppid} ${pid} ${pid} 0 -1 4194560 1000 0 0 0 5 2 0 0 20 0 11 0 ${ticks} 1036873728 11264 18446744073709551615 1 1 0\n`;

describe('/proc', () => {
  let proc: string;

  beforeAll(() => {
    proc = mkdtempSync(join(tmpdir(), 'plimsoll-proc-'));
    writeFileSync(join(proc, 'stat'), 'cpu  1 2 3\nbtime 1795898110\nprocesses 5\n');
    process(10, stat(10, 'node', 1, 1234), STATUS);
    process(11, stat(11, 'a b) (c', 10, 2000), STATUS.replace(/VmSwap.*\n/, ''), '/opt/app/worker (deleted)');
    process(9, stat(9, 'kworker/0:1', 2, 5), KERNEL_THREAD);
    // It ended after its folder was listed.
    mkdirSync(join(proc, '12'));
  });
  afterAll(() => rmSync(proc, { recursive: true }));

  function process(pid: number, statText: string, statusText: string, executable?: string): void {
    mkdirSync(join(proc, String(pid)));
    writeFileSync(join(proc, String(pid), 'stat'), statText);
    writeFileSync(join(proc, String(pid), 'status'), statusText);
    if (executable) symlinkSync(executable, join(proc, String(pid), 'exe'));
  }

  it('has each process with memory, with its sizes in bytes and its start', () => {
    expect(readLinuxProcesses(proc)).toEqual([
      {
        pid: 10,
        ppid: 1,
        name: 'node',
        startedAt: 1_795_898_110_000 + 12_340,
        data: 108_200 * 1024,
        stack: 132 * 1024,
        resident: 45_056 * 1024,
        swap: 64 * 1024,
      },
      {
        pid: 11,
        ppid: 10,
        name: 'worker',
        startedAt: 1_795_898_110_000 + 20_000,
        data: 108_200 * 1024,
        stack: 132 * 1024,
        resident: 45_056 * 1024,
      },
    ]);
  });

  it('names a process whose name holds brackets and spaces', () => {
    expect(parseStat(stat(11, 'a b) (c', 10, 2000))).toEqual({ pid: 11, ppid: 10, name: 'a b) (c', startTicks: 2000 });
  });

  it.each(['', 'nonsense', '12 (node) S'])('refuses a stat that is truncated: %j', (text) => {
    expect(() => parseStat(text)).toThrow('not as proc(5) describes it');
  });

  it('gives kernel threads no sizes', () => {
    expect(parseStatus(KERNEL_THREAD)).toBeUndefined();
  });
});

describe('ps of macOS', () => {
  // As ps(1) of macOS documents its columns, with LC_ALL=C and TZ=UTC.
  const PRINTED = `    1     0  14512 Thu Nov 26 08:12:44 2026     /sbin/launchd
  531     1 231040 Sat Nov 28 09:00:01 2026     /Applications/Some App.app/Contents/MacOS/Some App
  977   531      0 Sat Nov 28 09:00:01 2026     (zombie)
 1204   531  80112 Sun Nov  1 23:59:59 2026     node
`;

  it('gives the file name, the resident bytes and the start in UTC', () => {
    expect(parsePs(PRINTED)).toEqual([
      { pid: 1, ppid: 0, name: 'launchd', startedAt: Date.UTC(2026, 10, 26, 8, 12, 44), resident: 14_512 * 1024 },
      { pid: 531, ppid: 1, name: 'Some App', startedAt: Date.UTC(2026, 10, 28, 9, 0, 1), resident: 231_040 * 1024 },
      { pid: 1204, ppid: 531, name: 'node', startedAt: Date.UTC(2026, 10, 1, 23, 59, 59), resident: 80_112 * 1024 },
    ]);
  });

  it('skips lines of other shapes', () => {
    expect(parsePs('\nps: illegal option\n  1 0 x\n')).toEqual([]);
  });
});

describe('PowerShell', () => {
  it('is started by its path, not from the working folder', () => {
    expect(systemProgram('reg.exe', 'D:\\Windows')).toBe('D:\\Windows\\System32\\reg.exe');
  });

  it('gives the name, the working set and the start', () => {
    const printed =
      '4 0 151552 1795898110123 System\r\n5120 888 61440000 1795904326410 Some Service.exe\r\n6 4 0 1795904326410 ended.exe\r\n\r\n';
    expect(parseCim(printed)).toEqual([
      { pid: 4, ppid: 0, name: 'System', startedAt: 1_795_898_110_123, resident: 151_552 },
      { pid: 5120, ppid: 888, name: 'Some Service.exe', startedAt: 1_795_904_326_410, resident: 61_440_000 },
    ]);
  });
});

describe('this machine', () => {
  it('shows this process, which started before now', async () => {
    const own = (await readProcesses()).find(({ pid }) => pid === process.pid);
    expect(own).toMatchObject({ ppid: process.ppid });
    expect(own?.resident).toBeGreaterThan(1024 * 1024);
    expect(own?.startedAt).toBeLessThan(Date.now() + 1000);
  });
});
