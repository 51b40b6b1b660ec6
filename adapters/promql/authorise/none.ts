/** Servers that anybody who reaches them may read. */
import type { Authorise } from '../connection.ts';

export const unauthorised: Authorise = async () => ({});
