/** What each threshold would have reported, and which one keeps an alert budget. */
import type { SweepStep } from '../../core/backtest/alert-budget.ts';
import { leadText } from '../../core/messages/times.ts';
import { counted, formatNumber } from '../../core/messages/units.ts';
import { type Column, renderTable, type TableOptions } from '../render/table.ts';
import { harmless, wrap } from '../render/text.ts';
import type { VariantReport } from './report.ts';

const TEXT_WIDTH = 100;

/** Thresholds between two that are shown; the one that answers, and the one below it, are shown as well. */
const SHOWN_EVERY = 0.05;

type Sweep = NonNullable<VariantReport['sweep']>;

/** @param budget Pages per 100 hosts and week. */
export function renderBudget(name: string, sweep: Sweep, budget: number, options: TableOptions): string {
  const { steps, answer } = sweep;
  const { paint, width = TEXT_WIDTH } = options;
  const chosen = steps.findIndex(({ threshold }) => threshold === answer.threshold);
  const shown = steps.filter(({ threshold }, index) => isRound(threshold) || index === chosen || index === chosen - 1);
  const title = `Thresholds of ${harmless(name)}, for at most ${counted(budget, 'page')} per 100 hosts and week`;
  const text = Math.min(width, TEXT_WIDTH);
  return [
    paint('strong', wrap(title, text)),
    renderTable(shown, columnsFor(answer.threshold), options),
    wrap(sentence(sweep, budget), text),
  ].join('\n');
}

function isRound(threshold: number): boolean {
  const steps = threshold / SHOWN_EVERY;
  return Math.abs(steps - Math.round(steps)) < 1e-9;
}

function columnsFor(chosen: number | null): Column<SweepStep>[] {
  const tone = ({ threshold }: SweepStep) => (threshold === chosen ? 'good' : undefined);
  const column = (title: string, text: Column<SweepStep>['text'], expendable?: number): Column<SweepStep> => ({
    title,
    text,
    tone,
    align: 'right',
    ...(expendable !== undefined && { expendable }),
  });
  return [
    column('', ({ threshold }) => (threshold === chosen ? '▸' : '')),
    column('threshold', ({ threshold }) => threshold.toFixed(2)),
    column('pages', ({ totals }) => String(totals.pages)),
    column('per 100 hosts and week', ({ totals }) => rate(totals.pagesPer100HostWeeks)),
    column('hosts that paged', ({ totals }) => String(totals.hosts.paged), 2),
    column('suspected', ({ totals }) => String(totals.events.suspected), 1),
    column('lead (median)', ({ totals: { leads } }) => (leads.medianMs === null ? '–' : leadText(leads.medianMs)), 3),
  ];
}

function rate(value: number | null): string {
  return value === null ? '–' : formatNumber(value);
}

function sentence({ steps, answer }: Sweep, budget: number): string {
  const chosen = steps.find(({ threshold }) => threshold === answer.threshold);
  const least = steps[0]?.threshold === answer.threshold;
  const kept =
    chosen === undefined
      ? `No threshold keeps the budget of ${counted(budget, 'page')} per 100 hosts and week.`
      : `${chosen.threshold.toFixed(2)} is the least threshold${least ? ' there is, and it keeps' : ' that keeps'} the budget` +
        `${least ? '.' : ', as do all above it.'}`;
  const conclusion = chosen === undefined ? kept : `${kept} ${proofText(chosen)}`;
  const { rises } = answer;
  if (rises.length === 0) return conclusion;
  const at = rises.map((threshold) => threshold.toFixed(2)).join(', ');
  return `${conclusion} A greater threshold does not always page less, because it can split one episode into several: it paged more at ${at}.`;
}

/** A budget that was kept by chance is not kept. */
function proofText({ totals: { pages, hostWeeks, pagesPer100HostWeeksUpTo } }: SweepStep): string {
  return (
    `${counted(pages, 'page')} in ${formatNumber(hostWeeks)} host-weeks may still mean up to ` +
    `${rate(pagesPer100HostWeeksUpTo)} per 100 hosts and week (95 % confidence, if pages are independent).`
  ).replace(/^no/, 'No');
}
