"""IAM for what the functions do: a call signed with a function's credentials is decided by its role, as the role is applied.

The operator's own key (any that no role session has) may do everything: the stack says nothing of his permissions.
Only the reading of calls is here. What the documents allow the twin decides: see policy_decisions.py.
"""

import ec2_permissions
import policy_decisions
import state
from moto.core import DEFAULT_ACCOUNT_ID
from refusal import Refusal

# The prefix of an action, where it is not the name of the model.
PREFIXES = {"elbv2": "elasticloadbalancing", "resourcegroupstaggingapi": "tag"}
CODES = {"sns": "AuthorizationError", "ec2": "UnauthorizedOperation", "s3": "AccessDenied", "iam": "AccessDenied"}
ALWAYS_ALLOWED = ("sts.GetCallerIdentity",)  # "No permissions are required", API_GetCallerIdentity
TRANSACTION_ACTIONS = {"ConditionCheck": "ConditionCheckItem", "Put": "PutItem", "Update": "UpdateItem", "Delete": "DeleteItem"}
# The members that name what an EC2 call acts on [Service Authorization Reference, Amazon EC2].
EC2_TYPES = {"NetworkAclId": "network-acl", "VpcId": "vpc", "SubnetId": "subnet", "GroupId": "security-group"}
KEY_ACTIONS = ("kms:Decrypt", "kms:GenerateDataKey")  # SNS developer guide, "Key management"


def check(request):
    """Raises Refusal when a function's role does not allow the call."""
    session = state.assumed_role(request.access_key)
    if session is None or request.name in ALWAYS_ALLOWED:
        return
    for action, resource, context in needed(request):
        allowed = allows(session.role_arn, action, resource, {"aws:RequestedRegion": request.region, **context})
        if not allowed:
            message = f"User: {session.arn} is not authorized to perform: {action} on resource: {resource}"
            raise Refusal(CODES.get(request.service, "AccessDeniedException"), message, 403 if request.service == "sns" else 400)


def allows(role_arn, action, resource, context):
    role = state.role(role_arn)
    if role is None:
        return False
    given = {"aws:PrincipalArn": role_arn, **context}
    identity = policy_decisions.decide(state.role_documents(role), action, resource, given, where=role_arn)
    if not identity["allowed"]:
        return False
    document = resource_policy(action, resource)
    if document is None:
        return True
    of_resource = policy_decisions.decide([document], action, resource, given, {"roleArn": role_arn}, resource)
    # Within an account either policy suffices, unless one denies; a key's policy must allow in any case (KMS guide, "Key policies").
    return of_resource["allowed"] if action.startswith("kms:") else not of_resource["denied"]


def resource_policy(action, resource):
    service, region = action.split(":")[0], (resource.split(":") + [""] * 4)[3]
    if service == "kms":
        key = state.key(resource, region)
        return key.policy if key else None
    if service == "sns":
        topic = state.topic(resource)
        return topic.policy if topic else None
    return None


def needed(request):
    """(action, resource, context) of every permission that the call takes."""
    if request.service in RESOURCES:
        yield from RESOURCES[request.service](request)
    else:
        yield f"{PREFIXES.get(request.service, request.service)}:{request.operation.name}", "*", {}


def of_dynamodb(request):
    operation, params = request.operation.name, request.params
    if operation == "TransactWriteItems":
        for item in params["TransactItems"]:
            for kind, one in item.items():
                yield f"dynamodb:{TRANSACTION_ACTIONS[kind]}", table_arn(request, one["TableName"]), {}
    elif operation == "TransactGetItems":
        for item in params["TransactItems"]:
            yield "dynamodb:GetItem", table_arn(request, item["Get"]["TableName"]), {}
    else:
        names = [params["TableName"]] if "TableName" in params else list(params.get("RequestItems", {}))
        index = f"/index/{params['IndexName']}" if params.get("IndexName") else ""
        for name in names:
            yield f"dynamodb:{operation}", table_arn(request, name) + index, {}
        if not names:
            yield f"dynamodb:{operation}", "*", {}


def table_arn(request, name):
    return name if name.startswith("arn:") else f"arn:aws:dynamodb:{request.region}:{DEFAULT_ACCOUNT_ID}:table/{name}"


def of_sns(request):
    resource = request.params.get("TopicArn") or request.params.get("TargetArn") or "*"
    yield f"sns:{request.operation.name}", resource, {}
    topic = state.topic(resource)
    if request.operation.name == "Publish" and topic and topic.kms_master_key_id:
        yield from of_key(topic.kms_master_key_id, request.region, f"sns.{request.region}.amazonaws.com", KEY_ACTIONS)


def of_secrets(request):
    identifier = request.params.get("SecretId", "*")
    secret = state.secret(identifier, request.region)
    asked = f"arn:aws:secretsmanager:{request.region}:{DEFAULT_ACCOUNT_ID}:secret:{identifier}"
    yield f"secretsmanager:{request.operation.name}", secret.arn if secret else asked, {}
    if secret and getattr(secret, "kms_key_id", None):
        yield from of_key(secret.kms_key_id, request.region, f"secretsmanager.{request.region}.amazonaws.com", KEY_ACTIONS[:1])


def of_key(identifier, region, via, actions):
    """A key of AWS's own (alias/aws/...) needs no permission of the caller's beside the service's own."""
    key = state.key(identifier, region)
    if key:
        yield from ((action, key.arn, {"kms:ViaService": via}) for action in actions)


def of_lambda(request):
    name, qualifier = request.params.get("FunctionName", ""), request.params.get("Qualifier")
    arn = name if name.startswith("arn:") else f"arn:aws:lambda:{request.region}:{DEFAULT_ACCOUNT_ID}:function:{name}"
    action = "InvokeFunction" if request.operation.name == "Invoke" else request.operation.name
    yield f"lambda:{action}", f"{arn}:{qualifier}" if qualifier else arn, {}


def of_ec2(request):
    """Every resource that the call names by its id, as its ARN; a call that names none is about all."""
    arns = [
        f"arn:aws:ec2:{request.region}:{DEFAULT_ACCOUNT_ID}:{EC2_TYPES[member]}/{value}"
        for member, value in request.params.items()
        if member in EC2_TYPES
    ]
    if request.operation.name == "ReplaceNetworkAclAssociation":
        arns += associated_subnet(request)
    for arn in arns or ["*"]:
        yield f"ec2:{request.operation.name}", arn, {}


def associated_subnet(request):
    acls = state.backend("ec2", request.region).network_acls.values()
    found = [one._associations.get(request.params["AssociationId"]) for one in acls]
    return [f"arn:aws:ec2:{request.region}:{DEFAULT_ACCOUNT_ID}:subnet/{one.subnet_id}" for one in found if one]


def of_sqs(request):
    name = request.params.get("QueueUrl", "*").split("/")[-1]
    yield f"sqs:{request.operation.name}", f"arn:aws:sqs:{request.region}:{DEFAULT_ACCOUNT_ID}:{name}", {}


RESOURCES = {
    "ec2": of_ec2,
    "dynamodb": of_dynamodb,
    "sns": of_sns,
    "secretsmanager": of_secrets,
    "lambda": of_lambda,
    "sqs": of_sqs,
    "ec2": ec2_permissions.of_ec2,
}


def may_invoke(service, function, qualifier, source_arn):
    """May that service, e.g. `sns.amazonaws.com`, invoke the function (behind the alias) for that source?"""
    resource = f"{unqualified(function.function_arn)}:{qualifier}" if qualifier else unqualified(function.function_arn)
    statements = [one for one in function.policy.statements if one["Resource"] == resource]
    if not statements:
        return False
    context = {"aws:SourceArn": source_arn} if source_arn else {}
    document = {"Version": "2012-10-17", "Statement": statements}
    return policy_decisions.resource_allows(
        document, {"service": service}, "lambda:InvokeFunction", resource, context, resource
    )


def unqualified(arn):
    return ":".join(arn.split(":")[:7])
