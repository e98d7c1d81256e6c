from celery import shared_task


@shared_task(name="oberih.notifications.send_message")
def send_message(pk):
    from notifications import actions

    actions.send(pk)


@shared_task(name="oberih.notifications.tick")
def tick():
    from notifications import work

    work.run_sweeps()
