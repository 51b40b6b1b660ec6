#!/usr/bin/env bash
# Lets Plimsoll read one Azure subscription: an application without a secret, which takes a token that AWS signs for
# Plimsoll's function, and a role with the rights that are listed below and no others. Run it where `az login` has signed
# you in as somebody who may register applications and assign roles (for example Application Administrator in the
# directory and User Access Administrator on the subscription). Running it again changes nothing that is there.
#
# NOT TRIED against the real cloud: written from the documentation of az 2.80, and of AWS's outbound federation.
#
#   infra/onboarding/azure.sh --subscription ID --issuer URL --function-role ARN --external-id ID [--workspace RESOURCE_ID]
#
# --issuer         of the AWS account in which Plimsoll runs: aws iam get-outbound-web-identity-federation-info
#                  (its operator has turned it on once: aws iam enable-outbound-web-identity-federation)
# --function-role  ARN of the role of the function inspect-azure in that account
# --external-id    the one that Plimsoll made for you: no other tenant of Plimsoll has it, and without it none can have
#                  your subscription read, though all of them are served by the same function
# --workspace      full resource id of the Log Analytics workspace that holds processes and pods, where there is one
set -euo pipefail

usage() {
  sed -n 's/^#   /  /p; s/^# --/  --/p' "$0" >&2
  exit 2
}

subscription='' issuer='' function_role='' external_id='' workspace=''
while (($# > 0)); do
  case $1 in
    --subscription) subscription=${2:-} ;;
    --issuer) issuer=${2:-} ;;
    --function-role) function_role=${2:-} ;;
    --external-id) external_id=${2:-} ;;
    --workspace) workspace=${2:-} ;;
    *) usage ;;
  esac
  shift 2 || usage
done
[[ -n $subscription && -n $issuer && -n $function_role && -n $external_id ]] || usage

readonly NAME=plimsoll-reader
readonly SCOPE=/subscriptions/$subscription
files=$(mktemp -d)
trap 'rm -rf "$files"' EXIT

az account set --subscription "$subscription"
directory=$(az account show --query tenantId --output tsv)

echo "application $NAME …" >&2
client=$(az ad app list --display-name "$NAME" --query '[0].appId' --output tsv)
if [[ -z $client ]]; then
  # Of this directory only: nobody elsewhere can consent to it.
  client=$(az ad app create --display-name "$NAME" --sign-in-audience AzureADMyOrg --query appId --output tsv)
fi
az ad sp show --id "$client" >/dev/null 2>&1 || az ad sp create --id "$client" >/dev/null

echo 'federated credential …' >&2
# All three have to match what AWS signs: whose account, whose role in it, and for which tenant it acts.
cat >"$files/credential.json" <<JSON
{
  "name": "plimsoll",
  "issuer": "$issuer",
  "subject": "$function_role",
  "audiences": ["api://AzureADTokenExchange/plimsoll/$external_id"]
}
JSON
if az ad app federated-credential show --id "$client" --federated-credential-id plimsoll >/dev/null 2>&1; then
  az ad app federated-credential update --id "$client" --federated-credential-id plimsoll \
    --parameters "$files/credential.json"
else
  az ad app federated-credential create --id "$client" --parameters "$files/credential.json" >/dev/null
fi

# define_role NAME SCOPE ACTION...: makes a role of these actions, or brings the one that is there up to date.
define_role() {
  local role=$1 scope=$2 verb=create
  shift 2
  [[ -z $(az role definition list --name "$role" --scope "$scope" --query '[0].name' --output tsv) ]] || verb=update
  printf '{"Name":"%s","IsCustom":true,"Description":"What Plimsoll reads. It changes nothing.","Actions":[%s],"AssignableScopes":["%s"]}' \
    "$role" "$(printf ',"%s"' "$@" | cut -c2-)" "$SCOPE" >"$files/role.json"
  az role definition "$verb" --role-definition "$files/role.json" >/dev/null
}

# assign ROLE SCOPE. A new role and a new application take a while to be known everywhere.
assign() {
  local attempt
  for attempt in 1 2 3 4 5 6; do
    if az role assignment create --assignee "$client" --role "$1" --scope "$2" >/dev/null; then return; fi
    sleep $((attempt * 5))
  done
  echo "could not assign $1 on $2" >&2
  return 1
}

echo 'role on the subscription …' >&2
rights=(
  # The list of machines: Resource Graph shows a machine to those alone who may read it.
  Microsoft.ResourceGraph/resources/read
  Microsoft.Compute/virtualMachines/read
  # The nodes of AKS and other instances of uniform scale sets are no virtual machines to Azure.
  Microsoft.Compute/virtualMachineScaleSets/read
  Microsoft.Compute/virtualMachineScaleSets/virtualMachines/read
  # The total memory of a size, where Azure publishes available bytes and no percentage.
  Microsoft.Compute/locations/vmSizes/read
  # The memory itself. metrics:getBatch asks for this right on the whole subscription.
  Microsoft.Insights/Metrics/Read
)
role="Plimsoll reader ${subscription:0:8}"
define_role "$role" "$SCOPE" "${rights[@]}"
assign "$role" "$SCOPE"

if [[ -n $workspace ]]; then
  echo 'role on the workspace …' >&2
  rights=(
    # To ask the workspace at all, and to find it.
    Microsoft.OperationalInsights/workspaces/read
    Microsoft.OperationalInsights/workspaces/query/read
    # Memory of processes, and of AKS's containers.
    Microsoft.OperationalInsights/workspaces/query/Perf/read
    # Which pod a container belongs to. No other table can be read with this role.
    Microsoft.OperationalInsights/workspaces/query/KubePodInventory/read
  )
  role="Plimsoll log reader ${subscription:0:8}"
  define_role "$role" "$workspace" "${rights[@]}"
  assign "$role" "$workspace"
  workspace_id=$(az monitor log-analytics workspace show --ids "$workspace" --query customerId --output tsv)
fi

cat <<YAML
# For accounts: in the tenant's config. Regions: those that your machines are in.
- provider: azure
  account: ${subscription,,}
  regions: [westeurope]
  directory: $directory
  client: $client
${workspace_id:+  workspace: $workspace_id}
YAML
