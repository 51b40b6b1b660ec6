/** Replays recorded series; returns the lines of `backtest --json`. Given by cli/main.ts: the commands do not import each other. */
export type BacktestTraces = (file: string, options: { readonly days?: number }) => Promise<unknown[]>;
