/** CloudWatch in AWS JSON 1.0: picks the action and turns refusals into the service's errors. */
import * as z from 'zod';
import type { Answer } from '../../wire/answer.ts';
import { errorAnswer, jsonAnswer } from '../answers.ts';
import type { SandboxRequest } from '../request.ts';
import { countMetrics, getMetricData } from './get-metric-data.ts';
import { listMetrics } from './list-metrics.ts';
import { type CloudWatchContext, CloudWatchError } from './protocol.ts';

export function answerCloudWatch(request: SandboxRequest, context: CloudWatchContext): Answer {
  try {
    switch (request.action) {
      case 'GetMetricData':
        return jsonAnswer(getMetricData(parseBody(request), context));
      case 'ListMetrics':
        return jsonAnswer(listMetrics(parseBody(request), context));
      default:
        return errorAnswer('cloudwatch', {
          status: 400,
          code: 'InvalidAction',
          message: `No action ${request.action}`,
        });
    }
  } catch (error) {
    if (error instanceof CloudWatchError) return errorAnswer('cloudwatch', error.answer);
    if (error instanceof z.ZodError || error instanceof SyntaxError) {
      return errorAnswer('cloudwatch', { status: 400, code: 'SerializationException', message: error.message });
    }
    throw error;
  }
}

/** Metrics that the request would be billed for. */
export function billedMetrics(request: SandboxRequest): number {
  return request.service === 'cloudwatch' && request.action === 'GetMetricData' ? countMetrics(parseBody(request)) : 0;
}

function parseBody(request: SandboxRequest): unknown {
  return JSON.parse(request.body.toString());
}
