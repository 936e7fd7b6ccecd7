"""The embedded broker: a Redis-compatible server on 127.0.0.1, so that nothing has to be installed first.

`python -m tasks.embedded` keeps one going for a data folder and says where it is in `<data_dir>/broker.json`, which
`Settings` reads where BROKER_URL is unset. Its queues lie in `<data_dir>/broker`.
"""

from tasks.embedded.address import address_file, answers, running, written

__all__ = ["address_file", "answers", "running", "written"]
