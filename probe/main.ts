#!/usr/bin/env -S node --max-semi-space-size=2 --max-old-space-size=96
/** The probe as a program of one file: `node plimsoll-record.mjs`. */
import { realpathSync } from 'node:fs';
import { runRecord } from './record.ts';
import { keepHeapSmall } from './small-heap.ts';

declare const PROBE_VERSION: string | undefined;

keepHeapSmall();
const script = realpathSync(process.argv[1] ?? '');
const end = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => end.abort());
const code = await runRecord(process.argv.slice(2), {
  variables: process.env,
  print: (text) => process.stdout.write(`${text}\n`),
  note: (line) => process.stderr.write(`${line}\n`),
  version: typeof PROBE_VERSION === 'undefined' ? 'development' : PROBE_VERSION,
  program: 'plimsoll-record',
  startedAs: [process.execPath, script],
  signal: end.signal,
});
process.exitCode = code;
