/** What limits a container that has no limit of its own. */

/** A label of the host: `node` where its limit is the memory that the pods of its node may have together. */
export const LIMIT_OF = 'plimsoll.limit';

export function nodeLimited(labels: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return { ...labels, [LIMIT_OF]: 'node' };
}
