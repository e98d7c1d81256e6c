from tests.processes import wait_for

QUEUE = "from notifications.tasks import tick; tick.apply_async(retry=False)"


def test_a_worker_does_what_another_process_queued(deployment):
    worker = deployment.start_worker()
    deployment.evaluate(QUEUE)
    wait_for(
        lambda: "oberih.notifications.tick" in worker.written() and "succeeded" in worker.written(), what="it"
    )
    worker.stop()


def test_what_was_queued_while_no_worker_ran_waits_for_one(deployment):
    deployment.evaluate(QUEUE)
    worker = deployment.start_worker()
    wait_for(lambda: "succeeded" in worker.written(), what="the waiting task to be done")
    worker.stop()


def test_a_broker_that_is_down_costs_the_caller_no_error(deployment):
    """The hint is lost and said so in the log; the request that gave it goes on."""
    deployment.broker.kill()
    try:
        printed = deployment.evaluate(
            "from django.db import transaction\n"
            "from notifications import work\n"
            "from notifications.tasks import send_message\n"
            "with transaction.atomic():\n"
            "    work.hint(send_message, 1)\n"
            "print('saved')"
        )
    finally:
        deployment.broker.start()
    assert printed == "saved"
