/** What a command is given, with a terminal that keeps what is printed. */
import type { Context } from '../../cli/context.ts';
import { readEnvironment } from '../../cli/environment.ts';
import { plain } from '../../cli/render/text.ts';
import { NOON } from '../fixtures/builders.ts';

export interface ContextOptions {
  readonly width?: number;
  readonly variables?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

export interface KeptContext {
  readonly context: Context;
  /** What was printed as a result, and what as a remark. */
  out(): string;
  err(): string;
}

export function aContext({ width, variables = {}, signal }: ContextOptions = {}): KeptContext {
  const printed: string[] = [];
  const noted: string[] = [];
  return {
    context: {
      terminal: {
        width,
        paint: plain,
        print: (text) => printed.push(text),
        note: (text) => noted.push(text),
        progress: () => {},
      },
      environment: readEnvironment(variables),
      signal: signal ?? new AbortController().signal,
      now: NOON,
    },
    out: () => printed.join('\n'),
    err: () => noted.join('\n'),
  };
}
