/** What happens to hosts that do not leak: what the training knows, and what takes longer. */
import { pickFrom, type Random, within } from '../random.ts';
import { HARMLESS, type Overlay } from '../train/inject.ts';

/** What of a host's memory an event is: of a process that is there, of one that begins, or of none. */
export type Holder = 'consumer' | 'newcomer' | 'none';

const PER_DAY = 288;

/** Two days of seven are quieter than the others. */
const weekly: Overlay = (_, at, random) => {
  const height = within(random, 2, 12);
  const firstDay = Math.floor(random() * 7);
  const ramp = within(random, 12, 96);
  return (index) => {
    const ofWeek = (((index - at) / PER_DAY + firstDay + 700) % 7) * PER_DAY;
    const rest = 5 * PER_DAY;
    return height * Math.min(1, Math.max(0, Math.min((rest - ofWeek) / ramp, ofWeek / ramp)));
  };
};

/** A process begins anew, holds little, and comes back to a level of its own within hours: higher than before, or lower. */
const warmUp: Overlay = (_, at, random) => {
  const depth = within(random, 2, 12);
  const plateau = within(random, -4, 8);
  const hours = within(random, 1, 12) * 12;
  return (index) => (index < at ? 0 : plateau - (depth + plateau) * Math.exp(-(index - at) / hours));
};

export const EVENTS: Readonly<Record<string, Overlay>> = { ...HARMLESS, weekly, warmUp };

/** What can happen to all hosts of a group at once. */
export const FLEET_WIDE = ['batch', 'steps', 'cachefill', 'bounded', 'rampAndHold', 'warmUp'] as const;

/** Events that a deployment may bring. */
export const DEPLOYED = new Set(['steps', 'cachefill', 'bounded', 'rampAndHold', 'warmUp', 'restart']);

export function holderOf(event: string, random: Random): Holder {
  if (event === 'batch') return pickFrom(random, ['newcomer', 'newcomer', 'consumer']);
  if (event === 'cachefill' || event === 'bounded')
    return pickFrom(random, ['consumer', 'consumer', 'consumer', 'none']);
  if (event === 'rampAndHold') return pickFrom(random, ['consumer', 'consumer', 'newcomer']);
  if (event === 'wandering') return pickFrom(random, ['consumer', 'none']);
  return 'consumer';
}
