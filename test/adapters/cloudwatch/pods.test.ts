/** From the dimension sets of pods to what is requested. */
import { describe, expect, it } from 'vitest';
import { POD_SHARE } from '../../../adapters/cloudwatch/metrics.ts';
import { podsOf } from '../../../adapters/cloudwatch/pods.ts';

const set = (named: Readonly<Record<string, string>>) =>
  Object.entries(named).map(([Name, Value]) => ({ Name, Value }));

const namesOf = (...sets: ReturnType<typeof set>[]) => podsOf(POD_SHARE, sets, []).map(({ consumer }) => consumer.name);

describe('the pods of listed dimension sets', () => {
  it('go by their own names, beside which that of their controller is a roll-up', () => {
    const pod = set({ FullPodName: 'cart-7d9f-x', PodName: 'cart', Namespace: 'shop', ClusterName: 'c' });
    const controller = set({ PodName: 'cart', Namespace: 'shop', ClusterName: 'c' });

    expect(namesOf(pod, controller)).toEqual(['cart-7d9f-x']);
  });

  it('go by their controller’s name where that is all there is', () => {
    const controller = set({ PodName: 'cart', Namespace: 'shop', ClusterName: 'c' });

    expect(namesOf(controller, set({ ClusterName: 'c' }), set({ Namespace: 'shop', ClusterName: 'c' }))).toEqual([
      'cart',
    ]);
  });

  it('are apart by their namespaces', () => {
    const cart = (Namespace: string) => set({ PodName: 'cart', Namespace, ClusterName: 'c' });

    expect(namesOf(cart('shop'), cart('stage'))).toEqual(['cart', 'cart']);
  });
});
