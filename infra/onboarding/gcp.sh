#!/usr/bin/env bash
# Lets Plimsoll read the metrics of one Google Cloud project, without a key: a workload identity pool that takes AWS's word for
# who Plimsoll is and for which tenant it comes, and a service account with the one right that is listed below. Run it
# where `gcloud auth login` has signed you in as somebody who may do so (for example roles/iam.workloadIdentityPoolAdmin,
# roles/iam.serviceAccountAdmin, roles/iam.roleAdmin and roles/resourcemanager.projectIamAdmin on the project). Running it
# again changes nothing that is there, but for the external id that the pool asks for.
#
# NOT TRIED against the real cloud: written from the documentation of gcloud.
#
#   infra/onboarding/gcp.sh --project ID --aws-account ID --session-role NAME --external-id ID
#
# --project        id of the project whose instances and nodes are read
# --aws-account    the AWS account in which Plimsoll runs
# --session-role   name of the role whose sessions say for which tenant it comes: plimsoll-STAGE-gcp-session
# --external-id    the one that Plimsoll made for you: no other tenant of Plimsoll has it, and without it none can have
#                  your project read, though all of them are served by the same function
set -euo pipefail

usage() {
  sed -n 's/^#   /  /p; s/^# --/  --/p' "$0" >&2
  exit 2
}

project='' aws_account='' session_role='' external_id=''
while (($# > 0)); do
  case $1 in
    --project) project=${2:-} ;;
    --aws-account) aws_account=${2:-} ;;
    --session-role) session_role=${2:-} ;;
    --external-id) external_id=${2:-} ;;
    *) usage ;;
  esac
  shift 2 || usage
done
[[ -n $project && -n $external_id ]] || usage
# Both become part of the condition that decides who may read: nothing in them may end a text there.
[[ $aws_account =~ ^[0-9]{12}$ && $session_role =~ ^[A-Za-z0-9_+=,.@-]+$ && $external_id =~ ^[A-Za-z0-9_+=,.@-]+$ ]] || usage

readonly POOL=plimsoll PROVIDER=plimsoll-aws READER=plimsoll-reader ROLE=plimsollReader
readonly SESSION="arn:aws:sts::$aws_account:assumed-role/$session_role/$external_id"
readonly ACCOUNT="$READER@$project.iam.gserviceaccount.com"

# there COMMAND...: whether what it describes exists.
there() { "$@" >/dev/null 2>&1; }
in_project() { gcloud "$@" --project="$project" --quiet; }

echo 'services …' >&2
# To exchange AWS's word for a token (sts), the token for one of the service account (iamcredentials), and to read.
in_project services enable iam.googleapis.com sts.googleapis.com iamcredentials.googleapis.com monitoring.googleapis.com
number=$(gcloud projects describe "$project" --format='value(projectNumber)')

echo "workload identity pool $POOL …" >&2
in_pool=(--location=global --workload-identity-pool="$POOL")
there in_project iam workload-identity-pools describe "$POOL" --location=global ||
  in_project iam workload-identity-pools create "$POOL" --location=global --display-name=Plimsoll
# The condition is what keeps others out: it asks for the account, for the role in it, and for the tenant of Plimsoll that the
# session was made for. Without the last part another tenant could name this pool in its config.
trust=(
  --attribute-mapping='google.subject=assertion.arn'
  --attribute-condition="assertion.arn == '$SESSION'"
)
if there in_project iam workload-identity-pools providers describe "$PROVIDER" "${in_pool[@]}"; then
  in_project iam workload-identity-pools providers update-aws "$PROVIDER" "${in_pool[@]}" --account-id="$aws_account" "${trust[@]}"
else
  in_project iam workload-identity-pools providers create-aws "$PROVIDER" "${in_pool[@]}" --account-id="$aws_account" "${trust[@]}"
fi

echo "service account $ACCOUNT …" >&2
there in_project iam service-accounts describe "$ACCOUNT" ||
  in_project iam service-accounts create "$READER" --display-name='Plimsoll reads metrics'
# The session, and nobody else of the pool, may act as the service account: for an hour at a time.
in_project iam service-accounts add-iam-policy-binding "$ACCOUNT" --role=roles/iam.workloadIdentityUser \
  --member="principal://iam.googleapis.com/projects/$number/locations/global/workloadIdentityPools/$POOL/subject/$SESSION" >/dev/null

echo 'right to read …' >&2
rights=(
  # The samples of memory, of processes and of pods, and which instances run. roles/monitoring.viewer has it too, and much
  # that Plimsoll does not read: dashboards, alerts, groups, uptime checks.
  monitoring.timeSeries.list
)
permissions=$(IFS=,; echo "${rights[*]}")
if there in_project iam roles describe "$ROLE"; then
  in_project iam roles update "$ROLE" --permissions="$permissions" >/dev/null
else
  in_project iam roles create "$ROLE" --title='Plimsoll reader' --permissions="$permissions" >/dev/null
fi
gcloud projects add-iam-policy-binding "$project" --role="projects/$project/roles/$ROLE" \
  --member="serviceAccount:$ACCOUNT" --condition=None --quiet >/dev/null

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
