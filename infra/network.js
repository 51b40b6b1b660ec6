/** A function in a network of the operator's: for endpoints that have a private address. */

/** @typedef {{ resolveVariable: (variable: string) => Promise<unknown> }} Service */
/** @typedef {{ subnetIds: string[], securityGroupIds: string[] }} Network */

const SUBNETS = /^subnet-[0-9a-f]{8,17}$/;
const GROUPS = /^sg-[0-9a-f]{8,17}$/;

/**
 * What the parameters `<prefix>Subnets` and `<prefix>SecurityGroups` name; undefined where they name nothing.
 *
 * @param {Service} service
 * @param {string} prefix
 * @returns {Promise<Network | undefined>}
 */
export async function networkOf({ resolveVariable }, prefix) {
  const subnetIds = await listed(resolveVariable, `${prefix}Subnets`, SUBNETS);
  const securityGroupIds = await listed(resolveVariable, `${prefix}SecurityGroups`, GROUPS);
  if ((subnetIds.length === 0) !== (securityGroupIds.length === 0))
    throw new Error(
      `The parameters ${prefix}Subnets and ${prefix}SecurityGroups belong together: give both, or neither.`,
    );
  return subnetIds.length === 0 ? undefined : { subnetIds, securityGroupIds };
}

/**
 * @param {(variable: string) => Promise<unknown>} resolveVariable
 * @param {string} name
 * @param {RegExp} form
 */
async function listed(resolveVariable, name, form) {
  const text = String(await resolveVariable(`param:${name}, ''`));
  const ids = text === '' ? [] : text.split(',').map((id) => id.trim());
  const wrong = ids.find((id) => !form.test(id));
  if (wrong !== undefined) throw new Error(`The parameter ${name} has "${wrong}", which is no such id.`);
  return ids;
}

/**
 * The function and its resources, connected to the network.
 *
 * @param {{ function: object, resources: { Resources: Readonly<Record<string, any>> } }} deployed
 * @param {string} role The logical id of its role.
 * @param {Network} vpc
 */
export function inNetwork(deployed, role, vpc) {
  const { Resources } = deployed.resources;
  return {
    function: { ...deployed.function, vpc },
    resources: { Resources: { ...Resources, [role]: withNetworkRights(Resources[role]) } },
  };
}

/** AWS Lambda connects the function to the network in the name of its role. @param {any} role */
function withNetworkRights(role) {
  const [policy] = role.Properties.Policies;
  const statement = {
    Sid: 'ConnectToNetwork',
    Effect: 'Allow',
    Action: ['ec2:CreateNetworkInterface', 'ec2:DeleteNetworkInterface', 'ec2:DescribeNetworkInterfaces'],
    Resource: '*',
  };
  const document = { ...policy.PolicyDocument, Statement: [...policy.PolicyDocument.Statement, statement] };
  const explained = {
    ...role.Metadata.ExplainedWildcards,
    ConnectToNetwork:
      'Network interfaces have ids that are not known before they are made, and listing them knows no resource.',
  };
  return {
    ...role,
    Metadata: { ExplainedWildcards: explained },
    Properties: { ...role.Properties, Policies: [{ ...policy, PolicyDocument: document }] },
  };
}
