/** What leaves for Azure: bounded in time, to the hosts that are meant, and nowhere that an answer points to. */
import { createHttpHeaders, type HttpClient, type PipelineRequest } from '@azure/core-rest-pipeline';
import { describe, expect, it } from 'vitest';
import { azureMonitorSource } from '../../../adapters/azure-monitor/source.ts';
import { aMachine, idOf, REGION, readAll, readConsumers, SUBSCRIPTION, WORKSPACE } from './worlds.ts';

const LISTED = { totalRecords: 1, data: [{ id: idOf('vm'), name: 'vm' }] };

/** A source, and every request that leaves it. Requests whose path contains `redirected` are sent elsewhere. */
function watched(redirected?: string) {
  const requests: PipelineRequest[] = [];
  const httpClient: HttpClient = {
    async sendRequest(request) {
      requests.push(request);
      const status = redirected !== undefined && request.url.includes(redirected) ? 307 : 200;
      const headers = createHttpHeaders({ location: ELSEWHERE, 'content-type': 'application/json' });
      return {
        request,
        status,
        headers,
        bodyAsText: JSON.stringify(request.url.includes('ResourceGraph') ? LISTED : {}),
      };
    },
  };
  const credential = { getToken: async () => ({ token: 'a-token', expiresOnTimestamp: Number.MAX_SAFE_INTEGER }) };
  const location = { account: SUBSCRIPTION, region: REGION, workspace: WORKSPACE };
  return { requests, source: azureMonitorSource({ connection: { credential, httpClient }, ...location }) };
}

/** On the same host, where the client would follow by itself. */
const ELSEWHERE = '/elsewhere';

const hostsOf = (requests: readonly PipelineRequest[]) => new Set(requests.map(({ url }) => new URL(url).host));

describe('a request to Azure', () => {
  it('waits half a minute for its answer, whatever it requests', async () => {
    const { requests, source } = watched();

    await readAll(source);
    await readConsumers(source, aMachine().resource);

    expect(hostsOf(requests)).toEqual(
      new Set(['management.azure.com', `${REGION}.metrics.monitor.azure.com`, 'api.loganalytics.io']),
    );
    expect(requests.map(({ timeout }) => timeout)).toEqual(requests.map(() => 30_000));
  });

  it.each([
    ['listing', 'ResourceGraph'],
    ['a request for samples', 'getBatch'],
    ['a request for logs', '/query'],
  ])('does not carry its token where an answer points to, when %s', async (_, redirected) => {
    const { requests, source } = watched(redirected);

    await readAll(source).catch(() => undefined);
    await readConsumers(source, aMachine().resource);

    expect(requests.some(({ url }) => url.includes(redirected))).toBe(true);
    expect(requests.filter(({ url }) => url.includes(ELSEWHERE))).toEqual([]);
  });
});

describe('a source in Azure', () => {
  it('states the price of a call, and for how long samples are kept', () => {
    const { source } = watched();

    expect(source.price?.usdPerMetric).toBe(0.000_01);
    expect(source.price?.stated).toContain('0.01 USD per 1,000 calls');
    expect(source.retentionMs).toBe(93 * 24 * 3_600_000);
  });
});

describe('a subscription of another cloud', () => {
  it('is unreadable before anything leaves', async () => {
    let signIns = 0;
    const credential = { getToken: async () => ({ token: String(signIns++), expiresOnTimestamp: 0 }) };
    const source = azureMonitorSource({ connection: { credential }, account: SUBSCRIPTION, region: 'usgovvirginia' });

    await expect(readAll(source)).rejects.toMatchObject({
      name: 'SourceError',
      reason: 'not_found',
      message: expect.stringContaining('usgovvirginia is a region of Azure Government, which Plimsoll does not read'),
    });
    expect(signIns).toBe(0);
  });
});
