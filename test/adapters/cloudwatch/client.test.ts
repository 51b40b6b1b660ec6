/** Answers that are too large or never end, over the real client and a server on loopback. */
import type { RequestListener } from 'node:http';
import { ListMetricsCommand } from '@aws-sdk/client-cloudwatch';
import { describe, expect, it } from 'vitest';
import { failureOf } from '../../../adapters/aws/errors.ts';
import { type AnswerLimits, openClient } from '../../../adapters/cloudwatch/client.ts';
import { listening } from '../../fixtures/listening.ts';

const WIDE: AnswerLimits = { maxBytes: 1_000, bodyTimeoutMs: 60_000 };

async function ask(limits: AnswerLimits, answer: RequestListener) {
  const credentials = { accessKeyId: 'AKIA', secretAccessKey: 'none' };
  const endpoint = await listening(answer);
  const client = openClient('eu-west-1', { endpoint, credentials }, limits);
  return client.send(new ListMetricsCommand({})).then(
    (output) => ({ metrics: output.Metrics }),
    (error: unknown) => ({ failure: failureOf(error) }),
  );
}

const body = (bytes: number) => '{"Metrics":[]}'.padEnd(bytes, ' ');

describe('an answer of CloudWatch', () => {
  it('is read up to the most bytes that it may have', async () => {
    expect(await ask(WIDE, (_, response) => response.end(body(1_000)))).toEqual({ metrics: [] });
  });

  it('is malformed when it has more', async () => {
    expect(await ask(WIDE, (_, response) => response.end(body(1_001)))).toEqual({
      failure: { reason: 'malformed', retryable: false, detail: 'AnswerTooLarge: the answer has more than 1000 bytes' },
    });
  });

  it('is not read any further once it is too large', async () => {
    const hungUp = Promise.withResolvers<void>();

    await ask(WIDE, (_, response) => {
      response.on('close', () => hungUp.resolve());
      const send = () => response.destroyed || response.write(body(1_000), send);
      send();
    });

    await hungUp.promise;
  });

  it('ends with timeout when its body does not end in time', async () => {
    const answered = await ask({ ...WIDE, bodyTimeoutMs: 50 }, (_, response) => response.write('{'));

    expect(answered).toEqual({
      failure: {
        reason: 'timeout',
        retryable: true,
        detail: 'TimeoutError: the answer did not end within 0.05 s of its beginning',
      },
    });
  });
});
