/** Tokens with which hosts send samples, by the API. */
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { parseIngestToken } from '../../core/ingest/token.ts';
import { aTenantConfig } from '../fixtures/builders.ts';
import { anApi } from './an-api.ts';

/** A viewer may not even list them. */
const OPERATOR = { token: 'operator' } as const;
const CONFIG = aTenantConfig({ accounts: [{ provider: 'otlp', account: 'fleet' }] });
const PATH = '/tenants/acme/ingest-tokens';
const createdSchema = z.looseObject({ id: z.string(), token: z.string() });

describe('an ingest token', () => {
  it('is shown when it is created, and never again', async () => {
    const { send, read, stores } = await anApi([CONFIG]);

    const answer = await send('POST', PATH, { ...OPERATOR, body: { account: 'fleet', name: 'web hosts' } });

    expect([answer.status, answer.headers.get('cache-control')]).toEqual([201, 'no-store']);
    const { id, token } = createdSchema.parse(await answer.json());
    expect(parseIngestToken(token)).toMatchObject({ tenant: 'acme', id });
    const listed = JSON.stringify(await read(PATH, OPERATOR));
    expect(listed).toContain(id);
    expect(listed).not.toMatch(/sha256|plt_/);
    expect([...stores.entries.values()]).toMatchObject([
      { action: 'createIngestToken', subject: `/ingest-tokens/${id} (web hosts for account fleet)`, outcome: 'done' },
    ]);
  });

  it('is of an account of provider otlp that the config has', async () => {
    const { send } = await anApi([CONFIG]);

    const answer = await send('POST', PATH, { ...OPERATOR, body: { account: 'other', name: 'web hosts' } });

    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ issues: [{ path: 'account' }] });
  });

  it('is revoked once, and stays in the list', async () => {
    const { send, read } = await anApi([CONFIG]);
    const made = createdSchema.parse(
      await (await send('POST', PATH, { ...OPERATOR, body: { account: 'fleet', name: 'x' } })).json(),
    );

    expect((await send('DELETE', `${PATH}/${made.id}`, OPERATOR)).status).toBe(204);
    expect(await read(PATH, OPERATOR)).toMatchObject({
      items: [{ id: made.id, revokedAt: expect.stringContaining('T') }],
    });
    expect((await send('DELETE', `${PATH}/aaaaaaaaaa`, OPERATOR)).status).toBe(404);
  });
});
