"""The worker: polls the queue and calls stored functions; decides nothing about the domain."""
