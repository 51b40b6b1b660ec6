/** Links to the providers' own graphs. */
import { describe, expect, it } from 'vitest';
import { graphLink } from '../../../core/messages/graph-link.ts';
import { aResource } from '../../fixtures/builders.ts';

const AZURE_ID = '/subscriptions/0f1e/resourcegroups/shop(eu)/providers/microsoft.compute/virtualmachines/web-7';

describe('the link to the graph of a host', () => {
  it('searches for the metric of the host in CloudWatch, whichever dimensions it has', () => {
    const link = graphLink(aResource());

    expect(link).toMatch(
      /^https:\/\/eu-west-1\.console\.aws\.amazon\.com\/cloudwatch\/home\?region=eu-west-1#metricsV2:graph=~\(metrics~\(~\(~\(expression~'SEARCH\*28\*27InstanceId\*3d\*22i-0a1b2c3d\*22\*20\*28\*22mem_used_percent\*22/,
    );
    expect(link).toMatch(/~region~'eu-west-1~start~'-P7D~end~'P0D\);query=~'i-0a1b2c3d$/);
  });

  it('opens the console of the partition', () => {
    expect(graphLink(aResource({ region: 'cn-north-1' }))).toContain('https://cn-north-1.console.amazonaws.cn/');
  });

  it('filters by the instance in Metrics Explorer', () => {
    const url = new URL(graphLink(aResource({ provider: 'gcp', account: 'shop-prod', id: '42' })) ?? '');

    expect(url.pathname).toBe('/monitoring/metrics-explorer');
    expect(url.searchParams.get('project')).toBe('shop-prod');
    expect(JSON.parse(url.searchParams.get('pageState') ?? '')).toMatchObject({
      xyChart: {
        dataSets: [{ timeSeriesFilter: { filter: expect.stringContaining('resource.label."instance_id"="42"') } }],
      },
    });
  });

  it('opens the metrics of the machine in the portal', () => {
    expect(graphLink(aResource({ provider: 'azure', id: AZURE_ID }))).toBe(
      'https://portal.azure.com/#resource/subscriptions/0f1e/resourcegroups/shop%28eu%29/providers/microsoft.compute/virtualmachines/web-7/metrics',
    );
  });

  it.each([
    ['a region that nobody knows', aResource({ region: 'mars-1' })],
    ['no region', aResource({ region: null })],
    ['an id that is no instance of AWS', aResource({ id: 'a b' })],
    ['an id that is no instance of Google Cloud', aResource({ provider: 'gcp', id: 'web-7' })],
    ['a project that is none', aResource({ provider: 'gcp', account: 'a/b', id: '42' })],
    ['an id that is no machine of Azure', aResource({ provider: 'azure', id: 'javascript:alert(1)' })],
    ['a trace file', aResource({ provider: 'local' })],
  ])('is none of %s', (_, host) => {
    expect(graphLink(host)).toBeNull();
  });
});
