"""GET /inventory: what each service holds beyond what an account that nobody has used holds."""

import json
import sys

import accelerators
from moto.core.base_backend import BackendDict

INVENTORY_PATH = "/inventory"


def services_in_use():
    modules = [m for name, m in list(sys.modules.items()) if name.startswith("moto.") and m]
    found = [value for module in modules for value in vars(module).values() if isinstance(value, BackendDict)]
    return {id(backends): backends for backends in found}.values()


def held_by(backend):
    return {name: len(held) for name, held in vars(backend).items() if isinstance(held, (dict, list, set))}


def inventory():
    """What each service holds beyond what an account that nobody has used holds, by service, region and collection."""
    found = {f"globalaccelerator/us-west-2/{kind}": count for kind, count in accelerators.held().items() if count}
    for backends in services_in_use():
        for account, regions in list(backends.items()):
            for region, backend in list(regions.items()):
                unused = held_by(backends.backend(region, account))
                for name, count in held_by(backend).items():
                    if count > unused.get(name, 0):
                        found[f"{backends.service_name}/{region}/{name}"] = count - unused.get(name, 0)
    return found


def with_inventory(application):
    """The WSGI application, and beside it the inventory."""

    def serve(environ, start_response):
        if environ.get("PATH_INFO") != INVENTORY_PATH:
            return application(environ, start_response)
        start_response("200 OK", [("Content-Type", "application/json")])
        return [json.dumps(inventory()).encode()]

    return serve
