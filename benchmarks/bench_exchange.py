"""The hand-off: a province's month, a large package. Run by hand: `python benchmarks/bench_exchange.py [GiB of the large package]`."""

import sys

if __name__ == "__main__":
    # the process that verifies imports this file again, as it does the program's own, which is as short
    import exchange_month

    exchange_month.main(int(float(sys.argv[1]) * 2**30) if len(sys.argv) > 1 else 2 << 30)
