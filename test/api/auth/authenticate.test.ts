/** Who is taken for whom. */
import { describe, expect, it } from 'vitest';
import { createAuthenticate, KeysUnavailableError } from '../../../api/auth/authenticate.ts';
import { iamPrincipal } from '../../../api/auth/iam.ts';
import type { CallerVerdict } from '../../../core/ports/caller-tokens.ts';
import { NOON } from '../../fixtures/builders.ts';

const ISSUER = 'https://login.example.com/acme';
const ada: CallerVerdict = { kind: 'accepted', caller: { issuer: ISSUER, subject: 'ada', groups: [] } };

function authenticate(authorization: string | undefined, verdict: CallerVerdict = ada, environment: unknown = {}) {
  const seen: string[] = [];
  const refused: string[] = [];
  const answer = createAuthenticate({
    tokens: {
      verify: async (token) => {
        seen.push(token);
        return verdict;
      },
    },
    roles: { of: async () => new Map([['acme', 'viewer']]) },
    provenBy: iamPrincipal,
    now: () => NOON,
    onRefused: (reason) => refused.push(reason),
  });
  const headers = authorization === undefined ? undefined : { authorization };
  const request = new Request('https://api.example.com/', headers && { headers });
  return { answer: answer(request, environment), seen, refused };
}

const iamEvent = (fields: object = {}) => ({
  event: {
    routeKey: 'ANY /iam/{proxy+}',
    requestContext: { authorizer: { iam: { userArn: 'arn:aws:iam::111122223333:user/ada' } } },
    ...fields,
  },
});

describe('a caller', () => {
  it('is whom its token proves, with the roles of that one', async () => {
    const { answer, seen } = authenticate('Bearer abc.def.ghi');

    expect(await answer).toEqual({ kind: 'jwt', name: `${ISSUER}#ada`, roles: new Map([['acme', 'viewer']]) });
    expect(seen).toEqual(['abc.def.ghi']);
  });

  it('is an admin whom IAM has let in, without a look at any token', async () => {
    const { answer, seen } = authenticate('AWS4-HMAC-SHA256 Credential=…'.replace('…', 'x'), ada, iamEvent());

    expect(await answer).toEqual({ kind: 'iam', name: 'arn:aws:iam::111122223333:user/ada', roles: { '*': 'admin' } });
    expect(seen).toEqual([]);
  });

  it.each([
    ['on another route', iamEvent({ routeKey: '$default' })],
    ['without an ARN', iamEvent({ requestContext: { authorizer: { iam: {} } } })],
    ['without an authoriser', iamEvent({ requestContext: {} })],
  ])('is not whom IAM names %s', async (_, environment) => {
    expect(await authenticate(undefined, ada, environment).answer).toMatchObject({ kind: 'refused' });
  });

  it.each([
    ['none', undefined],
    ['another scheme', 'Basic YWRhOnNlY3JldA=='],
    ['no token', 'Bearer '],
    ['two tokens', 'Bearer abc def'],
    ['what no token has', 'Bearer abc"def'],
    ['more than a header holds', `Bearer ${'a'.repeat(16_384)}`],
  ])('is refused with %s, which is not looked at', async (_, authorization) => {
    const { answer, seen } = authenticate(authorization);

    expect(await answer).toMatchObject({ kind: 'refused' });
    expect(seen).toEqual([]);
  });

  it('is refused with the same answer whatever is wrong with its token, and the log has the reason', async () => {
    const [expired, foreign] = ['it has expired', 'its issuer is not listed'].map((reason) =>
      authenticate('Bearer abc', { kind: 'refused', reason }),
    );

    expect(await expired?.answer).toEqual(await foreign?.answer);
    expect(foreign?.refused).toEqual(['its issuer is not listed']);
  });

  it('is neither refused nor let in where the keys cannot be read', async () => {
    const { answer } = authenticate('Bearer abc', { kind: 'unavailable', reason: 'timed out' });

    await expect(answer).rejects.toThrow(KeysUnavailableError);
  });
});
