/** The report about an incident or a run of a deployment, over the API with stores in memory. */
import { beforeAll, describe, expect, it } from 'vitest';
import { incidentView } from '../../../api/contract/incidents.ts';
import { incidentRef } from '../../../api/refs.ts';
import { createLocalApi } from '../../../cli/local-api/app.ts';
import { reportOfApi } from '../../../cli/report/of-deployment.ts';
import { shortId } from '../../../core/messages/short-id.ts';
import { type IncidentKey, incidentId } from '../../../core/model/incident.ts';
import { runName } from '../../../core/model/run-ref.ts';
import { anApi } from '../../api/an-api.ts';
import {
  aChange,
  aDecision,
  aNotification,
  anIncident,
  anIncidentKey,
  aRunSummary,
  aTenantConfig,
  NOON,
} from '../../fixtures/builders.ts';
import { aRunRef } from '../../fixtures/result-lines.ts';
import { aContext } from '../a-context.ts';

const KEY = anIncidentKey();
const TWICE = [anIncidentKey({ host: 'i-twice' }), anIncidentKey({ host: 'i-twice', finding: 'exhausted' })];
const OF_GLOBEX = anIncidentKey({ tenant: 'globex', host: 'i-globex' });
const RUN = runName(aRunRef());

async function aDeployment() {
  const { ports, stores } = await anApi([aTenantConfig(), aTenantConfig({ tenant: 'globex' })]);
  for (const key of [KEY, ...TWICE, OF_GLOBEX]) {
    const resource = {
      provider: key.provider,
      account: key.account,
      region: key.region,
      id: key.host,
      name: `web of ${key.host}`,
    };
    await stores.incidents.put(anIncident({ key, resource }), 0);
    const incident = incidentId(key, 1);
    const facts = {
      kind: 'change',
      id: `${incident}/1`,
      tenant: key.tenant,
      incident,
      at: NOON,
      host: resource,
    } as const;
    await stores.log.put({
      ...facts,
      change: aChange({ resource }),
      decision: aDecision(),
      body: aNotification({ resource }),
    });
  }
  await stores.runs.put(aRunSummary({ results: { run: RUN, shards: 1 } }));
  return createLocalApi(ports, { name: 'you' });
}

describe('the report about a deployment', () => {
  let api: Awaited<ReturnType<typeof aDeployment>>;
  beforeAll(async () => {
    api = await aDeployment();
  });
  const report = (name: string) => reportOfApi(name, api, {}, aContext().context);
  const refOf = (key: IncidentKey) => incidentRef(incidentId(key, 1));

  it.each([
    ['its short id', shortId(incidentId(KEY, 1))],
    ['its id', incidentId(KEY, 1)],
    ['the id of its host', KEY.host],
    ['the name of its host', `web of ${KEY.host}`],
  ])('has an incident that is named by %s, with its page, log and memory', async (_, name) => {
    const { tenant, title, incidents, answers, problems } = await report(name);

    expect([tenant, title]).toEqual(['acme', `Incident ${shortId(incidentId(KEY, 1))} of web of ${KEY.host}`]);
    expect(incidents).toMatchObject([{ host: `web of ${KEY.host}`, status: 'open' }]);
    const page = Object.entries(answers).find(([address]) => address.endsWith(`/incidents/${refOf(KEY)}`))?.[1];
    expect(incidentView.parse(page).id).toBe(incidentId(KEY, 1));
    // The memory of a host that is no longer there is a problem that the page states.
    expect(Object.keys(problems)).toEqual([expect.stringContaining('/memory')]);
  });

  it('finds the tenant of an incident', async () => {
    expect(await report('i-globex')).toMatchObject({ tenant: 'globex', incidents: [{ status: 'open' }] });
  });

  it('has the incidents that changed in a run', async () => {
    const { title, incidents } = await report(RUN);

    expect(title).toBe(`Run ${RUN} of acme`);
    expect(incidents.map(({ host }) => host).sort()).toEqual([
      `web of ${KEY.host}`,
      'web of i-twice',
      'web of i-twice',
    ]);
  });

  it.each([
    [
      'a host of several incidents',
      'i-twice',
      /2 incidents are of i-twice\. Give the id of one: \w{8} \(open, exhausted\), \w{8} \(open, leak\)\./,
    ],
    ['nothing that there is', 'i-none', /No incident or run is called i-none/],
    ['a run that there is not', '20200101T000000Z', /No incident or run is called 20200101T000000Z/],
  ])('is refused of %s', async (_, name, message) => {
    await expect(report(name)).rejects.toThrow(message);
  });
});
