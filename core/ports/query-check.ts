/** Whether the expressions of a config can be sent at all. Languages of queries are known to adapters alone. */

export interface CheckedExpressions {
  readonly used: string;
  readonly limit?: string | undefined;
}

/** The field that is wrong, and why, as a predicate; undefined where nothing is. */
export type QueryCheck = (
  query: CheckedExpressions,
) => { readonly field: 'used' | 'limit'; readonly message: string } | undefined;
