/** Where a command prints: results on stdout, remarks and progress on stderr, colours where they are wanted. */

import type { WriteStream } from 'node:tty';
import { styleText } from 'node:util';
import type { TableOptions } from './render/table.ts';
import { harmless, harmlessJson, type Paint, type Tone, truncate } from './render/text.ts';

export interface Terminal {
  /** Columns of stdout; undefined where it is not a terminal, so that nothing is shortened to fit one. */
  readonly width: number | undefined;
  readonly paint: Paint;
  /** A result: complete lines to stdout. */
  print(text: string): void;
  /** JSON as a result, with what a terminal would obey or not show escaped. */
  printJson(json: string): void;
  /** A remark or an error: complete lines to stderr. */
  note(text: string): void;
  /** Whether progress is shown: nobody need find out how far along a command is where it is not. */
  readonly live: boolean;
  /** What is being done, on one line of stderr that the next one overwrites. Nothing where stderr is not a terminal. */
  progress(text: string): void;
}

/** Columns at which running text is broken where stdout is not a terminal. */
const TEXT_WIDTH = 100;

/** Milliseconds between two updates of the progress line: more would only flicker. */
const PROGRESS_EVERY_MS = 80;

type Style = Exclude<Parameters<typeof styleText>[0], readonly unknown[]>;

const STYLES: Readonly<Record<Tone, readonly Style[]>> = {
  strong: ['bold'],
  dim: ['dim'],
  good: ['green'],
  warn: ['yellow'],
  bad: ['red', 'bold'],
  accent: ['cyan'],
};

type Stream = NodeJS.WritableStream & Partial<Pick<WriteStream, 'isTTY' | 'columns'>>;

export function createTerminal(stdout: Stream, stderr: Stream): Terminal {
  const live = stderr.isTTY === true;
  let shownAt = Number.NEGATIVE_INFINITY;
  let shown = false;

  function clearProgress(): void {
    if (shown) stderr.write('\r\x1b[2K');
    shown = false;
  }

  function print(text: string): void {
    clearProgress();
    stdout.write(`${text}\n`);
  }

  return {
    width: stdout.isTTY === true ? stdout.columns : undefined,
    live,
    // It honours NO_COLOR, FORCE_COLOR and what the stream is; given a list of styles, node 22.13 does not.
    paint: (tone, text) => STYLES[tone].reduce((painted, style) => styleText(style, painted, { stream: stdout }), text),
    print,
    printJson: (json) => print(harmlessJson(json)),
    note(text) {
      clearProgress();
      stderr.write(`${text}\n`);
    },
    progress(text) {
      const now = performance.now();
      if (!live || now - shownAt < PROGRESS_EVERY_MS) return;
      shownAt = now;
      shown = true;
      stderr.write(`\r\x1b[2K${truncate(harmless(text), (stderr.columns ?? TEXT_WIDTH) - 1)}`);
    },
  };
}

/** For tables as wide as the terminal. */
export function tableOptions({ width, paint }: Terminal): TableOptions {
  return { width, paint, widener: 'a wider terminal' };
}

/** Columns for running text: the terminal's, but no more than reads well. */
export function textWidth({ width }: Terminal): number {
  return Math.min(width ?? TEXT_WIDTH, TEXT_WIDTH);
}
