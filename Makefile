.PHONY: proto
PYTHON ?= python3

proto:
	find proto/gen -name '*_pb2*' -delete
	cd proto && $(PYTHON) -m grpc_tools.protoc -I. --python_out=gen --grpc_python_out=gen --mypy_out=gen --mypy_grpc_out=gen $$(find homeward -name '*.proto' | sort)
