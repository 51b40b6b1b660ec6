/** The syntax of PromQL, by the grammar that the Prometheus project's own console parses with. */
import { parser } from '@prometheus-io/lezer-promql';

/** Characters of an expression at the most. */
const MAX_LENGTH = 4_000;

/** What is wrong with an expression, as a predicate: `is no PromQL at "foo("`; undefined where nothing is. */
export function syntaxIssue(expression: string): string | undefined {
  if (expression.length > MAX_LENGTH) return `is longer than ${MAX_LENGTH} characters`;
  const cursor = parser.parse(expression).cursor();
  do {
    if (!cursor.type.isError) continue;
    const near = expression.slice(Math.max(0, cursor.from - 10), cursor.from + 20);
    return near === '' ? 'is empty' : `is no PromQL near ${JSON.stringify(near)}`;
  } while (cursor.next());
  return undefined;
}
