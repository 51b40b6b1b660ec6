/** What a refusal of DynamoDB means for whoever runs Plimsoll, and what to do about it. */
import { ResourceNotFoundException } from '@aws-sdk/client-dynamodb';
import { StoreError } from '../../inspection/errors.ts';
import type { UnreadableReason } from '../../model/series.ts';
import { failureOf, lacksCredentials } from '../aws-errors.ts';
import { subjectOf } from './keys.ts';
import type { Key } from './table.ts';

const ADVICE: Partial<Record<UnreadableReason, string>> = {
  denied: 'Check your credentials, and allow dynamodb:GetItem, PutItem and Query on the table and its indexes.',
  throttled: 'It was throttled through all tries of the client: try again later.',
};

const NO_TABLE = 'There is no such table or index here: deploy the stack, or correct the table’s name or region.';

/** @param key What was asked for; of a partition as much as the sort keys have in common. */
export function refusal(error: unknown, action: 'read' | 'write', table: string, key: Key): StoreError {
  const what = `Could not ${action} ${subjectOf(key)} ${action === 'read' ? 'from' : 'to'} table ${table}`;
  return new StoreError(`${what}: ${failureOf(error).detail}. ${adviceOn(error)}`.trimEnd(), { cause: error });
}

/** Empty where the failure itself says what to do. */
function adviceOn(error: unknown): string {
  if (error instanceof ResourceNotFoundException) return NO_TABLE;
  if (lacksCredentials(error)) return '';
  const { reason, retryable } = failureOf(error);
  return ADVICE[reason] ?? (retryable ? 'Try again later.' : '');
}
