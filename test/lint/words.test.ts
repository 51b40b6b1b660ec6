/**
 * Holds every file that a person reads to the words of word-list.ts. Each word of the list has an example that it has to
 * find and each exception one that it has to let through: a pattern that matches nothing looks exactly like clean files.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { asProse, WORDS, type Word } from './word-list.ts';

const PROJECT = join(import.meta.dirname, '../..');

/** Sources, tests, workflows, infrastructure and documentation. */
const READ = /(\.(tsx?|js|md|yml|sh)|^\.ci\/run)$/;
/** Written by programs, the licence, and the list itself. */
const NOT_READ = /^(test\/lint\/|bench\/results\/|LICENSE)|-table\.ts$/;

/** The words that a line holds, each as it stands there. */
function wordsIn(line: string, file: string, words: readonly Word[] = WORDS): { found: string; word: Word }[] {
  const prose = asProse(line);
  return words.flatMap((word) => {
    if (!word.pattern.test(prose) || word.except?.test(file)) return [];
    const rest = word.unless === undefined ? prose : prose.replaceAll(new RegExp(word.unless, 'g'), '');
    const found = word.pattern.exec(rest)?.[0];
    return found === undefined ? [] : [{ found, word }];
  });
}

function hitsIn(file: string): string[] {
  const lines = readFileSync(join(PROJECT, file), 'utf8').split('\n');
  return lines.flatMap((line, index) =>
    wordsIn(line, file).map(({ found, word }) => `${file}:${index + 1}: "${found}": say ${word.instead}`),
  );
}

/** In order of the list: lines that each word is found in, and lines that it lets through. */
const EXAMPLES: readonly { readonly found: readonly string[]; readonly allowed: readonly string[] }[] = [
  { found: ['the subscriber is told', 'toldAt', 'it tells'], allowed: ['is notified', 'a hotel'] },
  { found: ['the message says', 'what they say', 'saysWhy'], allowed: ['an essay', "kind === 'cannot_say'"] },
  { found: ['what is owed', 'OWED_BODIES'], allowed: ['allowed', 'the outbox'] },
  { found: ['pendingBodies', 'is pending'], allowed: ['depending on'] },
  { found: ['the knee of the curve', 'kneeHours'], allowed: ['the change point'] },
  { found: ['each gate', 'gatesOf'], allowed: ['aggregated', 'a gateway', '`plimsoll gate -- npm test`'] },
  { found: ['judges a host', 'judgedAs', 'a judgement', 'UNJUDGED'], allowed: ['evaluates a host'] },
  { found: ['the look-back', 'two look-backs'], allowed: ['the lookback window', 'lookBackHours'] },
  { found: ['the whole window', 'wholeHour'], allowed: ['wholesale', 'the complete window'] },
  { found: ['the culprit', 'culpritOf'], allowed: ['the top consumer'] },
  {
    found: ['its life', 'a family of policies', 'the ladder', 'RUNGS'],
    allowed: ['the life cycle', 'lifetime', 'aws.ecs.task.family', 'TaskDefinitionFamily'],
  },
  { found: ['its doubts', 'doubtOf'], allowed: ['its warnings'] },
  {
    found: ['is asked for', 'askingFor', 'asks it for'],
    allowed: ['Please provide below info when asking for support.'],
  },
  { found: ['out of patience', 'patienceMs'], allowed: ['a patient'] },
  { found: ['the fate of an entry', 'Fate'], allowed: ['the outcome'] },
  { found: ['24 signs', 'signOf'], allowed: ['signs in', 'Math.sign(x)', 'design', 'a plus sign'] },
  { found: ['the last stretch', 'stretchesOf'], allowed: ['the last segment'] },
  { found: ['three stories', 'storyOf'], allowed: ['history'] },
  { found: ['cuts a series', 'cutAt'], allowed: ['a shortcut', 'execute'] },
  { found: ['an odd line', 'strayFields'], allowed: ['an odd number', 'astray'] },
  {
    found: ['an uncovered host', 'silently', 'isSilent'],
    allowed: ['npm run --silent', "POWERTOOLS_LOG_LEVEL: 'SILENT'"],
  },
  { found: ['two letters', 'an e-mail', 'mailOf'], allowed: ['a dead-letter queue', 'letters and digits', 'an email'] },
  { found: ['a planted leak'], allowed: ['transplanted', 'an injected leak'] },
  { found: ['in its place', 'placeOf'], allowed: ['replaced', 'a placeholder'] },
  { found: ['half of what is left', 'that which grows'], allowed: ['half of the rest'] },
];

/** A file that no word of the list makes an exception for. */
const ANY_FILE = 'core/detector/detect.ts';

describe('the word list', () => {
  it('has an example for each word', () => {
    expect(EXAMPLES).toHaveLength(WORDS.length);
  });

  it.each(WORDS.map((word, index) => ({ name: String(word.pattern), word, ...EXAMPLES[index] })))(
    'finds $name and lets phrases through that mean something else',
    ({ word, found = [], allowed = [] }) => {
      const missed = found.filter((line) => wordsIn(line, ANY_FILE, [word]).length === 0);
      const refused = allowed.filter((line) => wordsIn(line, ANY_FILE, [word]).length > 0);

      expect(found.length).toBeGreaterThan(0);
      expect({ missed, refused }).toEqual({ missed: [], refused: [] });
    },
  );

  it('leaves a provider its own word, and nobody else', () => {
    const line = 'the state is pending';

    expect(wordsIn(line, 'sandbox/aws/table.ts')).toEqual([]);
    expect(wordsIn(line, 'core/incidents/outbox.ts')).toHaveLength(1);
  });
});

describe('the project', () => {
  const files = execFileSync('git', ['ls-files'], { cwd: PROJECT, encoding: 'utf8' }).trim().split('\n');
  const read = files.filter((file) => READ.test(file) && !NOT_READ.test(file));

  it('is read in every folder', () => {
    const folders = new Set(read.map((file) => file.split('/')[0]));

    expect([...folders]).toEqual(
      expect.arrayContaining(['.ci', '.github', 'README.md', 'adapters', 'bench', 'core', 'docs', 'infra', 'test']),
    );
  });

  it('uses no word of the list', () => {
    expect(read.flatMap(hitsIn)).toEqual([]);
  });
});
