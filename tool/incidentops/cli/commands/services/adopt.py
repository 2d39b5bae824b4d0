"""`incident adopt`: record in the ledger which object belongs to a record."""

from datetime import timedelta

import click

from incidentops.cli.composition import wiring
from incidentops.cli.composition.environment import repository_root, settings
from incidentops.cli.support import complete
from incidentops.cli.support.exits import Exit
from incidentops.core.errors import WrongUse
from incidentops.core.text import quoted
from incidentops.flows.reconcile.adopt import Adoption, adopt, adoption_targets, deny
from incidentops.flows.reconcile.scope import PlanOptions
from incidentops.plan.resource import resource_name
from incidentops.store.ledger.branch import wait_for_turn
from incidentops.store.sources import WorkTreeRecords


@click.command(
    epilog="Examples:  incident adopt 2026-11-21-registry-503 gitlab.issue 42  ·  "
    "incident adopt 2026-11-21-registry-503 statusio.update/3f2a9c1b77d0 --never-made"
)
@click.argument("incident", shell_complete=complete.records)
@click.argument("resource")
@click.argument("identity", metavar="[ID]", required=False)
@click.option("--never-made", is_flag=True, help="Record that it was never created, after you have checked.")
def command(incident: str, resource: str, identity: str | None, never_made: bool) -> int:
    """Record in the ledger which object belongs to a record, when a run could not find out.

    RESOURCE is the name that plan and reconcile print, such as gitlab.issue. ID is an issue's number or a Status.io
    id. The next reconcile takes the object over and goes on from there.
    """
    if never_made == bool(identity):
        raise click.UsageError("give the ID of the object, or --never-made")
    try:
        name = resource_name(incident, resource)
    except ValueError as error:
        raise WrongUse(
            f"{quoted(resource)} is not a resource", "write it as plan prints it, such as gitlab.issue"
        ) from error
    root, config = repository_root(), settings()
    work = wiring.workspace(root, config)
    wait = wiring.wait_policy(config, timedelta(minutes=2), timedelta(minutes=15))
    state = wait_for_turn(work.ledger, config.now, wait)
    if not identity:
        deny(work.ledger, state, name)
        click.echo(f"recorded in the ledger: {name} was never made; the next reconcile creates it")
        return Exit.DONE
    inputs = wiring.plan_inputs(WorkTreeRecords(root), config, PlanOptions((incident,)), writable=False)
    adoption = Adoption(name, identity, wiring.run_name(config), config.now)
    if not adopt(work.ledger, state, adoption_targets(inputs, state), adoption):
        wiring.say("the ID was not checked: the service is not configured")
    click.echo(f"recorded in the ledger: {name} is {identity}; the next reconcile goes on from there")
    return Exit.DONE
