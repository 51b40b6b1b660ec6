/** The result as JUnit XML, which every CI shows: a test case for each name of processes. */
import type { JobVerdict, NameVerdict } from '../../core/detector/gate.ts';
import type { JobRun } from './job.ts';
import { nameSentence } from './text.ts';

export function jobAsJunit({ name, startedAt, durationMs }: JobRun, { names, outcome }: JobVerdict): string {
  // A job that was too short for a single sample still has a result.
  const cases = names.length === 0 ? [{ name, processes: 0, outcome: 'too_short' } as const] : names;
  const count = (wanted: NameVerdict['outcome']) => cases.filter((one) => one.outcome === wanted).length;
  const seconds = (durationMs / 1000).toFixed(3);
  const totals = `tests="${cases.length}" failures="${count('leak')}" errors="0" skipped="${count('too_short')}" time="${seconds}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="plimsoll gate" ${totals}>`,
    `  <testsuite name="memory of ${escaped(name)}" ${totals} timestamp="${new Date(startedAt).toISOString().slice(0, 19)}">`,
    `    <properties><property name="outcome" value="${outcome}"/></properties>`,
    ...cases.flatMap((one) => testCase(one, name, seconds)),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function testCase(verdict: NameVerdict, job: string, seconds: string): string[] {
  const sentence = escaped(nameSentence(verdict));
  const open = `    <testcase classname="memory of ${escaped(job)}" name="${escaped(verdict.name)} does not leak" time="${seconds}"`;
  switch (verdict.outcome) {
    case 'leak':
      return [`${open}>`, `      <failure type="leak" message="${sentence}"/>`, '    </testcase>'];
    case 'too_short':
      return [`${open}>`, `      <skipped message="${sentence}"/>`, '    </testcase>'];
    case 'steady':
    case 'allowed':
      return [`${open}>`, `      <system-out>${sentence}</system-out>`, '    </testcase>'];
  }
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** Text for XML 1.0 and SVG: what XML does not allow at all is left out. */
export function escaped(text: string): string {
  return text
    .replace(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '')
    .replace(/[&<>"']/g, (one) => ENTITIES[one] ?? one);
}
