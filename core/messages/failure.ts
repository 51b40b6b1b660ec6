/** What was not read, in one line for logs and reports. */
import { isResource, type Unreadable } from '../model/series.ts';

/** Where something was not read, and why: `aws/111122223333/eu-west-1/web-7: denied: …`. */
export function failureText({ scope, reason, detail }: Unreadable): string {
  const where = [scope.provider, scope.account, ...(scope.region === null ? [] : [scope.region])];
  // By its name where it has one: an Azure id has a hundred characters, most of which repeat the scope.
  if (isResource(scope)) where.push(scope.name ?? scope.id);
  return `${where.join('/')}: ${reason}: ${detail}`;
}
