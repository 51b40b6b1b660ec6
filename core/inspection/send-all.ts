/** Sends many messages to queues, several at once. */
import pLimit from 'p-limit';
import type { InspectMessage } from '../model/message.ts';

/** Messages that are sent at once. */
const AT_ONCE = 16;

/** Sends many messages. The first failure is thrown when all that was under way has ended; nothing more is begun after it. */
export async function sendAll(
  messages: readonly InspectMessage[],
  send: (message: InspectMessage) => Promise<void>,
): Promise<void> {
  const limit = pLimit({ concurrency: AT_ONCE, rejectOnClear: true });
  const sends = messages.map((message) =>
    limit(async () => {
      try {
        await send(message);
      } catch (error) {
        limit.clearQueue();
        throw error;
      }
    }),
  );
  // Those that were not begun come after those that failed.
  const failure = (await Promise.allSettled(sends)).find(({ status }) => status === 'rejected');
  if (failure?.status === 'rejected') throw failure.reason;
}
