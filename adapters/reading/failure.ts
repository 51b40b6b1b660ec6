/** Why a call to a provider did not give what it was asked for. Each provider's errors are read into this by a file of its own. */
import type { UnreadableReason } from '../../core/model/series.ts';

export interface Failure {
  readonly reason: UnreadableReason;
  /** Whether the same call may succeed later without anybody changing anything. */
  readonly retryable: boolean;
  readonly detail: string;
}
