/** Who grew on a leaking host, for people: one name for a table, ten of them with their shares for an explanation. */
import type { Attributed, Attribution, Contribution, Unattributed } from '../../core/model/attribution.ts';
import type { Consumer } from '../../core/model/series.ts';
import type { Interval } from '../../core/model/verdict.ts';
import { type Column, renderTable } from '../render/table.ts';
import { counted, harmless, type Paint, wrap } from '../render/text.ts';
import {
  binaryScale,
  formatLevel,
  formatNumber,
  formatShare,
  formatShortMinute,
  formatWindow,
} from '../render/units.ts';
import { NOT_ATTRIBUTED } from './wording.ts';

/** `node 93 %`; where nobody is named, why in a word or two. Empty where nobody asked, or nobody there can be asked. */
export function topConsumerText(attribution: Attribution | undefined): string {
  if (attribution === undefined) return '';
  if (attribution.kind === 'unattributed' && attribution.reason === 'unsupported') return '';
  if (attribution.kind === 'unattributed') return `(${NOT_ATTRIBUTED[attribution.reason]})`;
  const [first] = attribution.grown;
  if (first === undefined) return '(nobody collected grew)';
  return `${consumerName(first.consumer)}${first.share ? ` ${formatShare(first.share.estimate)}` : ''}`;
}

/** The lines under the heading "Who grew". */
export function renderWhoGrew(attribution: Attribution, options: { width: number; paint: Paint }): string[] {
  const { width, paint } = options;
  const heading = paint('strong', 'Who grew');
  if (attribution.kind === 'unattributed') return [heading, wrap(unattributedText(attribution), width)];
  return [
    heading,
    paint('dim', wrap(comparedText(attribution), width)),
    ...tableOf(attribution.grown, GROWN, options),
    ...caveatLines(attribution, options),
    ...remainderLines(attribution, options),
    ...largestLines(attribution, options),
  ];
}

/** `shop/cart-7d9f` of a pod, a process's name as it is. */
function consumerName({ name, namespace }: Consumer): string {
  return harmless(namespace === undefined ? name : `${namespace}/${name}`);
}

function unattributedText({ reason, message }: Unattributed): string {
  return `Cannot be said: ${NOT_ATTRIBUTED[reason]}. ${harmless(message)}`;
}

function comparedText({ window, basis, rise, consumers }: Attributed): string {
  const compared = `${counted(consumers, 'process or pod', 'processes or pods')} compared, ${formatWindow(window)}`;
  const of =
    basis === 'host'
      ? `the host’s rise of ${riseText(rise)}`
      : `the ${riseText(rise)} that they grew by together, because the host’s capacity is not known`;
  return `${compared}; shares are of ${of}.`;
}

const GROWN: readonly Column<Contribution>[] = [
  { title: 'name', text: ({ consumer }) => consumerName(consumer), tone: () => 'strong', leastWidth: 16 },
  { title: 'from', text: ({ before }) => formatLevel(before, 'By'), align: 'right', expendable: 1 },
  { title: 'to', text: ({ after }) => formatLevel(after, 'By'), align: 'right' },
  { title: 'rise', text: ({ rise }) => riseText(rise), align: 'right' },
  { title: 'share', text: ({ share }) => (share ? shareText(share) : 'cannot say'), align: 'right' },
  { title: 'new at', text: ({ since }) => (since === null ? '' : formatShortMinute(since)), expendable: 2 },
  { title: 'restarts', text: restartsText, expendable: 3 },
];

/** A column that says nothing of anybody is left out. */
function tableOf(
  rows: readonly Contribution[],
  columns: readonly Column<Contribution>[],
  { width, paint }: { width: number; paint: Paint },
): string[] {
  if (rows.length === 0) return ['Nobody that is collected.'];
  const reporting = columns.filter(({ text }) => rows.some((row) => text(row) !== ''));
  return renderTable(rows, reporting, { width, paint }).split('\n');
}

function restartsText({ restarts }: Contribution): string {
  const last = restarts.at(-1);
  return last === undefined ? '' : `${restarts.length}, last ${formatShortMinute(last)}`;
}

/** What to know of a figure: a line for each that is not whole. */
function caveatLines({ grown }: Attributed, { width, paint }: { width: number; paint: Paint }): string[] {
  return grown.flatMap(({ consumer, message }) =>
    message === null ? [] : [paint('dim', wrap(`${consumerName(consumer)}: ${harmless(message)}.`, width))],
  );
}

function remainderLines({ unexplained }: Attributed, { width }: { width: number }): string[] {
  if (unexplained === null) return [];
  const { rise, share, message } = unexplained;
  const part = share ? `, ${shareText(share)}` : '';
  return [wrap(`Not explained: ${riseText(rise)}${part}: ${message}.`, width)];
}

function largestLines({ largest }: Attributed, { width, paint }: { width: number; paint: Paint }): string[] {
  const named = largest.map(({ consumer, after }) => `${consumerName(consumer)} ${formatLevel(after, 'By')}`);
  return named.length === 0 ? [] : [paint('dim', wrap(`Largest at the end: ${named.join(', ')}.`, width))];
}

/** `+1.72 GiB (1.70 to 1.74)`, all in the unit of the estimate. */
function riseText({ low, estimate, high }: Interval): string {
  const { factor, suffix } = binaryScale(estimate);
  const number = (bytes: number) => formatNumber(bytes / factor).replace('-', '−');
  return `${estimate < 0 ? '' : '+'}${number(estimate)} ${suffix} (${number(low)} to ${number(high)})`;
}

/** `93 % (91 to 95)`. */
function shareText({ low, estimate, high }: Interval): string {
  const percent = (share: number) => String(Math.round(share * 100)).replace('-', '−');
  return `${percent(estimate)} % (${percent(low)} to ${percent(high)})`;
}
