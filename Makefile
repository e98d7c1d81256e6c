# `make run` shows the demo site, `make test` is all that a change has to pass. The rest is for daily work.
.POSIX:
.PHONY: setup run test worker requirements messages compile lint clean-demo

setup:
	@scripts/setup.sh

run:
	@scripts/run.sh

test:
	@scripts/test.sh

# With CELERY_BROKER_URL set, does what the site queues, and by its clock what is due.
worker: setup
	@.venv/bin/celery -A config.celery worker --beat --schedule "$${VAR_DIR:-var}/beat" --loglevel INFO

# Newer versions: make requirements UPGRADE=--upgrade
requirements:
	@scripts/setup.sh dev
	@scripts/requirements.sh $(UPGRADE)

messages:
	@scripts/setup.sh dev
	@scripts/messages.sh

compile: setup

lint:
	@scripts/setup.sh dev
	@scripts/lint.sh

clean-demo:
	@rm -rf "$${VAR_DIR:-var}"
	@echo 'The database, the files and the mails are gone. `make run` makes the demo anew.'
