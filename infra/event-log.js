/** Settings of the log of incidents: for how many days it is kept. */
import { keptDays } from './kept-days.js';

/** More than a year, so that a year can be compared with the one before. */
const DAYS = 400;

/** @param {{ resolveVariable: (variable: string) => Promise<unknown> }} service */
async function eventLog({ resolveVariable }) {
  // Variables of a function are texts.
  return { days: String(await keptDays(resolveVariable, 'eventsDays', DAYS)) };
}

/** osls calls what `require` returns. */
export { eventLog as 'module.exports' };
