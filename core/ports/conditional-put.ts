/** What the stores have in common: a put that names the version which it replaces. */

export type PutOutcome = 'stored' | 'conflict';

/** A value with the version that a conditional put has to name. */
export interface Versioned<T> {
  readonly value: T;
  readonly version: number;
}
