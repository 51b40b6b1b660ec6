/** What functions print: fields that are listed, and no others, whatever is handed to the logger. */
import { readdir, readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type DispatchMessagesPorts, dispatchMessages } from '../../functions/dispatch-messages.ts';
import { inspectMessages } from '../../functions/inspect-messages.ts';
import { createLogger, LOG_FIELDS } from '../../functions/log.ts';
import { createMemoryQueue } from '../memory/messaging.ts';
import { createMemoryConfigStore, createMemoryRequestLog } from '../memory/stores.ts';
import { aMessage, anSqsEvent, startPipeline } from './pipeline.ts';

const FUNCTIONS = new URL('../../functions/', import.meta.url);

/** What the formatter itself adds to a line. */
const BASE_FIELDS = ['level', 'message', 'timestamp', 'service', 'xray_trace_id'];

/** Of an error. */
const ERROR_FIELDS = ['name', 'message', 'cause'];

afterEach(() => {
  vi.restoreAllMocks();
});

/** The lines that are printed while something runs. */
async function linesOf(work: () => unknown): Promise<Record<string, unknown>[]> {
  const printed: string[] = [];
  const capture = (chunk: unknown) => {
    printed.push(String(chunk));
    return true;
  };
  const spies = [process.stdout, process.stderr].map((stream) => vi.spyOn(stream, 'write').mockImplementation(capture));
  try {
    await work();
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
  return printed
    .join('')
    .split('\n')
    .filter((line) => line.startsWith('{"level"'))
    .map((line) => JSON.parse(line));
}

const logged = (...fields: object[]) =>
  linesOf(() => {
    const logger = createLogger({ logLevel: 'INFO' });
    for (const each of fields) logger.error('It happened.', { ...each });
  });

/** Every name of a field, at any depth. */
function namesIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const names = Array.isArray(value) ? [] : Object.keys(value);
  return [...names, ...Object.values(value).flatMap(namesIn)];
}

/** Of a function whose event is dropped before it needs any. */
const NO_PORTS: DispatchMessagesPorts = {
  configs: createMemoryConfigStore(),
  requests: createMemoryRequestLog(() => 0),
  queues: {
    aws: createMemoryQueue(),
    gcp: createMemoryQueue(),
    azure: createMemoryQueue(),
    prometheus: createMemoryQueue(),
    otlp: createMemoryQueue(),
  },
  deadLetters: createMemoryQueue(),
};

/** Names of the fields of an object as it is written in a source file; what is spread into it is not seen. */
function fieldNames(source: string): string[] {
  const fields = source.split(',').map((field) => field.trim());
  return fields.filter((field) => /^\w+(?::|$)/.test(field)).map((field) => field.split(':')[0] ?? '');
}

const SECRET = 'AKIAIOSFODNN7EXAMPLE';
const HOST = { id: 'i-1', name: 'web', labels: { password: SECRET }, group: 'web' };

describe('the logger of the functions', () => {
  it('prints the fields that are listed', async () => {
    const facts = { tenant: 'acme', account: '111122223333', superseded: false, published: 3, regions: ['eu-west-1'] };

    expect(await logged(facts)).toEqual([
      { level: 'ERROR', message: 'It happened.', timestamp: expect.any(String), service: expect.any(String), ...facts },
    ]);
  });

  it.each([
    ['a body of a message', { body: SECRET }],
    ['an event of a function', { Records: [{ body: SECRET }] }],
    ['a body that no topic accepts', { body: { data: { host: HOST } }, detail: 'too large' }],
    ['a host with its labels', { host: HOST, resource: HOST }],
    ['labels inside of a field that is listed', { summary: { hosts: { known: 1, labels: HOST.labels } } }],
    ['an external id', { tenant: { externalId: SECRET, config: { externalId: SECRET } } }],
    ['credentials', { credentials: { accessKeyId: SECRET, secretAccessKey: SECRET } }],
    ['a request inside of an error', { error: Object.assign(new Error('denied'), { $response: { headers: SECRET } }) }],
    ['the stack of an error', { error: Object.assign(new Error('denied'), { stack: SECRET }) }],
    ['a list of objects', { failed: [{ id: SECRET, body: SECRET }], regions: [{ secret: SECRET }] }],
    ['what an object prints itself as', { tenant: { toJSON: () => SECRET } }],
    ['a map, a set and bytes', { tenant: new Map([['a', SECRET]]), id: new Set([SECRET]), event: Buffer.from(SECRET) }],
  ])('does not print %s', async (_, fields) => {
    const [line] = await logged(fields);

    expect(line).toMatchObject({ message: 'It happened.' });
    expect(JSON.stringify(line)).not.toContain(SECRET);
  });

  it('prints a summary as counts, and an error with its name, message and causes', async () => {
    const cause = new TypeError('no such role');
    const error = Object.assign(new Error('the account is denied', { cause }), { config: SECRET });
    const summary = {
      outcome: 'partial',
      hosts: { known: 3, inspected: 2, notMonitored: 0, unreadable: 1 },
      unreadable: { denied: 1 },
      failures: [`i-1: ${SECRET}`],
      stoppedReporting: [SECRET],
      metricsBilled: 3,
    };

    const [line] = await logged({ summary, error, failed: [{ id: 'a' }, { id: 'b' }] });

    expect(line).toMatchObject({
      summary: {
        outcome: 'partial',
        hosts: { known: 3, inspected: 2, notMonitored: 0, unreadable: 1 },
        unreadable: { denied: 1 },
        failures: 1,
        metricsBilled: 3,
      },
      error: { name: 'Error', message: 'the account is denied', cause: { name: 'TypeError', message: 'no such role' } },
      failed: 2,
    });
    expect(JSON.stringify(line)).not.toContain(SECRET);
  });

  it('prints few characters, however much it is given', async () => {
    const long = 'x'.repeat(1_000_000);
    const fields = {
      tenant: long,
      reason: long,
      issues: Array(1000).fill(long),
      error: new Error(long, { cause: new Error(long) }),
    };

    const [line] = await logged(fields);

    expect(JSON.stringify(line).length).toBeLessThan(30_000);
  });

  it('prints no field that is not listed, whatever is logged', async () => {
    const names = fc.oneof(fc.constantFrom(...LOG_FIELDS), fc.constantFrom('body', 'labels', '__proto__', 'toJSON'));
    const fields = fc.dictionary(
      names,
      fc.anything({ key: names, maxDepth: 6, withBigInt: true, withDate: true, withMap: true }),
    );
    const many = fc.sample(fields, { numRuns: 300, seed: 7 });

    const lines = await logged(...many);

    expect(lines).toHaveLength(300);
    const known = new Set([...BASE_FIELDS, ...ERROR_FIELDS, ...LOG_FIELDS]);
    expect(lines.flatMap(namesIn).filter((name) => !known.has(name))).toEqual([]);
  });
});

describe('the functions', () => {
  it('all print by this logger alone', async () => {
    const files = (await readdir(FUNCTIONS)).filter((name) => name !== 'log.ts');

    const offending: string[] = [];
    for (const name of files) {
      const source = await readFile(new URL(name, FUNCTIONS), 'utf8');
      // `console/` is the folder of the page.
      if (/new Logger\(|\bconsole\b(?!\/)/.test(source)) offending.push(name);
    }

    expect(files).toContain('watch.ts');
    expect(offending).toEqual([]);
  });

  it('hand no field to it that it would drop', async () => {
    const fields: string[] = [];
    for (const name of await readdir(FUNCTIONS)) {
      const source = await readFile(new URL(name, FUNCTIONS), 'utf8');
      for (const [, literal = ''] of source.matchAll(/log(?:ger)?\.\w+\([^;]*?\{([^{}]*)\}\)/g))
        fields.push(...fieldNames(literal));
    }

    expect(new Set(fields)).toContain('messageId');
    expect(fields.filter((field) => !LOG_FIELDS.has(field))).toEqual([]);
  });

  it('print nothing of a hostile message, and no field that is not listed', async () => {
    await using pipeline = await startPipeline();
    const hostile = [
      SECRET,
      JSON.stringify({ ...aMessage(), body: SECRET, unknown: SECRET }),
      JSON.stringify({ ...aMessage(), tenant: { externalId: SECRET } }),
      JSON.stringify(aMessage()),
    ];
    const context = { getRemainingTimeInMillis: () => 300_000 };
    const logger = createLogger({ logLevel: 'INFO' });
    const { ports } = pipeline;

    const lines = await linesOf(async () => {
      const options = { ports, logger, context, now: Date.parse(aMessage().scheduledTime) };
      await inspectMessages(anSqsEvent(...hostile), options);
      await inspectMessages({ [SECRET]: SECRET }, options);
      await dispatchMessages({ Records: SECRET }, { ports: NO_PORTS, logger, now: 0 });
    });

    expect(lines.length).toBeGreaterThan(4);
    const known = new Set([...BASE_FIELDS, ...ERROR_FIELDS, ...LOG_FIELDS]);
    expect(lines.flatMap(namesIn).filter((name) => !known.has(name))).toEqual([]);
    expect(JSON.stringify(lines)).not.toContain(SECRET);
  });
});
