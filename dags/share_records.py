"""Records go out: the public portal, the national platform, and the proof that what ended has left."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from airflow.sdk import DAG, task

from conduct_records.operators.flow import EXCHANGE_POOL, MARTS, SHARED, following, one_at_a_time, tables
from conduct_records.operators.running import step

DOC = """
Publishes the portal and its feeds, sends the outbox to the platform, reconciles with it, and proves
that nothing that the core calls withdrawn is left in any feed. Withdrawals themselves belong to
`build_records`: they need no good build.

**When it fails**

1. `send`: the platform is down or refuses. Unsent rows stay in `share.outbox`; the next run sends them,
   once in effect.
2. `prove`: a withdrawn record is still in a feed, or the platform's counts differ. The log names feed
   and record key. Treat it as urgent: clear `publish` and `send` of this run, then look at
   `conduct-records explain RECORD_KEY`.

Clearing is safe.
"""

with DAG(
    "share_records", schedule=following(MARTS), doc_md=DOC, tags=["share", "exchange"], **one_at_a_time()
):

    @task(inlets=tables("core.record", "core.list_entry"), outlets=tables("share.publication"))
    def publish() -> int:
        """Write the portal's pages and feeds; returns their version."""
        from conduct_records.disclosure.publish import publish_portal
        from conduct_records.warehouse.runs import noted

        given = step()
        with noted("publish_portal", *given):
            return publish_portal(*given)

    @task(inlets=tables("core.record"), outlets=tables("share.outbox"), pool=EXCHANGE_POOL)
    def send() -> dict[str, int]:
        """Put changes into the outbox and send what is pending; returns how many of each."""
        from conduct_records.disclosure.delivery import send as send_pending
        from conduct_records.disclosure.outbox import enqueue
        from conduct_records.warehouse.runs import noted

        given = step()
        with noted("send", *given) as run:
            run.counts["queued"] = enqueue(*given)
            run.counts |= asdict(send_pending(*given))
        return run.counts

    @task(outlets=[SHARED], pool=EXCHANGE_POOL)
    def prove() -> dict[str, Any]:
        """Compare with the platform, then prove that no feed holds what has ended."""
        from conduct_records.disclosure.proof import prove as prove_withdrawn
        from conduct_records.disclosure.reconcile import reconcile
        from conduct_records.warehouse.runs import noted

        given = step()
        with noted("prove", *given):
            reconcile(*given)
            return asdict(prove_withdrawn(*given))

    [publish(), send()] >> prove()
