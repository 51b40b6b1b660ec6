/** Tools about a fleet. */
import * as z from 'zod';
import { type ApiClient, segment } from '../api-client.ts';
import { chosenTenant, tenantsOf } from './subject.ts';
import { defineTool, type Tool, tenantInput } from './tool.ts';
import { exhaustion, host } from './views.ts';

const hostCounts = z.object({
  known: z.number(),
  inspected: z.number(),
  notMonitored: z.number(),
  unreadable: z.number(),
  notDue: z.number(),
  stopped: z.number(),
});

const overview = z.object({
  tenant: z.string(),
  name: z.string().nullable(),
  enabled: z.boolean(),
  asOf: z.string(),
  shadowUntil: z.string().nullable(),
  incidents: z.object({
    open: z.number(),
    suspected: z.number(),
    watched: z.number(),
    recovered: z.number(),
    unacknowledged: z.number(),
  }),
  hosts: hostCounts,
  accounts: z.array(
    z.object({
      provider: z.string(),
      account: z.string(),
      enabled: z.boolean(),
      regions: z.array(
        z.object({
          region: z.string(),
          state: z.string(),
          message: z.string().nullable(),
          lastRun: z.string().nullable(),
          nextRun: z.string().nullable(),
        }),
      ),
    }),
  ),
  soonest: z.array(z.object({ host, severity: z.string(), exhaustion })),
  spend: z.object({ month: z.string(), spentUsd: z.number(), projectedUsd: z.number(), capUsd: z.number().nullable() }),
  unreadable: z.array(z.string()),
});

const coverage = z.object({
  asOf: z.string(),
  hosts: hostCounts,
  gaps: z.array(
    z.object({
      provider: z.string(),
      account: z.string(),
      region: z.string().nullable(),
      reason: z.string(),
      message: z.string(),
      hosts: z.number(),
      examples: z.array(host),
      snippet: z.object({ language: z.string(), text: z.string() }).nullable(),
    }),
  ),
  missing: z.array(z.object({ provider: z.string(), account: z.string(), region: z.string(), message: z.string() })),
});

/** Tenants whose state is read where none is named. */
const MOST_TENANTS = 10;

export function fleetTools(client: ApiClient): Tool[] {
  return [status(client), coverageTool(client)];
}

function status(client: ApiClient): Tool {
  return defineTool({
    name: 'status',
    title: 'State of the fleet',
    description:
      'Tenants, and of each how its fleet is: incidents, inspections that are overdue or failing, hosts that may be full first, what a month costs.',
    input: { tenant: tenantInput },
    output: z.object({ tenants: z.array(overview), others: z.array(z.string()) }),
    async answer({ tenant }) {
      const all = tenant === undefined ? (await tenantsOf(client)).map((one) => one.tenant) : [tenant];
      const shown = all.slice(0, MOST_TENANTS);
      const tenants: z.output<typeof overview>[] = [];
      for (const one of shown) tenants.push(await client.get(`/tenants/${segment(one)}/overview`, overview));
      return { tenants, others: all.slice(MOST_TENANTS) };
    },
  });
}

function coverageTool(client: ApiClient): Tool {
  return defineTool({
    name: 'coverage',
    title: 'What is not monitored',
    description: 'Hosts of which nothing is known, why, and the settings or commands that change it.',
    input: { tenant: tenantInput },
    output: coverage,
    answer: async ({ tenant }) =>
      client.get(`/tenants/${segment(await chosenTenant(client, tenant))}/coverage`, coverage),
  });
}
