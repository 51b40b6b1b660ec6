/** Inspections on demand, and results as they are kept. */
import * as z from 'zod';
import { ACCOUNT_PROVIDERS } from '../../core/model/series.ts';
import { count, hostView, provider, severity, time } from './places.ts';
import type { Route } from './route.ts';

export const inspectionBody = z.strictObject({
  provider: z.enum(ACCOUNT_PROVIDERS).optional(),
  account: z.string().min(1).max(200).optional(),
  regions: z.array(z.string().max(200)).min(1).max(100).optional(),
  /** Ids, names or patterns. */
  hosts: z.array(z.string().min(1).max(300)).min(1).max(100).optional(),
  group: z.string().min(1).max(300).optional(),
  lookBackHours: z.number().min(6).max(336).optional(),
});

export const inspectionView = z.strictObject({
  id: z.string(),
  /** `waiting`: not dispatched yet; `running`: some regions have no result. */
  state: z.enum(['waiting', 'running', 'complete', 'partial', 'refused', 'skipped']),
  reason: z.string().nullable(),
  regions: z.array(
    z.strictObject({
      provider,
      account: z.string(),
      region: z.string().nullable(),
      outcome: z.string().nullable(),
      reason: z.string().nullable(),
      hosts: count.nullable(),
      findings: z.array(z.strictObject({ host: hostView, severity, grade: z.string(), summary: z.string() })),
      found: count,
      costUsd: z.number().nullable(),
    }),
  ),
  requestedAt: time.nullable(),
});
export type InspectionView = z.output<typeof inspectionView>;

export const INSPECTION_ROUTES = [
  {
    id: 'requestInspection',
    method: 'post',
    path: '/tenants/{tenant}/inspections',
    tag: 'inspections',
    summary: 'Inspect now; counted against the cost cap',
    role: 'operator',
    body: inspectionBody,
    answer: z.strictObject({ id: z.string() }),
    status: 202,
  },
  {
    id: 'getInspection',
    method: 'get',
    path: '/tenants/{tenant}/inspections/{inspection}',
    tag: 'inspections',
    summary: 'How it goes, and what it found',
    role: 'viewer',
    answer: inspectionView,
  },
  {
    id: 'exportResults',
    method: 'get',
    path: '/tenants/{tenant}/results',
    tag: 'inspections',
    summary: 'Lines of the newest run of an account and region as NDJSON',
    role: 'viewer',
    query: z.object({ provider, account: z.string().max(200), region: z.string().max(200), at: time.optional() }),
    mediaType: 'application/x-ndjson',
  },
] as const satisfies readonly Route[];
