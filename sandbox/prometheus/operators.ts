/** Operations on two numbers: https://prometheus.io/docs/prometheus/latest/querying/operators/ */

const ARITHMETIC: Readonly<Record<string, (left: number, right: number) => number>> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => left / right,
  '%': (left, right) => left % right,
  '^': (left, right) => left ** right,
};

export const COMPARISONS: Readonly<Record<string, (left: number, right: number) => boolean>> = {
  '==': (left, right) => left === right,
  '!=': (left, right) => left !== right,
  '>': (left, right) => left > right,
  '>=': (left, right) => left >= right,
  '<': (left, right) => left < right,
  '<=': (left, right) => left <= right,
};

/** Whether the result loses the name of the metric. */
export function dropsName(operator: string, bool: boolean): boolean {
  return bool || operator in ARITHMETIC;
}

/**
 * The value of an operation; undefined where a comparison does not hold, which removes the sample.
 * @param kept The value that a comparison keeps: that of the vector.
 */
export function operate(
  operator: string,
  bool: boolean,
  left: number,
  right: number,
  kept: number = left,
): number | undefined {
  const comparison = COMPARISONS[operator];
  if (comparison === undefined) return ARITHMETIC[operator]?.(left, right);
  const holds = comparison(left, right);
  if (bool) return holds ? 1 : 0;
  return holds ? kept : undefined;
}
