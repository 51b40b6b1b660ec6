/** What a command is given, with a terminal that keeps what is printed. */
import type { CommandContext } from '../../cli/context.ts';
import { readEnvironment } from '../../cli/environment.ts';
import { harmlessJson, plain } from '../../cli/render/text.ts';
import { NOON } from '../fixtures/builders.ts';

export interface ContextOptions {
  readonly width?: number;
  readonly variables?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  /** Whether progress is shown. */
  readonly live?: boolean;
  /** Default: noon. */
  readonly now?: number;
}

export interface KeptContext {
  readonly context: CommandContext;
  /** What was printed as a result, and what as a remark. */
  out(): string;
  err(): string;
  /** Every line of progress. */
  progress(): readonly string[];
}

export function aContext({
  width,
  variables = {},
  signal,
  live = false,
  now = NOON,
}: ContextOptions = {}): KeptContext {
  const printed: string[] = [];
  const noted: string[] = [];
  const shown: string[] = [];
  return {
    context: {
      terminal: {
        width,
        paint: plain,
        live,
        print: (text) => printed.push(text),
        printJson: (json) => printed.push(harmlessJson(json)),
        note: (text) => noted.push(text),
        progress: (text) => shown.push(text),
      },
      environment: readEnvironment(variables),
      signal: signal ?? new AbortController().signal,
      now,
    },
    out: () => printed.join('\n'),
    err: () => noted.join('\n'),
    progress: () => shown,
  };
}
