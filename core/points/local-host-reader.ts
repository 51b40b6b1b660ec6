/** Reads hosts in this process: where whoever asks may read the accounts as well, as a console on the own machine does. */

import { answerHostRead, type HostReadPorts } from '../inspection/answer-host-read.ts';
import type { Deadline } from '../inspection/deadline.ts';
import { LEAK_METRIC } from '../model/metrics.ts';
import type { AccountProvider } from '../model/series.ts';
import { PlimsollError } from '../ports/errors.ts';
import { type HostReader, HostReaderError } from '../ports/host-reader.ts';
import { answerPointRead } from './answer-point-read.ts';

export interface LocalReaderOptions {
  readonly portsOf: (provider: AccountProvider) => HostReadPorts;
  /** Of one read. */
  readonly deadline: () => Deadline;
}

export function createLocalHostReader({ portsOf, deadline }: LocalReaderOptions): HostReader {
  return {
    read: (request, signal) =>
      answered(() => answerHostRead({ request, metric: LEAK_METRIC }, portsOf(request.provider), deadline()), signal),
    readPoints: (request, signal) =>
      answered(() => answerPointRead(request, portsOf(request.provider), deadline()), signal),
  };
}

async function answered<Answer>(read: () => Promise<Answer>, signal: AbortSignal | undefined): Promise<Answer> {
  if (signal?.aborted) throw givenUp();
  const reading = read();
  try {
    return await (signal === undefined ? reading : Promise.race([reading, untilAborted(signal)]));
  } catch (error) {
    if (!(error instanceof PlimsollError) || error instanceof HostReaderError) throw error;
    throw new HostReaderError(`The host was not read: ${error.message}`, 'failed', error);
  }
}

function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(givenUp()), { once: true });
  });
}

function givenUp(): HostReaderError {
  return new HostReaderError('The read was given up before it was answered. Request it again.', 'timeout');
}
