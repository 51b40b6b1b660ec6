/** The sources that the command line can read: the one place that knows all of them. Each cloud function imports its own. */
import type { MemorySource } from '../inspection/ports.ts';
import { type RoleGrant, roleCredentials } from './aws-credentials.ts';
import { cloudwatchSource } from './cloudwatch/source.ts';
import { traceFileSource } from './trace-file/source.ts';

export type SourceChoice =
  | {
      readonly kind: 'aws';
      readonly account: string;
      readonly region: string;
      /** Absent: the credentials of the environment read the account. */
      readonly grant?: RoleGrant;
    }
  | { readonly kind: 'trace_file'; readonly files: readonly string[] };

export function openSource(choice: SourceChoice): MemorySource {
  switch (choice.kind) {
    case 'aws': {
      const { account, region, grant } = choice;
      const credentials = grant && roleCredentials({ client: { region } })(grant);
      return cloudwatchSource({ account, region, ...(credentials && { client: { credentials } }) });
    }
    case 'trace_file':
      return traceFileSource(choice);
  }
}
