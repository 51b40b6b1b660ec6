/** `node bench/sweep-run.ts [seconds]`: one sweep of bench/sweep.ts, with the environment of the function. Prints its peak memory. */
import { performance } from 'node:perf_hooks';
import { handler } from '../functions/publish-outbox.ts';

const timeoutMs = 1000 * Number(process.argv[2] ?? 240);

const began = performance.now();
const context = { getRemainingTimeInMillis: () => timeoutMs - (performance.now() - began) };
let outcome: string;
try {
  const { published } = await handler({}, context);
  outcome = `all swept, ${published} events published`;
} catch (error) {
  outcome = error instanceof Error ? error.message : String(error);
}
const seconds = Math.round((performance.now() - began) / 1000);
const peakMiB = Math.round(process.resourceUsage().maxRSS / 1024);
process.stdout.write(`\n${JSON.stringify({ peakMiB, seconds, outcome })}\n`);
process.exit(0);
