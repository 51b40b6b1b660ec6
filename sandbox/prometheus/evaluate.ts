/** Evaluates an expression at the steps of a query. */
import { aggregate } from './aggregate.ts';
import { ELEMENTWISE, joinLabels, mapValues, replaceLabel } from './calls.ts';
import { badData, failedExecution } from './errors.ts';
import type { Aggregation, Binary, Call, Expression } from './expression.ts';
import { combine, combineSets } from './match.ts';
import { COMPARISONS, dropsName, operate } from './operators.ts';
import { OVER_TIME, type OverTime } from './over-time.ts';
import { type Steps, selectNewest, selectRange } from './select.ts';
import { keyOf } from './series.ts';
import { foldLooks, looksOf } from './subquery.ts';
import { mapRow, merged, type Row, type Value, withoutName } from './vector.ts';

export interface Evaluation extends Steps {
  /** Samples that a query may have in memory: the server's `query.max-samples`. */
  readonly maxSamples: number;
}

/** Throws `PromError`: 400 for what is not known or ill typed, 422 for what has no answer or too many samples. */
export function evaluate(expression: Expression, evaluation: Evaluation): Value {
  let samples = 0;

  function visit(node: Expression): Value {
    const value = resultOf(node);
    if (value.type === 'vector') samples += value.rows.length * evaluation.times.length;
    if (samples > evaluation.maxSamples) {
      throw failedExecution('query processing would load too many samples into memory in query execution');
    }
    return value;
  }

  function resultOf(node: Expression): Value {
    switch (node.kind) {
      case 'number':
        return scalar(evaluation, () => node.value);
      case 'text':
        return { type: 'text', text: node.value };
      case 'selector':
        if (node.range !== undefined) throw badData('invalid expression type "range vector" for range query');
        return vector(selectNewest(node, evaluation));
      case 'subquery':
        throw badData('invalid expression type "range vector" for range query');
      case 'negation':
        return negated(visit(node.of));
      case 'aggregation':
        return aggregated(node);
      case 'binary':
        return operated(node, visit(node.left), visit(node.right));
      case 'call':
        return called(node);
    }
  }

  function aggregated(node: Aggregation): Value {
    const parameter = node.parameter && numbersOf(visit(node.parameter), node.operator);
    return vector(aggregate(node, rowsOf(visit(node.of), node.operator), parameter));
  }

  function called(node: Call): Value {
    const over = OVER_TIME[node.name];
    const [first, ...others] = node.args;
    if (over !== undefined) return overTime(node, over);
    if (node.name === 'time' && first === undefined) return scalar(evaluation, (time) => time / 1_000);
    if (first === undefined) throw badData(`expected an argument in call to "${node.name}"`);
    if (node.name === 'timestamp' && first.kind === 'selector') {
      return vector(merged(selectNewest(first, evaluation, true).map(nameless)));
    }
    return onValues(node.name, visit(first), others.map(visit));
  }

  function overTime({ name, args: [of, ...rest] }: Call, over: OverTime): Value {
    const rows = rest.length > 0 ? undefined : rangeOf(of, over, evaluation);
    if (rows === undefined) throw badData(`expected type range vector in call to function "${name}"`);
    if (name === 'last_over_time') return vector(rows);
    const unnamed = rows.map(nameless);
    if (new Set(unnamed.map(({ labels }) => keyOf(labels))).size < rows.length) {
      throw failedExecution('vector cannot contain metrics with the same labelset');
    }
    return vector(unnamed);
  }

  return visit(expression);
}

function rangeOf(of: Expression | undefined, over: OverTime, evaluation: Evaluation): Row[] | undefined {
  if (of?.kind === 'selector' && of.range !== undefined)
    return selectRange({ ...of, range: of.range }, evaluation, over);
  if (of?.kind !== 'subquery') return undefined;
  const times = looksOf(of, evaluation.times);
  const value = times.length === 0 ? vector([]) : evaluate(of.of, { ...evaluation, times });
  return foldLooks(rowsOf(value, 'subquery'), { ...of, times, steps: evaluation.times }, over);
}

const vector = (rows: readonly Row[]): Value => ({ type: 'vector', rows });

const nameless = (row: Row): Row => ({ ...row, labels: withoutName(row.labels) });

function scalar({ times }: Evaluation, value: (time: number) => number): Value {
  return { type: 'scalar', values: Float64Array.from(times, value) };
}

function onValues(name: string, first: Value, others: readonly Value[]): Value {
  if (name === 'vector') {
    const values = numbersOf(first, name);
    return vector([{ labels: {}, values, present: new Uint8Array(values.length).fill(1) }]);
  }
  const elementwise = ELEMENTWISE[name];
  if (elementwise !== undefined) {
    const numbers = others.map((other) => numbersOf(other, name));
    const change = (value: number, step: number) => elementwise(value, ...numbers.map((each) => each[step] ?? 0));
    return vector(mapValues(rowsOf(first, name), change));
  }
  const texts = others.map((other) => {
    if (other.type !== 'text') throw badData(`the sandbox does not know this call of "${name}"`);
    return other.text;
  });
  if (name === 'label_replace' && texts.length === 4) return vector(replaceLabel(rowsOf(first, name), texts));
  if (name === 'label_join' && texts.length > 1) return vector(joinLabels(rowsOf(first, name), texts));
  throw badData(`the sandbox does not know this function: "${name}"`);
}

function negated(value: Value): Value {
  if (value.type === 'scalar') return { type: 'scalar', values: value.values.map((number) => -number) };
  return vector(mapValues(rowsOf(value, 'unary expression'), (number) => -number));
}

function operated(node: Binary, left: Value, right: Value): Value {
  const { operator, bool } = node;
  const isSet = operator === 'and' || operator === 'or' || operator === 'unless';
  if (left.type === 'vector' && right.type === 'vector') {
    return vector(isSet ? combineSets(node, left.rows, right.rows) : combine(node, left.rows, right.rows));
  }
  if (isSet) throw badData(`set operator "${operator}" not allowed in binary scalar expression`);
  if (left.type === 'vector') {
    const numbers = numbersOf(right, operator);
    return withNumbers(node, left.rows, (value, step) => operate(operator, bool, value, numbers[step] ?? Number.NaN));
  }
  const numbers = numbersOf(left, operator);
  if (right.type === 'vector') {
    return withNumbers(node, right.rows, (value, step) =>
      operate(operator, bool, numbers[step] ?? Number.NaN, value, value),
    );
  }
  if (operator in COMPARISONS && !bool) throw badData('comparisons between scalars must use BOOL modifier');
  const others = numbersOf(right, operator);
  return {
    type: 'scalar',
    values: numbers.map((value, step) => operate(operator, bool, value, others[step] ?? Number.NaN) ?? Number.NaN),
  };
}

function withNumbers(
  { operator, bool }: Binary,
  rows: readonly Row[],
  change: (value: number, step: number) => number | undefined,
): Value {
  const labelsOf = ({ labels }: Row) => (dropsName(operator, bool) ? withoutName(labels) : labels);
  return vector(merged(rows.map((row) => mapRow(row, labelsOf(row), change))));
}

function rowsOf(value: Value, where: string): readonly Row[] {
  if (value.type !== 'vector') throw badData(`expected type instant vector in ${where}, got ${value.type}`);
  return value.rows;
}

function numbersOf(value: Value, where: string): Float64Array {
  if (value.type !== 'scalar') throw badData(`expected type scalar in ${where}, got ${value.type}`);
  return value.values;
}
