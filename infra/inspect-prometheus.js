/** The inspect function of Prometheus servers, in the operator's network where the servers have private addresses. */
import { prometheus } from './inspect-provider.js';
import { inNetwork, networkOf } from './network.js';

/** @param {import('./network.js').Service} service */
async function prometheusOf(service) {
  const vpc = await networkOf(service, 'prometheus');
  return vpc === undefined ? prometheus : inNetwork(prometheus, 'InspectPrometheusRole', vpc);
}

/** osls calls what `require` returns. */
export { prometheusOf as 'module.exports' };
