# Thin: dev.py sets up what a task needs, then runs it. `make update WHAT=snippets/x.py`
# and `make test WHAT="-k name"` pass words on.
PYTHON ?= python3

.PHONY: serve site offline test update check bench operators versions lint lock clean
serve site offline test update check bench operators versions lint lock clean:
	@$(PYTHON) dev.py $@ $(WHAT)
