/** Where the relay sends a tenant's notifications beside its topic. Secrets are named, never written here. */
import * as z from 'zod';

const name = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/, 'must be lower case letters, digits and inner dashes');

/** The last part of a secret's name in AWS Secrets Manager: what stands before it is `plimsoll/<stage>/<tenant>/`. */
export const secretNameSchema = z
  .string()
  .regex(/^[\w+=.@-]{1,100}$/, 'must be the last part of the name of a secret')
  .refine(
    (text) => !isSecretItself(text),
    'looks like the secret itself: write the last part of its name, for example pagerduty-key of plimsoll/STAGE/TENANT/pagerduty-key',
  );

/** Tokens of Slack, keys that sign webhooks, and routing keys: what is pasted by mistake would be stored where many may read it. */
function isSecretItself(text: string): boolean {
  return /^(xox[a-z]-|whsec_)/.test(text) || /^(?=.*\d)[A-Za-z0-9]{32}$/.test(text);
}

export const httpsSchema = z
  .url({
    protocol: /^https$/,
    error: ({ input }) => (/^http:/i.test(String(input)) ? 'must begin with https://' : 'must be a URL'),
  })
  .max(2000);

/** No secret: with it anybody recognises the endpoint, and nobody can pass for it. */
export const caSchema = z
  .string()
  .max(20_000)
  .regex(/^\s*-----BEGIN CERTIFICATE-----/, 'must be a certificate in PEM form')
  .describe(
    'Certificates in PEM form of the authority that issued the certificate of the endpoint, where it is no public one.',
  );

export const receiverSchema = z.discriminatedUnion('type', [
  /** The secret is a bot token where `channel` is given (one thread an incident), else the URL of an incoming webhook. */
  z.strictObject({ name, type: z.literal('slack'), secret: secretNameSchema, channel: z.string().max(100).optional() }),
  /** The secret is the URL of a Workflows webhook. */
  z.strictObject({ name, type: z.literal('teams'), secret: secretNameSchema }),
  /** The secret is the routing key of Events API v2. */
  z.strictObject({
    name,
    type: z.literal('pagerduty'),
    secret: secretNameSchema,
    region: z.enum(['us', 'eu']).default('us'),
  }),
  /** The secret, where there is one, is `user:password` or a bearer token. The operator lists the URL's host at deploy. */
  z.strictObject({
    name,
    type: z.literal('alertmanager'),
    url: httpsSchema,
    secret: secretNameSchema.optional(),
    ca: caSchema.optional(),
  }),
  /** A CloudEvents body by POST; the secret signs it (docs/receivers.md). The operator lists the URL's host at deploy. */
  z.strictObject({
    name,
    type: z.literal('webhook'),
    url: httpsSchema,
    secret: secretNameSchema,
    ca: caSchema.optional(),
  }),
  /** A second topic of the tenant in the format of Amazon Q in chat applications. */
  z.strictObject({ name, type: z.literal('amazon-q') }),
]);

export type Receiver = z.output<typeof receiverSchema>;
export type ReceiverType = Receiver['type'];
