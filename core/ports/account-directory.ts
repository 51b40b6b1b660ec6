/** Where a cloud keeps the list of its accounts. Contract: test/contract/account-directory.ts. */
import type { CloudProvider, UnreadableReason } from '../model/series.ts';

/** More than any one Plimsoll reads: a list that is longer is truncated, and that is reported. */
export const MOST_ACCOUNTS = 10_000;

/**
 * An account as its owner's organization lists it: an AWS account, a Google Cloud project or an Azure subscription, with what the
 * provider knows of it that a config needs.
 */
export type ListedAccount = CommonFields &
  (
    | { readonly provider: 'aws'; readonly partition: string }
    | { readonly provider: 'gcp'; readonly projectNumber: string }
    /** The directory is null where the subscription itself may not be read. */
    | { readonly provider: 'azure'; readonly directory: string | null }
  );

interface CommonFields {
  readonly kind: 'account';
  /** Its id, as a config has it. */
  readonly account: string;
  /** What people call it; empty where it has no name. */
  readonly name: string;
  /** `inactive`: suspended, closed, deleted or not activated yet: nothing can be read there. `unknown`: that may not be read. */
  readonly state: 'active' | 'inactive' | 'unknown';
  /** The provider's own word for the state; empty where it gave none. */
  readonly stateName: string;
}

/** A part that could not be listed, or not to its end: which accounts are in it is not known. */
export interface UnlistedPart {
  readonly kind: 'unlisted';
  /** As the provider names it, for example `folders/123456789012`. */
  readonly location: string;
  readonly reason: UnreadableReason;
  readonly detail: string;
}

export type DirectoryEntry = ListedAccount | UnlistedPart;

/**
 * The accounts below one or several roots: an organization, an organizational unit, a folder, a management group.
 *
 * - Yields every account at any depth, each of them once; after `MOST_ACCOUNTS` the rest is one unlisted part.
 * - A part that is denied, or fails, is one unlisted part, and the others are listed all the same: it never reads as empty.
 * - Suspended and deleted accounts are yielded as `inactive`, as long as the provider still lists them.
 * - Throws `SourceError` when no root can be listed at all. An aborted signal ends the list: with an unlisted part, or with
 *   `SourceError` where nothing was listed.
 */
export interface AccountDirectory {
  readonly provider: CloudProvider;
  /** What is listed, for people: `the organization`, `folders/123456789012`. */
  readonly root: string;
  list(signal?: AbortSignal): AsyncIterable<DirectoryEntry>;
}
