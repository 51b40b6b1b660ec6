#!/usr/bin/env bash
# Lets Plimsoll read one Azure subscription: an application without a secret, which takes a token that AWS signs for
# Plimsoll's function, and a role with the rights that are listed below and no others.
#
# NOT TRIED against the real cloud: written from the documentation of az and of AWS's outbound federation and from the source
# of az 2.91, which takes every command below up to the point where it wants to be signed in.
#
#   azure.sh --subscription ID --issuer URL --function-role ARN --stage NAME --tenant ID --external-id ID
#            [--workspace RESOURCE_ID] [--dry-run] [--undo [--application]]
#
# --subscription   id of the subscription whose machines are read
# --issuer         of the AWS account in which Plimsoll runs: aws iam get-outbound-web-identity-federation-info
#                  (its operator has turned it on once: aws iam enable-outbound-web-identity-federation)
# --function-role  ARN of the role of the function inspect-azure in that account: the stack's output InspectAzureRoleArn
# --stage          the stage of Plimsoll, for example prod
# --tenant         id of the tenant in Plimsoll (not Azure's tenant, which is called directory here)
# --external-id    of the tenant, as `plimsoll tenants external-id` prints it: no other tenant has it, and without it none
#                  can have your subscription read, though all of them are served by the same function
# --workspace      full resource id of the Log Analytics workspace that holds processes and pods, where there is one. It may
#                  lie in another subscription of the same directory
# --dry-run        looks at what is there, prints the commands that would change it, and runs none of them
# --undo           takes the rights on the subscription away, and with --workspace those on the workspace
# --application    with --undo: removes the application as well, and with it every right that it still has
#
# Run it where `az login` has signed you in to the directory of the subscription as somebody who may register applications
# (Application Administrator, or anybody where the directory lets its users) and who may make and assign roles on the
# subscription and on that of the workspace (User Access Administrator).
#
# It prints the account for the tenant's config. Running it again completes what is not there and brings the rest up to
# date. What is made carries stage, tenant and the beginning of the external id in its name: another tenant's is left
# alone. Several subscriptions of a directory share the application. Your default subscription stays what it is.

# shellcheck source-path=SCRIPTDIR disable=SC2154 # read_flags sets a variable for each flag.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/steps.sh"

read_flags 'subscription issuer function_role stage tenant external_id workspace' 'dry_run undo application' "$@"
readonly UUID='[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}'
expect --subscription "$subscription" "^$UUID\$" 'the id of an Azure subscription, a UUID'
expect --issuer "$issuer" '^https://[A-Za-z0-9.-]+(/[A-Za-z0-9._/-]*)?$' 'an address that begins with https://'
expect --function-role "$function_role" '^arn:aws[a-z-]*:iam::[0-9]{12}:role/[A-Za-z0-9_+=,.@/-]+$' 'the ARN of an IAM role'
expect_tenant
if [[ -n $workspace ]]; then
  expect --workspace "$workspace" \
    "^/subscriptions/$UUID/resource[gG]roups/[^/\"'\\\\]+/providers/[mM]icrosoft.[oO]perational[iI]nsights/workspaces/[A-Za-z0-9-]{4,63}\$" \
    'the full resource id of a Log Analytics workspace'
fi
[[ -z $application || -n $undo ]] || misused '--application belongs to --undo'
needs az https://learn.microsoft.com/cli/azure/install-azure-cli

# Display names of applications may be long: nothing is truncated.
NAME=$(name_within 100)
readonly NAME CREDENTIAL=plimsoll
subscription=$(tr '[:upper:]' '[:lower:]' <<<"$subscription")

# az's commands for applications go to the directory of the default subscription and take no --subscription; the others do.
directory_of() { az account show --subscription "$1" --query tenantId --output tsv; }
check_directory() {
  local default
  directory=$(directory_of "$subscription")
  default=$(az account show --query tenantId --output tsv)
  [[ $default == "$directory" ]] ||
    stop "The subscription is in directory $directory and your default subscription in $default. Sign in to the right one: az login --tenant $directory"
  if [[ -n $workspace && $(directory_of "$(subscription_of "$workspace")") != "$directory" ]]; then
    stop "The workspace is not in directory $directory: the application cannot read it"
  fi
}

# subscription_of RESOURCE_ID
subscription_of() { cut -d / -f 3 <<<"$1"; }

# Sets client, or leaves it empty. By filter: --display-name finds every name that begins with it.
find_application() {
  client=$(az ad app list --filter "displayName eq '$NAME'" --query '[].appId' --output tsv)
  (($(grep -c . <<<"$client") <= 1)) ||
    stop "There are several applications named $NAME: $(tr '\n' ' ' <<<"$client")- remove or rename those that are not Plimsoll's"
}

# ask COMMAND...: what there is of the application; nothing where --dry-run has not made it.
ask() { [[ $client == CLIENT ]] || "$@"; }

make_application() {
  note "application $NAME …"
  if [[ -z $client ]]; then
    # Of this directory only: nobody elsewhere can consent to it.
    client=$(made CLIENT az ad app create --display-name "$NAME" --sign-in-audience AzureADMyOrg --query appId --output tsv)
  fi
  principal=$(retry ask az ad sp list --filter "appId eq '$client'" --query '[].id' --output tsv)
  if [[ -z $principal ]]; then
    principal=$(retry made PRINCIPAL az ad sp create --id "$client" --query id --output tsv)
  fi
}

# All three have to match what AWS signs: whose account, whose role in it, and for which tenant it acts.
make_credential() {
  note 'federated credential …'
  local trust names
  trust=$(printf '{"name": "%s", "issuer": "%s", "subject": "%s", "audiences": ["%s"]}' \
    "$CREDENTIAL" "$issuer" "$function_role" "api://AzureADTokenExchange/plimsoll/$external_id")
  names=$(retry ask az ad app federated-credential list --id "$client" --query '[].name' --output tsv)
  if grep -qx "$CREDENTIAL" <<<"$names"; then
    change az ad app federated-credential update --id "$client" --federated-credential-id "$CREDENTIAL" --parameters "$trust" >/dev/null
  else
    retry change az ad app federated-credential create --id "$client" --parameters "$trust" >/dev/null
  fi
}

# The names of roles are unique in a directory, and a role can be assigned only below the scopes that it names.
role_on_subscription() { echo "$NAME $subscription"; }
role_on_workspace() { cut -d / -f 3,5,9 <<<"$workspace" | tr / ' ' | sed "s/^/$NAME logs /"; }

# define_role ROLE SUBSCRIPTION ACTION...: makes a role of these actions, or brings the one that is there up to date.
define_role() {
  local role=$1 owner=$2 verb=create definition
  shift 2
  definition=$(printf '{"Name": "%s", "IsCustom": true, "Description": "%s", "Actions": [%s], "AssignableScopes": ["%s"]}' \
    "$role" 'What Plimsoll reads. It changes nothing.' "$(printf ', "%s"' "$@" | cut -c 3-)" "/subscriptions/$owner")
  [[ -z $(find_role "$role" "$owner") ]] || verb=update
  change az role definition "$verb" --subscription "$owner" --role-definition "$definition" >/dev/null
}

find_role() {
  az role definition list --name "$1" --subscription "$2" --scope "/subscriptions/$2" --custom-role-only true \
    --query '[].name' --output tsv
}

# assign ROLE SCOPE. By the object's id and type, so that az need not find an application in the directory that it has only
# just got: https://learn.microsoft.com/azure/role-based-access-control/troubleshooting#symptom---assigning-a-role-to-a-new-principal-sometimes-fails
assign() {
  retry change az role assignment create --subscription "$(subscription_of "$2")" --assignee-object-id "$principal" \
    --assignee-principal-type ServicePrincipal --role "$1" --scope "$2" >/dev/null
}

grant_subscription() {
  note 'role on the subscription …'
  local rights=(
    # The list of machines: Resource Graph shows a machine to those alone who may read it.
    Microsoft.ResourceGraph/resources/read
    Microsoft.Compute/virtualMachines/read
    # The nodes of AKS and other instances of uniform scale sets are no virtual machines to Azure.
    Microsoft.Compute/virtualMachineScaleSets/read
    Microsoft.Compute/virtualMachineScaleSets/virtualMachines/read
    # The total memory of a size, where Azure publishes available bytes and no percentage.
    Microsoft.Compute/locations/vmSizes/read
    # The memory itself. metrics:getBatch requires this right on the entire subscription.
    Microsoft.Insights/Metrics/Read
  )
  define_role "$(role_on_subscription)" "$subscription" "${rights[@]}"
  assign "$(role_on_subscription)" "/subscriptions/$subscription"
}

grant_workspace() {
  note 'role on the workspace …'
  local rights=(
    # To ask the workspace at all, and to find it.
    Microsoft.OperationalInsights/workspaces/read
    Microsoft.OperationalInsights/workspaces/query/read
    # Memory of processes and of AKS's containers; swap, file systems, network errors and load of machines.
    Microsoft.OperationalInsights/workspaces/query/Perf/read
    # File systems of machines that VM insights watches: where no rule collects them to Perf.
    Microsoft.OperationalInsights/workspaces/query/InsightsMetrics/read
    # Which pod a container belongs to.
    Microsoft.OperationalInsights/workspaces/query/KubePodInventory/read
    # Which region a cluster is in, by its nodes. No other table can be read with this role.
    Microsoft.OperationalInsights/workspaces/query/KubeNodeInventory/read
  )
  # The workspace's own subscription: a central workspace is often not where the machines are.
  define_role "$(role_on_workspace)" "$(subscription_of "$workspace")" "${rights[@]}"
  assign "$(role_on_workspace)" "$workspace"
}

# take_away ROLE SCOPE
take_away() {
  local role=$1 scope=$2 owner
  owner=$(subscription_of "$2")
  note "role $role …"
  [[ -n $(find_role "$role" "$owner") ]] || return 0
  # Nobody but the application has this role. az fails where there is no assignment to delete.
  if [[ -n $(az role assignment list --subscription "$owner" --role "$role" --scope "$scope" --query '[].id' --output tsv) ]]; then
    change az role assignment delete --subscription "$owner" --role "$role" --scope "$scope"
  fi
  retry change az role definition delete --subscription "$owner" --name "$role" --scope "/subscriptions/$owner" --custom-role-only true
}

remove_all() {
  take_away "$(role_on_subscription)" "/subscriptions/$subscription"
  if [[ -n $workspace ]]; then take_away "$(role_on_workspace)" "$workspace"; fi
  [[ -n $client ]] || return 0
  if [[ -n $application ]]; then
    change az ad app delete --id "$client"
  else
    note "Left as it is: the application $NAME, with which other subscriptions may be read. --undo --application removes it."
  fi
}

check_directory
find_application
if [[ -n $undo ]]; then
  remove_all
  exit
fi
make_application
make_credential
grant_subscription
workspace_id=''
if [[ -n $workspace ]]; then
  workspace_id=$(az monitor log-analytics workspace show --ids "$workspace" --query customerId --output tsv)
  grant_workspace
fi
[[ -z $dry_run ]] || exit 0

cat <<YAML
# For accounts: in the tenant's config. Regions: those that your machines are in.
- provider: azure
  account: $subscription
  regions: [westeurope]
  directory: $directory
  client: $client
${workspace_id:+  workspace: $workspace_id}
YAML
