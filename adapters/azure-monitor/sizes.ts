/** How much memory a size of machine has: needed where Azure publishes available bytes and no percentage. */
import type { Scope } from '../../core/model/series.ts';
import { failure, failureOf } from '../azure/errors.ts';
import type { Failure } from '../reading/failure.ts';
import { sizesSchema } from './answers.ts';
import type { Clients } from './clients.ts';

/** Bytes by the size's name in lower case, or why the sizes are not known. */
export type Sizes =
  | { readonly kind: 'sizes'; readonly bytes: ReadonlyMap<string, number> }
  | { readonly kind: 'failed'; readonly failure: Failure };

/** Undefined where the size is not one of the region's, or the sizes are not known. */
export function bytesOf(sizes: Sizes, size: string | undefined): number | undefined {
  return sizes.kind === 'sizes' ? sizes.bytes.get(size?.toLowerCase() ?? '') : undefined;
}

const API_VERSION = '2024-07-01';
const MEBIBYTE = 2 ** 20;

/** The sizes that a region has, in one answer without pages. Nothing is thrown. */
export function listSizes(clients: Clients, scope: Scope): Promise<Sizes> {
  const { retries, limits } = clients;
  const failureIn = (sizes: Sizes) => (sizes.kind === 'failed' ? sizes.failure : undefined);
  return retries.manage.attempt(() => requestSizes(clients, scope), failureIn, limits.abortSignal);
}

async function requestSizes(clients: Clients, { account, region }: Scope): Promise<Sizes> {
  const where = `/subscriptions/${account}/providers/Microsoft.Compute/locations/${region}`;
  try {
    const path = `${where}/vmSizes?api-version=${API_VERSION}`;
    const parsed = sizesSchema.safeParse(await clients.manage({ call: 'vmSizes', path }));
    if (!parsed.success) {
      return { kind: 'failed', failure: failure('malformed', 'the list of machine sizes is not as documented') };
    }
    const bytes = parsed.data.value.map(({ name, memoryInMB }) => [name.toLowerCase(), memoryInMB * MEBIBYTE] as const);
    return { kind: 'sizes', bytes: new Map(bytes) };
  } catch (error) {
    return { kind: 'failed', failure: failureOf(error, clients.limits.abortSignal) };
  }
}
