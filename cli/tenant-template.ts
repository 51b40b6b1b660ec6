/** The config that a new tenant starts from. It validates as it is; every optional field is shown with its default. */
export const TENANT_TEMPLATE = `# A tenant of Plimsoll: which accounts are inspected, when, and how.
# Check it with \`npx plimsoll tenants validate FILE\`; \`npx plimsoll tenants schema\` prints its JSON Schema.
version: 1
tenant: acme                # lower case letters, digits and dashes; never changes
name: Acme Ltd
enabled: true

# Applies to all accounts; each account may override single values under a \`policy\` of its own.
policy:
  lookBackHours: 100        # history that is judged: longer finds slower leaks
  shownHours: 6             # finer samples that a finding shows
  threshold: 0.7            # confidence from which a host counts as leaking
  recoverAfter: 2           # steady inspections in a row that end an incident

# Which hosts: all, unless there are rules. * is any text and ? one character; all fields of a rule must match.
# hosts:
#   include:
#     - group: web-*
#   exclude:
#     - id: i-0123456789abcdef0
#     - labels: { host.type: t4g.nano }

accounts:
  - provider: aws
    account: '111122223333' # in quotes: else it is read as a number
    regions: [eu-west-1]
    # The role that reads this account's metrics. Its trust policy must name the external id that \`tenants put\` prints.
    role: arn:aws:iam::111122223333:role/plimsoll-read
    enabled: true
    schedule:
      cron: '0 * * * *'     # minute hour day-of-month month day-of-week
      timezone: UTC
`;
