# The commands of the house. Each is a small script in scripts/; `make` alone lists them.
.PHONY: help setup assets run test quick bench soak audit accept

help:
	@echo "make run      install what is missing, build, fill a demo school, serve it"
	@echo "make test     everything: lints, policy, all tests on both databases, browser journeys"
	@echo "make quick    while you work: format, lints, architecture, Rust tests"
	@echo "make bench    speed and size, printed as tables"
	@echo "make soak     the long fault campaigns"
	@echo "make audit    known vulnerabilities in what we use (needs a network)"
	@echo "make accept   store new snapshots and generated files after you have looked at them"
	@echo "make assets   the style sheets and scripts of the pages, into web-client/dist"
	@echo "make setup    only install what is missing"

setup assets run test quick bench soak audit accept:
	@sh scripts/$@ </dev/null
