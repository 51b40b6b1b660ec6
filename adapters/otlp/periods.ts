/** Folds samples that come in order of hours into periods, as a metrics service would. */
import type { Span } from '../../core/model/series.ts';

export interface Folded {
  /** Starts of periods, epoch milliseconds. */
  readonly times: Float64Array;
  readonly values: Float64Array;
  /** Of the newest sample, epoch milliseconds; undefined where there is none. */
  readonly last: number | undefined;
}

/** Holds two numbers a period that is over, and the samples of the one that is not. */
export class PeriodFold {
  readonly #span: Span;
  readonly #times: number[] = [];
  readonly #values: number[] = [];
  #period = Number.NaN;
  #sum = 0;
  #count = 0;
  #least = Number.POSITIVE_INFINITY;
  #greatest = Number.NEGATIVE_INFINITY;
  #last: number | undefined;

  constructor(span: Span) {
    this.#span = span;
  }

  /** Samples outside of the window are left out. They must not be older than the period of the one before. */
  add(time: number, value: number): void {
    const { window, periodMs } = this.#span;
    if (time < window.start || time >= window.end) return;
    const period = window.start + Math.floor((time - window.start) / periodMs) * periodMs;
    if (period !== this.#period) this.#begin(period);
    this.#sum += value;
    this.#count += 1;
    this.#least = Math.min(this.#least, value);
    this.#greatest = Math.max(this.#greatest, value);
    this.#last = Math.max(this.#last ?? time, time);
  }

  result(): Folded {
    this.#begin(Number.NaN);
    return { times: Float64Array.from(this.#times), values: Float64Array.from(this.#values), last: this.#last };
  }

  #begin(period: number): void {
    if (this.#count > 0) {
      this.#times.push(this.#period);
      this.#values.push(this.#value());
    }
    this.#period = period;
    this.#sum = 0;
    this.#count = 0;
    this.#least = Number.POSITIVE_INFINITY;
    this.#greatest = Number.NEGATIVE_INFINITY;
  }

  #value(): number {
    switch (this.#span.statistic) {
      case 'average':
        return this.#sum / this.#count;
      case 'minimum':
        return this.#least;
      case 'maximum':
        return this.#greatest;
    }
  }
}
