/** From which network a request came, as the gateway states it. */
import { isIPv6 } from 'node:net';
import * as z from 'zod';
import { parseInput } from '../core/model/issues.ts';

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html, payload 2.0 */
const environmentSchema = z.object({
  event: z.object({ requestContext: z.object({ http: z.object({ sourceIp: z.string().min(1).max(100) }) }) }),
});

/** Groups of an IPv6 address that name the network: a single host has all addresses of its /64. */
const NETWORK_GROUPS = 4;

/** An IPv4 address, or the /64 of an IPv6 one; undefined where it is not stated. No header decides: a caller writes those. */
export function sourceNetwork(environment: unknown): string | undefined {
  const parsed = parseInput(environmentSchema, environment);
  return parsed.success ? networkOf(parsed.data.event.requestContext.http.sourceIp) : undefined;
}

function networkOf(address: string): string {
  if (!isIPv6(address)) return address;
  // Written in its shortest form, without a zone.
  const short = new URL(`http://[${address.split('%')[0]}]`).hostname.slice(1, -1);
  // One that stands for an IPv4 address is a network of its own.
  if (/^::ffff:[0-9a-f]+:[0-9a-f]+$/.test(short)) return short;
  const [head = '', tail] = short.split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => '0');
  return `${[...before, ...zeros, ...after].slice(0, NETWORK_GROUPS).join(':')}::/64`;
}
