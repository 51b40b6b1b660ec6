/** The options of the probe. */
import { parseArgs } from 'node:util';
import { UsageProblem } from './usage.ts';

export interface RecordOptions {
  readonly self: boolean;
  readonly pids: readonly number[];
  readonly names: readonly string[];
  readonly tree: boolean;
  readonly allow: readonly string[];
  readonly everyMs: number;
  readonly sendEveryMs: number;
  readonly url?: string;
  readonly plainHttp: boolean;
  readonly tokenFile?: string;
  readonly folder?: string;
  readonly mostBytes: number;
  readonly hostId?: string;
  readonly hostName?: string;
  readonly labels: Readonly<Record<string, string>>;
  /** A program and its arguments; empty: none. */
  readonly command: readonly string[];
  readonly mode: 'run' | 'once' | 'dry-run' | 'unit' | 'help' | 'version';
}

const OPTIONS = {
  self: { type: 'boolean' },
  pid: { type: 'string', multiple: true },
  name: { type: 'string', multiple: true },
  tree: { type: 'boolean' },
  allow: { type: 'string', multiple: true },
  every: { type: 'string' },
  'send-every': { type: 'string' },
  url: { type: 'string' },
  'plain-http': { type: 'boolean' },
  'token-file': { type: 'string' },
  folder: { type: 'string' },
  'max-disk': { type: 'string' },
  'host-id': { type: 'string' },
  'host-name': { type: 'string' },
  label: { type: 'string', multiple: true },
  once: { type: 'boolean' },
  'dry-run': { type: 'boolean' },
  unit: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean' },
} as const;

type Values = ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>['values'];

const SECOND_MS = 1000;
const EVERY_MS = 60_000;
/** A command of minutes needs more than a sample a minute. */
const COMMAND_EVERY_MS = 10_000;
const SEND_EVERY_MS = 300_000;
const GREATEST_EVERY_MS = 3_600_000;
const MOST_MB = 64;
const GREATEST_MB = 10_240;
const MOST_LISTED = 100;
const MOST_LABELS = 10;

/**
 * @param variables Of the environment: PLIMSOLL_URL stands for --url.
 * @throws UsageProblem An option is not known, or its value cannot be followed.
 */
export function parseOptions(
  args: readonly string[],
  variables: Readonly<Record<string, string | undefined>>,
): RecordOptions {
  const { own, command } = splitCommand(args);
  const values = parsed(own);
  const url = values.url ?? variables['PLIMSOLL_URL'];
  const { 'token-file': tokenFile, folder, 'host-id': hostId, 'host-name': hostName } = values;
  return {
    self: values.self === true,
    pids: few('--pid', values.pid).map((text) => integer('--pid', text, 1, 2 ** 31)),
    names: few('--name', values.name).map((text) => nameOf('--name', text)),
    tree: values.tree === true,
    allow: few('--allow', values.allow).map((text) => nameOf('--allow', text)),
    everyMs: durationOf('--every', values.every) ?? (command.length > 0 ? COMMAND_EVERY_MS : EVERY_MS),
    sendEveryMs: durationOf('--send-every', values['send-every']) ?? SEND_EVERY_MS,
    mostBytes: integer('--max-disk', values['max-disk'] ?? String(MOST_MB), 1, GREATEST_MB) * 1024 * 1024,
    plainHttp: values['plain-http'] === true,
    labels: labelsOf(values.label ?? []),
    command,
    mode: modeOf(values, command),
    ...(url && { url: urlOf(url, values['plain-http'] === true) }),
    ...(tokenFile !== undefined && { tokenFile }),
    ...(folder !== undefined && { folder }),
    ...(hostId !== undefined && { hostId: nameOf('--host-id', hostId) }),
    ...(hostName !== undefined && { hostName: nameOf('--host-name', hostName) }),
  };
}

/** What follows `--`, or begins with a word that is no option, is the command: it keeps its own options. */
function splitCommand(args: readonly string[]): {
  readonly own: readonly string[];
  readonly command: readonly string[];
} {
  for (let index = 0; index < args.length; index++) {
    const arg = args[index] ?? '';
    if (arg === '--') return { own: args.slice(0, index), command: args.slice(index + 1) };
    if (!arg.startsWith('-')) return { own: args.slice(0, index), command: args.slice(index) };
    if (takesValue(arg)) index += 1;
  }
  return { own: args, command: [] };
}

function takesValue(arg: string): boolean {
  return Object.entries(OPTIONS).some(([name, { type }]) => arg === `--${name}` && type === 'string');
}

function parsed(args: readonly string[]): Values {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, strict: true, allowPositionals: false }).values;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    // Its first sentence has the fact; the others are about positional arguments.
    throw new UsageProblem(`${error.message.split(/\. |\n/)[0]?.replace(/\.$/, '')}.`);
  }
}

function modeOf(values: Values, command: readonly string[]): RecordOptions['mode'] {
  const modes = (['help', 'version', 'unit', 'dry-run', 'once'] as const).filter((mode) => values[mode] === true);
  const [mode = 'run', other] = modes;
  if (mode === 'help' || mode === 'version') return mode;
  if (other !== undefined) throw new UsageProblem(`Give one of --${mode} and --${other}.`);
  if (mode !== 'run' && command.length > 0)
    throw new UsageProblem(`--${mode} starts no command: leave ${command[0]} out.`);
  return mode;
}

function few(option: string, values: readonly string[] = []): readonly string[] {
  if (values.length <= MOST_LISTED) return values;
  throw new UsageProblem(`${option} is given ${values.length} times: ${MOST_LISTED} is the most.`);
}

function nameOf(option: string, text: string): string {
  if (text.length >= 1 && text.length <= 255 && !/\p{Cc}/u.test(text)) return text;
  throw new UsageProblem(`${option} takes 1 to 255 characters.`);
}

function integer(option: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw new UsageProblem(`${option} takes a number from ${least} to ${most}, not ${JSON.stringify(text)}.`);
}

const UNITS = { s: SECOND_MS, m: 60 * SECOND_MS, h: 3600 * SECOND_MS } as const;

function durationOf(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const [, digits, unit] = /^(\d{1,6})([smh])$/.exec(text) ?? [];
  const value = unit === 's' || unit === 'm' || unit === 'h' ? Number(digits) * UNITS[unit] : Number.NaN;
  if (value >= SECOND_MS && value <= GREATEST_EVERY_MS) return value;
  throw new UsageProblem(`${option} takes a time from 1s to 1h, for example 30s or 5m, not ${JSON.stringify(text)}.`);
}

function labelsOf(texts: readonly string[]): Readonly<Record<string, string>> {
  if (texts.length > MOST_LABELS)
    throw new UsageProblem(`--label is given ${texts.length} times: ${MOST_LABELS} is the most.`);
  return Object.fromEntries(
    texts.map((text) => {
      const [, key, value] = /^([A-Za-z][\w.-]{0,127})=(\P{Cc}{1,255})$/u.exec(text) ?? [];
      if (key !== undefined && OWN_ATTRIBUTE.test(key))
        throw new UsageProblem(
          `--label ${key} is stated by the probe itself: leave it out, or see --host-id and --host-name.`,
        );
      if (key !== undefined && value !== undefined) return [key, value];
      throw new UsageProblem(
        `--label takes NAME=VALUE, for example service.name=checkout, not ${JSON.stringify(text)}.`,
      );
    }),
  );
}

/** The probe states these itself. */
const OWN_ATTRIBUTE = /^(?:host\.(?:id|name)|os\.type|process\..*)$/;

const LOOPBACK = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/;

/** The token goes with each request: in clear only where nobody else hears it, or where that is stated. */
function urlOf(text: string, mayBePlain: boolean): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 'https:' && url?.protocol !== 'http:')
    throw new UsageProblem(`--url takes an address such as https://plimsoll.example.com, not ${JSON.stringify(text)}.`);
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '')
    throw new UsageProblem('--url takes no user, no password, no query and no fragment.');
  if (url.protocol === 'http:' && !LOOPBACK.test(url.hostname) && !mayBePlain)
    throw new UsageProblem(
      `--url ${text} sends the token unencrypted: use https, or give --plain-http where the network is your own.`,
    );
  // What is printed for collectors ends with the path of metrics, which the probe adds itself.
  return url.href.replace(/\/v1\/metrics\/?$/, '/');
}
