/** What stands in the template of a config where every tenant has something of its own. */
import type { FieldIssue } from '../model/issues.ts';
import type { Account } from '../model/tenant.ts';

/** Each has the form of what it stands for, and no cloud has an account of this name. */
export const PLACEHOLDERS = {
  awsAccount: '000000000000',
  gcpProject: 'your-project-id',
  gcpProjectNumber: '100000000000',
  azureId: '00000000-0000-0000-0000-000000000000',
  prometheusUrl: 'https://prometheus.your-domain.example',
} as const;

/** The fields of an account that still hold a placeholder, as issues. */
export function placeholderIssues(account: Account): FieldIssue[] {
  return fieldsOf(account)
    .filter(([, value]) => isPlaceholder(value))
    .map(([path, value, what]) => ({ path, message: `${value} stands in the template for ${what}: write your own` }));
}

type Field = readonly [path: readonly string[], value: string, what: string];

function fieldsOf(account: Account): Field[] {
  const name: Field = [['account'], account.account, ACCOUNTS[account.provider]];
  switch (account.provider) {
    // The role is of the account: it is wrong where the account is.
    case 'aws':
      return [name];
    case 'gcp': {
      const { projectNumber, serviceAccount } = account.identity;
      return [
        name,
        [['identity', 'projectNumber'], projectNumber, 'the number of the project that holds the pool'],
        [['identity', 'serviceAccount'], serviceAccount, 'the service account that reads the project'],
      ];
    }
    case 'azure':
      return [
        name,
        [['directory'], account.directory, 'the id of the directory'],
        [['client'], account.client, 'the id of the application that reads'],
        [['workspace'], account.workspace ?? '', 'the id of the Log Analytics workspace'],
      ];
    // Its name is what its owner calls it.
    case 'prometheus':
      return [[['url'], account.url, 'the address of the server']];
    case 'otlp':
      return [];
  }
}

const ACCOUNTS: Readonly<Record<Account['provider'], string>> = {
  aws: 'the 12 digits of the account',
  gcp: 'the id of the project',
  azure: 'the id of the subscription',
  prometheus: 'the name of the server',
  otlp: 'the name of the hosts that send',
};

function isPlaceholder(value: string): boolean {
  const texts: readonly string[] = Object.values(PLACEHOLDERS);
  return texts.includes(value) || value.endsWith(`@${PLACEHOLDERS.gcpProject}.iam.gserviceaccount.com`);
}
