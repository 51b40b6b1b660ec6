/** A real Alertmanager with TLS on a private address of this machine, whose notifications arrive here. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { type AddressInfo, createServer as createNetServer, isIPv6 } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import * as z from 'zod';
import { networkIssue } from '../../../adapters/https/addresses.ts';
import { issueCertificate } from '../../fixtures/certificate.ts';

const notificationSchema = z.looseObject({
  status: z.enum(['firing', 'resolved']),
  alerts: z.array(
    z.looseObject({
      status: z.enum(['firing', 'resolved']),
      labels: z.record(z.string(), z.string()),
      annotations: z.record(z.string(), z.string()),
      startsAt: z.string(),
      endsAt: z.string(),
    }),
  ),
});

export type AlertNotification = z.output<typeof notificationSchema>;

export interface RunningAlertmanager {
  readonly url: string;
  /** The address alone, as a network. */
  readonly network: string;
  /** PEM. */
  readonly ca: string;
  /** The next notification that it sends on. */
  next(): Promise<AlertNotification>;
  close(): Promise<void>;
}

export async function startAlertmanager(binary: string): Promise<RunningAlertmanager> {
  const { address, network } = ownPrivateAddress();
  const folder = await mkdtemp(join(tmpdir(), 'plimsoll-alertmanager-'));
  const { certificate, key } = await issueCertificate({ type: 'ip', value: address });
  const receiver = await startReceiver();
  const host = isIPv6(address) ? `[${address}]` : address;
  const port = await freePort(address);
  await Promise.all([
    writeFile(join(folder, 'tls.crt'), certificate),
    writeFile(join(folder, 'tls.key'), key, { mode: 0o600 }),
    writeFile(join(folder, 'web.yml'), 'tls_server_config: { cert_file: tls.crt, key_file: tls.key }\n'),
    writeFile(join(folder, 'alertmanager.yml'), configOf(receiver.url)),
  ]);
  const process = spawn(
    binary,
    [
      `--config.file=${join(folder, 'alertmanager.yml')}`,
      `--web.config.file=${join(folder, 'web.yml')}`,
      `--storage.path=${join(folder, 'data')}`,
      `--web.listen-address=${host}:${port}`,
      '--cluster.listen-address=',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  await listens(process.stderr);
  return {
    url: `https://${host}:${port}`,
    network,
    ca: certificate,
    next: receiver.next,
    async close() {
      process.kill();
      if (process.exitCode === null) await once(process, 'exit');
      receiver.close();
      await rm(folder, { recursive: true });
    },
  };
}

/** The relay never connects to loopback, whatever the operator allows. */
function ownPrivateAddress(): { address: string; network: string } {
  for (const { address, internal, family } of Object.values(networkInterfaces()).flatMap((known) => known ?? [])) {
    const network = `${address}/${family === 'IPv6' ? 128 : 32}`;
    if (!internal && networkIssue(network) === undefined) return { address, network };
  }
  throw new Error('This machine has no private address: give it one, as with `ip address add 10.255.0.1/32 dev lo`.');
}

function configOf(url: string): string {
  return [
    'route: { receiver: here, group_by: [alertname, instance], group_wait: 1s, group_interval: 1s, repeat_interval: 1h }',
    'receivers:',
    '  - name: here',
    `    webhook_configs: [{ url: "${url}", send_resolved: true }]`,
    '',
  ].join('\n');
}

/** Where Alertmanager sends on to. */
async function startReceiver() {
  const arrived: AlertNotification[] = [];
  const waiting: ((notification: AlertNotification) => void)[] = [];
  const server = createServer(async (request, response) => {
    const body = (await Array.fromAsync(request, String)).join('');
    response.end();
    const notification = notificationSchema.parse(JSON.parse(body));
    const resolve = waiting.shift();
    if (resolve) resolve(notification);
    else arrived.push(notification);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    next(): Promise<AlertNotification> {
      const known = arrived.shift();
      return known ? Promise.resolve(known) : new Promise((resolve) => waiting.push(resolve));
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function freePort(address: string): Promise<number> {
  const server = createNetServer().listen(0, address);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Waits for the line that it listens, and reads on so that the pipe does not fill. */
async function listens(log: NodeJS.ReadableStream): Promise<void> {
  const lines: string[] = [];
  await new Promise<void>((resolve, reject) => {
    const reader = createInterface({ input: log });
    reader.on('line', (line) => {
      lines.push(line);
      if (/TLS is enabled|Listening on/.test(line)) resolve();
    });
    reader.on('close', () => reject(new Error(`Alertmanager did not start:\n${lines.join('\n')}`)));
  });
}
