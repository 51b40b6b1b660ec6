/** Servers on ephemeral loopback ports: how every part of the sandbox comes up and goes down. */
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * Milliseconds that a server keeps a connection without a request. Node's five seconds are too few where both ends share one busy process: the
 * server would close a connection on which the client has just sent, and the client would fail (ECONNRESET), or count its retry as a call.
 */
const KEEP_ALIVE_MS = 120_000;

/** Listens on an ephemeral loopback port, which is returned. */
export function listen(server: Server): Promise<number> {
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve(portOf(server)));
  });
}

export function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

function portOf(server: Server): number {
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server listens on no port');
  return address.port;
}
