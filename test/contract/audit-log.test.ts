/** The suite of audit logs: kept by the one in memory, and broken by each that lies. */
import { describe, expect, it } from 'vitest';
import type { AuditLog } from '../../core/ports/audit-log.ts';
import { createMemoryAuditLog } from '../memory/stores.ts';
import { auditLogChecks } from './audit-log.ts';
import { brokenPromises, itKeeps } from './check.ts';

describe('the audit log in memory', () => {
  itKeeps(auditLogChecks, createMemoryAuditLog);
});

type Lie = (honest: AuditLog) => Partial<AuditLog>;

const LIES: readonly [string, Lie][] = [
  ['shows the entries of another tenant', ({ put }) => ({ put: (entry) => put({ ...entry, tenant: 'listed' }) })],
  ['keeps beginnings', ({ put }) => ({ put: (entry) => put({ ...entry, id: entry.id + entry.outcome }) })],
  ['begins again with each page', ({ list }) => ({ list: (tenant, { limit }) => list(tenant, { limit }) })],
  ['never ends', ({ list }) => ({ list: async (...asked) => ({ ...(await list(...asked)), cursor: '1' }) })],
];

describe('the suite of audit logs', () => {
  it.each(LIES)('catches one that %s', async (_, lie) => {
    const liar = () => {
      const honest = createMemoryAuditLog();
      return { ...honest, ...lie(honest) };
    };

    expect(await brokenPromises(auditLogChecks, liar)).not.toEqual([]);
  });
});
