/** Who grew on a leaking host, on a terminal: one name for a table, ten of them with their shares for an explanation. */
import {
  collectionText,
  consumerName,
  NOT_ATTRIBUTED,
  REMAINDER_MEANINGS,
  unattributedText,
} from '../../core/messages/attribution.ts';
import { formatShortMinute, formatWindow } from '../../core/messages/times.ts';
import { counted, formatLevel, formatRise, formatShare, formatShareInterval } from '../../core/messages/units.ts';
import type { Attributed, Attribution, Contribution } from '../../core/model/attribution.ts';
import type { TopConsumer } from '../../core/model/inspection-result.ts';
import type { Unit } from '../../core/model/series.ts';
import { type Column, renderTable } from '../render/table.ts';
import { harmless, type Paint, wrap } from '../render/text.ts';

/** `node 93 %`; where nobody is named, why in a word or two. Empty where it was not requested or cannot be known. */
export function topConsumerText(top: TopConsumer | null): string {
  if (top === null || (top.kind === 'unknown' && top.reason === 'unsupported')) return '';
  if (top.kind === 'unknown') return `(${NOT_ATTRIBUTED[top.reason]})`;
  if (top.kind === 'none_grew') return '(no collected consumer grew)';
  return `${harmless(consumerName(top.consumer))}${top.share === null ? '' : ` ${formatShare(top.share)}`}`;
}

/** The lines under the heading "Who grew". */
export function renderWhoGrew(attribution: Attribution, options: { width: number; paint: Paint }): string[] {
  const { width, paint } = options;
  const heading = paint('strong', 'Who grew');
  if (attribution.kind === 'unattributed') {
    const text = harmless(unattributedText(attribution));
    return [heading, wrap(`Not known: ${NOT_ATTRIBUTED[attribution.reason]}. ${text}`, width)];
  }
  return [
    heading,
    paint('dim', wrap(comparedText(attribution), width)),
    ...tableOf(attribution.grown, grownColumns(attribution.unit), options),
    ...caveatLines(attribution, options),
    ...remainderLines(attribution, options),
    ...largestLines(attribution, options),
  ];
}

function nameOf({ consumer }: Contribution): string {
  return harmless(consumerName(consumer));
}

function comparedText({ window, basis, unit, rise, consumers }: Attributed): string {
  const compared = `${counted(consumers, 'process or pod', 'processes or pods')} compared, ${formatWindow(window)}`;
  const of =
    basis === 'host'
      ? `the host’s rise of ${formatRise(rise, unit)}`
      : `their common rise of ${formatRise(rise, unit)}, because the host’s capacity is not known`;
  return `${compared}; shares are of ${of}.`;
}

function grownColumns(unit: Unit = 'By'): readonly Column<Contribution>[] {
  return [
    { title: 'name', text: nameOf, tone: () => 'strong', leastWidth: 16 },
    { title: 'from', text: ({ before }) => formatLevel(before, unit), align: 'right', expendable: 1 },
    { title: 'to', text: ({ after }) => formatLevel(after, unit), align: 'right' },
    { title: 'rise', text: ({ rise }) => formatRise(rise, unit), align: 'right' },
    { title: 'share', text: ({ share }) => (share ? formatShareInterval(share) : 'not known'), align: 'right' },
    { title: 'new at', text: ({ since }) => (since === null ? '' : formatShortMinute(since)), expendable: 2 },
    { title: 'restarts', text: restartsText, expendable: 3 },
  ];
}

/** A column that is empty in every row is left out. */
function tableOf(
  rows: readonly Contribution[],
  columns: readonly Column<Contribution>[],
  { width, paint }: { width: number; paint: Paint },
): string[] {
  if (rows.length === 0) return ['No collected consumer.'];
  const filled = columns.filter(({ text }) => rows.some((row) => text(row) !== ''));
  return renderTable(rows, filled, { width, paint }).split('\n');
}

function restartsText({ restarts }: Contribution): string {
  const last = restarts.at(-1);
  return last === undefined ? '' : `${restarts.length}, last ${formatShortMinute(last)}`;
}

/** A line for each consumer that was not collected throughout. */
function caveatLines({ grown }: Attributed, { width, paint }: { width: number; paint: Paint }): string[] {
  return grown.flatMap((one) => {
    const text = collectionText(one);
    return text === null ? [] : [paint('dim', wrap(`${nameOf(one)}: ${text}.`, width))];
  });
}

function remainderLines({ unexplained, unit }: Attributed, { width }: { width: number }): string[] {
  if (unexplained === null) return [];
  const { rise, share, remainder } = unexplained;
  const part = share ? `, ${formatShareInterval(share)}` : '';
  return [wrap(`Not explained: ${formatRise(rise, unit)}${part}: ${REMAINDER_MEANINGS[remainder]}.`, width)];
}

function largestLines(
  { largest, unit = 'By' }: Attributed,
  { width, paint }: { width: number; paint: Paint },
): string[] {
  const named = largest.map((one) => `${nameOf(one)} ${formatLevel(one.after, unit)}`);
  return named.length === 0 ? [] : [paint('dim', wrap(`Largest at the end: ${named.join(', ')}.`, width))];
}
