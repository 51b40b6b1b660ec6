/** The lines of a text file, one at a time: memory holds one piece of the file and one line, whatever the file's size. */
import { textOf } from './text.ts';

/** A line with its number, from 1. `text` is undefined where the line is too long to be kept. */
export interface Line {
  readonly number: number;
  readonly text: string | undefined;
}

/** Most characters of a line. A grid of a year, with a sample a minute, has 4 million: a longer line is not one of a trace. */
const MOST_OF_LINE = 16 * 1024 * 1024;

/**
 * Reads the lines without their line ends, those of one piece of the file at a time: one promise a line would take most of the
 * time. Throws `SourceError` where the file cannot be opened or read to its end.
 */
export async function* linesOf(path: string, signal?: AbortSignal): AsyncGenerator<Iterable<Line>> {
  const splitter = createSplitter();
  for await (const chunk of textOf(path, signal)) yield splitter.push(chunk);
  yield splitter.end();
}

/** Splits pieces of text into lines. */
function createSplitter() {
  let number = 0;
  let kept: string[] = [];
  let length = 0;
  let lineEnd: '\n' | '\r' | undefined;

  function keep(part: string): void {
    length += part.length;
    if (length > MOST_OF_LINE) kept = [];
    else kept.push(part);
  }

  function take(): Line {
    const text = length > MOST_OF_LINE ? undefined : kept.join('').replace(/\r$/, '');
    kept = [];
    length = 0;
    number++;
    return { number, text };
  }

  return {
    *push(chunk: string): Generator<Line> {
      // Some spreadsheets still end lines with a carriage return alone.
      if (/[\r\n]/.test(chunk)) lineEnd ??= chunk.includes('\n') ? '\n' : '\r';
      const end = lineEnd ?? '\n';
      let start = 0;
      for (let at = chunk.indexOf(end); at >= 0; at = chunk.indexOf(end, start)) {
        keep(chunk.slice(start, at));
        yield take();
        start = at + 1;
      }
      if (start < chunk.length) keep(chunk.slice(start));
    },
    *end(): Generator<Line> {
      if (length > 0) yield take();
    },
  };
}
