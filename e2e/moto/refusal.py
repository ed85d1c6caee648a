"""An error as the service writes it on the wire: code and shape by protocol."""

import json
from dataclasses import dataclass
from xml.sax.saxutils import escape

# What a service calls a parameter that its model refuses. Source: each API's "Common Errors", and for the services that
# wrap it (CloudWatch Logs, Route 53, SNS) the errors of their operations.
MODEL_ERRORS = {
    "cloudwatch": "ValidationError",
    "ec2": "InvalidParameterValue",
    "elbv2": "ValidationError",
    "iam": "ValidationError",
    "logs": "InvalidParameterException",
    "route53": "InvalidInput",
    "s3": "InvalidArgument",
    "sns": "InvalidParameter",
    "sqs": "InvalidParameterValue",
    "sts": "ValidationError",
}
MISSING_ERRORS = {"ec2": "MissingParameter", "sqs": "MissingParameter"}
REQUEST_ID = "00000000-0000-0000-0000-000000000000"


@dataclass(frozen=True)
class Refusal(Exception):
    code: str
    message: str
    status: int = 400


def of_model(request, broken):
    """The constraints that a request breaks, all of them, in AWS's words."""
    missing = all(one.kind == "required" for one in broken)
    code = MODEL_ERRORS.get(request.service, "ValidationException")
    count = f"{len(broken)} validation error{'s' if len(broken) > 1 else ''} detected"
    message = f"{request.operation.name}: {count}: {'; '.join(one.sentence for one in broken)}"
    return Refusal(MISSING_ERRORS.get(request.service, code) if missing else code, message)


def answer(request, refusal, start_response):
    """The WSGI answer."""
    if "json" in request.protocol:
        body = json.dumps({"__type": refusal.code, "message": refusal.message, "Message": refusal.message})
        kind = [("Content-Type", "application/x-amz-json-1.1"), ("x-amzn-ErrorType", refusal.code)]
    else:
        body, kind = as_xml(request, refusal), [("Content-Type", "text/xml")]
    data = body.encode()
    start_response(f"{refusal.status} Refused", [*kind, ("Content-Length", str(len(data))), ("x-amzn-RequestId", REQUEST_ID)])
    return [data]


def as_xml(request, refusal):
    error = f"<Code>{escape(refusal.code)}</Code><Message>{escape(printable(refusal.message))}</Message>"
    if request.protocol == "ec2":
        return f"<Response><Errors><Error>{error}</Error></Errors><RequestID>{REQUEST_ID}</RequestID></Response>"
    if request.service == "s3":
        return f"<Error>{error}<RequestId>{REQUEST_ID}</RequestId></Error>"
    return f"<ErrorResponse><Error><Type>Sender</Type>{error}</Error><RequestId>{REQUEST_ID}</RequestId></ErrorResponse>"


def printable(text):
    """XML has no characters below the space but these three."""
    return "".join(one if one >= " " or one in "\n\r\t" else "?" for one in text)
