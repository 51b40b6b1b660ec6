/** Links into the clouds' consoles, and by templates of a tenant. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linksOf } from '../../../core/incidents/links-of.ts';
import { cloudLinks, templateLink } from '../../../core/messages/links.ts';
import { linksSchema } from '../../../core/model/link-template.ts';
import { anAccount, aResource, aTenantConfig, HOUR, NOON } from '../../fixtures/builders.ts';

const SPAN = { start: NOON - 48 * HOUR, end: NOON };
const AZURE_ID = '/subscriptions/0f1e/resourcegroups/shop(eu)/providers/microsoft.compute/virtualmachines/web-7';
const POD = { namespace: 'shop', name: 'cart-7d9f' };

const urls = (...asked: Parameters<typeof cloudLinks>) =>
  Object.fromEntries(cloudLinks(...asked).map(({ title, url }) => [title, url]));

describe('links into the console of a host’s cloud', () => {
  it('open the instance, its memory and its logs in AWS, over the span', () => {
    const links = urls(aResource(), SPAN);

    expect(links).toMatchObject({
      'EC2 instance':
        'https://eu-west-1.console.aws.amazon.com/ec2/home?region=eu-west-1#InstanceDetails:instanceId=i-0a1b2c3d',
      'Memory in CloudWatch': expect.stringContaining(
        "start~'2026-11-18T12*3a00*3a00.000Z~end~'2026-11-20T12*3a00*3a00.000Z",
      ),
      'Logs Insights': expect.stringMatching(
        /#logsV2:logs-insights\$3FqueryDetail\$3D~\(end~'2026-11-20T12\*3a00\*3a00\.000Z~start~'.*~timeType~'ABSOLUTE~tz~'UTC~editorString~'fields.*\*22i-0a1b2c3d\*22/,
      ),
    });
    expect(Object.keys(links)).toHaveLength(3);
  });

  it('open the cluster and the logs of pods that grew, where the cluster is known', () => {
    const links = urls(aResource({ labels: { 'k8s.cluster.name': 'shop-prod' } }), SPAN, [POD]);

    expect(links['Container Insights']).toBe(
      "https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1#container-insights:performance/EKS:Cluster?~(query~(controls~(CW*3a*3aEKS.cluster~(~'shop-prod)))~context~())",
    );
    expect(links['Logs of pod shop/cart-7d9f']).toContain(
      "~source~(~'*2faws*2fcontainerinsights*2fshop-prod*2fapplication))",
    );
  });

  it('open the console of the partition', () => {
    expect(urls(aResource({ region: 'us-gov-west-1' }), SPAN)['EC2 instance']).toContain(
      'https://us-gov-west-1.console.amazonaws-us-gov.com/ec2/',
    );
  });

  it('open the instance, its memory, its logs and those of pods in Google Cloud', () => {
    const labels = { 'cloud.availability_zone': 'europe-west1-b' };
    const host = aResource({
      provider: 'gcp',
      account: 'shop-prod',
      region: 'europe-west1',
      id: '42',
      name: 'web-7',
      labels,
    });

    const links = urls(host, SPAN, [POD]);

    expect(links).toMatchObject({
      'VM instance':
        'https://console.cloud.google.com/compute/instancesDetail/zones/europe-west1-b/instances/web-7?project=shop-prod',
      'Memory in Metrics Explorer': expect.stringContaining(
        ';startTime=2026-11-18T12:00:00.000Z;endTime=2026-11-20T12:00:00.000Z?',
      ),
      'Logs Explorer':
        'https://console.cloud.google.com/logs/query;query=resource.type%3D%22gce_instance%22%0Aresource.labels.instance_id%3D%2242%22;startTime=2026-11-18T12:00:00.000Z;endTime=2026-11-20T12:00:00.000Z?project=shop-prod',
      'Logs of pod shop/cart-7d9f': expect.stringContaining('resource.labels.pod_name%3D%22cart-7d9f%22'),
    });
  });

  it('open the machine, its metrics, its logs and its insights in Azure', () => {
    const portal =
      'https://portal.azure.com/#resource/subscriptions/0f1e/resourcegroups/shop%28eu%29/providers/microsoft.compute/virtualmachines/web-7';

    expect(urls(aResource({ provider: 'azure', id: AZURE_ID }), SPAN)).toEqual({
      'Virtual machine': portal,
      Metrics: `${portal}/metrics`,
      Logs: `${portal}/logs`,
      'VM insights': `${portal}/infrainsights`,
    });
  });

  it.each([
    ['a region that nobody knows', aResource({ region: 'mars-1' })],
    ['an id that is no instance of AWS', aResource({ id: 'a"b' })],
    ['an id that is no instance of Google Cloud', aResource({ provider: 'gcp', account: 'shop', id: '1" OR' })],
    ['a project that is none', aResource({ provider: 'gcp', account: 'a&b', id: '42' })],
    ['an id that is no machine of Azure', aResource({ provider: 'azure', id: 'javascript:alert(1)' })],
    ['a trace file', aResource({ provider: 'local' })],
  ])('are none of %s', (_, host) => {
    expect(cloudLinks(host, SPAN)).toEqual([]);
  });

  it('are none of a cluster or a pod whose name is none', () => {
    const host = aResource({ labels: { 'k8s.cluster.name': "x)~evil~(~'" } });
    const links = urls(host, SPAN, [{ namespace: 'shop', name: 'a" or 1=1' }]);

    expect(Object.keys(links)).toEqual(['EC2 instance', 'Memory in CloudWatch', 'Logs Insights']);
  });
});

const template = (url: string) => ({ title: 'Traces', url });
const values = (host = aResource({ name: 'web 7/é', group: 'web', labels: { team: 'a&b' } })) => ({
  tenant: 'acme',
  host,
  incident: 'acme/aws/1/eu/i-1/m/1',
  span: SPAN,
});

describe('a template of a link', () => {
  it('has every value percent-encoded', () => {
    const url =
      'https://logs.example.com/{tenant}/{provider}/{account}/{region}/{group}/{host.id}?q=%22{host.name}%22&t={label.team}&i={incident}&from={from}&to={to}#{from.ms}-{to.ms}';

    expect(templateLink(template(url), values())?.url).toBe(
      'https://logs.example.com/acme/aws/111122223333/eu-west-1/web/i-0a1b2c3d?q=%22web%207%2F%C3%A9%22&t=a%26b' +
        '&i=acme%2Faws%2F1%2Feu%2Fi-1%2Fm%2F1&from=2026-11-18T12%3A00%3A00.000Z&to=2026-11-20T12%3A00%3A00.000Z' +
        `#${SPAN.start}-${SPAN.end}`,
    );
  });

  it.each([
    ['no group', 'https://a.example/{group}', aResource()],
    ['no such label', 'https://a.example/{label.constructor}', aResource({ labels: {} })],
    ['a name that goes up', 'https://a.example/hosts/{host.name}/delete', aResource({ name: '..' })],
    [
      'a name that goes up beside what is encoded',
      'https://a.example/hosts/%2e{host.name}/x',
      aResource({ name: '.' }),
    ],
  ])('is left out of a host with %s', (_, url, host) => {
    expect(templateLink(template(url), { ...values(host), incident: null })).toBeNull();
  });

  it('keeps its origin and the parts of its path, whatever a host is called', () => {
    const [url] = linksSchema.parse([template('https://a.example/x/{host.name}/y?q={host.name}#{host.name}')]);
    if (url === undefined) throw new Error('no template');

    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.string(), fc.webUrl()), (name) => {
        const link = templateLink(url, values(aResource({ name })));
        if (link === null) return;
        const { origin, username, pathname, searchParams } = new URL(link.url);
        expect([origin, username, pathname.split('/').length, [...searchParams]]).toEqual([
          'https://a.example',
          '',
          4,
          [['q', name.toWellFormed()]],
        ]);
      }),
    );
  });

  it.each([
    ['http://a.example/', 'must begin with https://'],
    ['javascript:alert({host.id})', 'must begin with https://'],
    ['https://{host.name}.example/', 'must begin with https://'],
    ['https://a.example{host.name}/', 'must begin with https://'],
    ['https://user@a.example/', 'must begin with https://'],
    ['https://a.example', 'must begin with https://'],
    ['https://a.example/{host.owner}', 'has the placeholder {host.owner}, which is none'],
    ['https://a.example/{host.id', 'has a brace that belongs to no placeholder'],
    ['https://a b.example/', 'must begin with https://'],
    ['https://a.example:99999/', 'must be a URL'],
  ])('%s is refused', (url, message) => {
    const parsed = linksSchema.safeParse([template(url)]);

    expect(parsed.error?.issues.map((issue) => issue.message).join()).toContain(message);
  });
});

describe('the links of an incident', () => {
  const config = aTenantConfig({
    links: [
      { title: 'All', url: 'https://a.example/{host.id}' },
      { title: 'Web', url: 'https://a.example/w', match: { groups: ['web-*'] } },
    ],
    accounts: [anAccount({ links: [{ title: 'Own', url: 'https://b.example/{incident}' }] })],
  });
  const subject = { host: aResource({ group: 'web-eu' }), incident: 'acme/1', runbook: 'https://wiki.example/leaks' };

  it('are its runbook, its cloud’s, and those of its tenant and its account that match', () => {
    expect(linksOf(config, subject, SPAN).map(({ kind, title }) => `${kind}: ${title}`)).toEqual([
      'runbook: Runbook',
      'cloud: EC2 instance',
      'cloud: Memory in CloudWatch',
      'cloud: Logs Insights',
      'template: All',
      'template: Web',
      'template: Own',
    ]);
  });

  it('are without those of an incident, a group or a host where it has none', () => {
    const links = linksOf(config, { host: aResource(), incident: null, isFleet: true }, SPAN);

    expect(links.map(({ title }) => title)).toEqual(['All']);
  });
});
