/** The tool that replays recorded series, where the user has named some. */
import * as z from 'zod';
import { UsageError } from '../../usage-error.ts';
import type { BacktestTraces } from '../backtest-traces.ts';
import { defineTool, type Tool } from './tool.ts';

/** @param traces Files by the names that the tool takes: it opens no other. */
export function traceTools(traces: ReadonlyMap<string, string>, backtest: BacktestTraces): Tool[] {
  if (traces.size === 0) return [];
  const names = [...traces.keys()];
  return [
    defineTool({
      name: 'backtest',
      title: 'Backtest a trace file',
      description:
        'Inspects recorded series again, every full hour, and answers what would have been reported: hosts with their episodes, then a summary.',
      input: {
        file: z.enum(names).describe('One of the files that the user named at the start.'),
        days: z.number().min(0.1).max(400).optional().describe('The last days of it. Default: 7.'),
      },
      output: z.object({ lines: z.array(z.looseObject({ kind: z.string() })) }),
      async answer({ file, days }) {
        const path = traces.get(file);
        if (path === undefined) throw new UsageError(`${file} was not named at the start.`);
        const lines = await backtest(path, { ...(days !== undefined && { days }) });
        return { lines: z.array(z.looseObject({ kind: z.string() })).parse(lines) };
      },
    }),
  ];
}
