/** What one inspection changed of a story. */
import type { Cycles, End } from '../../model/change.ts';
import type { Severity } from '../../model/finding.ts';
import type { Story } from '../../model/story.ts';

/** What is to be reported. `severity` is that of the cycle. */
export interface Happened {
  readonly kind: 'suspected' | 'opened' | 'worse' | 'better' | 'recovered' | 'cleared' | 'host_gone' | 'no_data';
  readonly severity: Severity;
  readonly cycles: Cycles;
  /** Of what ends a cycle. */
  readonly end?: End;
}

export interface Advanced {
  /** Null where nothing needs to be remembered any more. The same object where nothing changed. */
  readonly story: Story | null;
  readonly happened: Happened | null;
}

export interface StoryPolicy {
  /** Inspections in a row without a finding that the end of a cycle takes at the least, however long they lie apart. */
  readonly recoverAfter: number;
}
