/** How the API is reached, by whom, and what it may do. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { type SessionUse, tenantPolicy } from '../../../../adapters/aws/tenant-policy.ts';
import { IAM_ROUTE } from '../../../../api/auth/iam.ts';
import { namesIn, type PackagedService } from './packaged-service.ts';
import { functionOf, ofType, referenceOf, resourceOf } from './template.ts';
import { rightsOf } from './wildcards.ts';

/** @param packaged The service, once it is packaged. */
export function itServesTheApi(packaged: () => PackagedService): void {
  const template = () => packaged().template;

  describe('the API of the packaged service', () => {
    it('lets IAM decide below /iam, and its function everywhere else', () => {
      const routes = ofType(template(), 'AWS::ApiGatewayV2::Route').filter(
        ([, { Properties }]) => referenceOf(Properties['ApiId']) === 'Api',
      );

      expect(routes.map(([, { Properties }]) => [Properties['RouteKey'], Properties['AuthorizationType']])).toEqual([
        ['$default', 'NONE'],
        [IAM_ROUTE, 'AWS_IAM'],
      ]);
    });

    it('admits no other origin, and not every number of requests', () => {
      const { Properties } = resourceOf(template(), 'Api');
      const { DefaultRouteSettings } = resourceOf(template(), 'ApiStage').Properties;

      expect(Properties).not.toHaveProperty('CorsConfiguration');
      expect(DefaultRouteSettings).toMatchObject({ ThrottlingRateLimit: 50, ThrottlingBurstLimit: 100 });
    });

    it('logs who requested what, and neither tokens nor queries', () => {
      const { AccessLogSettings } = resourceOf(template(), 'ApiStage').Properties;
      const { DestinationArn, Format } = z
        .object({ DestinationArn: z.unknown(), Format: z.string() })
        .parse(AccessLogSettings);

      expect(referenceOf(DestinationArn)).toBe('ApiAccessLogGroup');
      expect(Object.keys(JSON.parse(Format))).toEqual(expect.arrayContaining(['requestId', 'ip', 'path', 'status']));
      expect(Format).not.toMatch(/uthorization|queryString|header/);
    });

    it('invokes its function alone, which answers before the gateway gives up', () => {
      const { SourceArn, Principal } = resourceOf(template(), 'ApiPermission').Properties;

      expect(Principal).toBe('apigateway.amazonaws.com');
      expect(referenceOf(SourceArn)).toMatch(/:\$\{Api\}\/\*$/);
      expect(functionOf(template(), 'api')['Timeout']).toBeLessThan(30);
    });

    it('takes tokens of nobody until issuers are listed', () => {
      const { Environment } = functionOf(template(), 'api');

      expect(Environment).toMatchObject({ Variables: { API_ISSUERS: '[]' } });
      expect(JSON.stringify(Environment)).not.toContain('PLIMSOLL_TEST');
    });

    it('has the page beside its bundle, and no other function has', async () => {
      const archives = Object.keys(packaged().bundles).map(
        (name) => [name, join(packaged().folder, '.serverless', `${name}.zip`)] as const,
      );

      const withPage: string[] = [];
      for (const [name, archive] of archives)
        if ((await namesIn(archive)).includes('dist/console/index.html')) withPage.push(name);
      expect(withPage).toEqual(['api']);
    });
  });

  describe('the roles of the API', () => {
    const conditionsOf = (role: string) =>
      rightsOf(template())
        .filter(({ resource, statement }) => resource === role && statement.Principal === undefined)
        .map(({ statement }) => [statement.Sid, statement['Condition']]);

    it('read by themselves who may do what and which tenants there are, and nothing of a tenant', () => {
      const keys = (patterns: string[]) => ({ 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': patterns } });

      expect(Object.fromEntries(conditionsOf('ApiRole'))).toMatchObject({
        KeepGrants: keys(['ACCESS#*', 'GRANTS#*']),
        ListTenants: keys(['TENANTS']),
      });
    });

    it('are assumed by the function of the API and nobody else', () => {
      const trust = rightsOf(template()).filter(
        ({ resource, statement }) => resource === 'ApiTenantRole' && statement.Principal !== undefined,
      );

      expect(trust.map(({ statement }) => statement.Principal)).toEqual([
        { AWS: { 'Fn::GetAtt': ['ApiRole', 'Arn'] } },
      ]);
    });

    it.each(['read', 'write', 'config'] as const)('allow all that a session narrows for %s', (use) => {
      const granted = new Set(actionsOf('ApiTenantRole'));

      const needed = actionsIn(use).filter((action) => !action.startsWith('kms:'));
      expect(needed.filter((action) => !granted.has(action))).toEqual([]);
    });

    it('allow nothing that no session uses', () => {
      const used = new Set((['read', 'write', 'config'] as const).flatMap(actionsIn));

      expect(actionsOf('ApiTenantRole').filter((action) => !used.has(action))).toEqual([]);
    });

    const actionsOf = (role: string) =>
      rightsOf(template())
        .filter(({ resource, statement }) => resource === role && statement.Principal === undefined)
        .flatMap(({ statement: { Action } }) => z.union([z.string(), z.array(z.string())]).parse(Action));
  });
}

const policySchema = z.object({ Statement: z.array(z.object({ Action: z.array(z.string()) })) });

function actionsIn(use: SessionUse): string[] {
  const arn = 'arn:aws:service:region:account:name';
  const policy = tenantPolicy('acme', use, {
    tableArn: arn,
    configsTableArn: arn,
    bucketArn: arn,
    keyArn: arn,
    topicArnPrefix: arn,
    requestQueueArn: arn,
  });
  return policySchema.parse(JSON.parse(policy)).Statement.flatMap(({ Action }) => Action);
}
