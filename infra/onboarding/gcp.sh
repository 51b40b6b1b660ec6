#!/usr/bin/env bash
# Lets Plimsoll read the metrics of one Google Cloud project, without a key: a workload identity pool that takes AWS's word
# for who Plimsoll is and for which tenant it comes, and a service account with the one right that is listed below.
#
# NOT TRIED against the real cloud: written from the documentation of gcloud; gcloud 528 takes every command below up to the
# point where it wants to be signed in.
#
#   gcp.sh --project ID --aws-account ID --stage NAME --tenant ID --external-id ID [--dry-run] [--undo]
#
# --project        id of the project whose instances and nodes are read
# --aws-account    the AWS account in which Plimsoll runs
# --stage          the stage of Plimsoll, for example prod
# --tenant         id of the tenant in Plimsoll
# --external-id    of the tenant, as `plimsoll tenants external-id` prints it: no other tenant has it, and without it none
#                  can have your project read, though all of them are served by the same function
# --dry-run        looks at what is there, prints the commands that would change it, and runs none of them
# --undo           removes what was made for this stage and tenant in the project
#
# Run it where `gcloud auth login` has signed you in as somebody with these roles on the project:
#   roles/serviceusage.serviceUsageAdmin      to enable the services
#   roles/iam.workloadIdentityPoolAdmin       to make the pool
#   roles/iam.serviceAccountAdmin             to make the service account and set who may act as it
#   roles/iam.roleAdmin                       to make the role
#   roles/resourcemanager.projectIamAdmin     to give it to the service account
#
# It prints the account for the tenant's config. Running it again completes what is not there and brings the rest up to
# date. What is made carries stage, tenant and the beginning of the external id in its name: another tenant's is left alone.

# shellcheck source-path=SCRIPTDIR disable=SC2154 # read_flags sets a variable for each flag.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/steps.sh"

read_flags 'project aws_account stage tenant external_id' 'dry_run undo' "$@"
expect --project "$project" '^[a-z][a-z0-9-]{4,28}[a-z0-9]$' 'the id of a Google Cloud project, not its number'
expect --aws-account "$aws_account" '^[0-9]{12}$' 'the 12 digits of an AWS account'
expect_tenant
needs gcloud https://cloud.google.com/sdk/docs/install

# Service accounts have the shortest names: https://cloud.google.com/iam/docs/service-accounts-create
NAME=$(name_within 30)
readonly NAME POOL=$NAME PROVIDER=plimsoll-aws
readonly ACCOUNT="$NAME@$project.iam.gserviceaccount.com"
# One for all tenants: it holds the same right for each.
readonly ROLE=plimsollReader
readonly SESSION="arn:aws:sts::$aws_account:assumed-role/plimsoll-$stage-gcp-session/$external_id"
# https://cloud.google.com/iam/docs/reference/rest/v1/projects.locations.workloadIdentityPools.providers (google.subject)
((${#SESSION} <= 127)) || misused "--stage is too long: the name of the session has ${#SESSION} bytes, and may have 127"

# look COMMAND...: what there is, and nothing where there is none. alter COMMAND...: changes it.
look() { gcloud "$@" --project="$project" --quiet 2>/dev/null; }
alter() { change gcloud "$@" --project="$project" --quiet >/dev/null; }

in_pool=(--location=global --workload-identity-pool="$POOL")
# A deleted pool or provider can be looked at and undeleted for 30 days, and its name not be used for another:
# https://cloud.google.com/iam/docs/reference/rest/v1/projects.locations.workloadIdentityPools/delete
pool_state() { look iam workload-identity-pools describe "$POOL" --location=global --format='value(state)'; }
provider_state() { look iam workload-identity-pools providers describe "$PROVIDER" "${in_pool[@]}" --format='value(state)'; }

enable_services() {
  note 'services …'
  # To exchange AWS's word for a token (sts), the token for one of the service account (iamcredentials), and to read.
  alter services enable iam.googleapis.com sts.googleapis.com iamcredentials.googleapis.com monitoring.googleapis.com
}

make_pool() {
  note "workload identity pool $POOL …"
  case $(pool_state) in
    '') retry alter iam workload-identity-pools create "$POOL" --location=global --display-name="$NAME" ;;
    DELETED) alter iam workload-identity-pools undelete "$POOL" --location=global ;;
  esac
}

# The condition is what keeps others out: it requires the account, the role in it, and the tenant of Plimsoll that
# the session was made for. Without the last part another tenant could name this pool in its config.
make_provider() {
  local verb=update-aws
  case $(provider_state) in
    '') verb=create-aws ;;
    DELETED) retry alter iam workload-identity-pools providers undelete "$PROVIDER" "${in_pool[@]}" ;;
  esac
  retry alter iam workload-identity-pools providers "$verb" "$PROVIDER" "${in_pool[@]}" --account-id="$aws_account" \
    --attribute-mapping='google.subject=assertion.arn' --attribute-condition="assertion.arn == '$SESSION'"
}

make_service_account() {
  note "service account $ACCOUNT …"
  look iam service-accounts describe "$ACCOUNT" >/dev/null ||
    alter iam service-accounts create "$NAME" --display-name='Plimsoll reads metrics'
  # The session, and nobody else of the pool, may act as the service account: for an hour at a time.
  retry alter iam service-accounts add-iam-policy-binding "$ACCOUNT" --role=roles/iam.workloadIdentityUser \
    --member="principal://iam.googleapis.com/projects/$number/locations/global/workloadIdentityPools/$POOL/subject/$SESSION"
}

grant_right() {
  note 'right to read …'
  local verb=create rights
  rights=(
    # The samples of memory and other metrics, of processes and of pods, and which instances run. roles/monitoring.viewer has it too, and much
    # that Plimsoll does not read: dashboards, alerts, groups, uptime checks.
    monitoring.timeSeries.list
  )
  if look iam roles describe "$ROLE" >/dev/null; then verb=update; fi
  alter iam roles "$verb" "$ROLE" --title='Plimsoll reader' --permissions="$(IFS=, && echo "${rights[*]}")"
  retry alter projects add-iam-policy-binding "$project" --role="projects/$project/roles/$ROLE" \
    --member="serviceAccount:$ACCOUNT" --condition=None
}

remove_all() {
  local role="projects/$project/roles/$ROLE"
  note "service account $ACCOUNT …"
  if [[ -n $(look projects get-iam-policy "$project" --flatten='bindings[].members' --format='value(bindings.role)' \
    --filter="bindings.role='$role' AND bindings.members='serviceAccount:$ACCOUNT'") ]]; then
    alter projects remove-iam-policy-binding "$project" --role="$role" --member="serviceAccount:$ACCOUNT" --condition=None
  fi
  if look iam service-accounts describe "$ACCOUNT" >/dev/null; then alter iam service-accounts delete "$ACCOUNT"; fi
  note "workload identity pool $POOL …"
  # Its provider goes with it.
  if [[ $(pool_state) == ACTIVE ]]; then alter iam workload-identity-pools delete "$POOL" --location=global; fi
  # The id of a deleted role cannot be used again for up to 37 days:
  # https://cloud.google.com/iam/docs/creating-custom-roles#deleting-custom-role
  note "Left as they are: the services, and the role $ROLE, which other tenants may use and which grants nothing by itself."
}

# First, because it fails where nobody is signed in, or may not see the project.
number=$(gcloud projects describe "$project" --format='value(projectNumber)')
if [[ -n $undo ]]; then
  remove_all
  exit
fi
enable_services
make_pool
make_provider
make_service_account
grant_right
[[ -z $dry_run ]] || exit 0

cat <<YAML
# For accounts: in the tenant's config. Regions: those that your instances are in.
- provider: gcp
  account: $project
  regions: [europe-west1]
  identity:
    projectNumber: '$number'
    pool: $POOL
    provider: $PROVIDER
    serviceAccount: $ACCOUNT
YAML
