/** The one bucket that the stores share: bounded reads, and what its refusals mean in words. What an object holds is each store's own business. */
import { GetObjectCommand, NoSuchBucket, NoSuchKey, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { UnreadableReason } from '../../core/model/series.ts';
import { ItemError, StoreError } from '../../core/ports/errors.ts';
import { failureOf, lacksCredentials } from '../aws/errors.ts';

/** Where a store keeps its objects: the results bucket of the deployment. */
export interface BucketOptions {
  readonly client: S3Client;
  readonly bucket: string;
}

export interface Bucket {
  /** Stores or overwrites. */
  put(key: string, body: Uint8Array): Promise<void>;
  /** The object's bytes, or those from `start` up to `end` of them; undefined where there is none. Throws `ItemError` where it is too large. */
  get(key: string, part?: BytesOf): Promise<Uint8Array | undefined>;
  /** `s3://bucket/key`, for messages. */
  addressOf(key: string): string;
}

/** Half-open. */
export interface BytesOf {
  readonly start: number;
  readonly end: number;
}

/** The most that is read of one object. Of what is written here, the lines of a shard have 100 KB, and the hosts of a listing 10 MB. */
const MAX_OBJECT_BYTES = 64 * 1024 * 1024;

/** How long one object may take to arrive, in milliseconds. The client's own limit ends with the headers of an answer. */
const READ_MS = 30_000;

export function openBucket({ client, bucket }: BucketOptions): Bucket {
  const addressOf = (key: string) => `s3://${bucket}/${key}`;
  return {
    addressOf,

    async put(key, body) {
      try {
        await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body }));
      } catch (error) {
        throw refusal(error, 'write', addressOf(key));
      }
    },

    async get(key, part) {
      const Range = part && `bytes=${part.start}-${part.end - 1}`;
      try {
        const command = new GetObjectCommand({ Bucket: bucket, Key: key, ...(Range !== undefined && { Range }) });
        const { Body, ContentLength = 0 } = await client.send(command, { abortSignal: AbortSignal.timeout(READ_MS) });
        if (ContentLength <= MAX_OBJECT_BYTES) return await Body?.transformToByteArray();
      } catch (error) {
        if (error instanceof NoSuchKey) return undefined;
        throw refusal(error, 'read', addressOf(key));
      }
      throw new ItemError(`${addressOf(key)} has more than ${MAX_OBJECT_BYTES} bytes: Plimsoll writes no such object.`);
    },
  };
}

const ADVICE: Partial<Record<UnreadableReason, string>> = {
  denied: 'Check your credentials, and allow s3:GetObject, PutObject and ListBucket on the bucket.',
  throttled: 'It was throttled through all tries of the client: try again later.',
};

const NO_BUCKET = 'There is no such bucket: deploy the stack, or correct the bucket’s name or region.';

function refusal(error: unknown, action: 'read' | 'write', address: string): StoreError {
  return new StoreError(`Could not ${action} ${address}: ${failureOf(error).detail}. ${adviceOn(error)}`.trimEnd(), {
    cause: error,
  });
}

/** Empty where the failure's own text advises what to do. */
function adviceOn(error: unknown): string {
  if (error instanceof NoSuchBucket) return NO_BUCKET;
  if (lacksCredentials(error)) return '';
  const { reason, retryable } = failureOf(error);
  return ADVICE[reason] ?? (retryable ? 'Try again later.' : '');
}
