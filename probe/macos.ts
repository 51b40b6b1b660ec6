/** Processes of macOS, from `ps`. It has no data and stack segments. */
import { basename } from 'node:path';
import type { ProcessSample } from './process-sample.ts';
import { outputOf } from './programs.ts';

const KIB = 1024;

export async function readMacProcesses(): Promise<ProcessSample[]> {
  return parsePs(await outputOf('/bin/ps', ['-axo', 'pid=,ppid=,rss=,lstart=,comm=']));
}

/** pid, parent, resident KiB, the five words of a date in UTC, the executable's path, which may hold spaces. */
const PS_LINE = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+\w{3}\s+(\w{3}\s+\d+\s+[\d:]+\s+\d{4})\s+(\S.*?)\s*$/;

/** What `ps -axo pid=,ppid=,rss=,lstart=,comm=` prints in the C locale and UTC. Processes without memory have ended. */
export function parsePs(text: string): ProcessSample[] {
  return text.split('\n').flatMap((line) => {
    const [, pid, ppid, resident, started, path] = PS_LINE.exec(line) ?? [];
    if (path === undefined || resident === '0') return [];
    const startedAt = Date.parse(`${started} UTC`);
    if (Number.isNaN(startedAt)) return [];
    return [
      { pid: Number(pid), ppid: Number(ppid), name: basename(path), startedAt, resident: Number(resident) * KIB },
    ];
  });
}
