import { describe, expect, it } from 'vitest';
import { run } from '../../cli/main.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { aContext } from './a-context.ts';

/** The variables that hold the addresses of a deployment. */
const VARIABLES = [
  'PLIMSOLL_CONFIGS_TABLE',
  'PLIMSOLL_TABLE',
  'PLIMSOLL_TOPIC_ARN_PREFIX',
  'PLIMSOLL_GCP_SESSION_ROLE',
];

async function plimsoll(...args: string[]) {
  const { context, out, err } = aContext();
  const code = await run(args, context);
  return { code, out: out(), err: err() };
}

describe('the command line', () => {
  it('shows its commands and its version', async () => {
    const help = await plimsoll('--help');

    expect(help.code).toBe(0);
    for (const command of ['inspect', 'explain', 'backtest', 'tenants', 'demo'])
      expect(help.out).toContain(`\n  ${command} `);
    expect(await plimsoll('--version')).toEqual({ code: 0, out: packageJson.version, err: '' });
  });

  it('begins the help with first steps in their order, and names the variables that it reads', async () => {
    const { out } = await plimsoll('--help');

    const steps = (out.split('First steps:')[1] ?? '').matchAll(/^ {2}plimsoll (\w+)/gm);
    expect([...steps].map(([, command]) => command)).toEqual([
      ...['demo', 'console', 'doctor', 'inspect', 'explain', 'backtest', 'tenants'],
    ]);
    for (const variable of VARIABLES) expect(out).toContain(`\n  ${variable} `);
    expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
  });

  it.each([...['inspect', 'explain', 'backtest', 'doctor', 'demo', 'tenants']])(
    'has examples in the help of %s, with options that exist',
    async (command) => {
      const { out } = await plimsoll(command, '--help');

      const examples = [...out.matchAll(/^ {2}plimsoll (.*)$/gm)].map(([, line = '']) => line);
      expect(examples.length).toBeGreaterThan(1);
      for (const example of examples) {
        const [name, subcommand] = example.split(' ');
        const path = name === 'tenants' ? [name, subcommand ?? ''] : [name ?? ''];
        const help = (await plimsoll(...path, '--help')).out;
        for (const [option] of example.matchAll(/--[\w-]+/g))
          expect(help).toMatch(new RegExp(`^ {2}${option}\\b`, 'm'));
      }
    },
  );

  it.each([
    [['list'], 'Its address is PLIMSOLL_CONFIGS_TABLE,'],
    [['put'], 'Its addresses are PLIMSOLL_CONFIGS_TABLE and PLIMSOLL_TOPIC_ARN_PREFIX,'],
    [
      ['delete'],
      'Its addresses are PLIMSOLL_CONFIGS_TABLE, PLIMSOLL_TOPIC_ARN_PREFIX, PLIMSOLL_TABLE and, with --purge-results, PLIMSOLL_RESULTS_BUCKET,',
    ],
    [['migrate'], 'Its addresses are PLIMSOLL_CONFIGS_TABLE and PLIMSOLL_TABLE,'],
  ])('names every address that tenants %s needs', async (command, addresses) => {
    const { out } = await plimsoll('tenants', ...command, '--help');

    expect(out.replaceAll('\n', ' ')).toContain(addresses);
  });

  it('states of inspect that it only reads, and what its exit codes mean', async () => {
    const { out } = await plimsoll('inspect', '--help');

    expect(out).toMatch(/It only reads: nothing is recorded and\s+nothing is published\./);
    expect(out.replaceAll('\n', ' ')).toContain(
      '3 something does, 4 something could not be read or no host could be evaluated',
    );
    expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
  });

  it('states of backtest that it only reads, and what its exit codes mean', async () => {
    const { out } = await plimsoll('backtest', '--help');

    expect(out.replace(/\s+/g, ' ')).toContain('It only reads: each host once, whatever the time span.');
    expect(out.replace(/\s+/g, ' ')).toContain('0 nothing would have been reported, 3 something would');
  });

  it.each([
    [['inspcet'], "unknown command 'inspcet'"],
    [['frobnicate'], '--help lists what it takes.'],
    [['inspect', '--demoo'], "unknown option '--demoo'"],
    [['explain'], "missing required argument 'host'"],
    [['inspect', '--demo', '--lookback', '3'], 'from 9 to 720'],
    [['inspect', '--demo', '--look-back', '3'], 'from 9 to 720'],
    [['inspect', '--demo', '--only', 'steady'], 'Allowed choices are leaking'],
  ])('answers %j on stderr with exit code 1', async (args, message) => {
    const { code, out, err } = await plimsoll(...args);

    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain(message);
  });
});

/** In the case that some of Azure's commands print it in. */
const AZURE = ['--account', '5B1D0000-0000-4000-8000-000000000001'];

describe('the source options', () => {
  it.each([
    [['inspect'], 'Name the hosts in exactly one way'],
    [['inspect', '--demo', '--traces', 'x.csv'], 'Name the hosts in exactly one way'],
    [
      ['inspect', '--provider', 'aws'],
      '--provider aws needs --account ID and --region R (it may be repeated) too. `aws sts get-caller-identity',
    ],
    [['inspect', '--provider', 'gcp', '--account', 'x'], '--provider gcp needs --region R (it may be repeated) too.'],
    [
      [...['inspect', '--provider', 'azure', '--region', 'westeurope', '--workspace', '/subscriptions/x'], ...AZURE],
      '--workspace /subscriptions/x: it must be the id of a Log Analytics workspace: a UUID in lower case.',
    ],
    [['inspect', '--traces', 'x.csv', '--region', 'eu-west-1'], '--region belongs to --provider, --tenant or --demo'],
    [['inspect', '--demo', '--account', '1', '--region', 'x'], 'The simulated fleet has no account 1 in region x.'],
    [
      ['inspect', '--traces', 'x.csv', '--account', '111122223333', '--seed', '2'],
      '--account belongs to --provider, --tenant or --demo; --seed belongs to --demo',
    ],
    [
      [
        'inspect',
        '--provider',
        'aws',
        '--account',
        '111122223333',
        '--region',
        'eu-west-1',
        '--role',
        'arn:aws:iam::111122223333:role/x',
      ],
      '--role needs --external-id-from-env NAME',
    ],
    [
      [
        'inspect',
        '--provider',
        'aws',
        '--account',
        '111122223333',
        '--region',
        'eu-west-1',
        '--role',
        'arn:x',
        '--external-id-from-env',
        'NOT_SET',
      ],
      'The environment variable NOT_SET is not set',
    ],
    [
      [
        ...['backtest', '--days', '60', '--provider', 'gcp', '--region', 'europe-west1'],
        ...['--account', 'orchard-prod-31'],
      ],
      'keeps samples as fine as these for 42 days',
    ],
    [
      ['backtest', '--days', '120', '--provider', 'azure', '--region', 'westeurope', ...AZURE],
      'keeps samples as fine as these for 93 days',
    ],
    [['inspect', '--tenant', 'acme'], 'PLIMSOLL_CONFIGS_TABLE is not set'],
    [['inspect', '--traces', '/no/such/file.csv'], 'Nothing could be read.'],
  ])('answers %j with what is wrong', async (args, message) => {
    const { out, err } = await plimsoll(...args);

    expect(out + err).toContain(message);
  });
});
