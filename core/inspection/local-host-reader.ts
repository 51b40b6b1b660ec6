/** Reads hosts in this process: where whoever asks may read the accounts as well, as a console on the own machine does. */
import type { HostReadAnswer } from '../model/host-memory.ts';
import { LEAK_METRIC } from '../model/metrics.ts';
import type { AccountProvider } from '../model/series.ts';
import { PlimsollError } from '../ports/errors.ts';
import { type HostReader, HostReaderError } from '../ports/host-reader.ts';
import { answerHostRead, type HostReadPorts } from './answer-host-read.ts';
import type { Deadline } from './deadline.ts';

export interface LocalReaderOptions {
  readonly portsOf: (provider: AccountProvider) => HostReadPorts;
  /** Of one read. */
  readonly deadline: () => Deadline;
}

export function createLocalHostReader({ portsOf, deadline }: LocalReaderOptions): HostReader {
  return {
    async read(request, signal) {
      if (signal?.aborted) throw givenUp();
      const reading = answerHostRead({ request, metric: LEAK_METRIC }, portsOf(request.provider), deadline());
      try {
        return await (signal === undefined ? reading : Promise.race([reading, untilAborted(signal)]));
      } catch (error) {
        if (!(error instanceof PlimsollError) || error instanceof HostReaderError) throw error;
        throw new HostReaderError(`The host was not read: ${error.message}`, 'failed', error);
      }
    },
  };
}

function untilAborted(signal: AbortSignal): Promise<HostReadAnswer> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(givenUp()), { once: true });
  });
}

function givenUp(): HostReaderError {
  return new HostReaderError('The read was given up before it was answered. Request it again.', 'timeout');
}
