/** Parameters that name what a removed stack left behind: those that are refused. test/acceptance/local packages with the others. */
import { describe, expect, it } from 'vitest';
import { 'module.exports' as eventLog } from '../../infra/event-log.js';
import { 'module.exports' as kept } from '../../infra/kept.js';
import { 'module.exports' as results } from '../../infra/results.js';

const CONFIGS_TABLE = 'plimsoll-prod-ConfigsTable-1MNOPQRSTUVWX';
const STREAM = `arn:aws:dynamodb:eu-central-1:111122223333:table/${CONFIGS_TABLE}/stream/2026-11-20T12:00:00.000`;
const BUCKET = 'plimsoll-prod-resultsbucket-2abcdefghijkl';

/** That packaging ends with these refusals is tested in test/acceptance: it takes as long as packaging does. */
describe('the parameters of a service are refused', () => {
  it.each<[string, typeof kept | typeof results | typeof eventLog, Readonly<Record<string, string>>, RegExp]>([
    [
      'a table without its stream',
      kept,
      { configsTable: CONFIGS_TABLE },
      /configsTable and configsStream belong together/,
    ],
    [
      'the stream of another table',
      kept,
      { configsTable: 'another', configsStream: STREAM },
      /no stream of the table another/,
    ],
    [
      'a bucket by its ARN',
      kept,
      { resultsBucket: `arn:aws:s3:::${BUCKET}` },
      /The parameter resultsBucket is "arn:aws:s3.*output ResultsBucketName/,
    ],
    ['results that are kept for no day', results, { resultsDays: '0' }, /resultsDays is "0".*from 1 to 3660/],
    [
      'a log of incidents that is kept for eleven years',
      eventLog,
      { eventsDays: '4018' },
      /eventsDays is "4018".*from 1 to 3660/,
    ],
    ['results that are kept for ever', results, { resultsDays: 'ever' }, /resultsDays is "ever".*from 1 to 3660/],
    [
      'a key by its alias',
      kept,
      { key: 'alias/plimsoll-prod' },
      /The parameter key is "alias\/plimsoll-prod".*output KeyArn/,
    ],
  ])('with %s', async (_, part, parameters, message) => {
    // As osls calls it: with `param:NAME, DEFAULT`.
    const resolveVariable = async (variable: string) => parameters[/^param:(\w+)/.exec(variable)?.[1] ?? ''] ?? '';

    await expect(part({ resolveVariable })).rejects.toThrow(message);
  });
});
