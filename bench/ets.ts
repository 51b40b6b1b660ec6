/** Exponential smoothing with its model chosen by AICc, by Grafana's augurs (https://docs.augu.rs), which runs as WebAssembly. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { AutoETS, initSync } from '@bsull/augurs/ets';
import type { PeerSamples } from './samples.ts';

// The package's own loader fetches a URL, which Node.js refuses for files; the module lies beside its JavaScript.
const script = pathToFileURL(createRequire(import.meta.url).resolve('@bsull/augurs/ets'));
initSync({ module: readFileSync(new URL('ets_bg.wasm', script)) });

/** Error and trend are chosen, no season: six hours hold none. */
const model = new AutoETS(1, 'ZZN');

/** The level in percent that is forecast `ahead` hours after the last sample; NaN where no model fits. */
export function etsForecast({ hours, levels }: PeerSamples, ahead: number): number {
  const period = ((hours.at(-1) ?? 0) - (hours[0] ?? 0)) / (hours.length - 1);
  try {
    model.fit(levels);
    return model.predict(Math.round(ahead / period)).point.at(-1) ?? Number.NaN;
  } catch {
    // What it throws is a sentence, the same class for every cause: too few samples, or no model that converges.
    return Number.NaN;
  }
}
