/** Writes the audit log: each change before it is done, and how it ended. */
import type { AuditEntry } from '../core/model/audit.ts';
import type { AuditNote } from './call.ts';
import type { TenantPorts } from './ports.ts';
import { problemOf } from './problem.ts';

export type AuditFacts = Omit<AuditEntry, 'outcome' | 'version'>;

export interface AuditOptions {
  readonly facts: AuditFacts;
  /** What the handler adds while it works. */
  readonly note: AuditNote;
  /** Takes an end that could not be stored: what is done stays done, and its beginning is in the log. */
  readonly onFault: (error: unknown) => void;
}

const SUBJECT_LENGTH = 4000;

/** Does the work between two entries. What cannot be logged is not done: throws `StoreError` then. */
export async function audited<Result>(
  { audit }: Pick<TenantPorts, 'audit'>,
  { facts, note, onFault }: AuditOptions,
  work: () => Promise<Result>,
): Promise<Result> {
  const entry = { ...facts, subject: facts.subject.slice(0, SUBJECT_LENGTH) };
  await audit.put({ ...entry, version: null, outcome: 'begun' });
  const end = async (outcome: string) => {
    const { version = null, subject = entry.subject } = note;
    try {
      await audit.put({ ...entry, subject: subject.slice(0, SUBJECT_LENGTH), version, outcome });
    } catch (error) {
      onFault(error);
    }
  };
  try {
    const result = await work();
    await end('done');
    return result;
  } catch (error) {
    const problem = problemOf(error)?.problem;
    await end(problem === undefined ? '500 Internal error' : `${problem.status} ${problem.title}`);
    throw error;
  }
}
