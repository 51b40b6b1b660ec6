/** A bucket of the sandbox for the tests of one file. */
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { startSandbox } from '../../../sandbox/sandbox.ts';

export const BUCKET = 'plimsoll-results';

/** Starts a sandbox with the bucket in it. `read` and `write` reach what no store would. */
export async function startBucket() {
  const sandbox = await startSandbox();
  const client = new S3Client({ ...sandbox.inProcess('eu-west-1'), maxAttempts: 1 });
  await client.send(new CreateBucketCommand({ Bucket: BUCKET }));
  return {
    sandbox,
    client,
    async read(key: string): Promise<Uint8Array> {
      const { Body } = await client.send(new GetObjectCommand({ Bucket: BUCKET, Key: key }));
      if (Body === undefined) throw new Error(`${key} has no body`);
      return Body.transformToByteArray();
    },
    async write(key: string, body: Uint8Array | string) {
      await client.send(new PutObjectCommand({ Bucket: BUCKET, Key: key, Body: body }));
    },
    async close() {
      client.destroy();
      await sandbox.close();
    },
  };
}
