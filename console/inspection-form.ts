/** The form that requests an inspection. */

export interface InspectionForm {
  /** `aws 111122223333`; empty: all. */
  readonly account: string;
  /** With commas between them; empty: all. */
  readonly regions: string;
  readonly group: string;
  readonly hosts: string;
  readonly hours: string;
}

const PROVIDERS = ['aws', 'gcp', 'azure', 'prometheus', 'otlp'] as const;

/** The body of the request: fields that are empty are left out; what is wrong with the others is the API's to state. */
export function inspectionBodyOf({ account, regions, group, hosts, hours }: InspectionForm) {
  const provider = PROVIDERS.find((name) => account.startsWith(`${name} `));
  const regionList = listOf(regions);
  const hostList = listOf(hosts);
  return {
    ...(provider === undefined ? {} : { provider, account: account.slice(provider.length + 1) }),
    ...(regionList.length === 0 ? {} : { regions: regionList }),
    ...(hostList.length === 0 ? {} : { hosts: hostList }),
    ...(group.trim() === '' ? {} : { group: group.trim() }),
    ...(hours.trim() === '' ? {} : { lookBackHours: Number(hours) }),
  };
}

function listOf(text: string): string[] {
  return text
    .split(/[,\s]+/)
    .map((part) => part.trim())
    .filter((part) => part !== '');
}
