/** `plimsoll explain HOST --baseline`: what is normal for a host, and what it was learned from. */
import { learnHost } from '../../core/inspection/learn-host.ts';
import { createMeter } from '../../core/inspection/run-summary.ts';
import { keyOf, keyText, readManifest, readStored } from '../../core/inspection/stored-baselines.ts';
import { baselineFacts } from '../../core/messages/baseline.ts';
import { NOT_COLLECTED, notReadText } from '../../core/messages/readings.ts';
import { formatTime } from '../../core/messages/times.ts';
import { type HostBaseline, hostBaselineSchema } from '../../core/model/host-baseline.ts';
import { encoded } from '../../core/model/notation.ts';
import { DEEP_READ_DAYS } from '../../core/model/policy.ts';
import type { Resource } from '../../core/model/series.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { hostTitle, scopeText } from '../findings/wording.ts';
import { harmless, type Paint, wrap } from '../render/text.ts';
import type { SelectionContext } from '../source/selection.ts';
import type { Target } from '../source/targets.ts';
import { openBaselineStore } from '../stores.ts';
import { textWidth } from '../terminal.ts';

export interface BaselineQuestion {
  readonly target: Target;
  readonly host: Resource;
  /** Epoch milliseconds. */
  readonly scheduledTime: number;
  /** Whether the host is a tenant's: then what is kept of it goes before what could be learned now. */
  readonly isKept: boolean;
  readonly json: boolean;
}

/** Where a record comes from. */
interface Answer {
  readonly record: HostBaseline;
  readonly from: string;
}

/** Exit code 4 where its weeks cannot be read. */
export async function explainBaseline(question: BaselineQuestion, context: SelectionContext): Promise<ExitCode> {
  const { terminal } = context;
  const answer =
    (question.isKept ? await keptOf(question, context) : undefined) ?? (await learnedOf(question, context));
  if (typeof answer === 'string') {
    terminal.note(wrap(answer, textWidth(terminal), '  '));
    return EXIT.partial;
  }
  const { host, json } = question;
  if (json) terminal.printJson(JSON.stringify(encoded(hostBaselineSchema, answer.record)));
  else terminal.print(renderBaseline(host, answer, { width: textWidth(terminal), paint: terminal.paint }));
  return EXIT.clean;
}

/** Undefined where nothing is kept of the host. */
async function keptOf({ target, host }: BaselineQuestion, { environment, terminal }: SelectionContext) {
  const store = await openBaselineStore(environment);
  const of = { tenant: target.tenant, scope: target.source.scope };
  const { manifest, problems } = await readManifest(of, store);
  const stored = await readStored(of, manifest, [host], store);
  for (const problem of [...problems, ...stored.problems]) terminal.note(`warning: ${problem}`);
  const record = stored.records.get(keyText(keyOf(host)));
  return record && { record, from: `as of the deep read of ${formatTime(record.readAt)}` };
}

/** Why nothing can be learned, in words, where that is so. */
async function learnedOf(
  { target, host, scheduledTime }: BaselineQuestion,
  { signal }: SelectionContext,
): Promise<Answer | string> {
  const { source, metric, filters, policies } = target;
  const { prior, deepReadDays } = policies.of(host);
  const policy = { prior, deepReadDays: deepReadDays === 0 ? DEEP_READ_DAYS : deepReadDays };
  const learned = await learnHost({ source, metric, filters, host, scheduledTime, policy }, createMeter(), signal);
  switch (learned?.kind) {
    case 'learned':
      return { record: learned.record, from: `learned just now from ${learned.series.times.length} hours` };
    case 'unreadable':
      return `The weeks of ${hostTitle(host)} could not be read: ${harmless(notReadText(learned))}`;
    case 'not_monitored':
      return `The weeks of ${hostTitle(host)} are not there: ${NOT_COLLECTED[learned.reason]}. ${harmless(learned.hint)}`;
    case undefined:
      return `The weeks of ${hostTitle(host)} are not there.`;
  }
}

const INDENT = ' '.repeat(11);

function renderBaseline(
  host: Resource,
  { record, from }: Answer,
  { width, paint }: { readonly width: number; readonly paint: Paint },
): string {
  const lines = baselineFacts(record).map(
    ([name, text]) => `${paint('dim', name.padEnd(10))} ${wrap(text, width, INDENT)}`,
  );
  const head = wrap(`What is normal for ${paint('strong', hostTitle(host))}, ${from}.`, width);
  return [head, paint('dim', scopeText(host)), '', ...lines].join('\n');
}
