/** What hosts have sent to a deployment, read with the user's own credentials. */
import { PlimsollError, SourceError } from '../../core/ports/errors.ts';
import type { SampleScope, SampleStore } from '../../core/ports/sample-store.ts';
import type { CloudAccess } from './cloud-access.ts';

/** Loads its client when it is needed: few commands read what hosts have sent. */
export function sampleStoreOf(access: CloudAccess): Pick<SampleStore, 'hosts' | 'processes'> {
  let opened: Promise<SampleStore> | undefined;
  const store = () => {
    opened ??= open(access);
    return opened;
  };
  return {
    async *hosts(of: SampleScope, window) {
      yield* (await store()).hosts(of, window);
    },
    async *processes(of: SampleScope, host, window) {
      yield* (await store()).processes(of, host, window);
    },
  };
}

async function open(access: CloudAccess): Promise<SampleStore> {
  const bucket = bucketOf(access);
  const [{ S3Client }, { createSampleStore }] = await Promise.all([
    import('@aws-sdk/client-s3'),
    import('../../adapters/s3/sample-store.ts'),
  ]);
  return createSampleStore({ client: new S3Client({}), bucket });
}

/** Where it is not known, these hosts are unreadable and no others. */
function bucketOf(access: CloudAccess): string {
  try {
    return access.resultsBucket();
  } catch (cause) {
    if (!(cause instanceof PlimsollError)) throw cause;
    throw new SourceError(cause.message, { reason: 'denied', retryable: false, stage: 'sign_in', cause });
  }
}
