"""Where the local stack keeps its things, and where the project's own stand."""

from pathlib import Path

ROOT = Path(__file__).parent.parent
LOCAL = ROOT / ".local"
ENVIRONMENTS = LOCAL / "environments"
STACK_FILE = LOCAL / "stack.json"
PROCESSES_FILE = LOCAL / "processes.json"
REQUEST_LOG = LOCAL / "requests.jsonl"
BUILD = LOCAL / "build"
TEMPLATE = ROOT / "template.yaml"
REGION = "us-east-1"
STACK_NAME = "commerce-sync"
LOOPBACK = "127.0.0.1"
