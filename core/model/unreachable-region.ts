/** Regions that exist and that Plimsoll cannot read, whoever signs in: those of clouds with other addresses than the public ones. */
import { type AccountProvider, type CloudProvider, isCloudProvider } from './series.ts';

interface SovereignCloud {
  readonly region: RegExp;
  readonly name: string;
}

/** - https://learn.microsoft.com/azure/azure-government/compare-azure-government-global-azure#guidance-for-developers
 *  - https://learn.microsoft.com/azure/china/resources-developer-guide
 *  - https://cloud.google.com/sovereign-cloud: the regions of such a universe begin with `u-`. */
const SOVEREIGN_CLOUDS: Readonly<Record<CloudProvider, readonly SovereignCloud[]>> = {
  // The clients find the addresses of every partition by the region.
  aws: [],
  gcp: [{ region: /^u-/, name: 'a Google Cloud universe that a partner operates' }],
  azure: [
    { region: /^us(gov|dod|sec|nat)/, name: 'Azure Government' },
    { region: /^china/, name: 'Azure in China (21Vianet)' },
    { region: /^germany(central|northeast)$/, name: 'Azure Germany, which was closed in 2021' },
  ],
};

const PUBLIC: Readonly<Record<CloudProvider, string>> = {
  aws: 'AWS',
  gcp: 'the public Google Cloud',
  azure: 'the public Azure cloud',
};

/** What the region is and why it is not read, as what follows "it"; undefined where it may be read. */
export function whyUnreachable(provider: AccountProvider, region: string): string | undefined {
  if (!isCloudProvider(provider)) return undefined;
  const cloud = SOVEREIGN_CLOUDS[provider].find((each) => each.region.test(region));
  if (cloud === undefined) return undefined;
  return (
    `is a region of ${cloud.name}, which Plimsoll does not read: it signs in to and reads from the addresses of ` +
    `${PUBLIC[provider]} alone`
  );
}
