/** A version that was deployed to a host, or to its group. */
export interface Deployment {
  /** Epoch milliseconds. */
  readonly time: number;
  readonly version: string;
}
