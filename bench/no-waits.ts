/** A clock of retries that does not sleep: whoever waits moves it on. A fuzzer's time is for answers. */
import type { RetryClock } from '../adapters/reading/retry.ts';

export function noWaits(): RetryClock {
  let time = 0;
  return {
    now: () => time,
    random: () => 1,
    wait: async (ms) => {
      time += ms;
    },
  };
}
