/** The one bucket that the stores share: bounded reads, lists, and what its refusals mean in words. What an object holds is each store's own business. */
import {
  DeleteObjectsCommand,
  GetObjectCommand,
  type GetObjectCommandOutput,
  NoSuchBucket,
  NoSuchKey,
  PutObjectCommand,
  type PutObjectCommandInput,
  paginateListObjectsV2,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { UnreadableReason } from '../../core/model/series.ts';
import { ItemError, StoreError } from '../../core/ports/errors.ts';
import { failureOf, lacksCredentials } from '../aws/errors.ts';

/** Where a store keeps its objects: the results bucket of the deployment. */
export interface BucketOptions {
  readonly client: S3Client;
  readonly bucket: string;
  /**
   * The credentials allow lists below some prefixes alone. To them S3 denies an object that is missing, by want of the right to list
   * (https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html); such an object is absent.
   */
  readonly narrowed?: boolean;
}

/** Of an object the bytes from `start` up to `end`. */
export interface BytesOf {
  readonly start: number;
  readonly end: number;
}

export interface FoundObject {
  readonly bytes: Uint8Array;
  /** Another one whenever the object is written. */
  readonly version: string;
}

export interface ListedObject {
  readonly key: string;
  readonly version: string;
  readonly bytes: number;
}

/** All throw `StoreError`. */
export interface Bucket {
  /** Stores or overwrites. Returns the version. */
  put(key: string, body: Uint8Array): Promise<string>;
  /** Stores where the object has this version; undefined: where there is none. */
  putIf(key: string, body: Uint8Array, version: string | undefined): Promise<'stored' | 'conflict'>;
  /** The object, or some of its bytes; undefined where there is none. Throws `ItemError` where it is too large. */
  find(key: string, part?: BytesOf): Promise<FoundObject | undefined>;
  /** In the order of their keys. */
  list(prefix: string): AsyncIterable<readonly ListedObject[]>;
  /** What the keys that begin with a prefix have up to the next slash. */
  subfolders(prefix: string): AsyncIterable<string>;
  /** Deletes objects; those with a version only where they still have it. What is gone is no failure. */
  remove(objects: readonly { readonly key: string; readonly version?: string }[]): Promise<void>;
  /** `s3://bucket/key`, for messages. */
  addressOf(key: string): string;
}

/** The most that is read of one object. The lines of a shard have 100 KB, merged ones 8 MB, and the hosts of a listing 10 MB. */
const MAX_OBJECT_BYTES = 64 * 1024 * 1024;

/** How long one object may take to arrive, in milliseconds. The client's own limit ends with the headers of an answer. */
const READ_MS = 30_000;

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html */
const MAX_DELETED_AT_ONCE = 1000;

export function openBucket(options: BucketOptions): Bucket {
  return {
    addressOf: (key) => addressIn(options, key),
    ...openWriting(options),
    ...openReading(options),
    ...openListing(options),

    async remove(objects) {
      for (let at = 0; at < objects.length; at += MAX_DELETED_AT_ONCE)
        await removeSome(options, objects.slice(at, at + MAX_DELETED_AT_ONCE));
    },
  };
}

function addressIn({ bucket }: BucketOptions, key: string): string {
  return `s3://${bucket}/${key}`;
}

function openWriting(options: BucketOptions): Pick<Bucket, 'put' | 'putIf'> {
  async function put(key: string, body: Uint8Array, condition: Partial<PutObjectCommandInput> = {}): Promise<string> {
    const command = new PutObjectCommand({ Bucket: options.bucket, Key: key, Body: body, ...condition });
    const { ETag = '' } = await options.client.send(command);
    return ETag;
  }

  return {
    async put(key, body) {
      try {
        return await put(key, body);
      } catch (error) {
        throw refusal(error, 'write', addressIn(options, key));
      }
    },

    async putIf(key, body, version) {
      try {
        await put(key, body, version === undefined ? { IfNoneMatch: '*' } : { IfMatch: version });
        return 'stored';
      } catch (error) {
        if (isConflict(error)) return 'conflict';
        throw refusal(error, 'write', addressIn(options, key));
      }
    },
  };
}

function openReading(options: BucketOptions): Pick<Bucket, 'find'> {
  const { client, bucket } = options;
  return {
    async find(key, part) {
      const Range = part && `bytes=${part.start}-${part.end - 1}`;
      const address = addressIn(options, key);
      try {
        const command = new GetObjectCommand({ Bucket: bucket, Key: key, ...(Range !== undefined && { Range }) });
        return await bodyOf(await client.send(command, { abortSignal: AbortSignal.timeout(READ_MS) }), address);
      } catch (error) {
        if (error instanceof NoSuchKey || (options.narrowed === true && isMissing(error))) return undefined;
        throw error instanceof ItemError ? error : refusal(error, 'read', address);
      }
    },
  };
}

function openListing(options: BucketOptions): Pick<Bucket, 'list' | 'subfolders'> {
  const { client, bucket } = options;

  async function* pages(prefix: string, Delimiter?: string) {
    const paging = { Bucket: bucket, Prefix: prefix, ...(Delimiter !== undefined && { Delimiter }) };
    try {
      yield* paginateListObjectsV2({ client }, paging);
    } catch (error) {
      throw refusal(error, 'list', addressIn(options, prefix));
    }
  }

  return {
    async *list(prefix) {
      for await (const { Contents = [] } of pages(prefix))
        yield Contents.map(({ Key = '', ETag = '', Size = 0 }) => ({ key: Key, version: ETag, bytes: Size }));
    },

    async *subfolders(prefix) {
      for await (const { CommonPrefixes = [] } of pages(prefix, '/'))
        for (const { Prefix = '' } of CommonPrefixes) yield Prefix;
    },
  };
}

/** A denial that names the right to read, or one to the key of encryption, is a lost right and no missing object. */
function isMissing(error: unknown): boolean {
  return error instanceof Error && error.name === 'AccessDenied' && !/\b(?:s3:GetObject|kms:)/.test(error.message);
}

async function bodyOf({ Body, ETag = '', ContentLength = 0 }: GetObjectCommandOutput, address: string) {
  if (ContentLength > MAX_OBJECT_BYTES)
    throw new ItemError(`${address} has more than ${MAX_OBJECT_BYTES} bytes: Plimsoll writes no such object.`);
  return { bytes: (await Body?.transformToByteArray()) ?? new Uint8Array(), version: ETag };
}

type Removed = Parameters<Bucket['remove']>[0];

async function removeSome({ client, bucket }: BucketOptions, objects: Removed): Promise<void> {
  const Objects = objects.map(({ key, version }) => ({ Key: key, ...(version !== undefined && { ETag: version }) }));
  const address = `${objects.length} objects of s3://${bucket}`;
  const { Errors = [] } = await client
    .send(new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects, Quiet: true } }))
    .catch((error: unknown) => {
      throw refusal(error, 'delete', address);
    });
  const failed = Errors.find(({ Code = '' }) => !UNCHANGED.has(Code));
  if (failed === undefined) return;
  throw new StoreError(`Could not delete s3://${bucket}/${failed.Key}: ${failed.Code}: ${failed.Message}.`);
}

/** S3's answers where a condition does not hold, or somebody else writes the same object just now. */
const UNCHANGED: ReadonlySet<string> = new Set(['PreconditionFailed', 'ConditionalRequestConflict', 'NoSuchKey']);

function isConflict(error: unknown): boolean {
  return error instanceof Error && UNCHANGED.has(error.name);
}

const ADVICE: Partial<Record<UnreadableReason, string>> = {
  denied: 'Check your credentials, and allow s3:GetObject, PutObject and ListBucket on the bucket.',
  throttled: 'It was throttled through all tries of the client: try again later.',
};

const NO_BUCKET = 'There is no such bucket: deploy the stack, or correct the bucket’s name or region.';

function refusal(error: unknown, action: 'read' | 'write' | 'delete' | 'list', address: string): StoreError {
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
