/** How an inspection of one account and region is named where its plan, its progress and its results are kept. */
import * as z from 'zod';
import { TRIGGERS } from './message.ts';
import { scopeSchema } from './series.ts';
import { tenantIdSchema } from './tenant.ts';

export const runRefSchema = z
  .strictObject({
    tenant: tenantIdSchema,
    scope: scopeSchema,
    trigger: z.enum(TRIGGERS),
    /** When it was due, epoch milliseconds: results are kept by its day (UTC). */
    scheduledTime: z.int(),
    /** Of a request; null of a run of the schedule, which its scheduled time names. */
    request: z.string().nullable(),
  })
  .readonly();

export type RunRef = z.output<typeof runRefSchema>;

/** Names the run within its account and region: `20261129T050000Z`, and for a request `20261129T050000Z.<id>`. */
export function runName({ scheduledTime, request }: Pick<RunRef, 'scheduledTime' | 'request'>): string {
  const slot = `${new Date(scheduledTime).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`;
  return request === null ? slot : `${slot}.${encodeURIComponent(request)}`;
}

/** Names the run among all: tenant, scope and name. */
export function runId(run: RunRef): string {
  const { tenant, scope } = run;
  return [tenant, scope.provider, scope.account, scope.region ?? '', runName(run)].map(encodeURIComponent).join('/');
}
