/** Reads the id of an incident back: it names the incident wherever a person pastes it. */
import { type IncidentKey, incidentId, incidentKeySchema } from './incident.ts';

export interface IncidentName {
  readonly key: IncidentKey;
  readonly episode: number;
}

/** An incident by its id. */
export interface NamedIncident extends IncidentName {
  readonly id: string;
  readonly tenant: string;
}

/** Parts of an id: of the key without the kind of finding, and the episode. */
const LEAST_PARTS = 7;

/** Undefined of a text that no id of an incident is. */
export function parseIncidentId(text: string): IncidentName | undefined {
  const parts = text.split('/').map(decodedPart);
  const episode = Number(parts.at(-1));
  const [tenant, provider, account, region, host, metric, finding = 'leak'] = parts.slice(0, -1);
  if (parts.length < LEAST_PARTS || !Number.isSafeInteger(episode)) return undefined;
  const fields = { tenant, provider, account, region: region === '' ? null : region, host, metric, finding };
  const parsed = incidentKeySchema.safeParse(fields);
  // Only what would be written in the same way is an id.
  return parsed.success && incidentId(parsed.data, episode) === text ? { key: parsed.data, episode } : undefined;
}

/** Undefined of a part that `incidentId` did not encode. Halves of surrogate pairs are `%u` and their code. */
function decodedPart(part: string): string | undefined {
  try {
    const pieces = part.split(/(%u[0-9a-f]{4})/);
    return pieces
      .map((piece) =>
        piece.startsWith('%u') ? String.fromCharCode(Number.parseInt(piece.slice(2), 16)) : decodeURIComponent(piece),
      )
      .join('');
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}
