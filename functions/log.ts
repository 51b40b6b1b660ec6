/**
 * The logger of all functions. What it prints is an allow-list: a field that is not named here is dropped, at any depth, so that no
 * body of an event, label of a host or credential reaches a log because somebody logs an object that holds one.
 */
import { LogFormatter, Logger, LogItem } from '@aws-lambda-powertools/logger';
import type { ConstructorOptions, LogAttributes, UnformattedAttributes } from '@aws-lambda-powertools/logger/types';
import { clip } from '../core/messages/plain-text.ts';
import { UNREADABLE_REASONS } from '../core/model/series.ts';

/** Fields that may be printed, on the line or inside others. */
export const LOG_FIELDS: ReadonlySet<string> = new Set([
  // What the line is about.
  ...['tenant', 'provider', 'account', 'region', 'group', 'scheduledTime', 'trigger', 'messageId', 'id', 'event'],
  ...['sequenceNumber', 'receiver', 'request', 'route'],
  // Of a host that was read.
  ...['refusal', 'verdict', 'cost', 'calls', 'metrics', 'usd'],
  // What became of it.
  ...['outcome', 'reason', 'detail', 'error', 'superseded', 'recorded', 'unrecorded', 'retryable', 'statusCode'],
  // Counts.
  ...['summary', 'hosts', 'known', 'inspected', 'notMonitored', 'unreadable', 'metricsBilled', 'stopped'],
  ...['verdicts', 'confirmed', 'suspected', 'steady', 'insufficientData', ...UNREADABLE_REASONS],
  ...[
    'report',
    'count',
    'schedules',
    'put',
    'removed',
    'left',
    'failures',
    'published',
    'held',
    'oldestSeconds',
    'failed',
    'sent',
    'answered',
    'waiting',
  ],
  ...['progress', 'done', 'shards', 'notDue'],
  ...['compared', 'early', 'alike', 'notCompared', 'outOfTime', 'older'],
  // Of jobs of anomaly inspection.
  ...['job', 'points', 'anomalousPoints', 'stateBytes', 'learned', 'crowdedOut'],
  // Of samples that were received.
  ...['tokenId', 'series', 'accepted', 'rejected'],
  ...['compacted', 'merged', 'purged', 'tenantsLeft', 'archivedDays', 'purgedDays', 'mergedDays'],
  ...['renewed', 'receivers', 'unknown', 'subscribed'],
  ...['tenants', 'missedRegions', 'failingAccounts', 'stoppedHosts', 'reminded'],
  // Lists of short texts; every other list is printed as its length.
  ...['regions', 'issues', 'first'],
]);

const TEXT_LISTS: ReadonlySet<string> = new Set(['regions', 'issues', 'first', 'unknown']);

/** Characters of a text. */
const TEXT_LENGTH = 500;

/** Texts of a list. */
const LIST_LENGTH = 40;

/** Objects within objects. */
const DEPTH = 4;

/** Errors that caused one another. */
const CAUSES = 3;

export function createLogger(options: Pick<ConstructorOptions, 'logLevel'> = {}): Logger {
  return new Logger({ ...options, logFormatter: new AllowListFormatter() });
}

class AllowListFormatter extends LogFormatter {
  override formatAttributes(attributes: UnformattedAttributes, additional: LogAttributes): LogItem {
    const { logLevel, message, timestamp, serviceName, xRayTraceId } = attributes;
    return new LogItem({
      attributes: {
        level: logLevel,
        message: clip(String(message), TEXT_LENGTH),
        timestamp: this.formatTimestamp(timestamp),
        service: serviceName,
        xray_trace_id: xRayTraceId,
        ...allowedFields(additional, DEPTH),
      },
    });
  }
}

/** The fields of an object that may be printed. */
function allowedFields(value: object, depth: number): Record<string, unknown> {
  const allowed = Object.entries(value).filter(([name]) => LOG_FIELDS.has(name));
  return Object.fromEntries(allowed.map(([name, field]) => [name, printable(name, field, depth)]));
}

function printable(name: string, value: unknown, depth: number): unknown {
  if (typeof value === 'string') return clip(value, TEXT_LENGTH);
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  if (value instanceof Error) return errorFacts(value, CAUSES);
  if (Array.isArray(value)) return TEXT_LISTS.has(name) ? textsAmong(value) : value.length;
  if (typeof value !== 'object' || value === null || depth === 0) return undefined;
  return allowedFields(value, depth - 1);
}

function textsAmong(values: readonly unknown[]): string[] {
  const texts = values.filter((value) => typeof value === 'string');
  return texts.slice(0, LIST_LENGTH).map((text) => clip(text, TEXT_LENGTH));
}

/** Name and message of an error and of what caused it. Its other fields may hold requests, and with them anything. */
function errorFacts({ name, message, cause }: Error, causes: number): object {
  const facts = { name: clip(String(name), TEXT_LENGTH), message: clip(String(message), TEXT_LENGTH) };
  return cause instanceof Error && causes > 0 ? { ...facts, cause: errorFacts(cause, causes - 1) } : facts;
}
