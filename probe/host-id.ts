/** How the host names itself. */
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { isContainer } from './host-memory.ts';
import { outputOf, systemProgram } from './programs.ts';

/** Random, and never changed: with another one every host would be a new one. */
const APPLICATION = '7c9e4d1f0a5b4c68b2d36ef1985a07c3';

/**
 * The same after each start, and of no use elsewhere: machine-id(5) asks not to show the id of a machine on a network. In a container the
 * id is that of its image, or missing: its name is what distinguishes it.
 */
export async function hostId(): Promise<string> {
  const machine = await machineId().catch(() => undefined);
  return machine === undefined ? hostname() : appSpecificId(machine);
}

/** 32 hexadecimal digits. Undefined where the system has none. */
async function machineId(): Promise<string | undefined> {
  if (process.platform === 'linux')
    return isContainer() ? undefined : digitsOf(readFileSync('/etc/machine-id', 'utf8'));
  if (process.platform === 'darwin') {
    const printed = await outputOf('/usr/sbin/ioreg', ['-rd1', '-c', 'IOPlatformExpertDevice']);
    return digitsOf(/"IOPlatformUUID" = "([^"]+)"/.exec(printed)?.[1] ?? '');
  }
  const printed = await outputOf(systemProgram('reg.exe'), [
    'query',
    'HKLM\\SOFTWARE\\Microsoft\\Cryptography',
    '/v',
    'MachineGuid',
  ]);
  return digitsOf(/MachineGuid\s+REG_SZ\s+(\S+)/.exec(printed)?.[1] ?? '');
}

/** Without the dashes of a UUID. Undefined of anything else: an image may leave `uninitialized` there. */
export function digitsOf(text: string): string | undefined {
  const digits = text.trim().replaceAll('-', '').toLowerCase();
  return /^[0-9a-f]{32}$/.test(digits) && !/^0+$/.test(digits) ? digits : undefined;
}

/** As sd_id128_get_machine_app_specific(3): HMAC-SHA256 of the application by the machine, as a UUID of version 4 without dashes. */
export function appSpecificId(machine: string, application: string = APPLICATION): string {
  const digest = createHmac('sha256', Buffer.from(machine, 'hex')).update(Buffer.from(application, 'hex')).digest();
  const id = digest.subarray(0, 16);
  id.writeUInt8((id.readUInt8(6) & 0x0f) | 0x40, 6);
  id.writeUInt8((id.readUInt8(8) & 0x3f) | 0x80, 8);
  return id.toString('hex');
}
