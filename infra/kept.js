/**
 * What outlives the stack: two tables, the bucket of results, and the key of all. Where parameters name those that a removed stack left
 * behind, this stack makes none of its own and uses them, so that external ids, configs, incidents and results live on
 * (docs/upgrade-and-remove.md).
 *
 * Parameters are resolved when the service is packaged: a template holds either its own table or the address of another one.
 */

/** What each parameter has to look like, and where its value comes from. */
const PARAMETERS = {
  configsTable: { pattern: /^[\w.-]{3,255}$/, what: 'the name of a table: the output ConfigsTableName' },
  configsStream: {
    pattern: /^arn:[\w-]+:dynamodb:[\w-]+:\d{12}:table\/[\w.-]{3,255}\/stream\/[\w:.-]+$/,
    what: 'the ARN of the stream of that table: the output ConfigsStreamArn',
  },
  table: { pattern: /^[\w.-]{3,255}$/, what: 'the name of a table: the output TableName' },
  resultsBucket: { pattern: /^[a-z\d][a-z\d.-]{2,62}$/, what: 'the name of a bucket: the output ResultsBucketName' },
  key: { pattern: /^arn:[\w-]+:kms:[\w-]+:\d{12}:key\/[\w-]+$/, what: 'the ARN of a key: the output KeyArn' },
  azureRole: {
    pattern: /^[\w+=,.@-]{1,64}$/,
    what: 'the name of a role: what follows role/ in the output InspectAzureRoleArn',
  },
};

/** What the keys of the bucket's objects begin with (infra/results-bucket.yml). */
const PREFIXES = ['results', 'heads', 'work', 'baselines', 'samples', 'recordings', 'anomalies', 'points'];

/** @typedef {Partial<Record<keyof typeof PARAMETERS, string>>} Parameters */

/** @param {{ resolveVariable: (variable: string) => Promise<unknown> }} service */
async function kept({ resolveVariable }) {
  const parameters = await readParameters(resolveVariable);
  const { table, configsTable, resultsBucket, key } = parameters;
  return {
    addresses: addressesOf(parameters),
    // The fragment, or nothing.
    table: table === undefined ? '${file(infra/table.yml)}' : {},
    configsTable: configsTable === undefined ? '${file(infra/configs-table.yml)}' : {},
    resultsBucket: resultsBucket === undefined ? '${file(infra/results-bucket.yml)}' : {},
    key: key === undefined ? '${file(infra/key.yml)}' : {},
  };
}

/** osls calls what `require` returns. */
export { kept as 'module.exports' };

/** @param {(variable: string) => Promise<unknown>} resolveVariable */
async function readParameters(resolveVariable) {
  /** @type {Parameters} */
  const given = {};
  for (const name of /** @type {(keyof typeof PARAMETERS)[]} */ (Object.keys(PARAMETERS))) {
    const value = String(await resolveVariable(`param:${name}, ''`));
    if (value === '') continue;
    const { pattern, what } = PARAMETERS[name];
    if (!pattern.test(value))
      throw new Error(`The parameter ${name} is "${value}". It has to be ${what} of the removed stack.`);
    given[name] = value;
  }
  const { configsTable, configsStream } = given;
  if ((configsTable === undefined) !== (configsStream === undefined))
    throw new Error('The parameters configsTable and configsStream belong together: give both, or neither.');
  if (configsStream !== undefined && !configsStream.includes(`:table/${configsTable}/stream/`))
    throw new Error(
      `The parameter configsStream is "${configsStream}", which is no stream of the table ${configsTable}.`,
    );
  return given;
}

/** @param {Parameters} parameters */
function addressesOf({ table, configsTable, configsStream, resultsBucket, key, azureRole }) {
  return {
    topicArnPrefix: { 'Fn::Sub': 'arn:${AWS::Partition}:sns:${AWS::Region}:${AWS::AccountId}:plimsoll-${sls:stage}_' },
    table: table ?? { Ref: 'Table' },
    tableArn: tableArn('Table', table),
    openIndexArn: tableArn('Table', table, '/index/open'),
    incidentsIndexArn: tableArn('Table', table, '/index/incidents'),
    outboxIndexArn: tableArn('Table', table, '/index/pending'),
    configsTable: configsTable ?? { Ref: 'ConfigsTable' },
    configsTableArn: tableArn('ConfigsTable', configsTable),
    configsStreamArn: configsStream ?? { 'Fn::GetAtt': ['ConfigsTable', 'StreamArn'] },
    resultsBucket: resultsBucket ?? { Ref: 'ResultsBucket' },
    resultsBucketArn: bucketArn(resultsBucket),
    objectArns: Object.fromEntries(PREFIXES.map((prefix) => [prefix, bucketArn(resultsBucket, `/${prefix}/*`)])),
    keyArn: key ?? { 'Fn::GetAtt': ['Key', 'Arn'] },
    azureRoleName: azureRole ?? { Ref: 'AWS::NoValue' },
  };
}

/**
 * @param {string} id
 * @param {string | undefined} name
 */
function tableArn(id, name, suffix = '') {
  if (name !== undefined)
    return { 'Fn::Sub': `arn:\${AWS::Partition}:dynamodb:\${AWS::Region}:\${AWS::AccountId}:table/${name}${suffix}` };
  return suffix === '' ? { 'Fn::GetAtt': [id, 'Arn'] } : { 'Fn::Sub': `\${${id}.Arn}${suffix}` };
}

/** @param {string | undefined} name */
function bucketArn(name, suffix = '') {
  if (name !== undefined) return { 'Fn::Sub': `arn:\${AWS::Partition}:s3:::${name}${suffix}` };
  return suffix === '' ? { 'Fn::GetAtt': ['ResultsBucket', 'Arn'] } : { 'Fn::Sub': `\${ResultsBucket.Arn}${suffix}` };
}
