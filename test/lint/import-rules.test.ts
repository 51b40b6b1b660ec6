/**
 * Proves the import rules of biome.json: each is broken once in a planted tree, and Biome has to name it. Rules that
 * match nothing look exactly like rules that nobody breaks, which is why they are tested at all.
 */
import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const PROJECT = join(import.meta.dirname, '../..');
const BIOME = join(PROJECT, 'node_modules/@biomejs/biome/bin/biome');

interface Expected {
  readonly file: string;
  readonly source: string;
}

interface Diagnostic {
  readonly category: string;
  readonly message: string;
  readonly location: { readonly path: string };
}

/** Each broken rule: where, by which import, and the words of the message that say why. */
const FORBIDDEN: readonly (readonly [folder: string, specifier: string, message: string])[] = [
  ['core/model', '../detector/detect.ts', 'imports zod and nothing else'],
  ['core/model', 'node:fs', 'imports zod and nothing else'],
  ['core/model', '@aws-sdk/client-sqs', 'imports zod and nothing else'],
  ['core/detector', '../ports/errors.ts', 'imports core/model/ and nothing else'],
  ['core/detector', 'node:perf_hooks', 'imports core/model/ and nothing else'],
  ['core/detector', 'zod', 'imports core/model/ and nothing else'],
  ['core/detector/anomaly', '../../ports/errors.ts', 'imports core/model/ and the detector'],
  ['core/baselines', '../ports/baseline-store.ts', 'learns from weeks'],
  ['core/baselines', 'node:fs', 'learns from weeks'],
  ['core/recordings', '../inspection/inspect.ts', 'decides what is recorded'],
  ['core/recordings', 'node:fs', 'decides what is recorded'],
  ['core/ports', '../incidents/transition.ts', 'imports core/model/ and nothing else'],
  ['core/ports', 'node:events', 'imports core/model/ and nothing else'],
  ['core/messages', '../ports/publisher.ts', 'is words and units'],
  ['core/messages', '../../adapters/sns/message.ts', 'is words and units'],
  ['core/messages', '@aws-sdk/client-sns', 'is words and units'],
  ['core/incidents', '../inspection/inspect.ts', 'decides what happened'],
  ['core/incidents', '../detector/detect.ts', 'decides what happened'],
  ['core/incidents', '../../adapters/sns/publisher.ts', 'decides what happened'],
  ['core/incidents', '@aws-sdk/client-sns', 'decides what happened'],
  ['core/incidents/story', '../../ports/incident-store.ts', 'is made of verdicts and floors'],
  ['core/incidents/story', '../transition.ts', 'is made of verdicts and floors'],
  ['core/tenants', '../inspection/inspect.ts', 'knows configs'],
  ['core/tenants', 'node:fs', 'knows configs'],
  ['core/relay', '../messages/email.ts', 'decides which receiver gets an event'],
  ['core/relay', '../../adapters/https/client.ts', 'decides which receiver gets an event'],
  ['core/relay', 'node:https', 'decides which receiver gets an event'],
  ['core/ingest', '../inspection/inspect.ts', 'takes samples that hosts send'],
  ['core/ingest', '../../adapters/otlp/decode.ts', 'takes samples that hosts send'],
  ['core/ingest', 'node:zlib', 'takes samples that hosts send'],
  ['core/health', '../inspection/inspect.ts', 'decides when inspections are missed'],
  ['core/health', '../incidents/outbox.ts', 'decides when inspections are missed'],
  ['core/health', '../../adapters/sns/publisher.ts', 'decides when inspections are missed'],
  ['core/health', 'node:fs', 'decides when inspections are missed'],
  ['core/inspection', '../backtest/backtest.ts', 'runs one inspection'],
  ['core/inspection', '../../adapters/sns/publisher.ts', 'through its ports'],
  ['core/inspection', '@aws-sdk/client-sns', 'through its ports'],
  ['core/inspection', 'node:fs', 'through its ports'],
  ['core/backtest', '../tenants/tenant-config.ts', 'imports what it replays'],
  ['core/backtest', '../../adapters/sns/publisher.ts', 'imports what it replays'],
  ['core/backtest', 'node:fs', 'imports what it replays'],
  ['core/points', '../recordings/purge.ts', 'knows no vendor'],
  ['core/points', '../../adapters/s3/bucket.ts', 'knows no vendor'],
  ['adapters', '../core/inspection/inspect.ts', 'runs no use case'],
  ['adapters/dynamodb', '../../core/incidents/transition.ts', 'runs no use case'],
  ['adapters', '../core/detector/detect.ts', 'decides nothing'],
  ['adapters/sns', '../../core/tenants/tenant-config.ts', 'decides nothing'],
  ['adapters', '../functions/environment.ts', 'take what is needed as an argument'],
  ['adapters', '../cli/main.ts', 'take what is needed as an argument'],
  ['adapters', '../sandbox/start.ts', 'does not import sandbox/'],
  ['adapters/dynamodb', '../../bench/memory.ts', 'does not import sandbox/'],
  ['api', '../adapters/dynamodb/table.ts', 'reaches stores through api/ports.ts'],
  ['api/handlers', '../../adapters/s3/keys.ts', 'reaches stores through api/ports.ts'],
  ['api/handlers', '@aws-sdk/client-dynamodb', 'by the use cases of core/'],
  ['api', 'node:fs', 'by the use cases of core/'],
  ['api', '../functions/environment.ts', 'is served by functions/ and cli/'],
  ['api/handlers', '../../cli/main.ts', 'is served by functions/ and cli/'],
  ['api', '../sandbox/start.ts', 'does not import sandbox/'],
  ['api/views', '../../console/main.tsx', 'does not import sandbox/'],
  ['functions', '../adapters/open-source.ts', 'imports its one provider'],
  ['functions', '../cli/main.ts', 'do not import each other'],
  ['functions', '../sandbox/start.ts', 'does not import sandbox/'],
  ['cli', '../sandbox/start.ts', 'Only cli/demo/ and cli/simulation/ play the cloud'],
  ['cli/inspect', '../../functions/inspect-aws.ts', 'Only cli/demo/ and cli/simulation/ play the cloud'],
  ['cli', '../bench/memory.ts', 'does not import bench/'],
  ['cli', './demo/action.ts', 'only cli/main.ts imports the folders'],
  ['cli', './source/selection.ts', 'only cli/main.ts imports the folders'],
  ['cli', './findings/runs.ts', 'only cli/main.ts imports the folders'],
  ['cli/inspect', '../tenants/config-warnings.ts', 'Only cli/main.ts imports the folder of a command'],
  ['cli/inspect', '../status/rows.ts', 'Only cli/main.ts imports the folder of a command'],
  ['cli', './status/rows.ts', 'only cli/main.ts imports the folders'],
  ['cli/console', '../../sandbox/sandbox.ts', 'Only cli/demo/ and cli/simulation/ play the cloud'],
  ['cli/mcp', '../backtest/action.ts', 'Only cli/main.ts imports the folder of a command'],
  ['cli/simulation', '../console/action.ts', 'Only cli/main.ts imports the folder of a command'],
  ['cli', './simulation/simulation.ts', 'only cli/main.ts imports the folders'],
  ['cli/demo', '../inspect/action.ts', 'Only cli/main.ts imports the folder of a command'],
  ['cli/demo', '../../test/fleet.ts', 'Nothing imports test/'],
  ['cli/source', '../demo/action.ts', 'Only cli/main.ts imports the folder of a command'],
  ['cli/source', '../findings/runs.ts', 'neither imports the other'],
  ['cli/source', '../../sandbox/start.ts', 'Only cli/demo/ and cli/simulation/ play the cloud'],
  ['cli/findings', '../explain/report.ts', 'Only cli/main.ts imports the folder of a command'],
  ['cli/findings', '../source/selection.ts', 'neither imports the other'],
  ['cli/render', '../terminal.ts', 'holds primitives'],
  ['cli/render', '../findings/runs.ts', 'holds primitives'],
  ['cli/render', '../../core/inspection/inspect.ts', 'holds primitives'],
  ['cli/render', '../../sandbox/start.ts', 'holds primitives'],
  ['console', 'lodash', 'runs in a browser and is small'],
  ['console/pages', 'node:fs', 'runs in a browser and is small'],
  ['console', '../core/incidents/transition.ts', 'shows what the API answers'],
  ['console/pages', '../../core/ports/errors.ts', 'shows what the API answers'],
  ['console/data', '../../api/handlers/hosts.ts', 'by the types of its contract alone'],
  ['console', '../adapters/sns/publisher.ts', 'by the types of its contract alone'],
  ['console', '../test/fixtures/builders.ts', 'by the types of its contract alone'],
  ['probe', 'zod', 'is one file without dependencies'],
  ['probe', '../core/detector/detect.ts', 'is one file without dependencies'],
  ['probe', '../adapters/otlp/decode.ts', 'is one file without dependencies'],
  ['probe', '../cli/terminal.ts', 'is one file without dependencies'],
  ['sandbox', '../test/fleet.ts', 'Nothing imports test/'],
  ['bench', '../test/fleet.ts', 'Nothing imports test/'],
];

const ALLOWED: readonly (readonly [file: string, specifier: string])[] = [
  ['core/model/allowed.ts', 'zod'],
  ['core/model/allowed.ts', './series.ts'],
  ['core/detector/allowed.ts', '../model/series.ts'],
  ['core/detector/allowed.ts', './trend.ts'],
  ['core/detector/anomaly/allowed.ts', '../../model/series.ts'],
  ['core/detector/anomaly/allowed.ts', '../order.ts'],
  ['core/baselines/allowed.ts', '../detector/deep-read.ts'],
  ['core/recordings/allowed.ts', '../detector/detect.ts'],
  ['core/ports/allowed.ts', '../model/series.ts'],
  ['core/messages/allowed.ts', '../model/series.ts'],
  ['core/incidents/allowed.ts', '../ports/incident-store.ts'],
  ['core/incidents/allowed.ts', '../messages/email.ts'],
  ['core/incidents/story/allowed.ts', '../../detector/floors.ts'],
  ['core/tenants/allowed.ts', 'croner'],
  ['core/relay/allowed.ts', '../tenants/schedule.ts'],
  ['core/ingest/allowed.ts', '../ports/sample-queue.ts'],
  ['core/ingest/allowed.ts', 'node:crypto'],
  ['core/health/allowed.ts', '../tenants/schedule.ts'],
  ['core/health/allowed.ts', '../messages/times.ts'],
  ['core/inspection/allowed.ts', '../health/record-health.ts'],
  ['core/inspection/allowed.ts', '../model/series.ts'],
  ['core/inspection/allowed.ts', '../detector/detect.ts'],
  ['core/inspection/allowed.ts', '../baselines/advance-record.ts'],
  ['core/inspection/allowed.ts', '../incidents/transition.ts'],
  ['core/inspection/allowed.ts', '../ports/memory-source.ts'],
  ['core/backtest/allowed.ts', '../inspection/window.ts'],
  ['core/points/allowed.ts', '../detector/anomaly/advance.ts'],
  ['core/points/allowed.ts', '../incidents/recorder.ts'],
  ['adapters/allowed.ts', '../core/ports/memory-source.ts'],
  ['adapters/dynamodb/allowed.ts', '../../core/ports/errors.ts'],
  ['adapters/dynamodb/allowed.ts', '@aws-sdk/client-dynamodb'],
  ['adapters/allowed.ts', '../core/model/series.ts'],
  ['adapters/sns/allowed.ts', '../../core/messages/email.ts'],
  ['api/allowed.ts', '../core/model/series.ts'],
  ['api/handlers/allowed.ts', '../../core/incidents/answer.ts'],
  ['api/handlers/allowed.ts', '../contract/route.ts'],
  ['api/handlers/allowed.ts', 'lru-cache'],
  ['api/allowed.ts', 'hono'],
  ['functions/allowed.ts', '../adapters/cloudwatch/source.ts'],
  ['functions/allowed.ts', '../api/app.ts'],
  ['functions/allowed.ts', '../core/inspection/inspect.ts'],
  ['cli/allowed.ts', '../adapters/open-source.ts'],
  ['cli/allowed.ts', './render/text.ts'],
  ['cli/main.ts', './demo/action.ts'],
  ['cli/inspect/allowed.ts', '../../core/inspection/inspect.ts'],
  ['cli/inspect/allowed.ts', '../source/selection.ts'],
  ['cli/inspect/allowed.ts', '../findings/runs.ts'],
  ['cli/source/allowed.ts', '../context.ts'],
  ['cli/findings/allowed.ts', '../render/text.ts'],
  ['cli/render/allowed.ts', '../../core/messages/units.ts'],
  ['cli/render/allowed.ts', './text.ts'],
  ['cli/console/allowed.ts', '../../functions/api-server.ts'],
  ['cli/console/allowed.ts', '../simulation/simulation.ts'],
  ['cli/simulation/allowed.ts', '../../sandbox/sandbox.ts'],
  ['cli/simulation/allowed.ts', '../../functions/inspect-aws.ts'],
  ['cli/demo/allowed.ts', '../findings/runs.ts'],
  ['cli/demo/allowed.ts', '../../sandbox/start.ts'],
  ['cli/demo/allowed.ts', '../../functions/inspect-aws.ts'],
  ['console/allowed.ts', 'preact'],
  ['console/allowed.ts', './paths.ts'],
  ['console/pages/allowed.ts', '../components/table.tsx'],
  ['console/pages/allowed.ts', '../../core/messages/units.ts'],
  ['console/pages/allowed.ts', '../../core/model/finding.ts'],
  ['console/pages/allowed.ts', '../../core/detector/detect.ts'],
  ['probe/allowed.ts', 'node:fs'],
  ['probe/allowed.ts', 'node:fs/promises'],
  ['probe/allowed.ts', './processes.ts'],
  ['probe/allowed.ts', '../core/model/sample.ts'],
  ['sandbox/allowed.ts', '../core/model/series.ts'],
  ['bench/allowed.ts', '../sandbox/start.ts'],
  ['test/allowed.ts', '../sandbox/start.ts'],
];

/** Every way of naming another module. A rule that knew only the first would be easy to break without noticing. */
const FORMS: readonly ((specifier: string) => string)[] = [
  (specifier) => `import '${specifier}';\n`,
  (specifier) => `import type { Thing } from '${specifier}';\n`,
  (specifier) => `export { thing } from '${specifier}';\n`,
  (specifier) => `await import('${specifier}');\n`,
];

const READS_ENVIRONMENT = 'export const table = process.env.TABLE;\n';

const forbidden = FORBIDDEN.map(([folder, specifier, message], index) => ({
  file: `${folder}/forbidden-${index}.ts`,
  source: FORMS.map((form) => form(specifier)).join(''),
  folder,
  specifier,
  message,
}));
const allowed = [...Map.groupBy(ALLOWED, ([file]) => file)].map(([file, imports]) => ({
  file,
  source: imports.flatMap(([, specifier]) => FORMS.map((form) => form(specifier))).join(''),
}));
const environment = [
  'core/model',
  'core/detector',
  'core/inspection',
  'adapters',
  'sandbox',
  'bench',
  'api',
  'functions',
  'cli',
].map((folder) => ({ file: `${folder}/environment.ts`, source: READS_ENVIRONMENT }));
const cycle = [
  { file: 'core/model/cycle-a.ts', source: "import { b } from './cycle-b.ts';\nexport const a = () => b;\n" },
  { file: 'core/model/cycle-b.ts', source: "import { a } from './cycle-a.ts';\nexport const b = () => a;\n" },
];
/** A circle of types alone vanishes when it is compiled, and binds two files to each other all the same. */
const typeCycle = [
  {
    file: 'core/model/types-a.ts',
    source: "import type { B } from './types-b.ts';\nexport interface A {\n  b: B;\n}\n",
  },
  {
    file: 'core/model/types-b.ts',
    source: "import type { A } from './types-a.ts';\nexport interface B {\n  a: A;\n}\n",
  },
];

let tree = '';
let diagnostics: readonly Diagnostic[] = [];

beforeAll(async () => {
  tree = await mkdtemp(join(tmpdir(), 'plimsoll-lint-'));
  await copyFile(join(PROJECT, 'biome.json'), join(tree, 'biome.json'));
  await Promise.all([...forbidden, ...allowed, ...environment, ...cycle, ...typeCycle].map(plant));
  diagnostics = await lint();
});

afterAll(() => rm(tree, { recursive: true, force: true }));

describe('the import rules', () => {
  it.each(forbidden)('forbid $folder/ to import $specifier and say why', ({ file, message: reason }) => {
    const found = named(file, 'lint/style/noRestrictedImports');

    expect(found).toHaveLength(FORMS.length);
    for (const { message } of found) expect(message).toContain(reason);
  });

  it.each(allowed)('let $file import what it needs', ({ file }) => {
    const found = named(file, 'lint/style/noRestrictedImports');

    expect(found).toEqual([]);
  });

  it.each([
    ['code', cycle],
    ['types', typeCycle],
  ])('name a cycle of %s between two files', (_, files) => {
    const found = files.filter(({ file }) => named(file, 'lint/suspicious/noImportCycles').length > 0);

    expect(found).toEqual(files);
  });
});

describe('the rule on process.env', () => {
  it('lets the two ways in read the environment and nothing else', () => {
    const refused = environment.filter(({ file }) => named(file, 'lint/style/noProcessEnv').length > 0);

    expect(refused.map(({ file }) => dirname(file))).toEqual([
      'core/model',
      'core/detector',
      'core/inspection',
      'adapters',
      'sandbox',
      'bench',
      'api',
    ]);
  });
});

async function plant({ file, source }: Expected): Promise<void> {
  await mkdir(dirname(join(tree, file)), { recursive: true });
  await writeFile(join(tree, file), source);
}

/** One run of Biome over the planted tree. It exits with 1 because there are findings, which is what is asked for. */
async function lint(): Promise<readonly Diagnostic[]> {
  const flags = ['lint', '--reporter=json', '--max-diagnostics=none', '--vcs-enabled=false', '.'];
  const { stdout } = await promisify(execFile)(process.execPath, [BIOME, ...flags], { cwd: tree }).catch(
    (failure: { stdout: string }) => failure,
  );
  return JSON.parse(stdout).diagnostics;
}

function named(file: string, rule: string): readonly Diagnostic[] {
  return diagnostics.filter(({ category, location }) => category === rule && location.path === file);
}
