"""The sections of the benchmark. Each gives rows: dictionaries that the report prints and writes."""
from alone import checksum, transfer
from load import many, row, status
from surroundings import history, idle, volumes
from wide import wan

ALL = {"transfer": transfer, "checksum": checksum, "idle": idle, "many": many, "status": status, "volumes": volumes,
       "history": history, "row": row, "wan": wan}
