import { describe, expect, it } from 'vitest';
import { leaksReported } from '../../../cli/demo/findings.ts';
import { aFleetNotification, aNotification } from '../../fixtures/builders.ts';

describe('leaksReported', () => {
  it('takes the hosts of messages of their own and those that the message of a fleet names', () => {
    const reported = leaksReported([aNotification(), aFleetNotification(['i-1', 'i-2'])]);

    expect([...reported]).toEqual(['i-0a1b2c3d', 'i-1', 'i-2']);
  });

  it('takes no host of a message that states no leak', () => {
    expect(leaksReported([aNotification({}, 'recovered')]).size).toBe(0);
  });
});
