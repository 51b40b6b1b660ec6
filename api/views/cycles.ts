/** The cycles of an incident: one growth and its end each. */
import type { Story } from '../../core/incidents/incident-story.ts';
import type { Change } from '../../core/model/change.ts';
import { compareSeverity } from '../../core/model/finding.ts';
import { isoText } from '../../core/model/notation.ts';
import type { IncidentView } from '../contract/incidents.ts';
import { moment } from './host.ts';

type CycleView = IncidentView['cycles'][number];

/** The first first, as far as the log goes back. */
export function cyclesOf({ described, current, isCurrent }: Story): CycleView[] {
  const changes = described.map(({ change }) => change);
  const byCycle = Map.groupBy(changes, ({ cycles }) => cycles.cycle);
  return [...byCycle]
    .sort(([a], [b]) => a - b)
    .map(([cycle, ofCycle]) => {
      const own = isCurrent && current?.cycle === cycle ? current : undefined;
      return cycleView(cycle, ofCycle, own?.cycleSince);
    });
}

/** @param changes The latest first. @param since Of the present cycle. */
function cycleView(cycle: number, changes: readonly Change[], since: number | undefined): CycleView {
  const end = changes.find((change) => change.end !== undefined);
  const opened = changes.findLast(({ kind }) => kind === 'opened');
  const first = changes.at(-1);
  const startedAt = since ?? first?.at ?? 0;
  const [worst] = changes.map(({ severity }) => severity).sort((a, b) => compareSeverity(b, a));
  return {
    cycle,
    startedAt: isoText(startedAt),
    openedAt: moment(opened?.at ?? null),
    endedAt: moment(end?.at ?? null),
    ended: end?.end?.how ?? null,
    grewHours: end?.end?.ageHours ?? null,
    severity: worst ?? 'low',
  };
}
