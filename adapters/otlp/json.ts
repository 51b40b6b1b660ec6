/** Reads an ExportMetricsServiceRequest from JSON. */

const [BRACE, BRACKET, COMMA] = [...Buffer.from('{[,')];

/** Throws an `Error` where it is no JSON, or has more than so many values: each costs memory, however short it is. */
export function readJson(body: Uint8Array, mostValues: number): unknown {
  let values = 0;
  for (const byte of body) if (byte === BRACE || byte === BRACKET || byte === COMMA) values += 1;
  if (values > mostValues) throw new Error('it has too many values');
  const parsed: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  return parsed;
}
