import { describe, expect, it } from 'vitest';
import { nearestOf } from '../../../core/tenants/near-names.ts';

const FLEET = ['checkout-1', 'checkout-2', 'checkout-10', 'database-1', 'i-0a1b2c3d4e5f60718'];

describe('nearestOf', () => {
  it.each([
    ['chekout-1', ['checkout-1']],
    ['checkuot-2', ['checkout-2']],
    ['Checkout-2', ['checkout-2']],
    ['checkout', ['checkout-1', 'checkout-2', 'checkout-10']],
    ['i-0a1b2c3d4e5f6071', ['i-0a1b2c3d4e5f60718']],
    ['mailer-1', []],
  ])('makes of %s %j', (typed, suggested) => {
    expect(nearestOf(typed, FLEET)).toEqual(suggested);
  });
});
