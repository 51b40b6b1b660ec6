/** What a client without a connection meets: the same as one with a connection. */
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts';

const REGION = 'eu-west-1';

let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await startSandbox();
});
afterEach(() => sandbox.liftFaults());
afterAll(() => sandbox.close());

function stsOf(kind: 'clientConfig' | 'inProcess'): STSClient {
  return new STSClient({ ...sandbox[kind](REGION), maxAttempts: 1 });
}

describe('a client in the process of the sandbox', () => {
  it('is answered as over a connection', async () => {
    const connected = await stsOf('clientConfig').send(new GetCallerIdentityCommand());
    const direct = await stsOf('inProcess').send(new GetCallerIdentityCommand());

    expect(direct.Account).toBe(connected.Account);
    expect(sandbox.calls.calls.at(-1)).toEqual(sandbox.calls.calls.at(-2));
  });

  it('sends bodies and queries whatever characters are in them', async () => {
    const s3 = new S3Client(sandbox.inProcess(REGION));
    const key = 'results/a b&c=d/ü+%.json';
    await s3.send(new CreateBucketCommand({ Bucket: 'direct' }));

    await s3.send(new PutObjectCommand({ Bucket: 'direct', Key: key, Body: 'grün' }));

    const { Contents } = await s3.send(new ListObjectsV2Command({ Bucket: 'direct', Prefix: 'results/a b&c=d/' }));
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'direct', Key: key }));
    expect(Contents?.map(({ Key }) => Key)).toEqual([key]);
    expect(await Body?.transformToString()).toBe('grün');
  });

  it.each(['throttled', 'down', 'garbage'] as const)(
    'fails as over a connection where the service is %s',
    async (kind) => {
      sandbox.inject({ service: 'sts', kind });

      const connected = await failureOf(stsOf('clientConfig'));
      const direct = await failureOf(stsOf('inProcess'));

      expect(direct).toEqual(connected);
    },
  );

  it('waits for an answer that does not come until its caller gives up', async () => {
    sandbox.inject({ service: 'sts', kind: 'unanswered' });
    const abort = new AbortController();

    const waiting = stsOf('inProcess').send(new GetCallerIdentityCommand(), { abortSignal: abort.signal });
    abort.abort();

    await expect(waiting).rejects.toThrow(expect.objectContaining({ name: 'AbortError' }));
  });

  it('refuses to call anybody else', async () => {
    const sts = new STSClient({ ...sandbox.inProcess(REGION), endpoint: 'http://127.0.0.1:1', maxAttempts: 1 });

    await expect(sts.send(new GetCallerIdentityCommand())).rejects.toThrow('this client calls 127.0.0.1:1');
  });
});

async function failureOf(sts: STSClient) {
  try {
    await sts.send(new GetCallerIdentityCommand());
  } catch (error) {
    const { name, code, message } = Object(error);
    return { name, code, message };
  }
  return undefined;
}
