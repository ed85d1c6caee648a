"""Lambda."""

import json
import os

import function_permissions
import policy_decisions
import state
from rules.documents import SERVICE, exists
from rules.table import Rule

API = "Lambda API"
GUIDE = "Lambda developer guide"
# The default quota; a new account may have 10: tests set their own.
ACCOUNT_CONCURRENCY = int(os.environ.get("DR_E2E_LAMBDA_CONCURRENCY", "1000"))
UNRESERVED = 100
ENVIRONMENT_BYTES = 4_096
MOST_SECONDS = 900
RESERVED_NAMES = (
    "_HANDLER", "_X_AMZN_TRACE_ID", "AWS_DEFAULT_REGION", "AWS_REGION", "AWS_EXECUTION_ENV", "AWS_LAMBDA_FUNCTION_NAME",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "AWS_LAMBDA_FUNCTION_VERSION", "AWS_LAMBDA_INITIALIZATION_TYPE",
    "AWS_LAMBDA_LOG_GROUP_NAME", "AWS_LAMBDA_LOG_STREAM_NAME", "AWS_ACCESS_KEY", "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_LAMBDA_RUNTIME_API", "LAMBDA_TASK_ROOT", "LAMBDA_RUNTIME_DIR",
    "AWS_LAMBDA_MAX_CONCURRENCY", "AWS_LAMBDA_METADATA_API", "AWS_LAMBDA_METADATA_TOKEN",
)
SEND_ACTIONS = {"sqs": "sqs:SendMessage", "sns": "sns:Publish", "lambda": "lambda:InvokeFunction", "events": "events:PutEvents"}
NETWORK_ACTIONS = ("ec2:CreateNetworkInterface", "ec2:DescribeNetworkInterfaces", "ec2:DeleteNetworkInterface")


def functions(request):
    return state.backend("lambda", request.region)._lambdas


def function_of(request):
    try:
        return functions(request).get_function_by_name_or_arn_with_qualifier(request.params["FunctionName"], None)
    except Exception:  # moto says that there is none, and does so again when the request reaches it
        return None


def reserved_concurrency(request):
    wanted = request.params["ReservedConcurrentExecutions"]
    this = function_of(request)
    others = [one for one in functions(request).all() if this is None or one.function_name != this.function_name]
    left = ACCOUNT_CONCURRENCY - wanted - sum(one.reserved_concurrency or 0 for one in others)
    if wanted > 0 and left < UNRESERVED:
        return f"ReservedConcurrentExecutions of {wanted} leaves {left} unreserved"
    return None


def environment(request):
    variables = request.params.get("Environment", {}).get("Variables", {})
    reserved = [name for name in variables if name in RESERVED_NAMES]
    if reserved:
        return f"Reserved keys used in this request: {', '.join(reserved)}"
    size = len(json.dumps(variables, separators=(",", ":"), ensure_ascii=False).encode())
    return f"the environment variables are {size} bytes" if size > ENVIRONMENT_BYTES else None


def timeout(request):
    given = request.params.get("Timeout", 1)
    return None if 1 <= given <= MOST_SECONDS else f"Timeout is {given}"


def role_not_assumable(request):
    arn = request.params.get("Role")
    role = arn and state.role(arn)
    if not arn or not role:
        return f"there is no role {arn}" if arn else None
    trust = role.assume_role_policy_document
    if policy_decisions.resource_allows(trust, {"service": "lambda.amazonaws.com"}, "sts:AssumeRole", arn, where=arn):
        return None
    return f"{arn} cannot be assumed by Lambda"


def destination(request):
    function = function_of(request)
    given = request.params.get("DestinationConfig", {})
    for arn in [one.get("Destination") for one in (given.get("OnFailure", {}), given.get("OnSuccess", {}))]:
        if function and arn:
            refused = cannot_send(function.role, arn)
            if refused:
                return refused
    return None


def dead_letters(request):
    arn = request.params.get("DeadLetterConfig", {}).get("TargetArn")
    return cannot_send(request.params["Role"], arn) if arn and "Role" in request.params else None


def cannot_send(role, arn):
    action = SEND_ACTIONS.get(arn.split(":")[2])
    if action is None:
        return f"{arn} is no destination"
    if not function_permissions.allows(role, action, arn, {}):
        return f"the function's execution role {role} does not have permissions to call {action} on {arn}"
    return None


def network(request):
    if not request.params.get("VpcConfig", {}).get("SubnetIds") or "Role" not in request.params:
        return None
    for action in NETWORK_ACTIONS:
        if not function_permissions.allows(request.params["Role"], action, "*", {}):
            return f"the provided execution role does not have permissions to call {action}"
    return None


def logging(request):
    given = request.params.get("LoggingConfig", {})
    levels = [name for name in ("ApplicationLogLevel", "SystemLogLevel") if name in given]
    if levels and given.get("LogFormat", "Text") != "JSON":
        return f"{levels[0]} with LogFormat {given.get('LogFormat', 'Text')}"
    return None


def principal(request):
    given = request.params["Principal"]
    return None if SERVICE.fullmatch(given) or exists(given) else f"the provided principal {given!r} was invalid"


def no_such_alias(request):
    qualifier, function = request.params.get("Qualifier"), function_of(request)
    if function is None or qualifier is None or qualifier.isdigit():
        return None
    aliases = functions(request)._get_function_aliases(function.function_name)
    return None if qualifier in aliases else f"the function has no alias {qualifier!r}"


CHANGES = ("lambda.CreateFunction", "lambda.UpdateFunctionConfiguration")
INVALID = "InvalidParameterValueException"
MESSAGE = "the API's own message, as provider reports quote it"
RULES = (
    Rule("lambda-unreserved-concurrency", ("lambda.PutFunctionConcurrency",), INVALID,
         "At least 100 simultaneous executions must stay unreserved", f"{API}, PutFunctionConcurrency", reserved_concurrency),
    Rule("lambda-environment", CHANGES, INVALID, "All variables together are at most 4 KB; names that Lambda sets are reserved",
         f"{GUIDE}, Working with Lambda environment variables", environment),
    Rule("lambda-timeout", CHANGES, INVALID, "The maximum allowed value is 900 seconds", f"{API}, CreateFunction", timeout),
    Rule("lambda-role", CHANGES, INVALID, "The role defined for the function cannot be assumed by Lambda",
         f"{GUIDE}, Defining permissions with an execution role; {MESSAGE}", role_not_assumable),
    Rule("lambda-destination", ("lambda.PutFunctionEventInvokeConfig", "lambda.UpdateFunctionEventInvokeConfig"), INVALID,
         "The function's execution role does not have permissions to call the destination",
         f"{GUIDE}, Capturing records of Lambda asynchronous invocations; {MESSAGE}", destination),
    Rule("lambda-dead-letters", CHANGES, INVALID, "The execution role does not have permissions to call SendMessage on SQS",
         f"{GUIDE}, Adding a dead-letter queue; {MESSAGE}", dead_letters),
    Rule("lambda-vpc", CHANGES, INVALID, "The execution role does not have permissions to call CreateNetworkInterface on EC2",
         f"{GUIDE}, Giving Lambda functions access to resources in an Amazon VPC; {MESSAGE}", network),
    Rule("lambda-log-levels", CHANGES, INVALID, "To use log-level filtering, the function must use the JSON log format",
         f"{GUIDE}, Log-level filtering", logging),
    Rule("lambda-principal", ("lambda.AddPermission",), INVALID, "A service, an account, or a user or role that exists",
         f"{API}, AddPermission; that it exists: {MESSAGE}", principal),
    Rule("lambda-alias", ("lambda.AddPermission", "lambda.PutFunctionEventInvokeConfig"), "ResourceNotFoundException",
         "The version or alias must exist", f"{API}, AddPermission", no_such_alias, 404),
)
