/** Hosts as answers of the API show them. */
import { expect, it } from 'vitest';
import { hostView } from '../../api/views/host.ts';
import { aResource } from '../fixtures/builders.ts';

it.each([
  [aResource(), null],
  [aResource({ kind: 'container' }), 'container'],
  [aResource({ kind: 'task' }), 'task'],
] as const)('a host states what kind of host it is', (host, kind) => {
  expect(hostView(host).kind).toBe(kind);
});
