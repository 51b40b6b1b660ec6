/** What a report is made of: answers by address, up to a size, in a file in which no name begins a tag. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hostMemoryView } from '../../../api/contract/hosts.ts';
import { eventView, incidentView } from '../../../api/contract/incidents.ts';
import { EXIT } from '../../../cli/exit-code.ts';
import { run } from '../../../cli/main.ts';
import { type Ask, collectReport } from '../../../cli/report/collect.ts';
import { composeReport } from '../../../cli/report/compose.ts';
import { reportOfSelection } from '../../../cli/report/of-selection.ts';
import { HOUR, NOON } from '../../fixtures/builders.ts';
import { aContext } from '../a-context.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plimsoll-'));
});

afterAll(() => rm(folder, { recursive: true }));

/** Ten days of 15-minute samples up to noon: percent by the hour before noon. */
async function aTrace(name: string, hosts: Readonly<Record<string, (hour: number) => number>>): Promise<string> {
  const lines = Object.entries(hosts).map(([id, percentAt]) => {
    const v = Array.from({ length: 960 }, (_, index) => percentAt((index - 960) / 4) + Math.sin(index * index) * 0.3);
    return JSON.stringify({ id, step: 900, start: new Date(NOON - 240 * HOUR).toISOString(), v });
  });
  const file = join(folder, name);
  await writeFile(file, `${lines.join('\n')}\n`);
  return file;
}

const leaking = (hour: number) => 40 + Math.max(0, hour + 40);
const restarted = (hour: number) => (hour > -30 ? 40 : 40 + Math.max(0, hour + 80));
const context = () => ({
  ...aContext().context,
  openDemo: () => Promise.reject(new Error('no demo is opened')),
});

describe('the report about recorded series', () => {
  it('has each host that would have been reported, with answers as the contract describes them', async () => {
    const file = await aTrace('some.jsonl', { 'web-1': leaking, 'web-2': restarted, 'web-3': () => 40 });

    const { incidents, answers, code, asOf } = await reportOfSelection({ traces: [file] }, context());

    expect(incidents.map(({ host, status }) => [host, status])).toEqual([
      ['web-1', 'open'],
      ['web-2', 'closed'],
    ]);
    expect(code).toBe(EXIT.findings);
    expect(asOf).toBe(NOON);
    const of = (end: RegExp) =>
      Object.entries(answers)
        .filter(([address]) => end.test(address))
        .map(([, answer]) => answer);
    expect(of(/incidents\/[\w-]+$/).map((answer) => incidentView.parse(answer).cycles.length)).toEqual([1, 1]);
    expect(of(/memory/).map((answer) => hostMemoryView.parse(answer).verdict)).toEqual(['leaking', 'steady']);
    for (const answer of of(/events/))
      expect(eventView.array().safeParse(Reflect.get(Object(answer), 'items')).error).toBeUndefined();
  });

  it('is clean where nothing would have been reported', async () => {
    const file = await aTrace('steady.jsonl', { 'web-3': () => 40 });

    expect(await reportOfSelection({ traces: [file] }, context())).toMatchObject({ incidents: [], code: EXIT.clean });
  });
});

describe('what is collected', () => {
  const problem = { type: 'about:blank', title: 'Not found', status: 404, detail: 'There is no such incident.' };

  it('states an incident that could not be read', async () => {
    const ask: Ask = async () => ({ problem });

    const { incidents, gaps } = await collectReport(ask, { tenant: 'acme', refs: ['a'], now: NOON, onStep: () => {} });

    expect(incidents).toEqual([]);
    expect(gaps).toEqual(['An incident could not be read: There is no such incident.']);
  });

  it('ends at fifty incidents, and states how many are left out', async () => {
    const refs = Array.from({ length: 52 }, (_, index) => `ref-${index}`);
    const asked: string[] = [];
    const ask: Ask = async (address) => {
      asked.push(address);
      return { problem };
    };

    const { gaps } = await collectReport(ask, { tenant: 'acme', refs, now: NOON, onStep: () => {} });

    expect(asked).toHaveLength(50);
    expect(gaps.at(-1)).toMatch(/^2 further incidents are left out/);
  });
});

describe('the file', () => {
  const DATA = {
    title: '</script><script>alert(1)</script><!--',
    tenant: 'acme',
    madeAt: '2026-11-29T12:00:00.000Z',
    asOf: '2026-11-29T12:00:00.000Z',
    version: '0.2.0',
    incidents: [],
    gaps: [],
    answers: {},
    problems: {},
  };

  it('keeps its data in an element that nothing in it ends', () => {
    const html = composeReport('<html><body><div></div></body></html>', DATA);
    const json = /<script type="application\/json" id="report-data">(.*?)<\/script>/s.exec(html)?.[1] ?? '';

    expect(json).not.toContain('<');
    expect(JSON.parse(json)).toEqual(DATA);
    expect(html.endsWith('</script>\n  </body></html>')).toBe(true);
  });
});

describe('plimsoll report', () => {
  it.each([
    [['-o', 'x.html'], 'Name an incident or a run'],
    [['web-1', '--traces', 'a.csv', '-o', 'x.html'], 'one of them'],
    [['--demo'], "required option '-o, --output <file>' not specified"],
  ])('refuses %j', async (args, message) => {
    const { context: given, err } = aContext();

    expect(await run(['report', ...args], given)).toBe(EXIT.error);
    expect(err()).toContain(message);
  });
});
