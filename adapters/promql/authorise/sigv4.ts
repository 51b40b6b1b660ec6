/** Amazon Managed Service for Prometheus, and the PromQL of CloudWatch: requests are signed by the signer of the AWS SDK. */
import { Sha256 } from '@smithy/core/checksum';
import { SignatureV4 } from '@smithy/signature-v4';
import { SourceError } from '../../../core/ports/errors.ts';
import { failureOf } from '../../aws/errors.ts';
import { unlessAborted } from '../../reading/abort.ts';
import type { Authorise } from '../connection.ts';

export interface SigV4Options {
  readonly service: 'aps' | 'monitoring';
  readonly region: string;
  readonly credentials: ConstructorParameters<typeof SignatureV4>[0]['credentials'];
}

/** Headers that are signed. A proxy may change others, as those of compression. */
const SIGNED = ['content-type', 'x-scope-orgid'];

export function sigV4Auth({ service, region, credentials }: SigV4Options): Authorise {
  const signer = new SignatureV4({ service, region, credentials, sha256: Sha256 });
  return async ({ url, method, headers, body }, signal) => {
    const signed = Object.entries(headers).filter(([name]) => SIGNED.includes(name));
    const request = {
      method,
      protocol: url.protocol,
      hostname: url.hostname,
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers: { ...Object.fromEntries(signed), host: url.host },
      body,
    };
    try {
      const { headers: all } = await unlessAborted(signer.sign(request), signal);
      return all;
    } catch (error) {
      if (error instanceof SourceError) throw error;
      const { reason, retryable, detail } = failureOf(error, signal);
      throw new SourceError(`cannot sign requests: ${detail}`, { reason, retryable, stage: 'sign_in' });
    }
  };
}
