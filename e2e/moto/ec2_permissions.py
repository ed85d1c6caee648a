"""What EC2's calls about network ACLs take, by resource and condition key (Service Authorization Reference, "Actions, resources,
and condition keys for Amazon EC2"). Other calls of EC2 are decided for "*", as those that only read are on AWS as well.
"""

import state
from moto.core import DEFAULT_ACCOUNT_ID


def of_ec2(request):
    """(action, resource, context) of every permission that the call takes."""
    operation, params = request.operation.name, request.params
    action = f"ec2:{operation}"
    if operation == "CreateNetworkAcl":
        given = {f"aws:RequestTag/{tag['Key']}": tag["Value"] for tag in tags_of(params)}
        yield action, arn(request, "network-acl/*"), given
        yield action, arn(request, f"vpc/{params['VpcId']}"), {}
        if given:
            yield "ec2:CreateTags", arn(request, "network-acl/*"), {"ec2:CreateAction": operation, **given}
    elif operation == "ReplaceNetworkAclAssociation":
        before = acl_with(request, params["AssociationId"])
        for acl_id in [params["NetworkAclId"], *([before.id] if before else [])]:
            yield action, arn(request, f"network-acl/{acl_id}"), {}
        if before:
            subnet = next(it.subnet_id for it in before.associations if it.id == params["AssociationId"])
            yield action, arn(request, f"subnet/{subnet}"), {}
    elif "NetworkAclId" in params:
        yield action, arn(request, f"network-acl/{params['NetworkAclId']}"), resource_tags(request, params["NetworkAclId"])
    else:
        yield action, "*", {}


def arn(request, resource):
    return f"arn:aws:ec2:{request.region}:{DEFAULT_ACCOUNT_ID}:{resource}"


def tags_of(params):
    return [tag for specification in params.get("TagSpecifications", []) for tag in specification.get("Tags", [])]


def acl_with(request, association_id):
    acls = list(state.backend("ec2", request.region).network_acls.values())
    return next((acl for acl in acls if any(it.id == association_id for it in acl.associations)), None)


def resource_tags(request, acl_id):
    acl = state.backend("ec2", request.region).network_acls.get(acl_id)
    return {f"ec2:ResourceTag/{tag['key']}": tag["value"] for tag in acl.get_tags()} if acl else {}
