"""What Shopferry costs, measured against a peer or a floor in one run. `make bench`, or `python -m benchmarks NAME`."""
