/**
 * Which hosts of an account are inspected. A source applies the filter before it requests samples, so that nobody pays
 * for the rest.
 */
import * as z from 'zod';
import type { Resource } from './series.ts';

/** A text in which `*` stands for any text and `?` for one character. */
export const globSchema = z.string().min(1).max(256);

/** The fields of a rule that names hosts. */
export const hostRuleFields = {
  id: globSchema.optional(),
  name: globSchema.optional(),
  group: globSchema.optional(),
  labels: z
    .record(z.string().min(1).max(128), globSchema)
    .refine((labels) => Object.keys(labels).length > 0, 'names no label')
    .optional(),
};

/** Whether a rule has a field that a host can match. */
export function namesHosts({ id, name, group, labels }: HostRule): boolean {
  return [id, name, group, labels].some((value) => value !== undefined);
}

export const NAMES_NOTHING = 'names nothing: give at least one of id, name, group, labels';

const hostRuleSchema = z
  .strictObject(hostRuleFields)
  .refine(namesHosts, { error: NAMES_NOTHING })
  .describe('Every field that is given must match; `*` stands for any text and `?` for one character.');

/** A host is inspected when some `include` rule matches it (or there is none) and no `exclude` rule does. */
export const hostFilterSchema = z.strictObject({
  include: z.array(hostRuleSchema).min(1, 'admits no host at all: leave it out to admit all').max(1000).optional(),
  exclude: z.array(hostRuleSchema).min(1, 'excludes nothing: leave it out').max(1000).optional(),
});

export type HostRule = z.output<z.ZodObject<typeof hostRuleFields>>;
export type HostFilter = z.output<typeof hostFilterSchema>;

/** Whether the filters, all of them, let a host in. A host without a name or a label matches no rule that names one. */
export function admits(filters: readonly HostFilter[], host: Resource): boolean {
  return filters.every(
    ({ include, exclude }) =>
      (include === undefined || include.some((rule) => matchesRule(rule, host))) &&
      !exclude?.some((rule) => matchesRule(rule, host)),
  );
}

/**
 * The indices of the rules that match a host, in order. As `admits` matches, for many hosts: patterns are prepared once, and most
 * hosts differ from most patterns in their beginning.
 */
export function createRuleMatcher(rules: readonly HostRule[]): (host: Resource) => number[] {
  const exact = rules.map((rule) => prepared(rule, asIs));
  const anyCase = rules.map((rule) => prepared(rule, lower));
  return (host) => {
    const [tests, written] = ignoresCase(host) ? [anyCase, lower] : [exact, asIs];
    const facts = { host, id: written(host.id), name: written(host.name), group: written(host.group) };
    const matching: number[] = [];
    for (let index = 0; index < tests.length; index++) if (tests[index]?.(facts)) matching.push(index);
    return matching;
  };
}

/** A host with its texts as they are compared. */
interface HostFacts {
  readonly host: Resource;
  readonly id: string | undefined;
  readonly name: string | undefined;
  readonly group: string | undefined;
}

function prepared({ id, name, group, labels = {} }: HostRule, written: typeof asIs): (facts: HostFacts) => boolean {
  const tests: ((facts: HostFacts) => boolean)[] = [];
  const [idTest, nameTest, groupTest] = [id, name, group].map((pattern) => textTest(written(pattern)));
  if (idTest) tests.push((facts) => idTest(facts.id));
  if (nameTest) tests.push((facts) => nameTest(facts.name));
  if (groupTest) tests.push((facts) => groupTest(facts.group));
  for (const [key, pattern] of Object.entries(labels)) {
    const test = textTest(pattern);
    if (test) tests.push(({ host }) => test(labelOf(host, key)));
  }
  const [first = () => true, ...others] = tests;
  return (facts) => first(facts) && others.every((test) => test(facts));
}

/** Undefined where there is no pattern: then any text will do, and none. */
function textTest(pattern: string | undefined): ((text: string | undefined) => boolean) | undefined {
  if (pattern === undefined) return undefined;
  const wildcard = pattern.search(/[*?]/);
  if (wildcard < 0) return (text) => text === pattern;
  const beginning = pattern.slice(0, wildcard);
  return (text) => text?.startsWith(beginning) === true && matchesGlob(pattern, text);
}

function matchesRule(rule: HostRule, host: Resource): boolean {
  const { id, name, group, labels = {} } = rule;
  const written = ignoresCase(host) ? lower : asIs;
  return (
    matchesField(written(id), written(host.id)) &&
    matchesField(written(name), written(host.name)) &&
    matchesField(written(group), written(host.group)) &&
    Object.entries(labels).every(([key, pattern]) => matchesField(pattern, labelOf(host, key)))
  );
}

/**
 * Azure's names, ids and names of tags mean the same in upper and lower case, and it writes them in both: a rule has to
 * match what its author sees in the portal. The value of a tag is a text like any other.
 * https://learn.microsoft.com/azure/azure-resource-manager/management/tag-resources
 */
function ignoresCase({ provider }: Resource): boolean {
  return provider === 'azure';
}

function lower(text: string | undefined): string | undefined {
  return text?.toLowerCase();
}

function asIs(text: string | undefined): string | undefined {
  return text;
}

/** Own labels only: `constructor` is a label's name like any other. */
function labelOf(host: Resource, key: string): string | undefined {
  const { labels = {} } = host;
  if (!ignoresCase(host)) return Object.hasOwn(labels, key) ? labels[key] : undefined;
  return Object.entries(labels).find(([name]) => name.toLowerCase() === key.toLowerCase())?.[1];
}

function matchesField(pattern: string | undefined, text: string | undefined): boolean {
  if (pattern === undefined) return true;
  return text !== undefined && matchesGlob(pattern, text);
}

/**
 * Matches `*` and `?` in O(pattern x text): a pattern comes from a tenant, and the same thing spelled as a regular
 * expression can be made to backtrack for hours. `path.matchesGlob` treats `/` specially, which resource ids contain.
 */
export function matchesGlob(pattern: string, text: string): boolean {
  let p = 0;
  let t = 0;
  let star = -1;
  let resumeAt = 0;
  while (t < text.length) {
    if (pattern[p] === '*') {
      star = p++;
      resumeAt = t;
    } else if (p < pattern.length && (pattern[p] === '?' || pattern[p] === text[t])) {
      p++;
      t++;
    } else if (star >= 0) {
      // The last star swallows one character more and the rest of the pattern is tried again.
      p = star + 1;
      t = ++resumeAt;
    } else {
      return false;
    }
  }
  while (pattern[p] === '*') p++;
  return p === pattern.length;
}
