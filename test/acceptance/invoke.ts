/** Runs one event through a packaged bundle, as Lambda does, in a process that has nothing but the function's environment. */
import { randomUUID } from 'node:crypto';

const [bundle = '', event = '{}', timeoutSeconds = '0'] = process.argv.slice(2);
const endsAt = Date.now() + Number(timeoutSeconds) * 1000;

const { handler } = await import(bundle);
const result = await handler(JSON.parse(event), {
  awsRequestId: randomUUID(),
  getRemainingTimeInMillis: () => endsAt - Date.now(),
});

// Without an exit the clients' idle connections would keep the process for a while.
process.send?.({ result }, () => process.exit());
