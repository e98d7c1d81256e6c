from celery import shared_task


@shared_task(name="oberih.notifications.send_message")
def send_message(key):
    """`key` is the message's uuid: it is known before the database has given the row a number."""
    from notifications import actions
    from notifications.models import Message

    pk = Message.objects.filter(uuid=key).values_list("pk", flat=True).first()
    if pk is not None:
        actions.send(pk)


@shared_task(name="oberih.notifications.tick")
def tick():
    from notifications import work

    work.run_sweeps()
