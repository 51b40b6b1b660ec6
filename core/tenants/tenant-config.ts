/** Turns input from outside into a tenant's config, or names everything that is wrong with it. */
import * as z from 'zod';
import { isOtherPartition, partitionOfArn, partitionOfRegion } from '../model/aws-partition.ts';
import { type FieldIssue, fieldIssues, parseInput } from '../model/issues.ts';
import { type Account, type TenantConfig, tenantConfigSchema } from '../model/tenant.ts';
import { whyUnreachable } from '../model/unreachable-region.ts';
import { InvalidFieldsError } from '../ports/errors.ts';
import type { QueryCheck } from '../ports/query-check.ts';
import { alertsIssues } from './alerts.ts';
import { placeholderIssues } from './placeholders.ts';
import { cronIssue, firings, timezoneIssue } from './schedule.ts';

/** The mean length of a month, for monthly estimates. */
const DAYS_PER_MONTH = 30.44;
const DAY = 86_400_000;

/** From a firing on New Year's Day to the next one, at the most. */
const LONGEST_YEAR = 366 * DAY;

/** Most runs that are counted, some 40 days of hourly ones; the rate of more frequent runs is scaled from these. */
const RUNS_COUNTED = 1_000;

/** Schedules whose rate is kept. */
const MOST_COUNTED = 1_000;

/** Values of a config, those inside others included. A thousand accounts with forty regions each are below it. */
const MAX_VALUES = 100_000;

/** Characters of its texts and names: an item of the table has 400 KB. */
const MAX_CHARACTERS = 400 * 1024;

/**
 * The config that `input` describes, with expressions that `check` takes; without it they are taken as they are. Throws `InvalidFieldsError` with one issue per wrong field, or with the size alone of what
 * is too large to be a config.
 */
export function parseTenantConfig(input: unknown, check?: QueryCheck): TenantConfig {
  const tooLarge = sizeIssue(input);
  if (tooLarge !== undefined) throw new InvalidFieldsError('The tenant config', [{ path: [], message: tooLarge }]);
  const parsed = parseInput(tenantConfigSchema, input);
  const issues = [
    ...(parsed.success
      ? [
          ...templateIssues(parsed.data),
          ...locationIssues(parsed.data),
          ...timezoneIssues(parsed.data),
          ...alertsIssues(parsed.data),
          ...(check ? queryIssues(parsed.data, check) : []),
        ]
      : fieldIssues(parsed.error)),
    ...cronIssues(input),
  ];
  if (!parsed.success || issues.length > 0) throw new InvalidFieldsError('The tenant config', issues);
  return parsed.data;
}

/** What was left as it stands in the template. */
function templateIssues({ accounts }: TenantConfig): FieldIssue[] {
  return accounts.flatMap((account, index) =>
    placeholderIssues(account).map(({ path, message }) => ({ path: ['accounts', index, ...path], message })),
  );
}

/**
 * What can never be read. It is not part of the schema: a config that was stored before such a rule still serves its other
 * accounts.
 */
function locationIssues({ accounts }: TenantConfig): FieldIssue[] {
  return accounts.flatMap((account, index) => {
    const unreachable = account.regions.flatMap((region, at) => {
      const why = whyUnreachable(account.provider, region);
      return why === undefined ? [] : [{ path: ['accounts', index, 'regions', at], message: `${region} ${why}` }];
    });
    return [...unreachable, ...(account.provider === 'aws' ? partitionIssues(account, index) : [])];
  });
}

function partitionIssues({ role, regions }: Extract<Account, { provider: 'aws' }>, index: number): FieldIssue[] {
  const foreign = regions.find((region) => isOtherPartition(role, region));
  if (foreign === undefined) return [];
  const message =
    `is of the partition ${partitionOfArn(role)}, and ${foreign} is a region of ` +
    `${partitionOfRegion(foreign)}: a role reads regions of its own partition alone`;
  return [{ path: ['accounts', index, 'role'], message }];
}

function queryIssues({ accounts }: TenantConfig, check: QueryCheck): FieldIssue[] {
  return accounts.flatMap((account, index) =>
    ('queries' in account ? (account.queries ?? []) : []).flatMap((query, at) => {
      const issue = check(query);
      return issue ? [{ path: ['accounts', index, 'queries', at, issue.field], message: issue.message }] : [];
    }),
  );
}

/** Why the document is too large to be parsed; undefined where it is not. It may also contain itself: YAML's aliases can. */
function sizeIssue(input: unknown): string | undefined {
  let values = 0;
  let characters = 0;
  const waiting = [input];
  while (waiting.length > 0) {
    const value = waiting.pop();
    const entries = typeof value === 'object' && value !== null ? Object.entries(value) : [];
    values++;
    characters += typeof value === 'string' ? value.length : 0;
    for (const [name, entry] of entries) {
      characters += name.length;
      waiting.push(entry);
    }
    if (values > MAX_VALUES || characters > MAX_CHARACTERS) {
      return `is too large for a config, which has at most ${MAX_VALUES} values and ${MAX_CHARACTERS} characters`;
    }
  }
  return undefined;
}

/**
 * How often the account's schedule is due in a month, counted because cron has no closed form: from the beginning of the month of
 * `from` (epoch ms, UTC), so that a warm function counts each schedule once a month. It takes longer than inspecting a small account.
 */
export function runsPerMonth({ schedule }: Account, from: number): number {
  const date = new Date(from);
  const month = Date.UTC(date.getUTCFullYear(), date.getUTCMonth());
  const key = JSON.stringify([schedule.cron, schedule.timezone, month]);
  const known = counted.get(key);
  if (known !== undefined) return known;
  if (counted.size === MOST_COUNTED) counted.clear();
  const runs = countRuns(schedule, month);
  counted.set(key, runs);
  return runs;
}

/** What `runsPerMonth` has counted. It is the same whoever counts. */
const counted = new Map<string, number>();

function countRuns(schedule: Account['schedule'], from: number): number {
  let runs = 0;
  let last = from;
  for (const at of firings(schedule, from)) {
    if (runs === RUNS_COUNTED) break;
    if (at > from + LONGEST_YEAR) return runs / 12;
    last = at;
    runs++;
  }
  return runs === 0 ? 0 : (runs / Math.max(last - from, 1)) * DAYS_PER_MONTH * DAY;
}

/** Not part of the schema either, which knows no more than the names that the runtime takes. */
function timezoneIssues({ accounts }: TenantConfig): FieldIssue[] {
  return accounts.flatMap(({ schedule }, index) => {
    const issue = timezoneIssue(schedule.timezone);
    return issue === undefined ? [] : [{ path: ['accounts', index, 'schedule', 'timezone'], message: issue }];
  });
}

/** The part of a config that is checked even where the rest of it is wrong, so that all mistakes are reported at once. */
const cronsSchema = z.object({
  // Of more accounts than there may be the number is wrong first, and reading all of their schedules takes seconds.
  accounts: z
    .array(z.unknown())
    .max(1000)
    .pipe(z.array(z.object({ schedule: z.object({ cron: z.string() }) }).catch({ schedule: { cron: '0 * * * *' } }))),
});

/** The schema counts the fields of a cron expression; whether it can be scheduled is more than their form. */
function cronIssues(input: unknown): FieldIssue[] {
  const { accounts } = cronsSchema.catch({ accounts: [] }).parse(input);
  return accounts.flatMap(({ schedule: { cron } }, index) => {
    // The schema reports a wrong number of fields.
    const issue = cron.trim().split(/\s+/).length === 5 ? cronIssue(cron) : undefined;
    return issue === undefined ? [] : [{ path: ['accounts', index, 'schedule', 'cron'], message: issue }];
  });
}
