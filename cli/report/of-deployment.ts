/** The report about an incident, or about the incidents of a run, of a deployment: asked of the API in this process, with the user's own credentials. */
import type { Hono } from 'hono';
import { API_ROOT } from '../../api/app.ts';
import { type IncidentRow, incidentRow } from '../../api/contract/incidents.ts';
import { pageOf, problemSchema } from '../../api/contract/route.ts';
import { meView, runView } from '../../api/contract/tenants.ts';
import { PlimsollError } from '../../core/ports/errors.ts';
import type { CommandContext } from '../context.ts';
import { type DeploymentOptions, deploymentArguments } from '../deployment.ts';
import { openDeploymentApi } from '../local-api/deployment.ts';
import { PLIMSOLL } from '../program.ts';
import { harmless } from '../render/text.ts';
import { UsageError } from '../usage-error.ts';
import { type Answered, type Ask, byUrgency, type Collected, collectReport } from './collect.ts';

export interface DeploymentReportOptions extends DeploymentOptions {
  readonly tenant?: string;
}

/** The API did not answer what a report needs. */
class ReportError extends PlimsollError {}

interface Subject {
  readonly tenant: string;
  readonly title: string;
  readonly refs: readonly string[];
}

export interface DeploymentReport extends Collected {
  readonly tenant: string;
  readonly title: string;
}

/** A run of the schedule is named by when it was due: `20261129T050000Z`; of a request its id follows. */
const RUN = /^\d{8}T\d{6}Z(\..+)?$/;

/** Throws `UsageError` where nothing, or more than one incident, has the name; `ReportError` where the API fails. */
export async function reportOfDeployment(
  name: string,
  options: DeploymentReportOptions,
  context: CommandContext,
): Promise<DeploymentReport> {
  const { api } = await openDeploymentApi(options, context);
  return reportOfApi(name, api, options, context);
}

/** The same, of a deployment whose API is open. */
export async function reportOfApi(
  name: string,
  api: Hono,
  options: DeploymentReportOptions,
  { terminal, now }: Pick<CommandContext, 'terminal' | 'now'>,
): Promise<DeploymentReport> {
  const ask = askOf(api);
  terminal.progress(`looking for ${harmless(name)} …`);
  const { tenants } = meView.parse(await answerTo(ask, '/me'));
  const names = tenants.map(({ tenant }) => tenant);
  const subject = RUN.test(name) ? await runNamed(name, names, ask) : await incidentNamed(name, names, ask);
  if (subject === undefined) throw new UsageError(noneText(name, options));
  const { tenant, title, refs } = subject;
  const onStep = (done: number, of: number) => terminal.progress(`reading incident ${done + 1} of ${of} …`);
  return { tenant, title, ...(await collectReport(ask, { tenant, refs, now, onStep })) };
}

function askOf(api: Hono): Ask {
  return async (address): Promise<Answered> => {
    const response = await api.request(`${API_ROOT}${address}`);
    const content: unknown = await response.json();
    if (response.ok) return { answer: content };
    const problem = problemSchema.safeParse(content);
    const unknown = { type: 'about:blank', title: 'Failed', status: response.status, detail: 'The API failed.' };
    return { problem: problem.success ? problem.data : unknown };
  };
}

async function answerTo(ask: Ask, address: string): Promise<unknown> {
  const answered = await ask(address);
  if ('problem' in answered) throw new ReportError(answered.problem.detail);
  return answered.answer;
}

const PAGE = 200;
const STATUSES = ['open,suspected,watched', 'closed'] as const;
const incidentPage = pageOf(incidentRow);
const runPage = pageOf(runView);

/** By id, short id, or id or name of its host; those that go on before those that are over. */
async function incidentNamed(name: string, tenants: readonly string[], ask: Ask): Promise<Subject | undefined> {
  for (const status of STATUSES) {
    const found: { tenant: string; row: IncidentRow }[] = [];
    for (const tenant of tenants) {
      for await (const row of listed(
        `/tenants/${tenant}/incidents?limit=${PAGE}&status=${status}`,
        incidentPage,
        ask,
      )) {
        if ([row.id, row.shortId, row.host.id, row.host.name].includes(name)) found.push({ tenant, row });
      }
    }
    const [first, second] = found;
    if (second !== undefined) {
      const ids = found.map(({ row }) => `${row.shortId} (${row.status}, ${row.finding})`).join(', ');
      throw new UsageError(`${found.length} incidents are of ${harmless(name)}. Give the id of one: ${ids}.`);
    }
    if (first !== undefined) {
      const title = `Incident ${first.row.shortId} of ${first.row.host.name ?? first.row.host.id}`;
      return { tenant: first.tenant, title, refs: [first.row.ref] };
    }
  }
  return undefined;
}

/** Pages of runs that are looked through for a name. */
const MOST_PAGES = 20;

/** The incidents that changed in the run, of every account and region that it inspected. */
async function runNamed(name: string, tenants: readonly string[], ask: Ask): Promise<Subject | undefined> {
  for (const tenant of tenants) {
    const rows = [];
    let isKnown = false;
    const runs = listed(`/tenants/${tenant}/runs?limit=${PAGE}`, runPage, ask, MOST_PAGES);
    for await (const { run, incidents } of runs) {
      if (run !== name) continue;
      isKnown = true;
      rows.push(...incidents);
    }
    if (!isKnown) continue;
    const changed = [...new Map(rows.map((row) => [row.ref, row])).values()];
    const order = changed.map((row) => ({ ...row, status: 'open' as const, since: '' })).sort(byUrgency);
    return { tenant, title: `Run ${name} of ${tenant}`, refs: order.map(({ ref }) => ref) };
  }
  return undefined;
}

interface PageSchema<Item> {
  parse(value: unknown): { readonly items: readonly Item[]; readonly cursor: string | null };
}

async function* listed<Item>(address: string, schema: PageSchema<Item>, ask: Ask, most = Number.POSITIVE_INFINITY) {
  let cursor: string | null = null;
  let pages = 0;
  do {
    const next: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const page = schema.parse(await answerTo(ask, `${address}${next}`));
    yield* page.items;
    cursor = page.cursor;
    pages++;
  } while (cursor !== null && pages < most);
}

function noneText(name: string, options: DeploymentReportOptions): string {
  const of = options.tenant === undefined ? '' : ` of tenant ${options.tenant}`;
  const list = `${PLIMSOLL} incidents${deploymentArguments(options)}`;
  return `No incident or run${of} is called ${harmless(name)}. \`${list}\` lists incidents; \`${PLIMSOLL} status\` shows runs.`;
}
