/** The OpenAPI document of the HTTP API, made of its contract: what the server is mounted from. */
import * as z from 'zod';
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from 'zod-openapi';
import { grantView } from '../api/contract/access.ts';
import { alertsView, configView, policyTestView, previewView } from '../api/contract/config.ts';
import { hostMemoryView, hostRow, sparklineView } from '../api/contract/hosts.ts';
import { eventView, incidentRow, incidentView, relatedView } from '../api/contract/incidents.ts';
import { inspectionView } from '../api/contract/inspections.ts';
import { labelView, muteView } from '../api/contract/marks.ts';
import { curveView, exhaustionView, hostView } from '../api/contract/places.ts';
import { type Method, problemSchema, type Route } from '../api/contract/route.ts';
import { ROUTES } from '../api/contract/routes.ts';
import { coverageView, meView, overviewView, signInView } from '../api/contract/tenants.ts';
import { notificationSchema } from '../core/model/notification.ts';

/** Schemas that clients see under a name; all others stand where they are used. */
const SCHEMAS = {
  Problem: problemSchema,
  Host: hostView,
  HostRow: hostRow,
  HostMemory: hostMemoryView,
  Sparkline: sparklineView,
  Exhaustion: exhaustionView,
  Curve: curveView,
  Notification: notificationSchema,
  IncidentRow: incidentRow,
  Incident: incidentView,
  IncidentEvent: eventView,
  Related: relatedView,
  Mute: muteView,
  Label: labelView,
  Overview: overviewView,
  Coverage: coverageView,
  Config: configView,
  ConfigPreview: previewView,
  Alerts: alertsView,
  PolicyTest: policyTestView,
  Inspection: inspectionView,
  SignIn: signInView,
  Me: meView,
  Grant: grantView,
};

const TAGS: Readonly<Record<string, string>> = {
  session: 'How to sign in, and who is signed in',
  fleet: 'The state of a fleet, its runs and its coverage',
  hosts: 'Hosts as the newest runs left them, and their memory as their cloud holds it now',
  incidents: 'Incidents, their log, and what people do about them',
  'mutes and labels': 'What holds notifications back',
  config: 'Configs, their versions, and who is notified of what',
  inspections: 'Inspections on demand, and results',
  access: 'Who may do what, and who changed what',
};

/** The problems that every route may answer with, by when. */
const PROBLEMS: readonly (readonly [status: string, description: string, when: (route: Route) => boolean])[] = [
  ['400', 'A field of the request is not valid: `issues` names each', (route) => hasInput(route)],
  ['401', 'No token, or one that does not hold', ({ role }) => role !== 'public'],
  ['403', 'The role is too low, or a page of another origin sent it', (route) => isOfTenant(route)],
  ['404', 'It does not exist, or the caller may not see it', (route) => isOfTenant(route)],
  ['409', 'It is over, or being deleted', (route) => isWrite(route)],
  ['412', 'Another version is the newest by now', (route) => isWrite(route) && route.etag === true],
  ['413', 'The body has more than a megabyte', ({ body }) => body !== undefined],
  ['415', 'The body is not JSON', ({ body }) => body !== undefined],
  ['422', 'It is valid, and cannot be done', (route) => hasInput(route)],
  ['428', 'If-Match is missing', (route) => isWrite(route) && route.etag === true],
  ['429', 'Too many requests, or the cost cap of the month is used up', ({ role }) => role !== 'public'],
  ['500', 'Something failed that nobody expected', () => true],
  ['503', 'A store or another part of the deployment did not answer', ({ role }) => role !== 'public'],
];

/** OpenAPI 3.1. The same contract makes the same document. */
export function openApiDocument(): object {
  const document = createDocument(
    {
      openapi: '3.1.0',
      info: {
        title: 'Plimsoll',
        version: '1',
        description:
          'Finds hosts whose memory grows like a leak. Times are ISO 8601 in UTC; errors are RFC 9457. See docs/api.md.',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      servers: [
        { url: '/api/v1', description: 'With a token of an issuer that the operator has listed' },
        { url: '/iam/api/v1', description: 'With requests that are signed by AWS credentials' },
      ],
      tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
      paths: pathsOf(ROUTES),
      components: {
        securitySchemes: {
          bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
          sigv4: {
            type: 'apiKey',
            in: 'header',
            name: 'Authorization',
            description: 'AWS Signature Version 4 of the service execute-api',
          },
        },
        schemas: SCHEMAS,
      },
    },
    {
      override: ({ jsonSchema, zodSchema }) => describeCustom(jsonSchema, zodSchema),
      allowEmptySchema: { custom: true },
    },
  );
  return document;
}

/** Custom schemas state theirs as metadata, which the library leaves to us. */
function describeCustom(jsonSchema: object, zodSchema: z.core.$ZodType): void {
  if (zodSchema._zod.def.type === 'custom') Object.assign(jsonSchema, z.globalRegistry.get(zodSchema));
}

function pathsOf(routes: readonly Route[]): ZodOpenApiPathsObject {
  const paths: Record<string, Partial<Record<Method, ZodOpenApiOperationObject>>> = {};
  for (const route of routes) paths[route.path] = { ...paths[route.path], [route.method]: operationOf(route) };
  return paths;
}

function operationOf(route: Route): ZodOpenApiOperationObject {
  const { id, tag, summary, role, body, query } = route;
  const path = pathSchema(route);
  return {
    operationId: id,
    tags: [tag],
    summary,
    description:
      role === 'public' ? 'Needs no token.' : role === 'caller' ? 'Needs any role.' : `Needs the role ${role}.`,
    security: role === 'public' ? [] : [{ bearer: [] }, { sigv4: [] }],
    requestParams: {
      ...(path && { path }),
      ...(query && { query }),
      ...(isWrite(route) && route.etag === true && { header: IF_MATCH }),
    },
    ...(body && { requestBody: { required: true, content: { 'application/json': { schema: body } } } }),
    responses: { [String(route.status ?? 200)]: answerOf(route), ...problemsOf(route) },
  };
}

const IF_MATCH = z.object({ 'If-Match': z.string().meta({ description: 'The ETag of the config that was seen' }) });

/** Parts of the address are opaque, but for the tenant. */
function pathSchema({ path }: Route): z.ZodObject | undefined {
  const names = [...path.matchAll(/\{(\w+)\}/g)].flatMap(([, name]) => name ?? []);
  return names.length === 0 ? undefined : z.object(Object.fromEntries(names.map((name) => [name, z.string()])));
}

function answerOf({ answer, mediaType, summary, etag }: Route) {
  const headers = etag === true ? { headers: z.object({ ETag: z.string() }) } : {};
  if (answer !== undefined)
    return { description: summary, ...headers, content: { 'application/json': { schema: answer } } };
  if (mediaType === undefined) return { description: 'Done' };
  return { description: summary, content: { [mediaType]: { schema: z.string() } } };
}

function problemsOf(route: Route) {
  const content = { 'application/problem+json': { schema: problemSchema } };
  const own = PROBLEMS.filter(([, , when]) => when(route));
  return Object.fromEntries(own.map(([status, description]) => [status, { description, content }]));
}

function hasInput({ body, query }: Route): boolean {
  return body !== undefined || query !== undefined;
}

function isOfTenant({ path }: Route): boolean {
  return path.startsWith('/tenants/{tenant}');
}

function isWrite({ method }: Route): boolean {
  return method !== 'get';
}
