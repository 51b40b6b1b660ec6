/** Links of a tenant's own: to its logs, traces or pipelines, with what a host or an incident is called put in. */
import * as z from 'zod';
import { matchSchema } from './alerts.ts';

/** What can be put in, beside `label.NAME`. */
export const LINK_PLACEHOLDERS = [
  'host.id',
  'host.name',
  'group',
  'tenant',
  'provider',
  'account',
  'region',
  'incident',
  'from',
  'to',
  'from.ms',
  'to.ms',
] as const;
export type LinkPlaceholder = (typeof LINK_PLACEHOLDERS)[number];

export const PLACEHOLDER = /\{([^{}]*)\}/g;

/** The host has to stand in front of all placeholders: no text of a stranger may become a part of it. */
const ORIGIN = /^https:\/\/[^/?#\\@{}\s]+[/?#]/;

const MOST_LINKS = 20;

const linkTemplateSchema = z
  .strictObject({
    title: z.string().trim().min(1).max(80),
    url: z
      .string()
      .max(2000)
      .regex(ORIGIN, 'must begin with https://, a host without a placeholder, and /')
      .superRefine((url, { addIssue }) => {
        const issue = templateIssue(url);
        if (issue !== undefined) addIssue({ code: 'custom', message: issue });
      })
      .describe(
        `Of the placeholders in braces each is replaced by its percent-encoded value: ${LINK_PLACEHOLDERS.join(', ')}, label.NAME.`,
      ),
    match: matchSchema.optional(),
  })
  .readonly();

export const linksSchema = z
  .array(linkTemplateSchema)
  .min(1, 'has no link: leave it out')
  .max(MOST_LINKS)
  .describe('Links that the page of a host or an incident shows beside those to its cloud.');

export type LinkTemplate = z.output<typeof linkTemplateSchema>;

/** What is wrong with a template; undefined where nothing is. */
function templateIssue(url: string): string | undefined {
  const unknown = [...url.matchAll(PLACEHOLDER)].map(([, name = '']) => name).find((name) => !isPlaceholder(name));
  if (unknown !== undefined)
    return `has the placeholder {${unknown}}, which is none: use ${LINK_PLACEHOLDERS.join(', ')} or label.NAME`;
  if (/[{}]/.test(url.replace(PLACEHOLDER, '')))
    return 'has a brace that belongs to no placeholder: write it as %7B or %7D';
  return URL.canParse(url.replace(PLACEHOLDER, 'x')) ? undefined : 'must be a URL';
}

function isPlaceholder(name: string): boolean {
  return LINK_PLACEHOLDERS.some((known) => known === name) || /^label\..{1,128}$/.test(name);
}
