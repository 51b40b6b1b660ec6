/** Where a person signs in. */
import type { SignInView } from '../../api/contract/tenants.ts';

export type Issuer = SignInView['issuers'][number];

/** The path that an issuer sends the browser back to; operators register it with the issuer. */
export const RETURN_PATH = '/';
