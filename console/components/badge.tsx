/** States and severities: a colour, and always a glyph and a word, so that the colour is never alone. */
import type { Severity } from '../../core/model/finding.ts';

export const STATES = {
  worse: { glyph: '▲', label: 'worse' },
  leaking: { glyph: '●', label: 'leaking' },
  suspected: { glyph: '◐', label: 'suspected' },
  recovered: { glyph: '✓', label: 'recovered' },
  unreadable: { glyph: '✕', label: 'unreadable' },
  not_monitored: { glyph: '○', label: 'not monitored' },
  insufficient_data: { glyph: '◌', label: 'insufficient data' },
  steady: { glyph: '–', label: 'steady' },
} as const;
export type HostState = keyof typeof STATES;

interface StateBadgeProps {
  readonly state: HostState;
  /** Instead of the state's name: `3 leaking`. */
  readonly label?: string;
}

export function StateBadge({ state, label }: StateBadgeProps) {
  return (
    <span class={`badge state-${state}`}>
      <span class="glyph" aria-hidden="true">
        {STATES[state].glyph}
      </span>
      {label ?? STATES[state].label}
    </span>
  );
}

const SEVERITY_GLYPHS: Readonly<Record<Severity, string>> = { low: 'L', medium: 'M', high: 'H', critical: 'C' };

export function SeverityBadge({ severity }: { severity: Severity }) {
  return (
    <span class={`badge severity-${severity}`}>
      <span class="glyph" aria-hidden="true">
        {SEVERITY_GLYPHS[severity]}
      </span>
      {severity}
    </span>
  );
}

type Tone = 'neutral' | 'good' | 'warning' | 'bad' | 'info';

/** Any other short state, in words. */
export function Badge({ tone = 'neutral', children }: { tone?: Tone; children: string }) {
  return <span class={`badge tone-${tone}`}>{children}</span>;
}
