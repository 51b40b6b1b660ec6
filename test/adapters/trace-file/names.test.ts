import { describe, expect, it } from 'vitest';
import { meaningOfMetric } from '../../../adapters/trace-file/values/names.ts';

describe('the name of a metric', () => {
  it.each([
    ['mem_used_percent', 'used'],
    ['node_memory_MemAvailable_bytes', 'available'],
    ['Available Memory Bytes', 'available'],
    ['FreeableMemory', 'available'],
    ['node_memory_MemFree_bytes', 'free'],
    ['node_memory_MemTotal_bytes', 'total'],
    ['CPUUtilization', 'other'],
  ])('%s states %s memory', (name, kind) => {
    expect(meaningOfMetric(name).kind).toBe(kind);
  });
});
