# Thin: dev.py sets up what a task needs, then runs it. `make update WHAT=snippets/x.py`
# and `make test WHAT="-k name"` pass words on.
PYTHON ?= python3

.PHONY: help
help:
	@$(PYTHON) dev.py $@

# Any other task; one that is no task gets the list of those that are.
%: FORCE
	@$(PYTHON) dev.py $@ $(WHAT)

Makefile FORCE: ;
