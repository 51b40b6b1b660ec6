/** What bench/pipeline.ts measures, each in a process of its own. */

/**
 * `bare`: the same calls with the bare SDK, parsed. `read`: the function's source, read to its end. `undetected`: the entire function,
 * with series that reach the detector without samples. `function`: the entire function.
 */
export const WHATS = ['bare', 'read', 'undetected', 'function'] as const;
export type What = (typeof WHATS)[number];
