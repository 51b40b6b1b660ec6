/** Whom AWS IAM has let invoke the API: the signature was checked by the gateway, which alone writes the event. */
import * as z from 'zod';
import { parseInput } from '../../core/model/issues.ts';
import type { Principal } from '../ports.ts';

/** The one route with the authoriser AWS_IAM (infra/api.js). */
export const IAM_ROUTE = 'ANY /iam/{proxy+}';

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html, payload 2.0 */
const environmentSchema = z.object({
  event: z.object({
    routeKey: z.literal(IAM_ROUTE),
    requestContext: z.object({
      authorizer: z.object({ iam: z.object({ userArn: z.string().startsWith('arn:').max(2048) }) }),
    }),
  }),
});

/** An admin of every tenant: that he may invoke this route was allowed to him by IAM. */
export function iamPrincipal(environment: unknown): Principal | undefined {
  const parsed = parseInput(environmentSchema, environment);
  if (!parsed.success) return undefined;
  return { kind: 'iam', name: parsed.data.event.requestContext.authorizer.iam.userArn, roles: { '*': 'admin' } };
}
