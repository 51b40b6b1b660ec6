/** The ingest token of whoever sends to this machine: made once, and kept in a file that its user alone may read. */
import { createHash } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { createIngestToken } from '../../core/ingest/manage-tokens.ts';
import { parseIngestToken } from '../../core/ingest/token.ts';
import type { IngestTokenStore } from '../../core/ports/ingest-token-store.ts';
import { UsageError } from '../usage-error.ts';
import { LOCAL } from './local-tenant.ts';

const FACTS = { ...LOCAL, name: 'plimsoll console', createdBy: 'plimsoll console' };

/**
 * The token of the file, which becomes valid where the folder does not know it: the same file may serve several folders. A file that is missing gets a
 * new one, and so does one whose token was revoked. Throws `UsageError` where the file has something else.
 *
 * @param now Epoch milliseconds.
 */
export async function localToken(file: string, tokens: IngestTokenStore, now: number): Promise<string> {
  const text = (await readIfThere(file))?.trim();
  if (text === undefined) return newToken(file, tokens, now);
  const parsed = parseIngestToken(text);
  if (parsed === undefined || parsed.tenant !== LOCAL.tenant)
    throw new UsageError(
      `${file} holds no ingest token of this machine (plt_local_…). Name another file, or delete it: a token is made then.`,
    );
  const { tenant, id, secret } = parsed;
  const known = await tokens.get(tenant, id);
  if (known?.revokedAt !== undefined) return newToken(file, tokens, now);
  const sha256 = createHash('sha256').update(secret).digest('hex');
  if (known?.sha256 !== sha256) await tokens.put({ ...FACTS, id, sha256, createdAt: now });
  return text;
}

async function newToken(file: string, tokens: IngestTokenStore, now: number): Promise<string> {
  const made = await createIngestToken({ ...FACTS, createdAt: now }, tokens);
  if (made === undefined) throw new UsageError('There are too many ingest tokens: revoke some of them.');
  await writeSecret(file, made.text);
  return made.text;
}

/** What a file holds; where there is none, what is made for it. */
export async function secretIn(file: string, make: () => string): Promise<string> {
  const known = (await readIfThere(file))?.trim();
  if (known !== undefined && known !== '') return known;
  const made = make();
  await writeSecret(file, made);
  return made;
}

async function writeSecret(file: string, text: string): Promise<void> {
  const temporary = `${file}.${process.pid}`;
  await writeFile(temporary, `${text}\n`, { mode: 0o600 });
  await rename(temporary, file);
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
