/** Which texts may be regions: the form of every region that a cloud has, and nothing that could be more of an address. */
import { describe, expect, it } from 'vitest';
import { awsRegionSchema, awsRoleSchema } from '../../../core/model/aws-account.ts';
import { azureRegionSchema } from '../../../core/model/azure-account.ts';
import { gcpRegionSchema } from '../../../core/model/gcp-account.ts';
import type { CloudProvider } from '../../../core/model/series.ts';
import { whyUnreachable } from '../../../core/model/unreachable-region.ts';
import { KNOWN_REGIONS } from '../../../core/tenants/known-regions.ts';

const FORMS = { aws: awsRegionSchema, gcp: gcpRegionSchema, azure: azureRegionSchema } as const;

const takes = (provider: CloudProvider, region: string) => FORMS[provider].safeParse(region).success;

describe('the form of a region', () => {
  it.each(['aws', 'gcp', 'azure'] as const)('lets every known region of %s through', (provider) => {
    expect(KNOWN_REGIONS[provider].filter((region) => !takes(provider, region))).toEqual([]);
    expect(KNOWN_REGIONS[provider].filter((region) => whyUnreachable(provider, region) !== undefined)).toEqual([]);
  });

  it.each([
    ['aws', 'eusc-de-east-1'],
    ['aws', 'us-gov-west-1'],
    ['aws', 'us-isob-east-1'],
    ['aws', 'eu-west-10'],
    ['gcp', 'us-central2'],
    ['gcp', 'northamerica-northeast12'],
    ['gcp', 'u-france-east1'],
    ['azure', 'usgovvirginia'],
    ['azure', 'usdodcentral'],
    ['azure', 'chinaeast3'],
    ['azure', 'eastus2euap'],
    ['azure', 'germanynortheast'],
  ] as const)('is that of legacy, sovereign and future ones too: %s %s', (provider, region) => {
    expect(takes(provider, region)).toBe(true);
  });

  it.each([
    ['aws', 'Ireland'],
    ['aws', 'eu-west-1a'],
    ['aws', 'us-west-2-lax-1'],
    ['aws', 'eu-west-1.evil.example'],
    ['aws', 'eu-west-1/x'],
    ['aws', 'aws-global'],
    ['aws', `eu-${'w'.repeat(100)}-1`],
    ['gcp', 'europe-west1-b'],
    ['gcp', 'europe'],
    ['gcp', 'global'],
    ['gcp', 'europe-west1" OR project = "x'],
    ['azure', 'West Europe'],
    ['azure', 'westeurope.evil'],
  ] as const)('is not that of a zone, a display name or an address: %s %s', (provider, region) => {
    expect(takes(provider, region)).toBe(false);
  });

  it.each(['aws', 'aws-cn', 'aws-us-gov', 'aws-eusc', 'aws-iso', 'aws-iso-b', 'aws-iso-e', 'aws-iso-f'])(
    'goes with roles of every partition: %s',
    (partition) => {
      expect(awsRoleSchema.safeParse(`arn:${partition}:iam::111122223333:role/plimsoll-reader`).success).toBe(true);
    },
  );
});

describe('a region of a cloud with addresses of its own', () => {
  it.each([
    ['azure', 'usgovvirginia', 'Azure Government'],
    ['azure', 'usdodeast', 'Azure Government'],
    ['azure', 'ussecwest', 'Azure Government'],
    ['azure', 'chinanorth2', 'Azure in China (21Vianet)'],
    ['azure', 'germanycentral', 'Azure Germany'],
    ['gcp', 'u-germany-northeast1', 'a Google Cloud universe'],
  ] as const)('cannot be read, and the cloud is named: %s %s', (provider, region, cloud) => {
    expect(whyUnreachable(provider, region)).toContain(`is a region of ${cloud}`);
    expect(whyUnreachable(provider, region)).toContain('which Plimsoll does not read');
  });

  it.each([
    ['azure', 'germanywestcentral'],
    ['azure', 'germanynorth'],
    ['gcp', 'us-central1'],
    ['aws', 'us-gov-west-1'],
    ['aws', 'cn-north-1'],
  ] as const)('is not taken for one that has the public ones: %s %s', (provider, region) => {
    expect(whyUnreachable(provider, region)).toBeUndefined();
  });
});
