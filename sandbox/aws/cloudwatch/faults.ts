/** Pages of GetMetricData that look good and are not. */

import type { Fault } from '../../wire/faults.ts';
import type { MetricDataPage, MetricDataResult } from './protocol.ts';

/** `token` is a next token of the same request. */
export function spoilPage(page: MetricDataPage, { kind }: Fault, token: string): MetricDataPage {
  switch (kind) {
    case 'truncated':
      return truncatePage(page);
    case 'endless':
      return { ...page, NextToken: token };
    case 'mismatched':
      return { ...page, MetricDataResults: page.MetricDataResults.map(dropValue) };
    case 'absurd':
      return { ...page, MetricDataResults: page.MetricDataResults.map(inflate) };
    case 'misaligned':
      return { ...page, MetricDataResults: page.MetricDataResults.map(delay) };
    default:
      return page;
  }
}

/** The page ends within the result in its middle; what comes after was never sent, and there is no next token. */
function truncatePage({ MetricDataResults: results }: MetricDataPage): MetricDataPage {
  const middle = Math.floor(results.length / 2);
  return { MetricDataResults: results.slice(0, middle + 1).map((result, i) => (i < middle ? result : halve(result))) };
}

function halve(result: MetricDataResult): MetricDataResult {
  const half = Math.floor(result.Values.length / 2);
  return {
    ...result,
    Timestamps: result.Timestamps.slice(0, half),
    Values: result.Values.slice(0, half),
    StatusCode: 'PartialData',
  };
}

function dropValue(result: MetricDataResult): MetricDataResult {
  return { ...result, Values: result.Values.slice(1) };
}

function inflate(result: MetricDataResult): MetricDataResult {
  return { ...result, Values: result.Values.map((value) => 10 * value) };
}

function delay(result: MetricDataResult): MetricDataResult {
  return { ...result, Timestamps: result.Timestamps.map((time) => time + 60) };
}
