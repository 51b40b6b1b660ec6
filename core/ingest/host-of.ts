/** Which host and which process a resource is. Whatever else it states is dropped here: command lines and environments hold passwords. */
import type { SentHost, SentProcess } from '../model/sample.ts';
import type { SentAttributes } from '../model/sent-metrics.ts';
import { LIMITS } from './limits.ts';
import type { SenderSettings } from './sender.ts';

/** Kept as labels of every host that states them. https://opentelemetry.io/docs/specs/semconv/resource/ */
const LABELS = [
  'host.type',
  'os.type',
  'cloud.provider',
  'cloud.account.id',
  'cloud.region',
  'cloud.availability_zone',
  'deployment.environment.name',
  'service.name',
  'service.version',
];

/** Never labels, whatever a config keeps: they are of a process, and hold command lines. */
const OF_PROCESSES = 'process.';

/** Undefined where nothing names it; `text` where what does is too long or no text. */
export function hostOf(attributes: SentAttributes, settings: SenderSettings): SentHost | 'text' | undefined {
  const name = attributes.get('host.name') || undefined;
  const id = attributes.get('host.id') || name;
  if (id === undefined) return undefined;
  if (!fits(id)) return 'text';
  const group = settings.groupAttribute && attributes.get(settings.groupAttribute);
  const labels = labelsOf(attributes, settings.keepAttributes);
  return {
    id,
    ...(name !== undefined && fits(name) && { name }),
    ...(group && fits(group) && { group }),
    ...(Object.keys(labels).length > 0 && { labels }),
  };
}

/** Values that are too long or no text are left out, and so are labels beyond the allowed number. */
function labelsOf(attributes: SentAttributes, keepAttributes: readonly string[]): Record<string, string> {
  const names = [...new Set([...keepAttributes, ...LABELS])].filter(
    (name) => !name.startsWith(OF_PROCESSES) && fits(name),
  );
  const labels = names.flatMap((name) => {
    const value = attributes.get(name);
    return value !== undefined && (value === '' || fits(value)) ? [[name, value] as const] : [];
  });
  return Object.fromEntries(labels.slice(0, LIMITS.labels));
}

/**
 * The process, apart from when it started. Undefined where its pid or its name is not stated; `text` where the name is too long or no text.
 */
export function processOf(
  attributes: SentAttributes,
  { commandPatterns }: SenderSettings,
): SentProcess | 'text' | undefined {
  const name = attributes.get('process.executable.name') || fileOf(attributes.get('process.executable.path'));
  const pid = pidOf(attributes.get('process.pid'));
  if (!name || pid === undefined) return undefined;
  if (!fits(name)) return 'text';
  const parentPid = pidOf(attributes.get('process.parent_pid'));
  const startedAt = Date.parse(attributes.get('process.creation.time') ?? '');
  const command = commandOf(attributes.get('process.command_line'), commandPatterns);
  return {
    name,
    pid,
    ...(parentPid !== undefined && { parentPid }),
    ...(Number.isSafeInteger(startedAt) && { startedAt }),
    ...(command !== undefined && { command }),
  };
}

/** An empty text would be the number 0. */
function pidOf(text = ''): number | undefined {
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

/** What the first pattern that matches it matches of it. */
function commandOf(commandLine: string | undefined, patterns: readonly RegExp[]): string | undefined {
  if (commandLine === undefined) return undefined;
  const text = commandLine.slice(0, LIMITS.commandLine);
  for (const pattern of patterns) {
    const match = pattern.exec(text)?.[0];
    if (match) return match.slice(0, LIMITS.characters);
  }
  return undefined;
}

function fileOf(path: string | undefined): string | undefined {
  return path?.split(/[/\\]/).at(-1);
}

/** Half a character has no form in UTF-8: no key of an object could name it. */
function fits(text: string): boolean {
  return text.length > 0 && text.length <= LIMITS.characters && text.isWellFormed();
}
