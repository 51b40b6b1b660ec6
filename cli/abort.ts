/** Waits until a command is ended by Ctrl-C. */
import { once } from 'node:events';

export async function untilAborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort');
}
