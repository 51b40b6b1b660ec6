/** Options for what a trace file may not state: the unit of its values, its time zone, the size of its hosts. */
import type { UnitName } from './values/unit.ts';

export interface TraceOptions {
  /** The unit of all values. It overrides what a header or a document states; a unit that stands in a cell overrides it. */
  readonly unit?: UnitName;
  /** IANA name of the zone of times that state none. Without it such times are refused. */
  readonly timeZone?: string;
  /** Memory of each host in bytes, where the file does not state it. */
  readonly capacity?: number;
}
