/** Settings of the results of runs: for how many days they are kept, and the name of their database in Athena. */
import { keptDays } from './kept-days.js';

/** Thirteen months and a little: the same month of the year before can still be compared. */
const DAYS = 400;

/** @param {{ resolveVariable: (variable: string) => Promise<unknown> }} service */
async function results({ resolveVariable }) {
  const days = await keptDays(resolveVariable, 'resultsDays', DAYS);
  const stage = String(await resolveVariable('sls:stage'));
  return {
    days,
    // In SQL a name with a dash has to be quoted.
    database: `plimsoll_${stage.replaceAll('-', '_')}`,
  };
}

/** osls calls what `require` returns. */
export { results as 'module.exports' };
