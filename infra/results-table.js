/**
 * The tables in which Athena finds the results: one row for each line of core/model/result-line.ts, and for each point of a job of anomaly
 * inspection, with their columns in that order. Athena works out the partitions from the query instead of looking them up, so that nothing has to be registered day by day.
 *
 * The tenant is "injected": Athena refuses a query that does not name one, so that none spans tenants by accident.
 * https://docs.aws.amazon.com/athena/latest/ug/partition-projection-supported-types.html
 */

/** Times are ISO 8601: `from_iso8601_timestamp(time)` reads them. */
const TYPES = {
  time: 'string',
  run: 'string',
  trigger: 'string',
  provider: 'string',
  account: 'string',
  region: 'string',
  host: 'string',
  name: 'string',
  group: 'string',
  version: 'string',
  host_kind: 'string',
  metric: 'string',
  score: 'double',
  is_anomaly: 'boolean',
  type: 'string',
  pattern: 'string',
  verdict: 'string',
  grade: 'string',
  confidence: 'double',
  decided_by: 'string',
  unit: 'string',
  growth: 'double',
  growth_low: 'double',
  growth_high: 'double',
  level: 'double',
  since: 'string',
  exhaustion_earliest: 'string',
  exhaustion: 'string',
  exhaustion_latest: 'string',
  exhaustion_unknown: 'string',
  reason: 'string',
  detail: 'string',
};

/** One row for each scored point: the columns of core/model/anomaly-line.ts, in their order. */
const POINT_TYPES = {
  time: 'string',
  job: 'string',
  provider: 'string',
  account: 'string',
  region: 'string',
  host: 'string',
  name: 'string',
  group: 'string',
  metric: 'string',
  part: 'string',
  unit: 'string',
  value: 'double',
  expected: 'double',
  low: 'double',
  high: 'double',
  score: 'double',
  is_anomaly: 'boolean',
  type: 'string',
};

export const Resources = {
  ResultsDatabase: {
    Type: 'AWS::Glue::Database',
    Properties: {
      CatalogId: { Ref: 'AWS::AccountId' },
      DatabaseInput: {
        Name: '${self:custom.results.database}',
        Description: 'Results of Plimsoll ${sls:stage}.',
      },
    },
  },
  ResultsTable: table('results', 'One row for each host and run.', TYPES),
  AnomaliesTable: table('anomalies', 'One row for each point that a job of anomaly inspection has kept.', POINT_TYPES),
};

/**
 * @param {'results' | 'anomalies'} name Of the table, and what the keys of its objects begin with.
 * @param {string} description
 * @param {Readonly<Record<string, string>>} types
 */
function table(name, description, types) {
  return {
    Type: 'AWS::Glue::Table',
    Properties: {
      CatalogId: { Ref: 'AWS::AccountId' },
      DatabaseName: { Ref: 'ResultsDatabase' },
      TableInput: {
        Name: name,
        Description: description,
        TableType: 'EXTERNAL_TABLE',
        Parameters: {
          EXTERNAL: 'TRUE',
          classification: 'json',
          compressionType: 'gzip',
          'projection.enabled': 'true',
          'projection.tenant.type': 'injected',
          'projection.date.type': 'date',
          'projection.date.format': 'yyyy-MM-dd',
          'projection.date.interval': '1',
          'projection.date.interval.unit': 'DAYS',
          // What is older has expired.
          'projection.date.range': 'NOW-${self:custom.results.days}DAYS,NOW',
          // `${!…}` is what Athena replaces, and not CloudFormation.
          'storage.location.template': inBucket(`${name}/tenant=\${!tenant}/date=\${!date}/`),
        },
        PartitionKeys: [
          { Name: 'tenant', Type: 'string' },
          { Name: 'date', Type: 'string' },
        ],
        StorageDescriptor: {
          Columns: Object.entries(types).map(([Name, Type]) => ({ Name, Type })),
          Location: inBucket(`${name}/`),
          // Gzip is recognised by the names of the objects.
          InputFormat: 'org.apache.hadoop.mapred.TextInputFormat',
          OutputFormat: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
          SerdeInfo: { SerializationLibrary: 'org.openx.data.jsonserde.JsonSerDe' },
        },
      },
    },
  };
}

/** @param {string} key */
function inBucket(key) {
  return { 'Fn::Sub': [`s3://\${Bucket}/${key}`, { Bucket: '${self:custom.addresses.resultsBucket}' }] };
}
