/** Who may send samples, and what becomes of a request: tokens, refusals, and that nothing is acknowledged before it is queued. */
import { describe, expect, it } from 'vitest';
import { createMetricsReader } from '../../../adapters/otlp/reader.ts';
import { receiveMetrics } from '../../../core/ingest/receive.ts';
import type { SenderSettings } from '../../../core/ingest/sender.ts';
import { isSecretOf, newIngestToken, parseIngestToken } from '../../../core/ingest/token.ts';
import { SenderVerifier } from '../../../core/ingest/verify.ts';
import type { SampleBatch } from '../../../core/model/sample.ts';
import { DeliveryError, StoreError } from '../../../core/ports/errors.ts';
import { onHost, RECORDED_AT, recordedRequests, text } from '../../fixtures/otlp/payloads.ts';
import { createMemoryIngestTokenStore } from '../../memory/ingest-token-store.ts';

const SETTINGS: SenderSettings = { keepAttributes: [], commandPatterns: [] };
const facts = (tenant: string) => ({ tenant, account: 'fleet', name: 'web hosts', createdBy: 'ada', createdAt: 1 });

async function anEndpoint() {
  const tokens = createMemoryIngestTokenStore();
  const [acme, globex] = [newIngestToken(facts('acme')), newIngestToken(facts('globex'))];
  for (const { token } of [acme, globex]) await tokens.put(token);
  const state = { queueIsUp: true, storeIsUp: true, disabled: new Set<string>(), reads: 0 };
  const queued: SampleBatch[] = [];
  const faults: unknown[] = [];
  const verifier = new SenderVerifier({
    tokens: {
      async get(tenant, id) {
        state.reads += 1;
        if (!state.storeIsUp) throw new StoreError('the table does not answer');
        return tokens.get(tenant, id);
      },
    },
    accounts: { settingsOf: async (tenant) => (state.disabled.has(tenant) ? undefined : SETTINGS) },
  });
  const queue = {
    async send(batch: SampleBatch) {
      if (!state.queueIsUp) throw new DeliveryError('the queue does not answer');
      queued.push(batch);
    },
  };
  const ports = { verifier, reader: createMetricsReader(), queue };
  const post = (authorization: string | undefined, content: unknown = aRequest(), now = RECORDED_AT) => {
    const body = Buffer.from(JSON.stringify(content));
    const headers = { authorization, contentType: 'application/json', contentEncoding: undefined };
    return receiveMetrics({ ...headers, body }, ports, now, (error) => void faults.push(error));
  };
  return { acme, globex, tokens, state, queued, faults, post };
}

const aRequest = (attributes = [text('host.id', 'h-1')]) =>
  onHost(recordedRequests()[0] ?? { resourceMetrics: [] }, attributes);
const bearer = ({ text: token }: { readonly text: string }) => `Bearer ${token}`;

describe('a request with samples', () => {
  it('is queued for the tenant and the account of its token, and only then acknowledged', async () => {
    const { acme, globex, queued, post } = await anEndpoint();

    const outcomes = [await post(bearer(acme)), await post(bearer(globex).replace('Bearer', 'bearer'))];

    expect(outcomes).toMatchObject([
      { kind: 'accepted', sender: { tenant: 'acme', tokenId: acme.token.id }, hosts: 1, series: 4, acceptedPoints: 16 },
      { kind: 'accepted', sender: { tenant: 'globex', account: 'fleet' } },
    ]);
    expect(queued.map(({ tenant, account, receivedAt }) => [tenant, account, receivedAt])).toEqual([
      ['acme', 'fleet', RECORDED_AT],
      ['globex', 'fleet', RECORDED_AT],
    ]);
  });

  it('is of the tenant of its token, whatever it states about tenants itself', async () => {
    const { acme, queued, post } = await anEndpoint();

    await post(
      bearer(acme),
      aRequest([text('host.id', 'h-1'), text('tenant', 'globex'), text('plimsoll.account', 'other')]),
    );

    expect(queued.map(({ tenant }) => tenant)).toEqual(['acme']);
    expect(JSON.stringify(queued)).not.toMatch(/globex|other/);
  });

  it('without a host is refused, with the processor that adds it', async () => {
    const { acme, queued, post } = await anEndpoint();

    expect(await post(bearer(acme), recordedRequests()[0])).toMatchObject({
      ...{ kind: 'refused', status: 400, refusal: 'no_host', sender: { tenant: 'acme' } },
      message: expect.stringContaining('resourcedetection'),
    });
    expect(queued).toEqual([]);
  });

  it('is accepted in part, with the reason for the rest', async () => {
    const { acme, queued, post } = await anEndpoint();
    const [named, other] = [aRequest(), recordedRequests()[1]];

    const outcome = await post(bearer(acme), {
      resourceMetrics: [...named.resourceMetrics, ...(other?.resourceMetrics ?? [])],
    });

    expect(outcome).toMatchObject({ kind: 'accepted', acceptedPoints: 16, rejectedPoints: { no_host: 16 } });
    expect(outcome.message).toMatch(/^16 data points have neither host.id nor host.name/);
    expect(queued).toHaveLength(1);
  });

  it('of a clock a year off is answered with what was rejected, and nothing is queued', async () => {
    const { acme, queued, post } = await anEndpoint();

    const outcome = await post(bearer(acme), aRequest(), RECORDED_AT + 365 * 24 * 3_600_000);

    expect(outcome).toMatchObject({ kind: 'accepted', acceptedPoints: 0, rejectedPoints: { time: 16 } });
    expect(outcome.message).toContain('set the clock');
    expect(queued).toEqual([]);
  });

  it('is to be sent again while the queue or the store of tokens is down, and is taken when it is up', async () => {
    const { acme, state, faults, queued, post } = await anEndpoint();
    const down = { kind: 'refused', status: 503, refusal: 'unavailable', retryAfterS: 30 };

    state.storeIsUp = false;
    expect(await post(bearer(acme))).toMatchObject(down);
    state.storeIsUp = true;
    state.queueIsUp = false;
    expect(await post(bearer(acme))).toMatchObject(down);
    state.queueIsUp = true;
    expect(await post(bearer(acme))).toMatchObject({ kind: 'accepted' });

    expect(faults).toEqual([expect.any(StoreError), expect.any(DeliveryError)]);
    expect(queued).toHaveLength(1);
  });
});

describe('a token', () => {
  const unknown = { kind: 'refused', status: 401, refusal: 'unknown_token' };

  it('has to be there, and to be an ingest token', async () => {
    const { state, post } = await anEndpoint();

    for (const none of [undefined, '', 'Basic YTpi', 'Bearer', 'Bearer a b'])
      expect(await post(none)).toMatchObject({ status: 401, refusal: 'no_token' });
    for (const malformed of ['Bearer x', 'Bearer plt_acme_x_y', `Bearer plt_acme_aaaaaaaaaa_${'a'.repeat(44)}`])
      expect(await post(malformed)).toMatchObject(unknown);
    expect(state.reads).toBe(0);
  });

  it('with another secret, of another tenant, or with the id of another one is not known', async () => {
    const { acme, globex, queued, post } = await anEndpoint();
    const secretOf = ({ text: token }: typeof acme) => parseIngestToken(token)?.secret ?? '';
    const forged = [
      `plt_acme_${acme.token.id}_${'a'.repeat(43)}`,
      `plt_globex_${acme.token.id}_${secretOf(acme)}`,
      `plt_acme_${globex.token.id}_${secretOf(globex)}`,
      `plt_acme_${acme.token.id}_${secretOf(globex)}`,
    ];

    for (const token of forged) expect(await post(`Bearer ${token}`)).toMatchObject(unknown);
    expect(queued).toEqual([]);
  });

  it('is verified once a minute, and when it is revoked refused within one', async () => {
    const { acme, tokens, state, post } = await anEndpoint();
    const at = (seconds: number) => post(bearer(acme), aRequest(), RECORDED_AT + seconds * 1000);
    await at(0);
    await tokens.put({ ...acme.token, revokedAt: RECORDED_AT });

    expect(await at(59)).toMatchObject({ kind: 'accepted' });
    expect(state.reads).toBe(1);
    expect(await at(60)).toMatchObject(unknown);
    expect(await at(61)).toMatchObject(unknown);
  });

  it('of a tenant or an account that is disabled is forbidden', async () => {
    const { acme, state, post } = await anEndpoint();
    state.disabled.add('acme');

    expect(await post(bearer(acme))).toMatchObject({ status: 403, refusal: 'disabled', sender: { tenant: 'acme' } });
  });

  it('is kept as the hash of its secret, and names its tenant', () => {
    const { text: token, token: kept } = newIngestToken(facts('acme-west'));
    const parsed = parseIngestToken(token);

    expect(parsed).toMatchObject({ tenant: 'acme-west', id: kept.id });
    expect(isSecretOf(kept, parsed?.secret ?? '')).toBe(true);
    expect(JSON.stringify(kept)).not.toContain(parsed?.secret);
    expect(newIngestToken(facts('acme-west')).text).not.toBe(token);
  });
});
