import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../../../cli/main.ts';
import { aContext } from '../a-context.ts';

const CONFIG = `version: 1
tenant: acme
accounts:
  - provider: aws
    account: '111122223333'
    regions: [eu-west-1]
    role: arn:aws:iam::111122223333:role/plimsoll-own
`;

let folder: string;
let config: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plimsoll-'));
  config = join(folder, 'acme.yml');
  await writeFile(config, CONFIG);
});

afterAll(() => rm(folder, { recursive: true }));

async function imported(table: string | Buffer, ...args: string[]) {
  const file = join(folder, 'accounts.csv');
  await writeFile(file, table);
  const { context, out, err } = aContext();
  const code = await run(['tenants', 'import', file, '--file', config, ...args], context);
  return { code, out: out(), err: err() };
}

const ADDED = `+  - provider: aws
+    account: "012345678901" # Web shop
+    regions: [eu-west-1, eu-west-2]
+    role: arn:aws:iam::012345678901:role/plimsoll-own
`;

describe('plimsoll tenants import', () => {
  it('proposes new accounts with what the others have, and stores nothing', async () => {
    const { code, out, err } = await imported(
      'provider,account,name,regions\naws,"012345678901",Web shop,eu-west-1 eu-west-2\n',
    );

    expect({ code, err }).toEqual({ code: 3, err: '' });
    expect(out).toContain(ADDED);
    expect(out).toContain('Accounts for tenant acme: 1 new.');
    expect(out).toContain(
      'Nothing was stored. Write the config with --output FILE, and put it:\n  npx plimsoll tenants put FILE',
    );
  });

  const SEMICOLONS = 'Provider;Account;Name;Regions\r\naws;="012345678901";Web shop;"eu-west-1;eu-west-2"\r\n;;;\r\n';
  it.each([
    ['semicolons, line ends of Windows and empty rows', SEMICOLONS],
    ['a byte order mark', `\uFEFF${SEMICOLONS}`],
    ['a line that names the separator', `sep=;\r\n${SEMICOLONS}`],
    [
      'UTF-16, as spreadsheets write text with tabs',
      Buffer.from(
        `\uFEFF${SEMICOLONS.replaceAll('"eu-west-1;eu-west-2"', 'eu-west-1 eu-west-2').replaceAll(';', '\t')}`,
        'utf16le',
      ),
    ],
  ])('reads %s', async (_, table) => {
    const { out, err } = await imported(table);

    expect(err).toBe('');
    expect(out).toContain(ADDED);
  });

  it('begins a config in a new file for a tenant that is named, and states that names are not kept', async () => {
    const table = 'provider,account,name,regions\naws,222233334444,Web shop,eu-west-1\n';
    const fresh = join(folder, 'new.yml');

    const refused = await imported(table, '--file', fresh);
    const other = await imported(table, '--tenant', 'beta');
    const begun = await imported(table, '--file', fresh, '--tenant', 'beta', '--output', fresh);
    const again = await imported(table, '--file', fresh, '--tenant', 'beta');

    expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('To begin a new config, add --tenant ID.') });
    expect(other).toMatchObject({
      code: 1,
      err: expect.stringContaining('is of tenant acme, and --tenant names beta'),
    });
    expect(begun).toMatchObject({ code: 3, err: '' });
    expect(begun.out).toContain('Names are comments of the file: a config that is put does not keep them.');
    expect(begun.out).toContain('Add --dry-run to see first what it would change');
    expect(again).toMatchObject({ code: 0, err: '' });
  });

  it('takes the provider and the regions of all rows from options', async () => {
    const { out } = await imported('account\n222233334444\n', '--provider', 'aws', '--region', 'us-east-1');

    expect(out).toContain('regions: [us-east-1]');
  });

  it('changes the values that a row states, and leaves those of empty cells', async () => {
    const { code, out } = await imported(
      'provider,account,regions,cron,timezone,enabled\naws,111122223333,eu-west-1 eu-west-3,30 6 * * *,,no\n',
    );

    expect(code).toBe(3);
    expect(out).toContain('-    regions: [eu-west-1]\n+    regions: [eu-west-1, eu-west-3]');
    expect(out).toContain('+    enabled: false');
    expect(out).toContain('cron: 30 6 * * *');
    expect(out).toContain('1 with other values');
  });

  it('proposes nothing where the config has all of it', async () => {
    const { code, out } = await imported('provider,account,regions\naws,111122223333,eu-west-1\n');

    expect({ code, out }).toEqual({ code: 0, out: 'Accounts for tenant acme: 1 as they are in the config.' });
  });

  it('makes accounts of every cloud', async () => {
    const id = '11111111-2222-4333-8444-555555555555';
    const { out, err } = await imported(
      [
        'provider,account,regions,projectNumber,pool,poolProvider,serviceAccount,directory,client',
        'gcp,my-project-1,europe-west1,123456789012,plimsoll-prod,plimsoll-aws,plimsoll@my-project-1.iam.gserviceaccount.com,,',
        `azure,${id.toUpperCase()},westeurope,,,,,${id},${id}`,
      ].join('\n'),
    );

    expect(err).toBe('');
    expect(out).toContain('+      projectNumber: "123456789012"');
    expect(out).toContain(`+    client: ${id}`);
  });

  it('names every wrong row with its line and column', async () => {
    const { code, out, err } = await imported(
      [
        'provider,account,name,regions,role,cron,client',
        'aws,1.23457E+11,Shortened,eu-west-1,,,',
        'aws,12345678901,Zero lost,eu-west-1,,,',
        'aws,222233334444,Town,Ireland,,,',
        'aws,333344445555,Admin,eu-west-1,arn:aws:iam::333344445555:role/admin,,',
        'aws,444455556666,Often,eu-west-1,,whenever,',
        'aws,555566667777,Azure?,eu-west-1,,,11111111-2222-4333-8444-555555555555',
        'oracle,666677778888,Other cloud,eu-west-1,,,',
        'aws,,Nameless,eu-west-1,,,',
        'aws,111122223333,Once,,,,',
        'aws,111122223333,Twice,,,,',
        'gcp,my-project-1,Unknown identity,europe-west1,,,',
      ].join('\n'),
    );

    expect({ code, out }).toEqual({ code: 1, out: '' });
    for (const issue of [
      'line 2, column account: 1.23457E+11 is what a spreadsheet makes of an account',
      'line 3, column account: 12345678901 has 11 digits of 12: a spreadsheet drops zeros',
      'line 4, column regions: must be an AWS region, for example eu-west-1',
      'line 5, column role: must be the ARN of an IAM role whose name begins with plimsoll-',
      'line 6, column cron: must have five fields',
      'line 7, column client: is of Azure, and the account of AWS',
      'line 8, column provider: must be aws, gcp, azure',
      'line 9, column account: is missing',
      'line 11, column account: 111122223333 stands in line 10 already',
      'line 12, column projectNumber: 100000000000 stands in the template',
    ]) {
      expect(err).toContain(issue);
    }
  });

  it.each([
    ['', 'it is empty'],
    ['provider,acount\naws,111122223333\n', 'line 1: there is no column "acount". Did you mean account?'],
    ['provider,account,owner\n', 'line 1: there is no column "owner". The columns are provider, account, name'],
    ['provider,name\naws,x\n', 'line 1: names no column account'],
    ['account,Account\n1,2\n', 'line 1: names the column account twice'],
    ['account\n1,2\n', 'line 2: has 2 cells, and the header 1'],
    ['account,name\n1,"open\n', 'a quotation mark is misplaced or not closed'],
    [`account\n${'222233334444\n'.repeat(1001)}`, 'it has 1001 accounts, and a config at most 1000'],
    [Buffer.from('account,name\n1,M\xfcnchen\n', 'latin1'), 'save it as “CSV UTF-8”'],
    [Buffer.from('504b030414000600', 'hex'), 'is a ZIP archive or an Excel workbook'],
  ])('refuses %j', async (table, message) => {
    const { code, err } = await imported(table);

    expect(code).toBe(1);
    expect(err).toContain(message);
  });

  it('keeps the line of a row behind a name with a line break in it', async () => {
    const { err } = await imported(
      'provider,account,name,regions\naws,222233334444,"two\nlines",eu-west-1\naws,333344445555,x,Ireland\n',
    );

    expect(err).toContain('line 4, column regions');
  });

  it('imports a thousand accounts into a config that has none of them', async () => {
    const rows = Array.from({ length: 999 }, (_, index) => `aws,${200_000_000_000 + index},Account ${index}`);

    const { code, out } = await imported(`provider,account,name\n${rows.join('\n')}\n`);

    expect(code).toBe(3);
    expect(out).toContain('Accounts for tenant acme: 999 new.');
    expect(out).not.toContain('To be completed');
  });
});
