import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { tenantTemplate } from '../../../cli/tenants/template.ts';
import { ACCOUNT_PROVIDERS } from '../../../core/model/series.ts';
import { InvalidFieldsError } from '../../../core/ports/errors.ts';
import { parseTenantConfig } from '../../../core/tenants/tenant-config.ts';

function wrongFields(document: unknown): string[] {
  try {
    parseTenantConfig(document);
    return [];
  } catch (error) {
    if (error instanceof InvalidFieldsError) return error.fields.map(({ path }) => path.slice(2).join('.'));
    throw error;
  }
}

describe('the placeholders of the template', () => {
  it.each([
    ['aws', ['account']],
    ['gcp', ['account', 'identity.projectNumber', 'identity.serviceAccount']],
    ['azure', ['account', 'directory', 'client']],
    ['prometheus', ['url']],
    ['otlp', []],
  ] as const)('are all that is wrong with an account of %s that nobody has edited', (provider, expected) => {
    expect(wrongFields(parse(tenantTemplate([provider])))).toEqual(expected);
  });

  it('are refused also where the other fields were edited', () => {
    const text = tenantTemplate(ACCOUNT_PROVIDERS)
      .replaceAll('000000000000:', '111122223333:')
      .replace("'000000000000'", "'111122223333'")
      .replace('account: your-project-id', 'account: my-project-123456')
      .replace('account: 00000000-0000-0000-0000-000000000000', 'account: 11111111-2222-4333-8444-555555555555');

    expect(wrongFields(parse(text))).toEqual([
      'identity.projectNumber',
      'identity.serviceAccount',
      'directory',
      'client',
      'url',
    ]);
  });

  it('name what belongs there', () => {
    expect(() => parseTenantConfig(parse(tenantTemplate(['aws'])))).toThrow(
      'accounts[0].account: 000000000000 stands in the template for the 12 digits of the account: write your own',
    );
  });
});
