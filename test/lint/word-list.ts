/**
 * The words that the project once had for itself alone, and what the field says instead. An SRE who searches the code, the
 * messages or the README finds the right column only.
 */

export interface Word {
  /** Matches the word in prose, and as a part of an identifier (which is split into its words first). */
  readonly pattern: RegExp;
  /** The standard terms. */
  readonly instead: string;
  /** Where the word means something else: matched against the path. */
  readonly except?: RegExp;
  /** Phrases in which the word means something else. */
  readonly unless?: RegExp;
}

const PROVIDERS = /^(adapters|sandbox|test\/(adapters|sandbox|contract))\//;
/** The names of an index and its attribute, which stay as the first deployment made them, and a property of a key of AWS. */
const STORED =
  /^(infra\/(table|key)\.yml|infra\/kept\.js|test\/acceptance\/local\/service\/(rights-of-functions|hardening-checks)\.ts|test\/functions\/inspect-aws\.test\.ts)$/;
const NOT_THE_DETECTOR = /^(?!(core\/detector|bench|test\/core\/detector|test\/bench)\/)/;

const LIST: readonly Word[] = [
  { pattern: /\b(told|untold|tells?|telling)\b/, instead: 'notified, reported' },
  {
    pattern: /\bsays?\b/,
    instead: 'message, description; in prose: states, reports, names, explains',
    // A kind of exhaustion in verdicts and events.
    unless: /cannot say/,
  },
  { pattern: /\bowed\b/, instead: 'outbox' },
  { pattern: /\bpending\b/, instead: 'outbox', except: new RegExp(`${PROVIDERS.source}|${STORED.source}`) },
  { pattern: /\bknees?\b/, instead: 'change point' },
  {
    pattern: /\bgates?\b/,
    instead: 'check',
    // The command that a build calls, as such commands are called, and its files.
    unless:
      /(plimsoll|main\.ts"|bench:|add) ?gate|['"`] ?gate ?['"`]|detector\/gate|(cli|bench|\.)\/gate|gate(-[a-z]+)?\.(md|ts|sh)/,
  },
  { pattern: /\b(judges?|judged|judging|judge?ments?|unjudged)\b/, instead: 'evaluate, evaluation' },
  // The option's former spelling goes on working.
  { pattern: /\blook-backs?\b/, instead: 'lookback window', unless: /--look-back/ },
  { pattern: /\bwholes?\b/, instead: 'complete, entire, all' },
  { pattern: /\bculprits?\b/, instead: 'top consumer' },
  {
    pattern: /\b(life|lives|family|families|ladders?|rungs?)\b/,
    instead: 'replay state, policy group, threshold sweep, step',
    // Of an address, as Node has it: 4 or 6.
    unless: /life cycle|task\.family|task definition family|font.family|address.*famil(?:y|ies)|family ===/,
  },
  { pattern: /\bdoubts?\b/, instead: 'warnings' },
  {
    pattern: /\b(asking|asked|asks)( \w+)? for\b/,
    instead: 'requested, request context',
    // A sentence of Azure's refusals.
    unless: /asking for support/,
  },
  { pattern: /\bpatience\b/, instead: 'circuit breaker' },
  { pattern: /\bfates?\b/, instead: 'outcome' },
  {
    pattern: /\bsigns?\b/,
    instead: 'feature',
    except: NOT_THE_DETECTOR,
    unless: /signs? in|plus sign|opposite sign|same sign|math\.sign/,
  },
  { pattern: /\bstretch(es|ed)?\b/, instead: 'segment' },
  { pattern: /\b(story|stories)\b/, instead: 'hypothesis, fitted model', except: NOT_THE_DETECTOR },
  { pattern: /\bcuts?\b/, instead: 'truncated', unless: /shortcut|short cut|cut -[cd]|'cut'/ },
  { pattern: /\b(odd|stray|strays)\b/, instead: 'malformed, unrecognised', unless: /odd (number|count)/ },
  // A flag of npm, a log level, and a fault of the sandbox.
  {
    pattern: /\b(uncovered|silent|silently)\b/,
    instead: 'not monitored, stopped reporting',
    unless: /--silent|'silent'/,
  },
  {
    pattern: /\b(letters?|mails?|mailed|e-mails?)\b/,
    instead: 'email',
    unless: /dead.?letter|(lower|upper).case letters?|letters?, digits|letters and digits|capital letters?/,
  },
  { pattern: /\bplanted\b/, instead: 'expected, injected' },
  { pattern: /\bplaces?\b/, instead: 'location, host key', unless: /\/places\.ts'/ },
  { pattern: /\b(of what is|that which)\b/, instead: 'a noun' },
];

/** The changelog names what was renamed, and the store reads what was written before: the files in which old words stand. */
const RENAMED = '^(CHANGELOG\\.md|adapters/dynamodb/upgrade\\.ts)$';

export const WORDS: readonly Word[] = LIST.map((word) => ({
  ...word,
  except: new RegExp(word.except ? `${word.except.source}|${RENAMED}` : RENAMED),
}));

/** Splits identifiers into their words, so that `toldAt` and `PENDING_BODIES` are found as prose is. */
export function asProse(line: string): string {
  return line
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .replaceAll('_', ' ')
    .toLowerCase();
}
