import { describe, expect, it } from 'vitest';
import { hostRef } from '../../api/refs.ts';
import { type PointReadAnswer, type PointReadRequest, refusedPoints } from '../../core/model/point-read.ts';
import { type HostReader, HostReaderError } from '../../core/ports/host-reader.ts';
import { anAnomalyView } from '../fixtures/anomaly-view.ts';
import { aTenantConfig } from '../fixtures/builders.ts';
import { anApi } from './an-api.ts';

const VIEW = anAnomalyView();
const ADDRESS = `/tenants/acme/hosts/${hostRef(VIEW.host)}/anomalies?metric=system.cpu.utilization`;

async function anApiThatReads(readPoints: HostReader['readPoints']) {
  const requests: PointReadRequest[] = [];
  const hostReader: HostReader = {
    read: () => Promise.reject(new Error('nobody reads memory here')),
    readPoints(request) {
      requests.push(request);
      return readPoints(request);
    },
  };
  return { api: await anApi([aTenantConfig()], { ports: { hostReader } }), requests };
}

const answering = (answer: PointReadAnswer) => anApiThatReads(async () => answer);

describe('the route of one metric of a host', () => {
  it('answers what the function of its cloud read, and reads it once', async () => {
    const { api, requests } = await answering({ version: 1, outcome: 'read', view: VIEW });

    const [first, second] = [await api.read(ADDRESS), await api.read(ADDRESS)];

    expect(first).toMatchObject({ host: { ref: hostRef(VIEW.host), name: 'web-2' }, metric: VIEW.metric });
    expect(second).toEqual(first);
    expect(requests).toMatchObject([{ kind: 'read_points', host: 'i-0a1b2c3d', metric: 'system.cpu.utilization' }]);
  });

  it.each([
    ['not_found', 404],
    ['not_monitored', 422],
    ['insufficient', 422],
    ['unreadable', 503],
    ['over_cap', 429],
  ] as const)('states what was refused as %s by status %i', async (refusal, status) => {
    const { api } = await answering(refusedPoints(refusal, 'there is a reason.'));

    const response = await api.send('GET', ADDRESS);

    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ detail: 'The metric was not read. There is a reason.' });
  });

  it('states that no answer came, without the names of the deployment', async () => {
    const { api } = await anApiThatReads(() => Promise.reject(new HostReaderError('plimsoll-prod-inspect', 'timeout')));

    const response = await api.send('GET', ADDRESS);

    expect(response.status).toBe(503);
    expect(await response.text()).not.toContain('plimsoll-prod');
  });
});
