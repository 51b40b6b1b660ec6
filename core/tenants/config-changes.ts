/** What is to change in the accounts of a config, so that a person can look at it before it is put. */
import type { Json } from '../model/json.ts';

export interface ConfigChanges {
  readonly additions: readonly Addition[];
  readonly edits: readonly Edit[];
}

/** An account behind the others. */
interface Addition {
  /** As a config has it. */
  readonly fields: object;
  /** For people, beside its id: its name. Empty where there is none. */
  readonly comment: string;
}

/** A value of an account that the config has. */
export interface Edit {
  /** Of the account, in the config's list. */
  readonly index: number;
  readonly path: readonly string[];
  readonly value: Json;
  /** For people, beside the value; empty where there is nothing to add. */
  readonly comment: string;
}
