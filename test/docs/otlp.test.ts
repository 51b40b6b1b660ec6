/** The configs of collectors in docs/otlp: that their parts fit, and that they send what is required and nothing that is secret. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import * as z from 'zod';

const parts = z.record(z.string(), z.looseObject({}).nullable());
const configSchema = z.object({
  receivers: parts,
  processors: parts,
  exporters: parts,
  service: z.object({
    pipelines: z.record(
      z.string(),
      z.object({ receivers: z.array(z.string()), processors: z.array(z.string()), exporters: z.array(z.string()) }),
    ),
  }),
});

const read = (name: string) => readFileSync(new URL(`../../docs/otlp/${name}`, import.meta.url), 'utf8');

describe.each(['collector.yaml', 'adot.yaml'])('docs/otlp/%s', (name) => {
  const config = configSchema.parse(parse(read(name)));
  const pipelines = Object.values(config.service.pipelines);

  it('uses each part that it has, and has each that it uses', () => {
    for (const kind of ['receivers', 'processors', 'exporters'] as const) {
      const used = new Set(pipelines.flatMap((pipeline) => pipeline[kind]));
      expect([...used].toSorted()).toEqual(Object.keys(config[kind]).toSorted());
    }
  });

  it('names the host of its own metrics, and sends for ten minutes at once, packed, with a token of the environment', () => {
    expect(pipelines[0]?.processors).toContain('resourcedetection');
    for (const { processors } of pipelines) expect(processors.at(-1)).toBe('batch');
    expect(config.processors['batch']).toMatchObject({ timeout: '10m' });
    expect(config.exporters['otlphttp/plimsoll']).toMatchObject({
      compression: 'gzip',
      headers: { authorization: expect.stringMatching(/^Bearer \$\{env:PLIMSOLL_INGEST_TOKEN\}$/) },
    });
  });
});

it('the collector drops command lines before it sends', () => {
  const { scrapers } = z
    .object({ scrapers: z.object({ process: z.looseObject({}) }) })
    .parse(configSchema.parse(parse(read('collector.yaml'))).receivers['hostmetrics']);

  expect(scrapers.process).toMatchObject({
    resource_attributes: { 'process.command': { enabled: false }, 'process.command_line': { enabled: false } },
  });
});

it('every component that the Alloy config refers to is in it', () => {
  const text = read('host.alloy');
  const made = [...text.matchAll(/^([a-z_.]+) "(\w+)" \{$/gm)].map(([, component, label]) => `${component}.${label}`);
  const used = [...text.matchAll(/\b((?:prometheus|otelcol)\.[a-z_.]+\.\w+)\.(?:input|receiver|handler|targets)\b/g)];

  expect(made).toHaveLength(9);
  for (const [, component] of used) expect(made).toContain(component);
});
