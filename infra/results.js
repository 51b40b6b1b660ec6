/** Settings of the results of runs: for how many days they are kept, and the name of their database in Athena. */

/** Thirteen months and a little: the same month of the year before can still be compared. */
const DAYS = '400';

/** Lifecycle rules of S3 count in days, and ten years are enough for everybody. */
const MAX_DAYS = 3660;

/** @param {{ resolveVariable: (variable: string) => Promise<unknown> }} service */
async function results({ resolveVariable }) {
  const days = String(await resolveVariable(`param:resultsDays, '${DAYS}'`));
  if (!/^[1-9]\d{0,3}$/.test(days) || Number(days) > MAX_DAYS)
    throw new Error(`The parameter resultsDays is "${days}". It has to be a number of days from 1 to ${MAX_DAYS}.`);
  const stage = String(await resolveVariable('sls:stage'));
  return {
    days: Number(days),
    // In SQL a name with a dash has to be quoted.
    database: `plimsoll_${stage.replaceAll('-', '_')}`,
  };
}

/** osls calls what `require` returns. */
export { results as 'module.exports' };
