/** A host without a verdict, or one that is gone. */
import type { Story } from '../../model/story.ts';
import type { Advanced } from './advanced.ts';
import { type Absence, HOUR_MS } from './facts.ts';
import { ended, reported } from './growth.ts';

/** Hours without a verdict after which that is reported of a leak that has paged. */
const NO_DATA_HOURS = 6;

export function absent(story: Story, { kind, at }: Absence): Advanced {
  const isOpen = story.phase === 'open';
  if (kind === 'no_verdict') {
    if (!isOpen || story.isWithoutVerdict || at - story.asOf < NO_DATA_HOURS * HOUR_MS)
      return { story, happened: null };
    return reported({ ...story, isWithoutVerdict: true }, 'no_data');
  }
  if (story.phase === 'watched') return { story: null, happened: null };
  const { happened } = ended({ ...story, asOf: at }, kind);
  return { story: null, happened: happened && { ...happened, kind: isOpen ? 'host_gone' : 'cleared' } };
}
