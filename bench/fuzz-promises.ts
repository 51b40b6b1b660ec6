/** What a verdict promises whatever the series was: every number finite, confidence in [0, 1], intervals in order. */
import type { Evidence, Verdict } from '../core/model/verdict.ts';

/** The first promise that `verdict` breaks, in words; undefined when it keeps them all. */
export function brokenPromise(verdict: Verdict): string | undefined {
  const path = notFinite(verdict, 'verdict');
  if (path !== undefined) return `${path} is not finite`;
  if (verdict.state === 'insufficient_data') return undefined;
  return disorder(verdict.evidence);
}

function notFinite(value: unknown, path: string): string | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : path;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, part] of Object.entries(value)) {
    const found = notFinite(part, `${path}.${key}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

function disorder({
  confidence,
  coverage,
  growthPerHour: growth,
  onset,
  exhaustion,
  evaluated,
}: Evidence): string | undefined {
  if (confidence < 0 || confidence > 1) return `confidence ${confidence}`;
  if (coverage < 0 || coverage > 1) return `coverage ${coverage}`;
  if (growth.low > growth.estimate || growth.estimate > growth.high) return `growth ${Object.values(growth).join(' ')}`;
  if (evaluated.start > evaluated.end) return 'evaluated ends before it starts';
  if (onset !== null && onset.start > onset.end) return 'onset ends before it starts';
  if (exhaustion.kind === 'cannot_say') return undefined;
  const { earliest, likely, latest } = exhaustion;
  return earliest > likely || (latest !== null && likely > latest) ? 'exhaustion out of order' : undefined;
}
