/** For how many days something is kept: a parameter of the deployment. */

/** Ten years are enough for everybody. Lifecycle rules of S3 count in days. */
const MAX_DAYS = 3660;

/**
 * @param {(variable: string) => Promise<unknown>} resolveVariable
 * @param {string} parameter
 * @param {number} fallback
 * @returns {Promise<number>}
 */
export async function keptDays(resolveVariable, parameter, fallback) {
  const days = String(await resolveVariable(`param:${parameter}, '${fallback}'`));
  if (!/^[1-9]\d{0,3}$/.test(days) || Number(days) > MAX_DAYS)
    throw new Error(`The parameter ${parameter} is "${days}". It has to be a number of days from 1 to ${MAX_DAYS}.`);
  return Number(days);
}
