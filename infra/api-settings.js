/** Parameters of the API, checked before anything is deployed. */
import { describeIssues, parseInput } from '../core/model/issues.ts';
import { trustedIssuersSchema } from '../core/model/trusted-issuer.ts';

/** The environment of a function has 4 KB for all variables: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const MAX_ISSUERS_LENGTH = 2500;

/** @typedef {{ resolveVariable: (variable: string) => Promise<unknown> }} Service */

/**
 * @typedef {object} Settings
 * @property {boolean} isOn Whether anybody can reach it.
 * @property {string} issuers JSON.
 * @property {object} throttling Requests a second of all callers together; the function limits each caller beside that.
 */

/**
 * @param {Service['resolveVariable']} resolveVariable
 * @returns {Promise<Settings>}
 */
export async function readSettings(resolveVariable) {
  /**
   * @param {string} name
   * @param {string} fallback
   */
  const parameter = async (name, fallback) => String(await resolveVariable(`param:${name}, '${fallback}'`));
  return {
    isOn: readSwitch('api', await parameter('api', 'on')),
    issuers: readIssuers(await parameter('apiIssuers', '[]')),
    throttling: {
      ThrottlingRateLimit: readLimit('apiThrottleRate', await parameter('apiThrottleRate', '50')),
      ThrottlingBurstLimit: readLimit('apiThrottleBurst', await parameter('apiThrottleBurst', '100')),
    },
  };
}

/**
 * @param {string} name
 * @param {string} value
 */
function readSwitch(name, value) {
  if (value === 'on' || value === 'off') return value === 'on';
  throw new Error(`The parameter ${name} is "${value}". It has to be on or off.`);
}

/**
 * @param {string} name
 * @param {string} value
 */
function readLimit(name, value) {
  if (/^[1-9]\d{0,3}$/.test(value)) return Number(value);
  throw new Error(`The parameter ${name} is "${value}". It has to be a number of requests a second, from 1 to 9999.`);
}

/** @param {string} text JSON. */
function readIssuers(text) {
  const problem = 'The parameter apiIssuers has to be a list as JSON, as docs/console.md describes it';
  if (text.length > MAX_ISSUERS_LENGTH)
    throw new Error(`${problem}, of ${MAX_ISSUERS_LENGTH} characters at most: it has ${text.length}.`);
  let value;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Error(`${problem}: it is no JSON.`, { cause: error });
  }
  const parsed = parseInput(trustedIssuersSchema, value);
  if (!parsed.success) throw new Error(`${problem}: ${describeIssues(parsed.error).join('; ')}.`);
  const open = parsed.data.find(({ issuer }) => !issuer.startsWith('https:'));
  if (open) throw new Error(`${problem}: ${open.issuer} is called without TLS. Name it with https.`);
  return JSON.stringify(value);
}
