"""The other side of the wire: a small sharing platform over HTTP, with faults on demand.

It serves what include/schemas/exchange/openapi.yaml describes from the standard library alone, so that it
starts in a tenth of a second and shares no code with the client that it tests.
"""
