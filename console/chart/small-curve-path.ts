/** The paths of a curve among others of its kind, in units that fill the room that it has. */
import type { Range, Samples } from './model.ts';

export const WIDTH = 200;
export const HEIGHT = 60;

/** The line, and the area below it down to the bottom; a gap (null) breaks both. */
export function curvePaths({ times, values }: Samples, { from, to }: Range, levels: readonly [number, number]) {
  const x = (at: number) => rounded(((at - from) / Math.max(1, to - from)) * WIDTH);
  let [line, area] = ['', ''];
  let run: string[] = [];
  const close = (last: number) => {
    const [first = ''] = run;
    if (run.length > 0) {
      line += `M${run.join('L')}${run.length === 1 ? 'h0.5' : ''}`;
      area += `M${first.split(' ')[0]} ${HEIGHT}L${run.join('L')}L${x(last)} ${HEIGHT}Z`;
    }
    run = [];
  };
  let last = from;
  values.forEach((value, index) => {
    const at = times[index] ?? from;
    if (value === null || at < from || at > to) {
      close(last);
      return;
    }
    run.push(`${x(at)} ${yOf(value, levels)}`);
    last = at;
  });
  close(last);
  return { line, area };
}

export function yOf(level: number, [low, high]: readonly [number, number]): number {
  return rounded(HEIGHT - ((level - low) / Math.max(high - low, Number.MIN_VALUE)) * HEIGHT);
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
