"""`microdrama policy`: which policy is in force and by whose word, and adopting another.

Exit codes: 0 done or in force, 1 the file in the home is not the policy in force, 2 the input is wrong.
"""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer

from deployment.decisions_cli import Comment, HomeOption, Json, KeyFile, tell

policy = typer.Typer(no_args_is_help=True, help="Who may decide what: the policy in force, and adopting another.")


@policy.command("adopt")
def adopt(key: KeyFile, comment: Comment = "", home: HomeOption = None) -> None:
    """Put the home's policy.yaml into force. Without that nothing is decided or published by it."""
    from deployment import adopting
    from deployment.deciding import redraw
    from resources.home import Home

    opened = Home.open(home)
    statement = adopting.adopt(opened, key, comment)
    if statement is not None:
        redraw(opened, statement)
    tell("it is in force already" if statement is None else f"policy adopted: {statement}")


@policy.command("show")
def show(home: HomeOption = None, json_: Json = False,
         history: Annotated[bool, typer.Option("--history", help="Every adoption that counted, too")] = False) -> None:
    """Print the policy in force, as policy.yaml holds it; say who adopted it, and how the file differs from it."""
    import yaml

    from audit import canonical
    from audit.adoption import differences
    from audit.errors import PolicyInvalid
    from audit.policy import content_digest
    from deployment.adopting import policy_now
    from resources.home import Home
    from resources.policies import written_policy

    opened = Home.open(home)
    now, changed = policy_now(opened), list[str]()
    problem: str | None = None
    try:
        written = written_policy(opened)
        if written is not None and content_digest(written) != now.digest:
            changed = differences(now.record, written)
            problem = "PolicyNotAdopted: nobody adopted policy.yaml as it is"
        elif written is None and now.by is not None:
            problem = "PolicyMissing: there is no policy.yaml"
    except PolicyInvalid as error:
        problem = f"PolicyInvalid: {error}"
    told: list[dict[str, Any]] = [
        {"by": one.names, "logged": one.logged, "statement": one.statement, "comment": one.told["comment"],
         "policy": one.subjects["policy"]} for one in now.adoptions]
    if json_:
        typer.echo(json.dumps({"policy": now.digest, "record": dict(now.record), "adopted": told[-1] if told else None,
                               "history": told, "problem": problem, "differences": changed}))
    else:
        tell(f"in force: {now.digest}, {now.origin}")
        for one in told if history else told[-1:]:
            tell(f"  {one['logged']}  {one['policy'][:16]} by {one['by']}: {one['comment'] or 'no comment'}"
                 f" ({one['statement']})")
        for line in (problem, *(f"  {line}" for line in changed)) if problem else ():
            tell(line)
        typer.echo(yaml.safe_dump(json.loads(canonical.encode(now.record)), sort_keys=False), nl=False)
    if problem:
        raise typer.Exit(1)
