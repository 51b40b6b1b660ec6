/** Processes of Windows, from PowerShell. It has no data and stack segments. */
import type { ProcessSample } from './process-sample.ts';
import { outputOf, systemProgram } from './programs.ts';

/** PowerShell 5 and 7 print dates differently: as a number they are the same. */
const SCRIPT = [
  "$ErrorActionPreference = 'Stop'",
  '[Console]::OutputEncoding = [Text.Encoding]::UTF8',
  'Get-CimInstance Win32_Process -Property ProcessId,ParentProcessId,Name,WorkingSetSize,CreationDate | Where-Object CreationDate | ForEach-Object {',
  "  '{0} {1} {2} {3} {4}' -f $_.ProcessId, $_.ParentProcessId, $_.WorkingSetSize, ([DateTimeOffset]$_.CreationDate).ToUnixTimeMilliseconds(), $_.Name",
  '}',
].join('\n');

export async function readWindowsProcesses(): Promise<ProcessSample[]> {
  return parseCim(
    await outputOf(systemProgram('WindowsPowerShell\\v1.0\\powershell.exe'), [
      '-NoProfile',
      '-NonInteractive',
      '-Command',
      SCRIPT,
    ]),
  );
}

/** A line a process: pid, parent, bytes of the working set, start in epoch milliseconds, name. */
export function parseCim(text: string): ProcessSample[] {
  return text.split(/\r?\n/).flatMap((line) => {
    const [, pid, ppid, resident, startedAt, name] = /^(\d+) (\d+) (\d+) (\d+) (\S.*?)\s*$/.exec(line) ?? [];
    if (name === undefined || resident === '0') return [];
    return [{ pid: Number(pid), ppid: Number(ppid), name, startedAt: Number(startedAt), resident: Number(resident) }];
  });
}
