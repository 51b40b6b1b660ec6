/** Credentials of whoever uses the command line in Azure. Apart from those of the functions, whose bundle needs no Azure CLI. */
import { AzureCliCredential, type TokenCredential } from '@azure/identity';
import { SourceError } from '../../core/ports/errors.ts';
import { kept } from './credentials.ts';
import { failure } from './errors.ts';

/** Signs in as whoever uses the command line: https://learn.microsoft.com/cli/azure/authenticate-azure-cli */
export function ownCredentials(): TokenCredential {
  const cli = new AzureCliCredential();
  return kept(async (scopes) => {
    try {
      return await cli.getToken(scopes);
    } catch (cause) {
      const { detail } = failure('denied', cause instanceof Error ? cause.message : String(cause));
      const advice = detail.includes('az login') ? '' : '; sign in with `az login`';
      const message = `cannot sign in to Azure: ${detail.replace(/\.$/, '')}${advice}`;
      throw new SourceError(message, { reason: 'denied', retryable: false, cause, stage: 'sign_in' });
    }
  }, Date.now);
}
