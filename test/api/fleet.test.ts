import { beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { MOST_SHARDS } from '../../api/fleet/shard-lines.ts';
import { hostRef, incidentRef } from '../../api/refs.ts';
import { incidentId } from '../../core/model/incident.ts';
import type { ResultLine } from '../../core/model/result-line.ts';
import { runName } from '../../core/model/run-ref.ts';
import type { IncidentList, IncidentQuery } from '../../core/ports/incident-list.ts';
import {
  aChange,
  aDecision,
  anAccount,
  anIncident,
  anIncidentKey,
  aRunSummary,
  aScopeHealth,
  aTenantConfig,
  HOUR,
  NOON,
} from '../fixtures/builders.ts';
import { aResultLine, aRunHead, aRunRef, NOT_EVALUATED, STEADY } from '../fixtures/result-lines.ts';
import { anApi, bodyOf, type TestApi } from './an-api.ts';

const CONFIG = aTenantConfig({
  name: 'Acme',
  accounts: [anAccount({ regions: ['eu-west-1', 'eu-central-1'] })],
  costCap: { usdPerMonth: 10 },
});
const KEY = anIncidentKey();
const LEAKING = aResultLine({ host: KEY.host });
const HOST = { provider: 'aws', account: KEY.account, region: KEY.region, id: KEY.host } as const;

interface Kept {
  readonly at?: number;
  /** Of the head, and of the only shard. */
  readonly lines: readonly ResultLine[];
  readonly omitted?: number;
  /** As the run counts them, whichever there are. */
  readonly shards?: number;
  /** As the summary of the run counts them. */
  readonly notMonitored?: number;
}

async function keep(
  { stores }: TestApi,
  { at = NOON, lines, omitted = 0, notMonitored = 0, shards = 1 }: Kept,
): Promise<void> {
  const run = aRunRef({ scheduledTime: at });
  const hosts = { ...aRunSummary().hosts, notMonitored };
  const summary = aRunSummary({ scheduledTime: at, hosts, results: { run: runName(run), shards } });
  await stores.runs.put(summary);
  await stores.results.putShard(run, 0, lines);
  const notSteady = lines.filter(({ verdict }) => verdict !== 'steady');
  await stores.results.putHead(run, aRunHead({ summary, lines: notSteady, omitted }, run));
}

const REGIONS = ['eu-west-1', 'eu-central-1', 'us-east-1'];

/** One host of a region leaks, and two are steady. */
async function keepIn({ stores }: TestApi, region: string): Promise<void> {
  const { provider, account } = HOST;
  const run = aRunRef({ scope: { provider, account, region } });
  const lines = [{}, { host: 'i-calm', ...STEADY }, { host: 'i-mild', ...STEADY }].map((line) =>
    aResultLine(line, run),
  );
  const verdicts = { confirmed: 1, suspected: 0, steady: 2, insufficientData: 0 };
  const summary = aRunSummary({ scope: run.scope, verdicts, results: { run: runName(run), shards: 1 } });
  await stores.runs.put(summary);
  await stores.results.putShard(run, 0, lines);
  await stores.results.putHead(run, aRunHead({ summary, lines: lines.slice(0, 1) }, run));
}

/** Returns the regions of which a shard was read, as they are read. */
function countShards({ stores }: TestApi): (string | null)[] {
  const read: (string | null)[] = [];
  const { shard } = stores.results;
  stores.results.shard = (run, number) => {
    read.push(run.scope.region);
    return shard(run, number);
  };
  return read;
}

const hostPage = z.object({
  items: z.array(z.object({ id: z.string(), region: z.string() })),
  cursor: z.string().nullable(),
  total: z.number(),
});

const LINES = [
  LEAKING,
  aResultLine({ host: 'i-slow', grade: 'suspected', exhaustion: NOON + 400 * HOUR, name: 'slow' }),
  aResultLine({ host: 'i-dark', ...NOT_EVALUATED, group: 'batch' }),
  aResultLine({ host: 'i-lost', ...NOT_EVALUATED, verdict: 'unreadable', reason: 'denied', detail: 'no right' }),
  aResultLine({ host: 'i-calm', ...STEADY }),
];

async function aFleet(): Promise<TestApi> {
  const api = await anApi([CONFIG, aTenantConfig({ tenant: 'globex' })]);
  const { stores } = api;
  await keep(api, { lines: LINES });
  await stores.health.put(aScopeHealth(), 0);
  const resource = { ...HOST, group: 'web' };
  await stores.incidents.put(anIncident({ key: KEY, resource, severity: 'high', worseAt: NOON }), 0);
  const id = incidentId(KEY, 1);
  const change = aChange({ key: KEY, resource }, 'worse');
  const event = { id: `${id}/2`, tenant: 'acme', incident: id, at: NOON, host: resource, change };
  await stores.log.put({ kind: 'change', ...event, decision: aDecision() });
  return api;
}

describe('the overview', () => {
  it('shows what runs, health and incidents have', async () => {
    const { read } = await aFleet();

    const overview = await read('/tenants/acme/overview');

    expect(overview).toMatchObject({
      tenant: 'acme',
      name: 'Acme',
      incidents: { open: 1, unacknowledged: 1, bySeverity: { high: 1 } },
      hosts: { known: 10, inspected: 8 },
      accounts: [
        {
          provider: 'aws',
          regions: [
            {
              region: 'eu-west-1',
              state: 'ok',
              lastRun: '2026-11-20T12:00:00.000Z',
              groups: [
                {
                  group: 'web',
                  leaking: 1,
                  suspected: 1,
                  worse: 1,
                  unreadable: 1,
                  worst: 'high',
                  fullAt: expect.any(String),
                },
                { group: 'batch', notMonitored: 1, worst: null },
              ],
            },
            { region: 'eu-central-1', state: 'waiting', hosts: null, groups: [] },
          ],
        },
      ],
      soonest: [
        { host: { id: KEY.host }, severity: 'high', incident: incidentRef(incidentId(KEY, 1)) },
        { host: { id: 'i-slow' } },
      ],
      spend: { month: '2026-11', capUsd: 10 },
      unreadable: ['aws 111122223333 eu-central-1: it was not inspected yet'],
    });
  });

  it('states what cannot be read back, and shows the rest', async () => {
    const api = await aFleet();
    const run = aRunRef();
    await api.stores.results.putHead(run, { ...aRunHead({}, run), run: 'another' });

    const overview = await api.read('/tenants/acme/overview');

    expect(overview).toMatchObject({
      incidents: { open: 1 },
      soonest: [],
      unreadable: [
        'aws 111122223333 eu-west-1: the head of its last run cannot be read back',
        expect.stringContaining('eu-central-1'),
      ],
    });
  });

  it('states that there are more incidents than it reads, and reads those of one host alone', async () => {
    const queries: IncidentQuery[] = [];
    const endless: IncidentList = {
      async list(_, query) {
        queries.push(query);
        return { incidents: [], cursor: query.host === undefined ? 'more' : null };
      },
    };
    const api = await anApi([CONFIG], { ports: { list: endless } });
    await keep(api, { lines: LINES });

    const unreadable = expect.arrayContaining([expect.stringContaining('more incidents than were read')]);
    expect(await api.read('/tenants/acme/overview')).toMatchObject({ unreadable });
    expect(await api.read('/tenants/acme/hosts')).toMatchObject({ unreadable });
    queries.length = 0;
    await api.read(`/tenants/acme/hosts/${hostRef(HOST)}`);
    expect(queries).toMatchObject([{ host: HOST.id }]);
  });

  it('reads the head of a run once', async () => {
    const api = await aFleet();
    let reads = 0;
    const { head } = api.stores.results;
    api.stores.results.head = (run) => {
      reads++;
      return head(run);
    };

    await api.read('/tenants/acme/overview');
    await api.read('/tenants/acme/overview');

    expect(reads).toBe(1);
  });
});

describe('hosts', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await aFleet();
  });

  it('are listed with those that leak first, and without steady ones', async () => {
    const page = await api.read('/tenants/acme/hosts');

    expect(page).toMatchObject({
      items: [
        { id: KEY.host, verdict: 'leaking', grade: 'confirmed', incident: { status: 'open', severity: 'high' } },
        { id: 'i-slow', grade: 'suspected', incident: null },
        { id: 'i-lost', verdict: 'unreadable', reason: 'denied' },
        { id: 'i-dark', verdict: 'not_monitored', detail: 'install the agent' },
      ],
      cursor: null,
      total: 4,
    });
  });

  it('are filtered by what the query names, steady ones where they are wanted', async () => {
    const idsOf = async (query: string) => {
      const { items = [] } = await bodyOf(await api.send('GET', `/tenants/acme/hosts?${query}`));
      return items.map((item) => (item as { id: string }).id);
    };

    expect(await idsOf('verdict=steady')).toEqual(['i-calm']);
    expect(await idsOf('verdict=steady,leaking')).toEqual([KEY.host, 'i-slow', 'i-calm']);
    expect(await idsOf('group=batch')).toEqual(['i-dark']);
    expect(await idsOf('grade=suspected')).toEqual(['i-slow']);
    expect(await idsOf('text=SLO')).toEqual(['i-slow']);
    expect(await idsOf('region=eu-central-1')).toEqual([]);
    expect(await idsOf('provider=gcp')).toEqual([]);
  });

  it('are read page after page, also where a run comes between two pages', async () => {
    const own = await aFleet();
    const first = await bodyOf(await own.send('GET', '/tenants/acme/hosts?limit=2'));
    own.advance(HOUR);
    await keep(own, { at: NOON + HOUR, lines: LINES });
    const second = await bodyOf(await own.send('GET', `/tenants/acme/hosts?limit=2&cursor=${first.cursor}`));

    expect(first.items).toMatchObject([{ id: KEY.host }, { id: 'i-slow' }]);
    expect(second.items).toMatchObject([{ id: 'i-lost' }, { id: 'i-dark' }]);
    expect(second.cursor).toBeNull();
  });

  it('are read to the end, steady ones region by region and from no more regions than a page shows', async () => {
    const own = await anApi([aTenantConfig({ accounts: [anAccount({ regions: REGIONS })] })]);
    const read = countShards(own);
    for (const region of REGIONS) await keepIn(own, region);
    const pages: unknown[][] = [];
    const shards: (string | null)[][] = [];
    for (let cursor: string | null = ''; cursor !== null && pages.length < 10; ) {
      const after: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const body = await own.read(`/tenants/acme/hosts?verdict=steady,leaking&limit=3${after}`);
      const page = hostPage.parse(body);
      pages.push(page.items.map(({ region, id }) => `${region} ${id}`));
      shards.push(read.splice(0));
      expect(page.total).toBe(9);
      cursor = page.cursor;
    }

    expect(pages.flat()).toHaveLength(9);
    expect(new Set(pages.flat()).size).toBe(9);
    expect(pages[0]).toEqual(expect.arrayContaining(REGIONS.map((region) => `${region} ${KEY.host}`)));
    expect(shards.map((regions) => regions.length)).toEqual([1, 2, 2]);
  });

  it('are not counted where a filter would have to read them', async () => {
    const own = await anApi([aTenantConfig({ accounts: [anAccount({ regions: REGIONS })] })]);
    for (const region of REGIONS) await keepIn(own, region);

    const page = await own.read('/tenants/acme/hosts?verdict=steady&limit=1&text=calm');

    expect(page).toMatchObject({ items: [{ id: 'i-calm' }], total: null });
  });

  it.each(['nonsense', 'WzEsMl0', '!'])('refuse the cursor %s', async (cursor) => {
    const response = await api.send('GET', `/tenants/acme/hosts?cursor=${cursor}`);

    expect(response.status).toBe(400);
  });

  it('are read from the shards where the head has no room for all', async () => {
    const own = await anApi([CONFIG]);
    await keep(own, { lines: LINES, omitted: 1 });

    const page = await own.read('/tenants/acme/hosts');

    const overview = await own.read('/tenants/acme/overview');
    expect(page).toMatchObject({ total: 4, unreadable: [expect.stringContaining('eu-central-1')] });
    expect(overview).toMatchObject({ unreadable: [expect.any(String), expect.stringContaining('1 host more')] });
  });

  it('are shown one by one, a steady one as well', async () => {
    const leaking = await api.read(`/tenants/acme/hosts/${hostRef(HOST)}`);
    const steady = await api.read(`/tenants/acme/hosts/${hostRef({ ...HOST, id: 'i-calm' })}`);

    expect(leaking).toMatchObject({ id: KEY.host, incident: { severity: 'high' } });
    expect(steady).toMatchObject({ id: 'i-calm', verdict: 'steady' });
  });

  it('are not shown from results of another run, which were copied into the folder of this one', async () => {
    const own = await anApi([CONFIG]);
    await keep(own, { lines: LINES });
    const copied = aResultLine({ host: 'i-calm', ...STEADY }, aRunRef({ scheduledTime: NOON - HOUR }));
    await own.stores.results.putShard(aRunRef(), 0, [copied]);

    const one = await own.send('GET', `/tenants/acme/hosts/${hostRef({ ...HOST, id: 'i-calm' })}`);
    const page = await own.read('/tenants/acme/hosts?verdict=steady');

    expect(one.status).toBe(500);
    expect(page).toMatchObject({ items: [], unreadable: [expect.any(String), expect.stringContaining('read back')] });
  });

  it('are searched for in so many shards of results that an answer comes in time, and no more', async () => {
    const own = await anApi([CONFIG]);
    await keep(own, { lines: LINES, shards: 500 });
    const read = countShards(own);
    const steady = hostRef({ ...HOST, id: 'i-none' });

    const responses = await Promise.all([
      own.send('GET', `/tenants/acme/hosts/${steady}`),
      own.send('GET', '/tenants/acme/hosts?verdict=steady'),
    ]);

    expect(responses.map(({ status }) => status)).toEqual([422, 422]);
    expect(read).toHaveLength(2 * MOST_SHARDS);
    expect(await responses[1].json()).toMatchObject({
      detail: expect.stringContaining('Name an account or a region.'),
    });
  });

  it('take the head from what was read before', async () => {
    const own = await anApi([CONFIG]);
    await keep(own, { lines: LINES });
    let heads = 0;
    const { head } = own.stores.results;
    own.stores.results.head = (run) => {
      heads++;
      return head(run);
    };

    for (let time = 0; time < 3; time++) await own.read(`/tenants/acme/hosts/${hostRef(HOST)}`);

    expect(heads).toBe(1);
  });

  it.each([
    ['that no run has', hostRef({ ...HOST, id: 'i-none' })],
    ['that is no reference', 'bm90aGluZw'],
    ['that is an incident', incidentRef(incidentId(KEY, 1))],
  ])('do not show one %s', async (_, ref) => {
    const responses = await Promise.all([
      api.send('GET', `/tenants/acme/hosts/${ref}`),
      api.send('GET', `/tenants/acme/hosts/${ref}/policy`),
    ]);

    expect(responses.map(({ status }) => status)).toEqual([404, 404]);
  });

  it('have a policy of which each value names where it comes from', async () => {
    const policy = await api.read(`/tenants/acme/hosts/${hostRef(HOST)}/policy`);

    expect(policy).toMatchObject({
      inspected: true,
      requiredConfidence: expect.any(Number),
      values: expect.arrayContaining([
        expect.objectContaining({ name: 'threshold', origin: { level: 'program', text: 'default' } }),
      ]),
    });
  });

  it('have a sparkline of the last runs, with gaps where a run has none', async () => {
    const own = await anApi([CONFIG]);
    await keep(own, { at: NOON - HOUR, lines: [aResultLine({ host: KEY.host, level: 0.5 })] });
    await keep(own, { lines: [aResultLine({ host: 'i-other' })] });
    const refs = [hostRef(HOST), hostRef({ ...HOST, id: 'i-none' })];

    const response = await own.send('POST', '/tenants/acme/sparklines', { body: { refs } });

    expect(await response.json()).toEqual({
      items: [
        { ref: refs[0], times: ['2026-11-20T11:00:00.000Z', '2026-11-20T12:00:00.000Z'], values: [0.5, null] },
        { ref: refs[1], times: ['2026-11-20T11:00:00.000Z', '2026-11-20T12:00:00.000Z'], values: [null, null] },
      ],
    });
    expect(own.stores.entries.size).toBe(0);
  });

  it('have a shorter sparkline where heads are large', async () => {
    const own = await anApi([CONFIG]);
    await keep(own, { at: NOON - HOUR, lines: [LEAKING], notMonitored: 60_000 });
    await keep(own, { lines: [LEAKING], notMonitored: 60_000 });

    const response = await own.send('POST', '/tenants/acme/sparklines', { body: { refs: [hostRef(HOST)] } });

    expect(await response.json()).toMatchObject({ items: [{ times: ['2026-11-20T12:00:00.000Z'], values: [0.62] }] });
  });
});

describe('coverage', () => {
  it('names what is missing, and what changes it', async () => {
    const { read } = await aFleet();

    const coverage = await read('/tenants/acme/coverage');

    expect(coverage).toMatchObject({
      gaps: expect.arrayContaining([
        {
          provider: 'aws',
          account: KEY.account,
          region: 'eu-west-1',
          reason: 'not_reported',
          message: 'install the agent',
          hosts: 1,
          examples: [expect.objectContaining({ id: 'i-dark' })],
          snippet: { language: 'json', text: expect.stringContaining('mem_used_percent') },
        },
        expect.objectContaining({
          reason: 'denied',
          snippet: { language: 'sh', text: 'npx plimsoll doctor --tenant acme --account 111122223333 --stage test' },
        }),
      ]),
      missing: [{ region: 'eu-central-1', message: 'it was not inspected yet' }],
    });
  });
});

describe('runs', () => {
  it('are listed the newest first, page after page, with the incidents that changed in them', async () => {
    const api = await aFleet();
    await keep(api, { at: NOON - HOUR, lines: [] });

    const first = await bodyOf(await api.send('GET', '/tenants/acme/runs?limit=1'));
    const second = await bodyOf(await api.send('GET', `/tenants/acme/runs?limit=1&cursor=${first.cursor}`));
    const earlier = await api.read('/tenants/acme/runs?until=2026-11-20T11:30:00Z&region=eu-west-1');

    expect(first.items).toMatchObject([
      { scheduledTime: '2026-11-20T12:00:00.000Z', incidents: [{ kind: 'worse', host: KEY.host }] },
    ]);
    expect(second).toMatchObject({ items: [{ scheduledTime: '2026-11-20T11:00:00.000Z' }], cursor: null });
    expect(earlier).toMatchObject({ items: [{ scheduledTime: '2026-11-20T11:00:00.000Z' }] });
  });

  it('refuse a cursor that is none', async () => {
    const { send } = await aFleet();

    expect((await send('GET', '/tenants/acme/runs?cursor=nonsense')).status).toBe(400);
  });
});

describe('the digest', () => {
  it('covers the days that end now', async () => {
    const { read } = await aFleet();

    const digest = await read('/tenants/acme/digest?every=day');

    expect(digest).toMatchObject({
      kind: 'digest',
      from: '2026-11-19T12:00:00.000Z',
      to: '2026-11-20T12:00:00.000Z',
      open: { count: 1 },
    });
  });
});

describe('a fleet of 100,000 hosts', () => {
  it('is listed by heads that have room for 10,000 of them each', async () => {
    const regions = Array.from({ length: 10 }, (_, index) => `eu-west-${index + 1}`);
    const api = await anApi([aTenantConfig({ accounts: [anAccount({ regions })] })]);
    const { stores } = api;
    for (const region of regions) {
      const run = aRunRef({ scope: { ...aRunRef().scope, region } });
      const results = { run: runName(run), shards: 10 };
      await stores.runs.put(aRunSummary({ scope: run.scope, results }));
      const lines = Array.from({ length: 10_000 }, (_, index) =>
        aResultLine({ region, host: `i-${region}-${index}`, exhaustion: NOON + index * HOUR }, run),
      );
      stores.results.head = withHead(stores.results.head, region, aRunHead({ lines }, run));
    }

    const page = await bodyOf(await api.send('GET', '/tenants/acme/hosts?limit=2000'));

    expect(page.items).toHaveLength(2000);
    expect(page.cursor).not.toBeNull();
    expect(page['total']).toBe(100_000);
  });
});

type ReadHead = TestApi['stores']['results']['head'];

/** Without a copy of each line, which is what the store in memory makes. */
function withHead(other: ReadHead, region: string, head: Awaited<ReturnType<ReadHead>>): ReadHead {
  return (run) => (run.scope.region === region ? Promise.resolve(head) : other(run));
}
