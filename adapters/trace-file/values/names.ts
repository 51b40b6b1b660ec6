/** What the name of a column or a metric states (used or available memory, in which unit), and which host a name or a label means. */
import { type Scale, unitOfSuffix, unitOfWord } from './unit.ts';

/**
 * `free` memory leaves out the page cache, which a host gives back when it is needed: it does not measure use. `total` is the size
 * of the host, `other` anything that is not memory in use (swap, buffers, CPU).
 */
export type MemoryKind = 'used' | 'available' | 'free' | 'total' | 'other';

export interface Meaning {
  readonly kind: MemoryKind;
  readonly scale: Scale | undefined;
}

/** Words of which the name of a memory column is made. */
const MEMORY_WORDS = new Set(
  (
    'mem memory ram used use usage in utilization utilisation util value values mean avg average min minimum max maximum ' +
    'median last virtual physical real system of memused memoryutilization available avail freeable free total limit capacity size memtotal'
  ).split(' '),
);

/** Words for what a host has beside used memory. A column named by these alone is passed over. */
const OTHER_WORDS = new Set(
  'cpu swap disk load network net io iops cache cached buffer buffers buffered slab commit committed idle count result table field measurement'.split(
    ' ',
  ),
);

const IN_BRACKETS = /[([{]\s*([^()[\]{}]+?)\s*[)\]}]\s*$/;

/** The name without the unit that it ends with, and that unit: `web-1 (%)`, `Memory [GiB]`, `used %`. */
function splitUnit(name: string): { readonly rest: string; readonly scale: Scale | undefined } {
  const bracketed = IN_BRACKETS.exec(name);
  const scale = unitOfSuffix(bracketed?.[1] ?? '');
  if (bracketed && scale) return { rest: name.slice(0, bracketed.index).trim(), scale };
  const percent = /^%\s*|\s*%$/.exec(name);
  return percent
    ? { rest: name.replace(percent[0], '').trim(), scale: unitOfSuffix('%') }
    : { rest: name, scale: undefined };
}

/** Where a word begins in a name without separators: `MemUsed`, `CPUUtilization`, but not within `MiB` and `kB`. */
const WORD_START = /(?<=[a-z\d])(?!(?<=[KMGT]i|(?<![a-z])k)B(?![a-z]))(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])(?!Byte)/g;

/** `mem_used_percent` and `MemUsedPercent` have the same words. */
function wordsOf(name: string): string[] {
  return name
    .replace(WORD_START, ' ')
    .toLowerCase()
    .split(/[^\p{L}\d]+/u)
    .filter((word) => word !== '');
}

/** What a metric's name states, whatever other words it has: `node_memory_MemAvailable_bytes` is available memory in bytes. */
export function meaningOfMetric(name: string): Meaning {
  const { rest, scale } = splitUnit(name);
  const words = wordsOf(rest);
  const stated = words.map(unitOfWord).findLast((unit) => unit !== undefined);
  return { kind: kindOf(words), scale: scale ?? stated };
}

function kindOf(words: readonly string[]): MemoryKind {
  const has = (...some: readonly string[]) => words.some((word) => some.includes(word));
  if (words.some((word) => OTHER_WORDS.has(word))) return 'other';
  // RDS and ElastiCache call it freeable.
  if (has('available', 'avail', 'freeable')) return 'available';
  if (has('free', 'memfree')) return 'free';
  return has('total', 'limit', 'capacity', 'memtotal', 'size') ? 'total' : 'used';
}

/** Things that are measured beside memory. */
const OTHER_SUBJECTS = new Set('cpu swap disk diskio ebs network net netstat load iops status'.split(' '));

/** What metrics of these state of them. */
const OTHER_FACTS = new Set(
  (
    'in out read reads write writes ops bytes byte packet packets sent recv dropped errors time queue length credit credits ' +
    'balance surplus charged check failed instance user iowait steal system nice active percent inodes io average'
  ).split(' '),
);

/**
 * Whether a label names a metric of something other than memory: `CPUUtilization`, `i-0a CPUUtilization`, `disk_used_percent`. A
 * name with any other word, like `disk-server-1`, is a host's.
 */
export function isOtherMetric(label: string): boolean {
  if (isOtherName(wordsOf(label))) return true;
  const parts = label.split(/\s+/).map(wordsOf);
  return parts.some((words) => words.length > 1 && isOtherName(words));
}

function isOtherName(words: readonly string[]): boolean {
  const isKnown = (word: string) =>
    OTHER_SUBJECTS.has(word) || OTHER_FACTS.has(word) || OTHER_WORDS.has(word) || MEMORY_WORDS.has(word);
  return words.some((word) => OTHER_SUBJECTS.has(word)) && !words.some(isMemory) && words.every(isKnown);
}

function isMemory(word: string): boolean {
  return /^(mem|memory|ram)/.test(word);
}

/** The meaning of a column whose name is made of words for memory and units alone; undefined for any other, which names a host. */
export function meaningOfColumn(name: string): Meaning | undefined {
  const { rest, scale } = splitUnit(name);
  const words = wordsOf(rest);
  const isKnown = (word: string) => MEMORY_WORDS.has(word) || OTHER_WORDS.has(word) || unitOfWord(word) !== undefined;
  if (!words.every(isKnown) || (words.length === 0 && scale === undefined)) return undefined;
  return meaningOfMetric(name);
}

/** The host that a column is named by, and the unit that its name ends with. */
export function hostOfColumn(name: string): { readonly host: string; readonly scale: Scale | undefined } {
  const { rest, scale } = splitUnit(name);
  return { host: rest === '' ? name : rest, scale };
}

/** Labels that name a host, the most specific first. */
const HOST_LABELS = [
  'host',
  'hostname',
  'host_name',
  'nodename',
  'node',
  'instance',
  'vm',
  'machine',
  'server',
  'name',
];

/** A series' host by its labels; undefined where none of them names one. */
export function hostOfLabels(labels: Readonly<Record<string, string>>): string | undefined {
  return HOST_LABELS.map((label) => labels[label]).find((value) => value !== undefined && value !== '');
}

const LABEL = /([A-Za-z_]\w*)="((?:[^"\\]|\\.)*)"/g;

/** The host in labels as Prometheus prints them, `{instance="web-1:9100", job="node"}`; undefined where the text has no labels. */
export function hostOfPrintedLabels(text: string): string | undefined {
  if (!text.includes('="')) return undefined;
  const labels = [...text.matchAll(LABEL)].map(([, name = '', value = '']) => [name, value] as const);
  return hostOfLabels(Object.fromEntries(labels));
}
