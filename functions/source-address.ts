/** From which network address a request came, as the gateway states it. */
import * as z from 'zod';
import { parseInput } from '../core/model/issues.ts';

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html, payload 2.0 */
const environmentSchema = z.object({
  event: z.object({ requestContext: z.object({ http: z.object({ sourceIp: z.string().min(1).max(100) }) }) }),
});

/** Undefined where it is not stated. No header decides: a caller writes those. */
export function sourceAddress(environment: unknown): string | undefined {
  const parsed = parseInput(environmentSchema, environment);
  return parsed.success ? parsed.data.event.requestContext.http.sourceIp : undefined;
}
