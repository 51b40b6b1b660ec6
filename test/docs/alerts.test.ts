/** The examples of docs/alerts.md, and those that the template has as comments, are configs that are valid. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { tenantTemplate } from '../../cli/tenants/template.ts';
import { POLICY_STAGES } from '../../core/model/decision.ts';
import { parseTenantConfig } from '../../core/tenants/tenant-config.ts';
import { anAccount } from '../fixtures/builders.ts';

function withAlerts(alerts: unknown): unknown {
  // Routes of an example may name receivers of another one.
  const receivers = [{ name: 'on-call', type: 'amazon-q' }];
  return { version: 1, tenant: 'acme', accounts: [anAccount()], alerts: { receivers, ...(alerts as object) } };
}

const text = await readFile(join(import.meta.dirname, '../../docs/alerts.md'), 'utf8');

describe('docs/alerts.md', () => {
  const examples = [...text.matchAll(/```yaml\n(.*?)```/gs)].map(([, example = '']) => example);

  it('has examples', () => {
    expect(examples.length).toBeGreaterThan(3);
  });

  it.each(examples)('has an example that is valid: %s', (example) => {
    const { alerts } = parse(example);

    expect(parseTenantConfig(withAlerts(alerts)).alerts).toMatchObject({});
  });

  it('names every stage of the chain', () => {
    for (const stage of POLICY_STAGES) expect(text).toContain(`| \`${stage}\` |`);
  });
});

describe('the template of a config', () => {
  it('has alerts as comments that are valid without them', () => {
    const [, lines = ''] = /\n(# alerts:\n(?:# {3}.*\n)+)/.exec(tenantTemplate()) ?? [];
    const { alerts } = parse(lines.replaceAll(/^# /gm, ''));

    expect(Object.keys(parseTenantConfig(withAlerts(alerts)).alerts ?? {})).toContain('quietHours');
  });
});
