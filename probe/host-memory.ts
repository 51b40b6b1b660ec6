/** The memory of the host, or of the container that the probe runs in. */
import { existsSync, readFileSync } from 'node:fs';
import { freemem, totalmem } from 'node:os';
import { join } from 'node:path';
import { sizeOf } from './linux.ts';
import { outputOf } from './programs.ts';

/** Bytes. */
export interface HostMemory {
  /** What programs hold: caches that give way are not in it. */
  readonly used: number;
  /** What there is. */
  readonly limit: number;
  /** What is swapped out. */
  readonly swap?: number;
}

/** @throws Error The system does not state its memory. */
export async function readHostMemory(): Promise<HostMemory> {
  if (process.platform === 'linux') return readLinuxMemory();
  if (process.platform === 'darwin') return readMacMemory();
  // Of Windows, node states what is available, standby pages included.
  return { used: totalmem() - freemem(), limit: totalmem() };
}

/** @param root Another than / is for tests. */
export function readLinuxMemory(root = '/'): HostMemory {
  const host = parseMeminfo(readFileSync(join(root, 'proc/meminfo'), 'latin1'));
  const folder = ownGroup(root);
  return folder === undefined ? host : groupMemory(folder, host);
}

/** @throws Error MemTotal or MemAvailable is missing: the kernel is older than 3.14. */
export function parseMeminfo(text: string): HostMemory {
  const [limit, available] = [sizeOf(text, 'MemTotal'), sizeOf(text, 'MemAvailable')];
  if (limit === undefined || available === undefined)
    throw new Error('/proc/meminfo has no MemTotal or no MemAvailable.');
  const [swap, free] = [sizeOf(text, 'SwapTotal'), sizeOf(text, 'SwapFree')];
  return { used: limit - available, limit, ...(swap !== undefined && free !== undefined && { swap: swap - free }) };
}

/** Whether the probe is in a container, whose memory is the host's as far as anybody here can see. */
export function isContainer(root = '/'): boolean {
  return ownGroup(root) !== undefined;
}

/**
 * The folder of the control group (version 2) of a container. A unit of systemd has a group too, and is no host: only a container has a
 * view of its own, in which its group is the root; and the root of a host states no memory.
 */
function ownGroup(root: string): string | undefined {
  const folder = join(root, 'sys/fs/cgroup');
  const groups = textOf(join(root, 'proc/self/cgroup'));
  return groups?.split('\n').includes('0::/') && existsSync(join(folder, 'memory.current')) ? folder : undefined;
}

function groupMemory(folder: string, host: HostMemory): HostMemory {
  const current = numberOf(join(folder, 'memory.current'));
  if (current === undefined) return host;
  // As the kubelet counts: cache that was not used lately gives way.
  const inactive = /^inactive_file (\d+)$/m.exec(textOf(join(folder, 'memory.stat')) ?? '')?.[1];
  const swap = numberOf(join(folder, 'memory.swap.current'));
  return {
    used: Math.max(0, current - Number(inactive ?? 0)),
    // `max` where it has no limit of its own.
    limit: Math.min(numberOf(join(folder, 'memory.max')) ?? host.limit, host.limit),
    ...(swap !== undefined && { swap }),
  };
}

function numberOf(file: string): number | undefined {
  const text = textOf(file)?.trim();
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return undefined;
  }
}

async function readMacMemory(): Promise<HostMemory> {
  const [pages, swap] = await Promise.all([outputOf('vm_stat', []), outputOf('sysctl', ['-n', 'vm.swapusage'])]);
  return parseVmStat(pages, swap, totalmem());
}

/**
 * What the Activity Monitor calls used: pages of programs that cannot be purged, wired ones, and what is compressed.
 *
 * @param pages What `vm_stat` prints. @param swap What `sysctl -n vm.swapusage` prints. @param limit Bytes of the machine.
 * @throws Error A line is missing.
 */
export function parseVmStat(pages: string, swap: string, limit: number): HostMemory {
  const size = Number(/page size of (\d+) bytes/.exec(pages)?.[1]);
  const count = (label: string) => Number(new RegExp(`^"?${label}"?:\\s+(\\d+)\\.$`, 'm').exec(pages)?.[1]);
  const anonymous = count('Anonymous pages') - count('Pages purgeable');
  const used = size * (anonymous + count('Pages wired down') + count('Pages occupied by compressor'));
  if (!Number.isFinite(used)) throw new Error('vm_stat does not print the lines that macOS is known for.');
  const megabytes = /used = ([\d.]+)M/.exec(swap)?.[1];
  return { used, limit, ...(megabytes !== undefined && { swap: Math.round(Number(megabytes) * 1024 * 1024) }) };
}
