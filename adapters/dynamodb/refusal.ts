/** What a refusal of DynamoDB means for whoever runs Plimsoll, and what to do about it. */
import { ResourceNotFoundException } from '@aws-sdk/client-dynamodb';
import { StoreError } from '../../inspection/errors.ts';
import type { UnreadableReason } from '../../model/series.ts';
import { failureOf } from '../aws-errors.ts';

const ADVICE: Partial<Record<UnreadableReason, string>> = {
  denied: 'Check the credentials, and allow dynamodb:GetItem, PutItem and Query on the table and its indexes.',
  throttled: 'It was throttled through all tries of the client: try again later.',
};

const NO_TABLE = 'There is no such table or index here: deploy the stack, or correct the table’s name or region.';

/** @param where The key or partition that was asked for. */
export function refusal(error: unknown, action: 'read' | 'write' | 'query', table: string, where: string): StoreError {
  const { reason, detail } = failureOf(error);
  const missing = error instanceof ResourceNotFoundException;
  const advice = missing ? NO_TABLE : (ADVICE[reason] ?? 'Try again later.');
  return new StoreError(`Table ${table} did not ${action} ${where}: ${detail}. ${advice}`, { cause: error });
}
