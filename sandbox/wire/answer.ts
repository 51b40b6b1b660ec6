/** What the clouds of the sandbox share of their protocols: the names of the services, and an answer over HTTP. */

/** Services of AWS that share the sandbox's one AWS endpoint. */
export type AwsService =
  | 'cloudformation'
  | 'cloudwatch'
  | 'dynamodb'
  | 's3'
  | 'scheduler'
  | 'sns'
  | 'sqs'
  | 'sts'
  | 'tagging';
export type Service = AwsService | 'gcp' | 'azure' | 'prometheus';

/** What goes back over the wire. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}
