/**
 * What limits a container. One without a limit of its own may use what its node has left, which its neighbours use too: held against
 * the memory of a large node a leak would look like nothing, and the time at which it is full would be that of a node for it alone. Its
 * bytes are therefore evaluated without a limit, and the node's memory is information.
 */

/** A label of a host: `none` where its bytes have no limit, `node` where it is read as a share of its node's memory and its bytes are not known. */
export const LIMIT_OF = 'plimsoll.limit';

/** A label of a container without a limit: the memory of its node in bytes, where it is known. */
export const NODE_MEMORY = 'plimsoll.node.memory';

type Labels = Readonly<Record<string, string>>;

/** A container's limit in bytes, or that it has none. */
export type ContainerLimit =
  | { readonly kind: 'own'; readonly bytes: number }
  | { readonly kind: 'none'; readonly nodeBytes?: number };

/** @param limit Undefined where it is not known whether there is one. */
export function limitLabels(labels: Labels, limit: ContainerLimit | undefined): Labels {
  if (limit?.kind !== 'none') return labels;
  const { nodeBytes } = limit;
  return { ...labels, [LIMIT_OF]: 'none', ...(nodeBytes !== undefined && { [NODE_MEMORY]: String(nodeBytes) }) };
}

/** As a series has it: nothing where there is none. */
export function limitField(limit: ContainerLimit | undefined): { readonly limit?: number } {
  return limit?.kind === 'own' ? { limit: limit.bytes } : {};
}

/** Of a host that is read as a share of its node's memory. */
export function nodeLimited(labels: Labels): Labels {
  return { ...labels, [LIMIT_OF]: 'node' };
}
