/** How other clouds than AWS are reached from here, and what hosts have sent. */
export interface CloudAccess {
  /** What topics of tenants begin with: of the stage that is in it are the tenants' secrets too. May throw `PlimsollError`. */
  topicArnPrefix(): string;
  /** The role whose session name proves the tenant to Google Cloud, and the region in which it is assumed. May throw `PlimsollError`. */
  gcpSession(): { readonly sessionRole: string; readonly stsRegion: string };
  /** The bucket in which what hosts sent by OTLP is kept. May throw `PlimsollError`. */
  resultsBucket(): string;
  /** Of the demo alone: where Cloud Monitoring and Azure are on this machine. */
  readonly gcpEndpoint?: string;
  readonly azureEndpoint?: string;
  /** Of the demo alone: where a Prometheus server is on this machine, http://127.0.0.1:PORT. */
  readonly prometheusEndpoint?: string;
}
