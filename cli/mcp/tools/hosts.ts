/** Tools about hosts. */
import * as z from 'zod';
import { type ApiClient, segment } from '../api-client.ts';
import { chosenTenant, namedHost } from './subject.ts';
import { defineTool, type Tool, tenantInput } from './tool.ts';
import { attribution, check, exhaustion, host, interval, vote } from './views.ts';

const VERDICTS = ['leaking', 'steady', 'insufficient_data', 'not_monitored', 'unreadable'] as const;

const hostRow = host.extend({
  asOf: z.string(),
  verdict: z.string(),
  grade: z.string().nullable(),
  confidence: z.number().nullable(),
  decidedBy: z.string().nullable(),
  unit: z.string().nullable(),
  level: z.number().nullable(),
  growth: z.number().nullable(),
  since: z.string().nullable(),
  exhaustion: exhaustion.nullable(),
  reason: z.string().nullable(),
  detail: z.string().nullable(),
});

const hostsPage = z.object({
  items: z.array(hostRow),
  cursor: z.string().nullable(),
  total: z.number().nullable(),
  unreadable: z.array(z.string()),
});

const curve = z.object({ start: z.string(), periodSeconds: z.number(), values: z.array(z.number().nullable()) });

const memory = z.object({
  host,
  readAt: z.string(),
  unit: z.string(),
  window: z.object({ start: z.string(), end: z.string() }),
  verdict: z.string(),
  grade: z.string().nullable(),
  confidence: z.number().nullable(),
  requiredConfidence: z.number().nullable(),
  level: z.number().nullable(),
  growth: interval.nullable(),
  exhaustion: exhaustion.nullable(),
  exhaustionUnknown: z.string().nullable(),
  restarts: z.array(z.string()),
  votes: z.array(vote),
  decidedBy: z.string().nullable(),
  checks: z.array(check),
  attribution: attribution.nullable(),
  unreadable: z.array(z.string()),
  cost: z.object({ calls: z.number(), metrics: z.number(), usd: z.number() }),
});

/** As the API answers it. */
const memoryAnswer = memory.extend({
  samples: z.object({ times: z.array(z.number()), values: z.array(z.number()) }),
});

export function hostTools(client: ApiClient): Tool[] {
  return [findings(client), hostMemory(client)];
}

function findings(client: ApiClient): Tool {
  return defineTool({
    name: 'findings',
    title: 'Findings',
    description:
      'Hosts as the newest inspections left them, those that grow like a leak first. Growth is per hour; with the unit 1 growth and level are fractions of the memory, with By bytes.',
    input: {
      tenant: tenantInput,
      verdict: z.array(z.enum(VERDICTS)).max(5).default(['leaking']),
      group: z.string().max(300).optional(),
      text: z.string().max(200).optional().describe('In the id, the name or the group.'),
      limit: z.number().int().min(1).max(200).default(50),
      cursor: z.string().max(2000).optional().describe('Of the page before.'),
    },
    output: hostsPage,
    answer: async ({ tenant, verdict, ...query }) =>
      client.get(`/tenants/${segment(await chosenTenant(client, tenant))}/hosts`, hostsPage, {
        ...query,
        verdict: verdict.join(','),
      }),
  });
}

function hostMemory(client: ApiClient): Tool {
  return defineTool({
    name: 'host_memory',
    title: 'Memory of a host',
    description:
      'Reads the memory of one host from its cloud now, with verdict, checks, and the processes or pods that grew. It costs some requests at the provider, which count towards the cost cap: prefer explain_incident.',
    readsProvider: true,
    input: {
      tenant: tenantInput,
      host: z.string().min(1).max(2800).describe('The ref, id or name of a host.'),
      lookbackHours: z.int().min(9).max(336).optional(),
    },
    output: memory.extend({ curve: curve.nullable() }),
    async answer({ tenant, host: name, lookbackHours }) {
      const { tenant: of, ref } = await namedHost(client, tenant, name);
      const path = `/tenants/${segment(of)}/hosts/${segment(ref)}/memory`;
      const { samples, ...read } = await client.get(path, memoryAnswer, { lookbackHours });
      return { ...read, curve: thinned(samples, read.window) };
    },
  });
}

const POINTS = 48;

/** The least of each of some spans of the window; null where it has no sample. */
function thinned(
  { times, values }: z.output<typeof memoryAnswer>['samples'],
  window: { readonly start: string; readonly end: string },
): z.output<typeof curve> {
  const start = Date.parse(window.start) / 1000;
  const periodSeconds = Math.max(1, (Date.parse(window.end) / 1000 - start) / POINTS);
  const least: (number | null)[] = Array.from({ length: POINTS }, () => null);
  for (const [index, time] of times.entries()) {
    const slot = Math.floor((time - start) / periodSeconds);
    const value = values[index];
    if (value === undefined || slot < 0 || slot >= POINTS) continue;
    least[slot] = Math.min(least[slot] ?? Number.POSITIVE_INFINITY, value);
  }
  return { start: window.start, periodSeconds, values: least };
}
